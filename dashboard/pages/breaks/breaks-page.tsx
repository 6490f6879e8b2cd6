/** The inbox of breaks: by who has to act, by age, with what may be done for many at once. */
import { useMemo } from 'preact/hooks';
import type { BreakSummary, Breaks } from '../../api/breaks.ts';
import { ReadingOn } from '../../parts/reading-on.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { Whole } from '../../parts/whole.tsx';
import { asOf, query } from '../../state/location.ts';
import { usePages, useReadOn } from '../../state/pages.ts';
import { mode } from '../../state/settings.ts';
import { AgeingBar } from './ageing-bar.tsx';
import { BreakTable } from './break-table.tsx';
import { UnknownList } from './unknown-list.tsx';
import { rowsOf, type View, views } from './views.ts';

/** What was read of them changes as it is repaired. */
const byId = {
  itemsOf: ({ items }: Breaks) => items,
  keyOf: ({ id }: BreakSummary) => id,
  isChanging: true,
};

export function BreaksPage() {
  const asked = query.value.get('view');
  const isClosed = asked === 'closed';
  const state = isClosed ? 'closed' : 'open';
  const url = `/api/v1/breaks?limit=500&state=${state}&mode=${mode.value}`;
  const pages = usePages<Breaks, BreakSummary>(url, byId);
  const { data } = pages.first;
  const view = viewOf(asked, data);
  const bucket = query.value.get('age');
  const rows = useMemo(
    () => rowsOf(pages.items, { view, mode: mode.value, bucket }),
    [pages.items, view, mode.value, bucket],
  );
  const on = useReadOn(rows.length, pages);
  return (
    <>
      <h1 class="page-title">Breaks</h1>
      <Tabs
        label="Breaks by who has to act"
        chosen={view.name}
        tabs={views.map((one) => ({
          name: one.name,
          words: asOf.value === null ? one.words : (one.wordsThen ?? one.words),
          count: data === null ? null : one.count(data),
        }))}
      />
      <Whole reading={pages.first} heads={['Severity', 'What happened', 'Account', 'Gross', 'Age']}>
        {(breaks) => (
          <>
            {!isClosed && <AgeingBar ageing={breaks.ageing} chosen={bucket} />}
            <BreakTable rows={rows} view={view} isWhole={pages.isWhole} more={on.more} />
            <ReadingOn pages={pages} on={on} words="breaks" />
            {!isClosed && <UnknownList unknown={breaks.unknown} />}
          </>
        )}
      </Whole>
    </>
  );
}

/** Who comes without a choice is shown what waits for them, where something does. */
function viewOf(asked: string | null, data: Breaks | null): View {
  const needsYou = views[0]!;
  const isNeeded = data === null || needsYou.count(data) > 0;
  const usual = isNeeded ? 'needs-you' : 'open';
  return views.find(({ name }) => name === (asked ?? usual)) ?? needsYou;
}
