/** The rows of the inbox; several can be chosen and dealt with at once. */
import { useMemo, useState } from 'preact/hooks';
import type { BreakSummary } from '../../api/breaks.ts';
import { refusalOf } from '../../parts/action-button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { useRowChoice } from '../../parts/row-keys.ts';
import { WindowedTable } from '../../parts/windowed-table.tsx';
import { useCommands } from '../../state/commands.ts';
import { asOf, go } from '../../state/location.ts';
import { tell } from '../../state/notices.ts';
import { sendAbout } from '../break/sending.ts';
import { SnoozeForm } from '../break/snooze-form.tsx';
import { breakColumns, choiceColumn, columnsBeside } from './break-columns.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { Preview } from './preview.tsx';
import type { View } from './views.ts';

interface BreakTableProps {
  readonly rows: readonly BreakSummary[];
  readonly view: View;
  /** There are no others; false: some were not read yet. */
  readonly isWhole: boolean;
  readonly more: (() => void) | null;
}

const open = ({ id }: BreakSummary) => go(`/breaks/${id}`);

/** Where it is narrower there is no room for a preview. */
const isBeside = (): boolean => matchMedia('(min-width: 1101px)').matches;

export function BreakTable({ rows, view, isWhole, more }: BreakTableProps) {
  // What is looked back at is read, and nothing is done about it.
  const isNow = asOf.value === null;
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [snoozing, setSnoozing] = useState<BreakSummary | null>(null);
  const pick = (id: string) =>
    setPicked((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const [chosen, none] = useRowChoice(rows, open);
  const looked = chosen === null ? undefined : rows[chosen];
  useCommands([
    {
      ...{ keys: 'x', words: 'choose the row', quiet: true },
      run: () => {
        if (looked !== undefined && isNow) pick(looked.id);
      },
    },
  ]);
  const swipes = useMemo(
    () => ({
      left: open,
      right: (row: BreakSummary) => {
        const refusal = refusalOf('repair', null);
        if (refusal === null) setSnoozing(row);
        else tell({ tone: 'failed', words: refusal, detail: null, undo: null });
      },
    }),
    [],
  );
  if (rows.length === 0 && !isWhole) {
    return (
      <Empty title="None of these was found yet">There are more breaks to look through.</Empty>
    );
  }
  if (rows.length === 0) {
    return (
      <Empty title={isNow ? view.empty : 'There was none of these then'}>
        {isNow ? 'What is here is compared again by itself.' : 'Other tabs may have some.'}
      </Empty>
    );
  }
  const columns = looked !== undefined && isBeside() ? columnsBeside(rows) : breakColumns(rows);
  const many = rows.filter(({ id }) => picked.has(id));
  return (
    <div class={looked === undefined ? '' : 'with-preview'}>
      <div>
        {isNow && <BulkBar picked={many} onDone={() => setPicked(new Set())} />}
        <WindowedTable
          caption={`Breaks: ${view.words}`}
          columns={[...(isNow ? [choiceColumn(picked, pick)] : []), ...columns]}
          rows={rows}
          keyOf={({ id }) => id}
          onOpen={open}
          selected={chosen}
          more={more}
          {...(isNow ? { swipes } : {})}
        />
      </div>
      {looked !== undefined && <Preview key={looked.id} row={looked} onClose={none} />}
      {snoozing !== null && (
        <SnoozeForm
          words={`Leave ${snoozing.id} alone`}
          onClose={() => setSnoozing(null)}
          onSend={(body) => sendAbout(snoozing, 'snooze', body)}
        />
      )}
    </div>
  );
}
