/** Equity over time, what it lost from its height, and the bridge from one instant to another. */
import type { Equity } from '../../api/equity.ts';
import type { AccountSummary, Scope } from '../../api/home.ts';
import { Amount } from '../../parts/amount.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Section } from '../../parts/section.tsx';
import { Shape } from '../../parts/shape.tsx';
import { Whole } from '../../parts/whole.tsx';
import { useFollowMode } from '../../state/follow-mode.ts';
import { asOf, query, setQuery } from '../../state/location.ts';
import { useReading } from '../../state/reading.ts';
import { mode } from '../../state/settings.ts';
import { scopeOf, useHome } from '../../state/verdict.ts';
import { isZero } from '../../words/amounts.ts';
import { recordedEquity, unresolvedTold } from '../home/home-figures.ts';
import { BridgeSection } from './bridge-section.tsx';
import { Curve } from './curve.tsx';
import { deepestTold } from './equity-figures.ts';
import { EquityTable } from './equity-table.tsx';

export function EquityPage() {
  const home = useHome();
  const scope = home.data === null ? null : scopeOf(home.data);
  const accounts = scope?.accounts.map(({ account }) => account) ?? [];
  const account = query.value.get('account') ?? accounts[0] ?? null;
  const search = new URLSearchParams({ account: account ?? '', ...upToThen() });
  const url = account === null ? null : `/api/v1/equity?${search}`;
  const reading = useReading<Equity>(url);
  useFollowMode(reading.data?.mode ?? null);
  return (
    <>
      <h1 class="page-title">
        Equity
        <label class="inline-label">
          <span class="unseen">Account</span>
          <select
            data-filter="yes"
            value={account ?? ''}
            onChange={({ currentTarget }) => setQuery({ account: currentTarget.value })}
          >
            {[...new Set([...(account === null ? [] : [account]), ...accounts])].map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </h1>
      {home.data !== null && account === null ? (
        <Empty title={`There is no ${mode.value} account`} />
      ) : (
        <Whole reading={reading} heads={['Time', 'Equity', 'Drawdown']}>
          {(equity) => <EquityParts equity={equity} then={thenOf(scope, account)} />}
        </Whole>
      )}
    </>
  );
}

/** Where an instant of the past is looked at, what came after it is left out. */
const upToThen = () => (asOf.value === null ? {} : { to: asOf.value });

/** What was at stake of it at the instant that is looked at; null: that is now, or nobody knew. */
function thenOf(scope: Scope | null, name: string | null): AccountSummary | null {
  if (asOf.value === null) return null;
  return scope?.accounts.find(({ account }) => account === name) ?? null;
}

interface EquityPartsProps {
  readonly equity: Equity;
  readonly then: AccountSummary | null;
}

function EquityParts({ equity, then }: EquityPartsProps) {
  const {
    points,
    records,
    currency,
    unresolvedGross,
    maxDrawdownPercent,
    account,
    mode: kind,
  } = equity;
  const last = points.at(-1);
  const isProvisional =
    asOf.value === null && (unresolvedGross === null || !isZero(unresolvedGross));
  return (
    <>
      {isProvisional && (
        <p class="banner">
          <Shape name="cannot-say" /> <b>Provisional:</b>{' '}
          <Amount value={unresolvedGross} told={() => unresolvedTold(equity)} /> gross unresolved.
          The curve is what the book says, not what is proven.
        </p>
      )}
      {asOf.value !== null && (
        <p class="banner">
          <Shape name="cannot-say" />{' '}
          {then === null || then.breaks === 0 ? (
            'No break was open then, as far as was known.'
          ) : (
            <>
              <Amount value={then.gross} /> gross was unresolved then.
            </>
          )}{' '}
          What is shaded was not proven.
        </p>
      )}
      <dl class="facts">
        <div class="fact-first">
          <dt>
            Equity of {account}
            {kind === 'paper' && <b class="paper-word">PAPER</b>}
          </dt>
          <dd>
            <Amount
              value={last?.total ?? null}
              unit={currency}
              told={() => recordedEquity(equity)}
            />
          </dd>
        </div>
        <div>
          <dt>Largest drawdown</dt>
          <dd>
            <Amount value={maxDrawdownPercent} unit="%" told={() => deepestTold(equity)} />
          </dd>
        </div>
        <div>
          <dt>Recorded</dt>
          <dd>
            {records === 1 ? 'once' : `${records.toLocaleString('en-US')} times`}
            {points.length < records && (
              <span class="quiet"> {points.length.toLocaleString('en-US')} of them are drawn</span>
            )}
          </dd>
        </div>
      </dl>
      {points.length < 2 ? (
        <Empty title="One point is no curve">
          trueup performance --record appends one; the duty does it every 15 minutes.
        </Empty>
      ) : (
        <Curve equity={equity} />
      )}
      <BridgeSection equity={equity} />
      <Section title="As it was recorded">
        <EquityTable equity={equity} />
      </Section>
    </>
  );
}
