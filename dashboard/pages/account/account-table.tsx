/** Accounts in rows: the verdict, what is at stake, and how fresh what is known of them is. */
import type { BreakSummary } from '../../api/breaks.ts';
import type { AccountSummary } from '../../api/home.ts';
import { Ago } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { useRowKeys } from '../../parts/row-keys.ts';
import { type Column, Table } from '../../parts/table.tsx';
import { VerdictChip } from '../../parts/verdict-chip.tsx';
import { go, query } from '../../state/location.ts';
import { accountAddress } from '../../words/addresses.ts';
import { placesOf } from '../../words/amounts.ts';
import { accountEquity, accountStake } from '../home/home-figures.ts';

interface AccountTableProps {
  readonly accounts: readonly AccountSummary[];
  readonly breaks: readonly BreakSummary[];
}

export function AccountTable({ accounts, breaks }: AccountTableProps) {
  const view = query.value.get('view');
  const addressOf = (account: string) =>
    `${accountAddress(account)}${view === null ? '' : `?view=${view}`}`;
  const open = ({ account }: AccountSummary) => go(addressOf(account));
  const chosen = useRowKeys(accounts, open);
  return (
    <Table
      caption="Accounts"
      columns={columnsOf(accounts, breaks, addressOf)}
      rows={accounts}
      keyOf={({ account }) => account}
      onOpen={open}
      selected={chosen}
    />
  );
}

function columnsOf(
  accounts: readonly AccountSummary[],
  worst: readonly BreakSummary[],
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
      cell: (row) =>
        row.breaks === 0 ? (
          <span class="quiet">—</span>
        ) : (
          <Amount value={row.gross} places={stake} told={() => accountStake(row, worst)} />
        ),
    },
    {
      ...{ head: 'Equity', kind: 'number' },
      cell: (row) =>
        row.equity === null ? (
          <span class="provisional">
            known:{' '}
            <Amount value={row.equityKnown} unit={row.currency} told={() => accountEquity(row)} />
          </span>
        ) : (
          <Amount
            value={row.equity}
            places={equity}
            unit={row.currency}
            told={() => accountEquity(row)}
          />
        ),
    },
    { head: 'Gate', cell: ({ gate }) => <b class={`gate gate-${gate}`}>{gate.toUpperCase()}</b> },
    { head: 'Checked', cell: ({ checkedAt }) => <Ago time={checkedAt} /> },
    { head: 'Proven true', cell: ({ trueUntil }) => <Ago time={trueUntil} /> },
  ];
}
