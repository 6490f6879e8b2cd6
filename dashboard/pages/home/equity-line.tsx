/** Equity as a line, with the times shaded in which the books were not proven true. */
import { useState } from 'preact/hooks';
import type { Equity } from '../../api/equity.ts';
import type { AccountSummary } from '../../api/home.ts';
import { Amount } from '../../parts/amount.tsx';
import { Section } from '../../parts/section.tsx';
import { Whole } from '../../parts/whole.tsx';
import { useReading } from '../../state/reading.ts';
import { coordinateOf } from '../../words/amounts.ts';

export function EquityLine({ accounts }: { readonly accounts: readonly AccountSummary[] }) {
  const [chosen, setChosen] = useState(accounts[0]!.account);
  const reading = useReading<Equity>(`/api/v1/equity?account=${encodeURIComponent(chosen)}`);
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

const wide = 1000;
const high = 96;

function Line({ equity }: { readonly equity: Equity }) {
  const { points, breakPeriods, currency, unresolvedGross } = equity;
  const known = points.filter(({ total }) => total !== null);
  const last = points.at(-1);
  if (known.length < 2 || last === undefined) {
    return <p class="quiet">Recorded twice, it is a line: trueup performance --record</p>;
  }
  const x = placedBy(
    points.map(({ time }) => Date.parse(time)),
    wide,
  );
  const y = placedBy(
    known.map(({ total }) => coordinateOf(total!)),
    high - 8,
  );
  const path = known
    .map(({ time, total }, at) => {
      const up = high - 4 - y(coordinateOf(total!));
      return `${at === 0 ? 'M' : 'L'}${x(Date.parse(time)).toFixed(1)} ${up.toFixed(1)}`;
    })
    .join('');
  return (
    <div class="equity-line">
      <p class="equity-line-now">
        <Amount value={last.total} unit={currency} />
        {last.provisional && (
          <span class="provisional">
            provisional: <Amount value={unresolvedGross} /> gross unresolved
          </span>
        )}
      </p>
      <svg
        viewBox={`0 0 ${wide} ${high}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="Equity over time"
      >
        {breakPeriods.map(({ from, to }) => {
          const begin = x(Date.parse(from));
          const end = x(Date.parse(to ?? equity.to));
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
