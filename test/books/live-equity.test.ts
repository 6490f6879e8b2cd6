/** Equity kept mark by mark is the equity that a view of the same books finds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AccountFold } from '../../src/books/account-fold.ts';
import { viewOf } from '../../src/books/book-view.ts';
import { AccountContext } from '../../src/books/context.ts';
import { LiveEquity } from '../../src/books/live-equity.ts';
import { memoryPages } from '../../src/books/pages.ts';
import type { Unpriced } from '../../src/books/part-value.ts';
import { decimal, toText, toTextOrNull } from '../../src/decimal/text.ts';
import type { BookedFact } from '../../src/model/entry.ts';
import type { BookFact, CashFact, Fill, Leg, Mark } from '../../src/model/fact.ts';
import { type Instant, instant } from '../../src/model/instant.ts';
import { instrumentFromName } from '../../src/model/instrument.ts';
import { Random } from '../decimal/random.ts';

const start = instant('2026-01-05T00:00:00Z');
const second = 1_000_000_000n;
const markMaxAgeMs = 60_000;

const traded = [
  'BTC/USDT',
  'ETH/BTC',
  'SOL/USDT',
  'BTC/USDT:USDT',
  'ETH/USDT:USDT',
  'BTC/USD:BTC',
  'ETH/USD:ETH',
  'SOL/USDC:USDC',
];
const marked = [...traded, 'ETH/USDT', 'USDC/USDT'];
const legs: readonly Leg[] = ['net', 'long', 'short'];

function newContext(): AccountContext {
  const context = new AccountContext({
    account: 'main',
    venue: 'venue',
    currency: 'USDT',
    costMethod: 'average',
    feesInCost: false,
    mode: 'live',
    positionMode: 'hedge',
  });
  for (const name of traded) context.addInstrument(instrumentFromName('venue', name)!);
  const changed = instrumentFromName('venue', 'ETH/USDT:USDT')!;
  const validFrom = start + 100n * second;
  context.addInstrument({ ...changed, multiplier: decimal('10'), validFrom });
  return context;
}

/** A random life of an account: facts early and late, busts, marks, and time that goes on. */
class Life {
  readonly #random: Random;
  readonly #context = newContext();
  readonly #facts = new Map<number, BookedFact>();
  readonly #fold: AccountFold;
  readonly #marks = new Map<string, Mark>();
  readonly #live: LiveEquity;
  #asOf = start;
  #sequence = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#fold = new AccountFold(this.#context, memoryPages(), (sequences) =>
      sequences.flatMap((sequence) => this.#facts.get(sequence) ?? []),
    );
    for (let i = 0; i < seed % 4; i++) this.#book();
    this.#fold.settle();
    this.#live = new LiveEquity(this.#fold, { asOf: start, markMaxAgeMs });
  }

  step(): void {
    const draw = this.#random.below(10);
    if (draw < 3) this.#settled(() => this.#book());
    else if (draw < 4) this.#settled(() => this.#bust());
    else if (draw < 8) this.#mark();
    else {
      this.#asOf += BigInt(this.#random.below(30)) * second + BigInt(this.#random.below(2));
      this.#live.advance(this.#asOf);
    }
  }

  /** Everything that both say, the live one first. */
  bothSay(): readonly [unknown, unknown] {
    const marks = (instrument: string) => this.#marks.get(instrument) ?? null;
    const { equity } = viewOf(this.#fold, { asOf: this.#asOf, marks, markMaxAgeMs });
    return [said(this.#live, this.#live.unpriced()), said(equity, equity.unpriced)];
  }

  #settled(work: () => void): void {
    for (let i = this.#random.between(1, 3); i > 0; i--) work();
    this.#live.moved(this.#fold.settle());
  }

  #mark(): void {
    const instrument = this.#one(marked);
    const price = decimal(`${this.#random.between(1, 99)}.${this.#random.between(1, 9)}`);
    const time = this.#around();
    const mark: Mark = { kind: 'mark', instrument, price, source: null, time };
    const known = this.#marks.get(instrument);
    if (known === undefined || known.time <= time) this.#marks.set(instrument, mark);
    this.#live.mark(mark);
  }

  #book(): void {
    const fact = this.#random.chance(0.8) ? this.#fill() : this.#cash();
    this.#sequence += 1;
    const rates = ['BTC', 'ETH', 'USDC'].flatMap((currency) =>
      this.#random.chance(0.3)
        ? []
        : [{ currency, instrument: `${currency}/USDT`, price: decimal('12.5'), time: start }],
    );
    const booked = { sequence: this.#sequence, fact, rates };
    this.#facts.set(this.#sequence, booked);
    this.#fold.add(booked);
  }

  #bust(): void {
    const sequences = [...this.#facts.keys()];
    if (sequences.length === 0) return;
    const sequence = this.#one(sequences);
    const before = this.#facts.get(sequence)!;
    this.#facts.delete(sequence);
    this.#fold.amend(before, null);
  }

  #fill(): Fill {
    return {
      kind: 'fill',
      account: 'main',
      instrument: this.#one(traded),
      leg: this.#one(legs),
      side: this.#random.chance(0.5) ? 'buy' : 'sell',
      quantity: decimal(`${this.#random.between(1, 9)}`),
      price: decimal(`${this.#random.between(1, 99)}.${this.#random.between(1, 9)}`),
      fees: [{ currency: this.#one(['USDT', 'BTC', 'SOL']), amount: decimal('0.01') }],
      liquidity: null,
      executionId: `e${this.#sequence}`,
      orderId: null,
      clientOrderId: null,
      strategy: null,
      cause: 'trade',
      venueSequence: null,
      provisional: false,
      time: this.#around(),
    };
  }

  #cash(): CashFact {
    return {
      kind: this.#random.chance(0.6) ? 'deposit' : 'withdrawal',
      account: 'main',
      currency: this.#one(['USDT', 'BTC', 'XRP']),
      amount: decimal(`${this.#random.between(1, 20)}`),
      id: `c${this.#sequence}`,
      instrument: null,
      leg: null,
      cost: this.#random.chance(0.5) ? decimal('100') : null,
      fee: null,
      state: 'booked',
      counterAccount: null,
      reason: null,
      venueSequence: null,
      time: this.#around(),
    } satisfies BookFact;
  }

  /** Mostly about now: a little late, or early by a clock that is ahead. */
  #around(): Instant {
    const late = this.#asOf - BigInt(this.#random.between(-5, 90)) * second;
    return late < start ? start : late;
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#random.below(list.length)]!;
  }
}

