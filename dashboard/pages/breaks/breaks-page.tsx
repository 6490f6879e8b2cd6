/** The inbox of breaks: by who has to act, by age, with what may be done for many at once. */
import type { Breaks } from '../../api/breaks.ts';
import { Tabs } from '../../parts/tabs.tsx';
import { Whole } from '../../parts/whole.tsx';
import { query } from '../../state/location.ts';
import { useReading } from '../../state/reading.ts';
import { mode } from '../../state/settings.ts';
import { AgeingBar } from './ageing-bar.tsx';
import { BreakTable } from './break-table.tsx';
import { UnknownList } from './unknown-list.tsx';
import { rowsOf, views } from './views.ts';

export function BreaksPage() {
  const asked = query.value.get('view');
  const isClosed = asked === 'closed';
  const state = isClosed ? 'closed' : 'open';
  const reading = useReading<Breaks>(`/api/v1/breaks?limit=500&state=${state}&mode=${mode.value}`);
  const bucket = query.value.get('age');
  const { data } = reading;
  const countOf = (name: string) => {
    const view = views.find((one) => one.name === name)!;
    return data === null || isClosed || name === 'closed'
      ? null
      : rowsOf(data, view, mode.value, null).length;
  };
  const needsYou = countOf('needs-you');
  const usual = needsYou === 0 ? 'open' : 'needs-you';
  const view = views.find(({ name }) => name === (asked ?? usual)) ?? views[0]!;
  return (
    <>
      <h1 class="page-title">Breaks</h1>
      <Tabs
        label="Breaks by who has to act"
        chosen={view.name}
        tabs={views.map(({ name, words }) => ({ name, words, count: countOf(name) }))}
      />
      <Whole reading={reading} heads={['Severity', 'What happened', 'Account', 'Gross', 'Age']}>
        {(breaks) => (
          <>
            {!isClosed && <AgeingBar ageing={breaks.ageing} chosen={bucket} />}
            <BreakTable rows={rowsOf(breaks, view, mode.value, bucket)} view={view} />
            {!isClosed && <UnknownList unknown={breaks.unknown} />}
          </>
        )}
      </Whole>
    </>
  );
}
