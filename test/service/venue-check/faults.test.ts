/**
 * Random faults of a venue, seeded, that last for a while: silence, cut, empty and old answers, and
 * sections that are stuck. The venue's truth is summed here, by code of its own. While the book
 * has what the venue did, nothing becomes a break; when it lacks something, the repair books
 * exactly that.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { addMilliseconds, instant, instantText } from '../../../src/model/instant.ts';
import { randomOf } from '../listening/fake-parts.ts';
import { at, balances, cash, closeDesks, fill, held, type Json, list } from '../reconcile/desk.ts';
import { noAnswer, openStand, type Said, said } from './scripted-venue.ts';

afterEach(closeDesks);

const stepSeconds = 20;
const steps = 24;

interface Happened {
  readonly second: number;
  readonly fact: Json;
  /** Contracts, and money in hundredths. */
  readonly position: number;
  readonly cents: number;
}

const timeOf = (second: number): string =>
  instantText(addMilliseconds(instant(at('12:00')), second * 1_000));

/** One thing that the venue did at a second. */
function happening(second: number, id: string, random: () => number): Happened {
  const time = timeOf(second);
  const size = 1 + Math.floor(random() * 5);
  if (random() < 0.3) {
    const fact = cash('deposit', `d-${id}`, String(size), { time });
    return { second, fact, position: 0, cents: size * 100 };
  }
  // Buys at one price only: nothing is realised, and a cent of fee for each.
  const fact = fill(`e-${id}`, { quantity: String(size), fee: '0.01', time });
  return { second, fact, position: size, cents: -1 };
}

const sum = (all: readonly Happened[], of: 'position' | 'cents'): number =>
  all.reduce((total, one) => total + one[of], 0);

/** What the venue says at a second: positions of one time, money of another, lists of now. */
function saysOf(
  second: number,
  now: readonly Happened[],
  positions: readonly Happened[],
  money: readonly Happened[],
): Json {
  const lists = (kind: 'fill' | 'deposit'): Json =>
    list(
      now.filter(({ fact }) => fact['kind'] === kind).map(({ fact }) => fact),
      { from: timeOf(-3_600), to: timeOf(second + 1) },
    );
  const quantity = String(sum(positions, 'position'));
  const one = { instrument: 'BTC/USDT:USDT', leg: 'net', quantity };
  return {
    positions: held(quantity === '0' ? [] : [one]),
    balances: balances({ USDT: (sum(money, 'cents') / 100).toFixed(2) }),
    ...{ orders: held([]), executions: lists('fill'), cashFlows: lists('deposit') },
  };
}

const faults = [
  ...(['none', 'none', 'silent', 'empty', 'cut', 'old', 'stuck'] as const),
  ...(['positions-stuck', 'money-stuck'] as const),
];

/** A venue whose faults last for a while: of every answer until the next one begins. */
class Faulty {
  readonly #random: () => number;
  #fault: (typeof faults)[number] = 'none';
  /** Until when it is so, and at what second it is stuck. */
  #until = 0;
  #stuckAt = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  answer(second: number, all: readonly Happened[]): Said {
    if (second >= this.#until) {
      this.#fault = faults[Math.floor(this.#random() * faults.length)]!;
      this.#until = second + Math.floor(this.#random() * 160);
      this.#stuckAt = second - 1;
    }
    const now = all.filter((one) => one.second <= second);
    const then = all.filter((one) => one.second <= this.#stuckAt);
    const whole = saysOf(second, now, now, now);
    switch (this.#fault) {
      case 'none':
        return said(second, whole);
      case 'silent':
        return noAnswer('HTTP 503');
      case 'empty':
        return said(second, { ...whole, positions: held([]), balances: held([]) });
      case 'cut':
        return said(second, { ...whole, positions: held([], { complete: false }) });
      case 'old':
        return said(second - 400, whole);
      case 'stuck':
        return said(second, saysOf(second, now, then, then));
      case 'positions-stuck':
        return said(second, saysOf(second, now, then, now));
      case 'money-stuck':
        return said(second, saysOf(second, now, now, then));
    }
  }
}

const start: Happened[] = [
  {
    second: -3_000,
    fact: cash('deposit', 'd0', '1000', { time: timeOf(-3_000) }),
    position: 0,
    cents: 100_000,
  },
  {
    second: -2_000,
    fact: fill('e0', { fee: '0.01', time: timeOf(-2_000) }),
    position: 1,
    cents: -1,
  },
];

describe('a venue of random faults', () => {
  test.each([1, 6, 11, 13])(
    'VC2 VC6 seed %i: a book that has it all sees no break',
    async (seed) => {
      const random = randomOf(seed);
      const venue = new Faulty(random);
      const stand = await openStand(...start.map(({ fact }) => fact));
      const all = [...start];
      let wasTrue = 0;
      for (let step = 1; step <= steps; step += 1) {
        const second = step * stepSeconds;
        if (random() < 0.5) {
          const one = happening(second - 5, `${seed}-${step}`, random);
          all.push(one);
          await stand.desk.tell(one.fact);
        }
        stand.desk.clock.set(instant(timeOf(second)));
        const { reconciled } = await stand.check(
          venue.answer(second, all),
          venue.answer(second + 10, all),
        );
        const open = reconciled.breaks.filter(
          ({ state }) => !['SETTLING', 'SELF_CLEARED'].includes(state),
        );
        expect(open.map(({ state, explanation }) => [step, state, explanation.sentence])).toEqual(
          [],
        );
        if (reconciled.verdict === 'true') wasTrue += 1;
      }
      // The faults leave true answers, too.
      expect(wasTrue).toBeGreaterThan(0);
    },
  );

  test.each([1, 2, 3])(
    'VC10 seed %i: a repair books what the venue did, and no more',
    async (seed) => {
      const random = randomOf(100 + seed);
      const venue = new Faulty(random);
      const stand = await openStand(...start.map(({ fact }) => fact));
      const all = [...start];
      for (let step = 1; step <= steps; step += 1) {
        const second = step * stepSeconds;
        // The book is told of half of it; the last minutes bring nothing new.
        if (step < steps - 8 && random() < 0.5) {
          const one = happening(second - 5, `${seed}-${step}`, random);
          all.push(one);
          if (random() < 0.5) await stand.desk.tell(one.fact);
        }
        stand.desk.clock.set(instant(timeOf(second)));
        const answers = [0, 10, 15].map((later) => venue.answer(second + later, all));
        await stand.sync({ apply: true, auto: true }, ...answers);
        const truth = new Set(all.map(({ fact }) => fact['executionId'] ?? fact['id']));
        const { account } = stand.desk.account();
        for (const row of stand.desk.reader.file.entries(account, 0)) {
          if (row.kind === 'fill' || row.kind === 'deposit') expect(truth).toContain(row.id);
          expect(['adjustment', 'reversal', 'bust']).not.toContain(row.kind);
        }
      }
      const last = steps * stepSeconds + 60;
      const end = said(last, saysOf(last, all, all, all));
      await stand.sync({ apply: true, auto: true }, end);
      expect((await stand.check(end)).reconciled.verdict).toBe('true');
    },
  );
});
