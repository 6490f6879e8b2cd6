/** Balances, each beside the venue's. */
import type { Account, Balance } from '../../api/account.ts';
import { Amount } from '../../parts/amount.tsx';
import { Empty } from '../../parts/empty.tsx';
import { EntryLink } from '../../parts/entry-link.tsx';
import { useRowKeys } from '../../parts/row-keys.ts';
import { Section } from '../../parts/section.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { open } from '../../state/overlays.ts';
import { placesOf } from '../../words/amounts.ts';
import { availableTold, balanceWhy, valueTold } from './account-figures.ts';
import { MarkCell } from './mark-cell.tsx';
import { sideColumns } from './side-columns.tsx';

export function BalanceTable({ one }: { readonly one: Account }) {
  const { balances } = one;
  const whyOf = ({ currency }: Balance) => balanceWhy(one, currency);
  const openLedger = (row: Balance) => open({ name: 'why', asked: whyOf(row) });
  const chosen = useRowKeys(balances, openLedger);
  return (
    <Section title="Balances" aside={<span class="quiet">{balances.length}</span>}>
      {balances.length === 0 ? (
        <Empty title="No balance yet">The first fill or deposit makes one.</Empty>
      ) : (
        <Table
          caption="Balances"
          columns={columnsOf(one)}
          rows={balances}
          keyOf={({ currency }) => currency}
          selected={chosen}
          onOpen={openLedger}
          toneOf={({ quantity }) => `row-${quantity.state}`}
        />
      )}
    </Section>
  );
}

function columnsOf(one: Account): readonly Column<Balance>[] {
  const { account, balances, currency: reporting } = one;
  const free = placesOf(balances.map(({ available }) => available));
  const bound = placesOf(balances.map(({ reserved }) => reserved));
  const worth = placesOf(balances.map(({ value }) => value));
  return [
    { ...{ head: 'Asset', kind: 'title' }, cell: ({ currency }) => <b>{currency}</b> },
    ...sideColumns(one, balances, {
      sideOf: ({ quantity }) => quantity,
      nameOf: ({ currency }) => currency,
      whyOf: ({ currency }) => balanceWhy(one, currency),
    }),
    {
      ...{ head: 'Available', kind: 'number' },
      cell: (row) => (
        <Amount
          value={row.available}
          places={free}
          told={() => availableTold(one, row, 'available')}
        />
      ),
    },
    {
      ...{ head: 'In orders', kind: 'number' },
      cell: (row) => (
        <Amount
          value={row.reserved}
          places={bound}
          told={() => availableTold(one, row, 'reserved')}
        />
      ),
    },
    {
      ...{ head: 'Mark', kind: 'number' },
      cell: ({ mark, currency }) => <MarkCell mark={mark} name={currency} />,
    },
    {
      ...{ head: `Value, ${reporting}`, kind: 'number' },
      cell: (row) => <Amount value={row.value} places={worth} told={() => valueTold(one, row)} />,
    },
    {
      ...{ head: 'Last entry', kind: 'number' },
      cell: ({ lastSequence }) =>
        lastSequence === null ? (
          <span class="quiet">—</span>
        ) : (
          <EntryLink account={account} sequence={lastSequence} />
        ),
    },
  ];
}
