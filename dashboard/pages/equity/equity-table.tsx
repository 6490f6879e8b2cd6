/** Each recorded point as it was stated, and what it is by what is known today. */
import type { Equity, EquityPoint } from '../../api/equity.ts';
import { Amount } from '../../parts/amount.tsx';
import { Instant } from '../../parts/instant.tsx';
import type { Column } from '../../parts/table.tsx';
import { WindowedTable } from '../../parts/windowed-table.tsx';
import { placesOf } from '../../words/amounts.ts';

export function EquityTable({ equity }: { readonly equity: Equity }) {
  const rows = equity.points.toReversed();
  return (
    <WindowedTable
      caption="Equity as it was recorded, newest first"
      columns={columnsOf(rows)}
      rows={rows}
      keyOf={({ time }) => time}
    />
  );
}

function columnsOf(rows: readonly EquityPoint[]): readonly Column<EquityPoint>[] {
  const totals = placesOf(rows.flatMap(({ total, restated }) => [total, restated]));
  const losses = placesOf(rows.map(({ drawdownPercent }) => drawdownPercent));
  return [
    { ...{ head: 'Time', kind: 'title' }, cell: ({ time }) => <Instant time={time} /> },
    {
      ...{ head: 'As stated', kind: 'number' },
      cell: ({ total }) => <Amount value={total} places={totals} />,
    },
    {
      ...{ head: 'As known now', kind: 'number' },
      cell: ({ restated, total }) =>
        restated === null || restated === total ? (
          <span class="quiet">the same</span>
        ) : (
          <Amount value={restated} places={totals} />
        ),
    },
    {
      ...{ head: 'Drawdown, %', kind: 'number' },
      cell: ({ drawdownPercent }) => <Amount value={drawdownPercent} places={losses} />,
    },
    {
      head: 'Proof',
      cell: ({ provisional }) =>
        provisional ? <span class="provisional">provisional</span> : 'proven',
    },
  ];
}
