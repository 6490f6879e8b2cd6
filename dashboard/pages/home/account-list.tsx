/** Every account with its verdict, what differs, and until when it was proven true. */
import type { BreakSummary } from '../../api/breaks.ts';
import type { AccountSummary, Scope } from '../../api/home.ts';
import { Ago, Since } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Section } from '../../parts/section.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { VerdictChip } from '../../parts/verdict-chip.tsx';
import { go } from '../../state/location.ts';
import { accountAddress } from '../../words/addresses.ts';
import { placesOf } from '../../words/amounts.ts';
import { accountStake } from './home-figures.ts';

interface AccountListProps {
  readonly scope: Scope;
  /** The worst of them, with what each is worth. */
  readonly breaks: readonly BreakSummary[];
}

export function AccountList({ scope, breaks }: AccountListProps) {
  const { accounts } = scope;
  return (
    <Section title="Accounts" aside={<a href="/accounts">all {accounts.length}</a>}>
      <Table
        caption="Accounts"
        columns={columnsOf(accounts, breaks)}
        rows={accounts}
        keyOf={({ account }) => account}
        onOpen={({ account }) => go(accountAddress(account))}
      />
    </Section>
  );
}

function columnsOf(
  accounts: readonly AccountSummary[],
  worst: readonly BreakSummary[],
): readonly Column<AccountSummary>[] {
  const places = placesOf(accounts.map(({ gross }) => gross));
  return [
    {
      ...{ head: 'Account', kind: 'title' },
      cell: ({ account, venue }) => (
        <>
          <a href={accountAddress(account)}>{account}</a>
          {venue !== account && <span class="quiet beside">{venue}</span>}
        </>
      ),
    },
    {
      head: 'Verdict',
      cell: ({ verdict, why }) => <VerdictChip verdict={verdict} note={why} small />,
    },
    {
      ...{ head: 'At stake', kind: 'number' },
      cell: (row) =>
        row.breaks === 0 ? (
          <span class="quiet">—</span>
        ) : (
          <Amount value={row.gross} places={places} told={() => accountStake(row, worst)} />
        ),
    },
    { head: 'Proven true', kind: 'wide', cell: (row) => <Proof row={row} /> },
  ];
}

function Proof({ row }: { readonly row: AccountSummary }) {
  const { verdict, trueSince, trueUntil, why } = row;
  if (verdict === 'true' && trueSince !== null) {
    return (
      <span>
        for <Since time={trueSince} />
      </span>
    );
  }
  return (
    <span title={why ?? undefined}>
      {trueUntil === null ? (
        'never'
      ) : (
        <>
          until <Ago time={trueUntil} />
        </>
      )}
    </span>
  );
}
