/** Equity as a line, with the times shaded in which the books were not proven true. */
import { useState } from 'preact/hooks';
import type { Equity } from '../../api/equity.ts';
import type { AccountSummary } from '../../api/home.ts';
import { Amount } from '../../parts/amount.tsx';
import { Section } from '../../parts/section.tsx';
import { Whole } from '../../parts/whole.tsx';
import { asOf } from '../../state/location.ts';
import { useReading } from '../../state/reading.ts';
import { coordinateOf } from '../../words/amounts.ts';
import { linePath, periodsOn } from '../equity/drawn-spans.ts';
import { recordedEquity, unresolvedTold } from './home-figures.ts';

export function EquityLine({ accounts }: { readonly accounts: readonly AccountSummary[] }) {
  const [chosen, setChosen] = useState(accounts[0]!.account);
  // Where an instant of the past is looked at, what came after it is left out.
  const search = new URLSearchParams({
    account: chosen,
    ...(asOf.value === null ? {} : { to: asOf.value }),
  });
  const reading = useReading<Equity>(`/api/v1/equity?${search}`);
  return (
    <Section
      title="Equity"
      aside={
        <>
          <label class="inline-label">
            <span class="unseen">Account</span>
            <select value={chosen} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
              {accounts.map(({ account }) => (
                <option key={account}>{account}</option>
              ))}
            </select>
          </label>
          <a class="arrow" href={`/equity?account=${encodeURIComponent(chosen)}`}>
            curve and bridge
          </a>
        </>
      }
    >
      <Whole reading={reading} heads={['Equity']}>
        {(equity) => <Line equity={equity} />}
      </Whole>
    </Section>
  );
}

const beginsLater =
  'There is no curve yet: it begins with the second record of equity, and the service makes one ' +
  'every 15 minutes.';
const notByThen = 'Less than two records of equity were there by then: a curve needs two.';
const wide = 1000;
const high = 96;

function Line({ equity }: { readonly equity: Equity }) {
  const { points, breakPeriods, currency, unresolvedGross } = equity;
  const known = points.filter(({ total }) => total !== null);
  const last = points.at(-1);
  if (known.length < 2 || last === undefined) {
    const words = asOf.value === null ? beginsLater : notByThen;
    return <p class="quiet">{words}</p>;
  }
  const x = placedBy(
    points.map(({ time }) => Date.parse(time)),
    wide,
  );
  const y = placedBy(
    known.map(({ total }) => coordinateOf(total!)),
    high - 8,
  );
  const path = linePath(
    points.map(({ time, total }) => ({
      x: x(Date.parse(time)),
      y: total === null ? null : high - 4 - y(coordinateOf(total)),
    })),
  );
  return (
    <div class="equity-line">
      <p class="equity-line-now">
        <Amount value={last.total} unit={currency} told={() => recordedEquity(equity)} />
        {last.provisional && asOf.value === null && (
          <span class="provisional">
            provisional: <Amount value={unresolvedGross} told={() => unresolvedTold(equity)} />{' '}
            gross unresolved
          </span>
        )}
      </p>
      <svg
        viewBox={`0 0 ${wide} ${high}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="Equity over time"
      >
        {periodsOn(breakPeriods, points).map(({ from, to }) => {
          const begin = x(Date.parse(from));
          const end = x(Date.parse(to ?? last.time));
          return (
            <rect
              key={from}
              class="not-proven"
              x={begin}
              y="0"
              width={Math.max(2, end - begin)}
              height={high}
            />
          );
        })}
        <path d={path} class="curve" vector-effect="non-scaling-stroke" />
      </svg>
    </div>
  );
}

/** From the smallest to the largest over a length; outside of them at its ends. */
function placedBy(values: readonly number[], length: number): (value: number) => number {
  const least = Math.min(...values);
  const span = Math.max(...values) - least || 1;
  return (value) => Math.max(0, Math.min(length, ((value - least) / span) * length));
}
