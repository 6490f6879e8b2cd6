/** What a row of the inbox says. */
import type { BreakSummary } from '../../api/breaks.ts';
import { Since } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Confidence } from '../../parts/confidence.tsx';
import { SeverityWord } from '../../parts/severity-word.tsx';
import { Shape } from '../../parts/shape.tsx';
import type { Column } from '../../parts/table.tsx';
import { Waits } from '../../parts/waits.tsx';
import { placesOf } from '../../words/amounts.ts';
import { shapeOfState, stateWord } from '../../words/break-words.ts';

export const choiceColumn = (
  picked: ReadonlySet<string>,
  pick: (id: string) => void,
): Column<BreakSummary> => ({
  ...{ head: 'Choose', kind: 'control', hideHead: true },
  cell: ({ id, title }) => (
    <input
      type="checkbox"
      aria-label={`Choose ${id}, ${title}`}
      checked={picked.has(id)}
      onChange={() => pick(id)}
    />
  ),
});

export function breakColumns(rows: readonly BreakSummary[]): readonly Column<BreakSummary>[] {
  const places = placesOf(rows.map(({ gross }) => gross));
  return [
    {
      ...{ head: 'What happened', kind: 'title' },
      cell: ({ id, title, state }) => (
        <>
          <Shape name={shapeOfState(state)} /> <a href={`/breaks/${id}`}>{title}</a>{' '}
          <span class="quiet id">{id}</span>
        </>
      ),
    },
    { head: 'Severity', cell: ({ severity }) => <SeverityWord severity={severity} /> },
    { head: 'Account', cell: ({ account }) => account },
    { head: 'Lines', cell: ({ keys }) => <span class="keys-cell">{keys.join(' ')}</span> },
    {
      ...{ head: 'Gross', kind: 'number' },
      cell: ({ gross }) => <Amount value={gross} places={places} />,
    },
    {
      ...{ head: 'Age', kind: 'number' },
      cell: ({ openedAt }) => <Since time={openedAt} />,
    },
    { head: 'Cause', cell: ({ confidence }) => <Confidence confidence={confidence} /> },
    {
      head: 'State',
      cell: ({ state, hold }) => (
        <span title={hold === null ? undefined : `${hold.reason}, until ${hold.until}`}>
          {stateWord[state]}
        </span>
      ),
    },
    { ...{ head: 'Next', kind: 'wide' }, cell: ({ waitsFor }) => <Waits on={waitsFor} /> },
  ];
}

const besideHeads = ['What happened', 'Severity', 'Gross', 'Age', 'State'];

/** Beside a preview, which says the rest: what one chooses the next row by. */
export const columnsBeside = (rows: readonly BreakSummary[]): readonly Column<BreakSummary>[] =>
  breakColumns(rows).filter(({ head }) => besideHeads.includes(head));
