/** Positions: the quantity by the fills beside the venue's, and what each is worth. */
import type { Account, Position } from '../../api/account.ts';
import { Since } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Section } from '../../parts/section.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import type { WhyAsked } from '../../state/overlays.ts';
import { placesOf } from '../../words/amounts.ts';
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
          toneOf={({ quantity }) => `row-${quantity.state}`}
        />
      )}
    </Section>
  );
}

function columnsOf({ positions, account }: Account): readonly Column<Position>[] {
  const asks =
    (what: WhyAsked['what']) =>
    ({ instrument, leg }: Position): WhyAsked => ({ account, what, key: instrument, leg });
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
    ...sideColumns(positions, ({ quantity }) => quantity, asks('position')),
    {
      ...{ head: 'Average price', kind: 'number' },
      cell: ({ averagePrice, theirsAveragePrice }) => (
        <span class="pair">
          <Amount value={averagePrice} />
          {theirsAveragePrice !== null && theirsAveragePrice !== averagePrice && (
            <span class="quiet" title="what the venue says">
              <Amount value={theirsAveragePrice} />
            </span>
          )}
        </span>
      ),
    },
    { ...{ head: 'Mark', kind: 'number' }, cell: ({ mark }) => <MarkCell mark={mark} /> },
    {
      ...{ head: 'Realised', kind: 'number' },
      cell: (row) => (
        <Amount
          value={row.realisedPnl}
          places={realised}
          signed
          toned
          why={asks('realised')(row)}
        />
      ),
    },
    {
      ...{ head: 'Unrealised', kind: 'number' },
      cell: ({ unrealisedPnl }) => <Amount value={unrealisedPnl} places={open} signed toned />,
    },
    {
      ...{ head: 'Funding', kind: 'number' },
      cell: ({ funding, type }) =>
        type === 'spot' ? (
          <span class="quiet">—</span>
        ) : (
          <Amount value={funding} places={paid} signed />
        ),
    },
    {
      ...{ head: 'Open for', kind: 'number' },
      cell: ({ openedAt }) => (openedAt === null ? '—' : <Since time={openedAt} />),
    },
  ];
}
