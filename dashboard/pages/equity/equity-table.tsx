/** Each recorded point as it was stated, and what it is by what is known today. */
import type { Equity, EquityPoint } from '../../api/equity.ts';
import { Amount } from '../../parts/amount.tsx';
import { Instant } from '../../parts/instant.tsx';
import type { Column } from '../../parts/table.tsx';
import { WindowedTable } from '../../parts/windowed-table.tsx';
import { placesOf } from '../../words/amounts.ts';
import { drawdownTold, pointTold } from './equity-figures.ts';

export function EquityTable({ equity }: { readonly equity: Equity }) {
  const rows = equity.points.toReversed();
  return (
    <WindowedTable
      caption="Equity as it was recorded, newest first"
      columns={columnsOf(equity, rows)}
      rows={rows}
      keyOf={({ time }) => time}
    />
  );
}

function columnsOf(of: Equity, rows: readonly EquityPoint[]): readonly Column<EquityPoint>[] {
  const totals = placesOf(rows.flatMap(({ total, restated }) => [total, restated]));
  const losses = placesOf(rows.map(({ drawdownPercent }) => drawdownPercent));
  return [
    { ...{ head: 'Time', kind: 'title' }, cell: ({ time }) => <Instant time={time} /> },
    {
      ...{ head: 'As stated', kind: 'number' },
      cell: (point) => (
        <Amount value={point.total} places={totals} told={() => pointTold(of, point, 'total')} />
      ),
    },
    {
      ...{ head: 'As known now', kind: 'number' },
      cell: (point) =>
        point.restated === null || point.restated === point.total ? (
          <span class="quiet">the same</span>
        ) : (
          <Amount
            value={point.restated}
            places={totals}
            told={() => pointTold(of, point, 'restated')}
          />
        ),
    },
    {
      ...{ head: 'Drawdown, %', kind: 'number' },
      cell: (point) => (
        <Amount
          value={point.drawdownPercent}
          places={losses}
          told={() => drawdownTold(of, point)}
        />
      ),
    },
    {
      head: 'Proof',
      cell: ({ provisional }) =>
        provisional ? <span class="provisional">provisional</span> : 'proven',
    },
  ];
}
