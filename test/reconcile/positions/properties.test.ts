/** Whatever happened on a leg and whenever the store stopped looking. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absolute,
  add,
  type Decimal,
  equals,
  isZero,
  negate,
  zero,
} from '../../../src/decimal/decimal.ts';
import { decimal, toText } from '../../../src/decimal/text.ts';
import type { Fill } from '../../../src/model/fact.ts';
import { addMilliseconds } from '../../../src/model/instant.ts';
import type { StoredPosition } from '../../../src/model/position-source.ts';
import type { PositionTruth } from '../../../src/reconcile/positions/check-positions.ts';
import {
  at,
  breakOf,
  checked,
  fill,
  held,
  repairOf,
  row,
  says,
  sinceAlways,
  truth,
} from './kit.ts';

const hnt = 'HNT/USDT:USDT';
const opened = at('10:00:00');

interface Story {
  readonly fills: readonly Fill[];
  /** What is held after each of them. */
  readonly states: readonly Decimal[];
  /** The store knows so many. */
  readonly known: number;
}

/** Signed lots; what brings the position to the other side is left out. */
const story = fc
  .tuple(
    fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.nat(9),
  )
  .map(([moves, first, cut]): Story => {
    const fills: Fill[] = [];
    const states: Decimal[] = [];
    let now = 0;
    for (const move of [first, ...moves]) {
      if (move === 0 || now + move < 0 || (now === 0 && fills.length > 0)) continue;
      now += move;
      const index = fills.length;
      const side = move > 0 ? 'buy' : 'sell';
      const one = fill('10:00:00', side, String(Math.abs(move)), hnt, String(2 + index));
      const time = addMilliseconds(opened, index * 60_000);
      fills.push({ ...one, executionId: `e${index}`, orderId: `o${index}`, time });
      states.push(decimal(String(now)));
    }
    return { fills, states, known: 1 + (cut % fills.length) };
  });

const rowOf = ({ states, known }: Story): StoredPosition =>
  row('1', 'HNTUSDT', 'long', toText(states[known - 1]!), '10:00:00');

const truthOf = ({ fills, states }: Story): PositionTruth => {
  const last = states.at(-1)!;
  // Something else is held, too: an answer that is empty is another story.
  const items = [held('SCA/USDT:USDT', '1'), ...(isZero(last) ? [] : [held(hnt, toText(last))])];
  return truth(says(items), { fills, ...sinceAlways });
};

const effectOf = ({ side, quantity }: Fill): Decimal =>
  side === 'buy' ? quantity : negate(quantity);

/** What the row may lack, the opening apart: every part that leads to what is held, by its ids. */
function partsOf({ fills, states, known }: Story): readonly string[] {
  const [, ...rest] = fills;
  const gap = (one: Decimal) => Number(toText(one));
  const wanted = gap(states.at(-1)!) - gap(states[known - 1]!);
  return Array.from({ length: 2 ** rest.length }, (_, bits) =>
    rest.filter((__, index) => Math.floor(bits / 2 ** index) % 2 === 1),
  ).flatMap((part) => {
    const sum = part.reduce((all, each) => all + gap(effectOf(each)), 0);
    return part.length > 0 && sum === wanted ? [part.map((one) => one.executionId).join()] : [];
  });
}

test('SP3 SP4 SP80 proven is what was missed, and only where nothing else adds up to it', () => {
  fc.assert(
    fc.property(story, (one) => {
      const { fills, states, known } = one;
      const stored = states[known - 1]!;
      const found = breakOf(checked([rowOf(one)], truthOf(one)), hnt);
      if (equals(stored, states.at(-1)!)) {
        expect(found).toBeUndefined();
        return;
      }
      const { confidence, explanation } = found!;
      const moments = states.slice(0, -1).filter((state) => equals(state, stored)).length;
      const isOnly = moments === 1 && partsOf(one).length === 1;
      expect(confidence).toBe(isOnly ? 'proven' : 'likely');
      const ids = explanation.evidence.map(({ id }) => id);
      if (moments === 1) expect(ids).toEqual(fills.slice(known).map((each) => each.executionId));
      const sum = explanation.evidence.reduce((a, { effect }) => add(a, effect!), stored);
      expect(toText(sum)).toBe(toText(states.at(-1)!));
      expect(isZero(explanation.residual!)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('SP4 PnL of what is closed is cash in less cash out, whatever the store knew', () => {
  fc.assert(
    fc.property(story, (one) => {
      const { fills, states } = one;
      const found = checked([rowOf(one)], truthOf(one));
      const close = repairOf(found, hnt)?.changes[0]?.close;
      if (!isZero(states.at(-1)!) || isZero(states[one.known - 1]!)) {
        expect(close).toBeUndefined();
        return;
      }
      const cash = fills.reduce((sum, each) => {
        const price = Number(toText(each.price));
        return sum - Number(toText(effectOf(each))) * price;
      }, 0);
      expect(toText(close!.realisedPnl!)).toBe(String(cash));
      expect(close!.at).toBe(fills.at(-1)!.time);
    }),
    { numRuns: 300 },
  );
});

test('SP12 what was repaired differs no more, and is repaired once', () => {
  fc.assert(
    fc.property(story, (one) => {
      const before = rowOf(one);
      const better = truthOf(one);
      const first = checked([before], better);
      const [change] = repairOf(first, hnt)?.changes ?? [];
      if (change === undefined) return;
      const after: StoredPosition =
        change.close === undefined
          ? { ...before, quantity: change.quantity! }
          : { ...before, status: 'closed', statusText: 'closed' };
      expect(equals(absolute(after.quantity!), zero)).toBe(false);
      const again = checked([after], better, { known: first.reconciled.breaks });
      expect(again.reconciled.verdict).toBe('true');
      expect(again.repairs).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
