/** Accounts in rows: the verdict, what is at stake, and how fresh what is known of them is. */
import type { AccountSummary } from '../../api/home.ts';
import { Ago } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { useRowKeys } from '../../parts/row-keys.ts';
import { type Column, Table } from '../../parts/table.tsx';
import { VerdictChip } from '../../parts/verdict-chip.tsx';
import { go, query } from '../../state/location.ts';
import { placesOf } from '../../words/amounts.ts';

export function AccountTable({ accounts }: { readonly accounts: readonly AccountSummary[] }) {
  const view = query.value.get('view');
  const addressOf = (account: string) =>
    `/accounts/${encodeURIComponent(account)}${view === null ? '' : `?view=${view}`}`;
  const open = ({ account }: AccountSummary) => go(addressOf(account));
  const chosen = useRowKeys(accounts, open);
  return (
    <Table
      caption="Accounts"
      columns={columnsOf(accounts, addressOf)}
      rows={accounts}
      keyOf={({ account }) => account}
      onOpen={open}
      selected={chosen}
    />
  );
}

function columnsOf(
  accounts: readonly AccountSummary[],
  addressOf: (account: string) => string,
): readonly Column<AccountSummary>[] {
  const stake = placesOf(accounts.map(({ gross }) => gross));
  const equity = placesOf(accounts.map(({ equity: total }) => total));
  return [
    {
      ...{ head: 'Account', kind: 'title' },
      cell: ({ account, venue }) => (
        <>
          <a href={addressOf(account)}>{account}</a> <span class="quiet">{venue}</span>
        </>
      ),
    },
    { head: 'Verdict', cell: ({ verdict }) => <VerdictChip verdict={verdict} small /> },
    {
      ...{ head: 'Why', kind: 'wide' },
      cell: ({ why }) => why ?? <span class="quiet">all lines equal</span>,
    },
    {
      ...{ head: 'At stake', kind: 'number' },
      cell: ({ breaks, gross }) =>
        breaks === 0 ? <span class="quiet">—</span> : <Amount value={gross} places={stake} />,
    },
    {
      ...{ head: 'Equity', kind: 'number' },
      cell: ({ equity: total, equityKnown, currency }) =>
        total === null ? (
          <span class="provisional">
            known: <Amount value={equityKnown} unit={currency} />
          </span>
        ) : (
          <Amount value={total} places={equity} unit={currency} />
        ),
    },
    { head: 'Gate', cell: ({ gate }) => <b class={`gate gate-${gate}`}>{gate.toUpperCase()}</b> },
    { head: 'Checked', cell: ({ checkedAt }) => <Ago time={checkedAt} /> },
    { head: 'Proven true', cell: ({ trueUntil }) => <Ago time={trueUntil} /> },
  ];
}
