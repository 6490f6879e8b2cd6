/** Equity over time, what it lost from its height, and the bridge from one instant to another. */
import type { Equity } from '../../api/equity.ts';
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
import { BridgeSection } from './bridge-section.tsx';
import { Curve } from './curve.tsx';
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
          {(equity) => <EquityParts equity={equity} />}
        </Whole>
      )}
    </>
  );
}

/** Where an instant of the past is looked at, what came after it is left out. */
const upToThen = () => (asOf.value === null ? {} : { to: asOf.value });

function EquityParts({ equity }: { readonly equity: Equity }) {
  const { points, currency, unresolvedGross, maxDrawdownPercent, account, mode: kind } = equity;
  const last = points.at(-1);
  const isProvisional =
    asOf.value === null && (unresolvedGross === null || !isZero(unresolvedGross));
  return (
    <>
      {isProvisional && (
        <p class="banner">
          <Shape name="cannot-say" /> <b>Provisional:</b> <Amount value={unresolvedGross} /> gross
          unresolved. The curve is what the book says, not what is proven.
        </p>
      )}
      {asOf.value !== null && (
        <p class="banner">
          <Shape name="cannot-say" /> What was unresolved then was not kept: what is shaded was not
          proven.
        </p>
      )}
      <dl class="facts">
        <div class="fact-first">
          <dt>
            Equity of {account}
            {kind === 'paper' && <b class="paper-word">PAPER</b>}
          </dt>
          <dd>
            <Amount value={last?.total ?? null} unit={currency} />
          </dd>
        </div>
        <div>
          <dt>Largest drawdown</dt>
          <dd>
            <Amount value={maxDrawdownPercent} unit="%" />
          </dd>
        </div>
        <div>
          <dt>Recorded</dt>
          <dd>{points.length === 1 ? 'once' : `${points.length} times`}</dd>
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