type Sums = Pick<
  ReturnType<typeof viewOf>['equity'],
  'total' | 'known' | 'positionsValue' | 'unrealisedPnl' | 'unrealised' | 'unexplainedValue'
>;

const said = (sums: Sums, unpriced: readonly Unpriced[]) => ({
  total: toTextOrNull(sums.total),
  known: toText(sums.known),
  positionsValue: toTextOrNull(sums.positionsValue),
  unrealisedPnl: toTextOrNull(sums.unrealisedPnl),
  unrealised: toText(sums.unrealised),
  unexplained: toText(sums.unexplainedValue),
  unpriced: unpriced.map(({ what, quantity, why }) => `${what} ${toText(quantity)} ${why}`).sort(),
});

test('E9 kept mark by mark, equity is what a view finds at every instant', () => {
  let complete = 0;
  let incomplete = 0;
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const life = new Life(seed);
      for (let step = 0; step < 60; step++) {
        const [live, viewed] = life.bothSay();
        expect(live, `seed ${seed}, step ${step}`).toEqual(viewed);
        if ((viewed as ReturnType<typeof said>).total === null) incomplete += 1;
        else complete += 1;
        life.step();
      }
    }),
    { numRuns: 300 },
  );
  expect([complete > 500, incomplete > 500]).toEqual([true, true]);
});
