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
import { MarkCell } from './mark-cell.tsx';
import { sideColumns } from './side-columns.tsx';

export function BalanceTable({ one }: { readonly one: Account }) {
  const { balances, account } = one;
  const whyOf = ({ currency }: Balance) =>
    ({ account, what: 'balance', key: currency, leg: null }) as const;
  const chosen = useRowKeys(balances, (row) => open({ name: 'why', asked: whyOf(row) }));
  return (
    <Section title="Balances" aside={<span class="quiet">{balances.length}</span>}>
      {balances.length === 0 ? (
        <Empty title="No balance yet">The first fill or deposit makes one.</Empty>
      ) : (
        <Table
          caption="Balances"
          columns={columnsOf(one, whyOf)}
          rows={balances}
          keyOf={({ currency }) => currency}
          selected={chosen}
          toneOf={({ quantity }) => `row-${quantity.state}`}
        />
      )}
    </Section>
  );
}

function columnsOf(
  { account, balances, currency: reporting }: Account,
  whyOf: (row: Balance) => { account: string; what: 'balance'; key: string; leg: null },
): readonly Column<Balance>[] {
  const free = placesOf(balances.map(({ available }) => available));
  const bound = placesOf(balances.map(({ reserved }) => reserved));
  const worth = placesOf(balances.map(({ value }) => value));
  return [
    { ...{ head: 'Asset', kind: 'title' }, cell: ({ currency }) => <b>{currency}</b> },
    ...sideColumns(balances, ({ quantity }) => quantity, whyOf),
    {
      ...{ head: 'Available', kind: 'number' },
      cell: ({ available }) => <Amount value={available} places={free} />,
    },
    {
      ...{ head: 'In orders', kind: 'number' },
      cell: ({ reserved }) => <Amount value={reserved} places={bound} />,
    },
    { ...{ head: 'Mark', kind: 'number' }, cell: ({ mark }) => <MarkCell mark={mark} /> },
    {
      ...{ head: `Value, ${reporting}`, kind: 'number' },
      cell: ({ value }) => <Amount value={value} places={worth} />,
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
