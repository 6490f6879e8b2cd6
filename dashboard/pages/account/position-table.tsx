/** Positions: the quantity by the fills beside the venue's, and what each is worth. */
import type { Account, Position } from '../../api/account.ts';
import { Since } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Section } from '../../parts/section.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { open } from '../../state/overlays.ts';
import { placesOf } from '../../words/amounts.ts';
import { averageTold, positionWhy, theirAverageTold, unrealisedTold } from './account-figures.ts';
import { MarkCell } from './mark-cell.tsx';
import { sideColumns } from './side-columns.tsx';

export function PositionTable({ one }: { readonly one: Account }) {
  const { positions } = one;
  return (
    <Section title="Positions" aside={<span class="quiet">{positions.length}</span>}>
      {positions.length === 0 ? (
        <Empty title="Flat">No instrument has a quantity.</Empty>
      ) : (
        <Table
          caption="Positions"
          columns={columnsOf(one)}
          rows={positions}
          keyOf={({ instrument, leg }) => `${instrument} ${leg}`}
          onOpen={(row) => open({ name: 'why', asked: positionWhy(one, 'position', row) })}
          toneOf={({ quantity }) => `row-${quantity.state}`}
        />
      )}
    </Section>
  );
}

function columnsOf(one: Account): readonly Column<Position>[] {
  const { positions } = one;
  const realised = placesOf(positions.map(({ realisedPnl }) => realisedPnl));
  const open = placesOf(positions.map(({ unrealisedPnl }) => unrealisedPnl));
  const paid = placesOf(positions.map(({ funding }) => funding));
  return [
    {
      ...{ head: 'Instrument', kind: 'title' },
      cell: ({ instrument, leg, type }) => (
        <>
          <b>{instrument}</b>{' '}
          <span class="quiet">
            {type}
            {leg === 'net' ? '' : ` ${leg}`}
          </span>
        </>
      ),
    },
    ...sideColumns(one, positions, {
      sideOf: ({ quantity }) => quantity,
      nameOf: ({ instrument }) => instrument,
      whyOf: (row) => positionWhy(one, 'position', row),
    }),
    {
      ...{ head: 'Average price', kind: 'number' },
      cell: (row) => (
        <span class="pair">
          <Amount value={row.averagePrice} told={() => averageTold(one, row)} />
          {row.theirsAveragePrice !== null && row.theirsAveragePrice !== row.averagePrice && (
            <span class="quiet" title="what the venue says">
              <Amount value={row.theirsAveragePrice} told={() => theirAverageTold(row)} />
            </span>
          )}
        </span>
      ),
    },
    {
      ...{ head: 'Mark', kind: 'number' },
      cell: ({ mark, instrument }) => <MarkCell mark={mark} name={instrument} />,
    },
    {
      ...{ head: 'Realised', kind: 'number' },
      cell: (row) => (
        <Amount
          value={row.realisedPnl}
          places={realised}
          signed
          toned
          why={positionWhy(one, 'realised', row)}
        />
      ),
    },
    {
      ...{ head: 'Unrealised', kind: 'number' },
      cell: (row) => (
        <Amount
          value={row.unrealisedPnl}
          places={open}
          signed
          toned
          told={() => unrealisedTold(one, row)}
        />
      ),
    },
    {
      ...{ head: 'Funding', kind: 'number' },
      cell: (row) =>
        row.type === 'spot' ? (
          <span class="quiet">—</span>
        ) : (
          <Amount value={row.funding} places={paid} signed why={positionWhy(one, 'funding', row)} />
        ),
    },
    {
      ...{ head: 'Open for', kind: 'number' },
      cell: ({ openedAt }) => (openedAt === null ? '—' : <Since time={openedAt} />),
    },
  ];
}
