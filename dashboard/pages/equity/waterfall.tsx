/** The bridge as steps: where it began, each cause up or down, where it ended. */
import type { Bridge } from '../../api/equity.ts';
import { coordinateOf, isZero, shownAmount } from '../../words/amounts.ts';
import { scaleOf } from './waterfall-scale.ts';

interface Step {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly isEnd: boolean;
  readonly told: string;
}

const wide = 640;
const high = 220;
const foot = 34;

export function Waterfall({ bridge }: { readonly bridge: Bridge }) {
  const steps = stepsOf(bridge);
  if (steps === null) return null;
  const values = steps.flatMap(({ from, to, isEnd }) => (isEnd ? [to] : [from, to]));
  const ends = steps.flatMap(({ to, isEnd }) => (isEnd ? [to] : []));
  const { base, least, most } = scaleOf(values, ends);
  const y = (value: number) =>
    (1 - (value - least) / (most - least || 1)) * (high - foot - 16) + 14;
  const room = wide / steps.length;
  return (
    <svg class="waterfall" viewBox={`0 0 ${wide} ${high}`} role="img" aria-label={toldOf(steps)}>
      {steps.map(({ name, from, to, isEnd, told }, at) => {
        const top = Math.min(y(isEnd ? base : from), y(to));
        const bottom = Math.max(y(isEnd ? base : from), y(to));
        const height = to === (isEnd ? base : from) ? 0 : Math.max(1.5, bottom - top);
        const tone = isEnd ? 'end' : to >= from ? 'more' : 'less';
        const left = at * room + room * 0.14;
        return (
          <g key={name} class={`step step-${tone}`}>
            <title>{told}</title>
            <rect x={left} y={top} width={room * 0.72} height={height} />
            {at > 0 && <path d={`M${left - room * 0.28} ${y(isEnd ? to : from)}H${left}`} />}
            <text x={left + room * 0.36} y={high - (at % 2 === 0 ? 20 : 6)}>
              {name.replaceAll('-', ' ')}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

const toldOf = (steps: readonly Step[]): string => steps.map(({ told }) => told).join(', ');

/** Null where a cause is unknown: half a bridge leads nowhere. */
function stepsOf({ opening, rows, closing }: Bridge): readonly Step[] | null {
  if (opening === null || closing === null) return null;
  if (rows.some(({ amount }) => amount === null)) return null;
  let at = coordinateOf(opening);
  const steps = rows
    .filter(({ amount }) => !isZero(amount!))
    .map(({ name, amount }): Step => {
      const from = at;
      at += coordinateOf(amount!);
      return { name, from, to: at, isEnd: false, told: `${name} ${shownAmount(amount!, true)}` };
    });
  const end = (name: string, amount: string): Step => ({
    ...{ name, from: 0, to: coordinateOf(amount), isEnd: true },
    told: `${name} ${shownAmount(amount)}`,
  });
  return [end('opening', opening), ...steps, end('closing', closing)];
}
