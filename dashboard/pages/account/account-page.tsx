/** One account: what it holds by its fills, beside what the venue said last. */
import type { Account } from '../../api/account.ts';
import { Ago } from '../../parts/ago.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { VerdictChip } from '../../parts/verdict-chip.tsx';
import { Whole } from '../../parts/whole.tsx';
import { useFollowMode } from '../../state/follow-mode.ts';
import { asOf, query } from '../../state/location.ts';
import { useReading } from '../../state/reading.ts';
import { BalanceTable } from './balance-table.tsx';
import { EquityParts } from './equity-parts.tsx';
import { FillTable } from './fill-table.tsx';
import { OrderTable } from './order-table.tsx';
import { PositionTable } from './position-table.tsx';

export const accountApi = (account: string): string =>
  `/api/v1/accounts/${encodeURIComponent(account)}`;

export function AccountPage({ account }: { readonly account: string }) {
  const reading = useReading<Account>(accountApi(account));
  useFollowMode(reading.data?.mode ?? null);
  const isNow = asOf.value === null;
  const view = (isNow ? query.value.get('view') : null) ?? 'holdings';
  return (
    <>
      <p class="crumbs">
        <a href="/accounts">Accounts</a> / {account}
      </p>
      <Whole reading={reading} heads={['Asset', 'Book', 'Venue', 'Difference', 'Value']}>
        {(one) => (
          <>
            <AccountHead one={one} />
            <Tabs
              label="What of the account"
              chosen={view}
              tabs={[
                {
                  name: 'holdings',
                  words: 'Balances and positions',
                  count: one.balances.length + one.positions.length,
                },
                ...(isNow ? ofNow(one) : []),
              ]}
            />
            {view === 'holdings' && (
              <>
                <BalanceTable one={one} />
                <PositionTable one={one} />
              </>
            )}
            {view === 'orders' && <OrderTable one={one} />}
            {view === 'fills' && <FillTable account={account} />}
          </>
        )}
      </Whole>
    </>
  );
}

/** What of an account is not looked back at. */
const ofNow = ({ openOrders }: Account) => [
  { name: 'orders', words: 'Orders', count: openOrders.length },
  { name: 'fills', words: 'Fills' },
];

function AccountHead({ one }: { readonly one: Account }) {
  const { account, venue, verdict, why, mode } = one;
  // What it said of itself then is not kept: the verdict is of now.
  const isNow = asOf.value === null;
  return (
    <header class="account-head">
      <h1>
        {account} {isNow && <VerdictChip verdict={verdict} />}
        {mode === 'paper' && <b class="paper-word">PAPER</b>}
      </h1>
      {isNow && why !== null && <p class="account-why">{why}</p>}
      {isNow ? <AccountFacts one={one} /> : <p class="account-facts">{venue}</p>}
      <EquityParts one={one} />
    </header>
  );
}

function AccountFacts({ one }: { readonly one: Account }) {
  const { venue, gate, gateReasons, checkedAt, trueUntil, breaks } = one;
  return (
    <p class="account-facts">
      <span>{venue}</span>
      <span>
        checked <Ago time={checkedAt} />
      </span>
      <span>
        proven true <Ago time={trueUntil} />
      </span>
      {breaks > 0 && (
        <a href="/breaks?view=open">
          {breaks} break{breaks === 1 ? '' : 's'}
        </a>
      )}
      <span title={gateReasons.map((reason) => reason.why).join('; ')}>
        gate <b class={`gate gate-${gate}`}>{gate.toUpperCase()}</b>
        {gateReasons[0] !== undefined && <span class="quiet"> {gateReasons[0].why}</span>}
      </span>
    </p>
  );
}
