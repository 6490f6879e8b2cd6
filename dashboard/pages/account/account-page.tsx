/** One account: what it holds by its fills, beside what the venue said last. */
import { useContext } from 'preact/hooks';
import type { Account } from '../../api/account.ts';
import { Ago } from '../../parts/ago.tsx';
import { Old } from '../../parts/old.ts';
import { Tabs } from '../../parts/tabs.tsx';
import { VerdictChip } from '../../parts/verdict-chip.tsx';
import { Whole } from '../../parts/whole.tsx';
import { useFollowMode } from '../../state/follow-mode.ts';
import { asOf, query } from '../../state/location.ts';
import { useReading } from '../../state/reading.ts';
import { accountApi } from '../../words/addresses.ts';
import { saidOnce } from '../../words/alike.ts';
import { BalanceTable } from './balance-table.tsx';
import { EquityParts } from './equity-parts.tsx';
import { FillTable } from './fill-table.tsx';
import { ForeignOrders } from './foreign-orders.tsx';
import { OrderTable } from './order-table.tsx';
import { PositionTable } from './position-table.tsx';
import { SideBySide } from './side-by-side.tsx';
import { SourceSection } from './source-section.tsx';

export function AccountPage({ account }: { readonly account: string }) {
  const reading = useReading<Account>(accountApi(account));
  useFollowMode(reading.data?.mode ?? null);
  const view = query.value.get('view') ?? 'holdings';
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
                { name: 'sides', words: 'Side by side' },
                { name: 'orders', words: 'Orders', count: one.openOrders.length },
                { name: 'fills', words: 'Fills' },
              ]}
            />
            {view === 'holdings' && (
              <SourceSection one={one}>
                <BalanceTable one={one} />
                <PositionTable one={one} />
              </SourceSection>
            )}
            {view === 'sides' && <SideBySide account={account} />}
            {view === 'orders' && (
              <>
                <OrderTable one={one} />
                <ForeignOrders account={account} />
              </>
            )}
            {view === 'fills' && <FillTable account={account} />}
          </>
        )}
      </Whole>
    </>
  );
}

function AccountHead({ one }: { readonly one: Account }) {
  const { account, verdict, why, mode } = one;
  return (
    <header class="account-head">
      <h1>
        {account} <VerdictChip verdict={verdict} note={asOf.value === null ? null : 'then'} />
        {mode === 'paper' && <b class="paper-word">PAPER</b>}
      </h1>
      {why !== null && <p class="account-why">{saidOnce(why)}</p>}
      <AccountFacts one={one} />
      <EquityParts one={one} />
    </header>
  );
}

function AccountFacts({ one }: { readonly one: Account }) {
  const isOld = useContext(Old);
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
        gate{' '}
        {isOld ? (
          <span class="gate-was">not known; was {gate.toUpperCase()}</span>
        ) : (
          <b class={`gate gate-${gate}`}>{gate.toUpperCase()}</b>
        )}
        {gateReasons[0] !== undefined && <span class="quiet"> {gateReasons[0].why}</span>}
      </span>
    </p>
  );
}
