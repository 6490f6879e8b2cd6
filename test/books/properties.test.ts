/** What holds of all histories. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PositionView, viewOf } from '../../src/books/book-view.ts';
import { bridge } from '../../src/books/bridge.ts';
import { foldFacts } from '../../src/books/fold-facts.ts';
import { legGroupKey } from '../../src/books/group.ts';
import { absolute } from '../../src/decimal/decimal.ts';
import { toText, toTextOrNull } from '../../src/decimal/text.ts';
import { Random } from '../decimal/random.ts';
import {
  booksText,
  expectSound,
  foldFiveWays,
  inForce,
  kept,
  poolOf,
  shuffled,
} from './five-ways.ts';
import { type ModelFill, model } from './model.ts';
import { randomHistory } from './random-history.ts';
import { arrivalsOf, optionsAt, readStory, runScenario, type Story } from './scenario.ts';
import { secondsAt } from './scenario-facts.ts';

const lastSecond = secondsAt('10000');

const modelFill: fc.Arbitrary<ModelFill> = fc.record({
  type: fc.constantFrom('spot', 'linear'),
  side: fc.constantFrom('buy', 'sell'),
  quantity: fc.oneof(fc.bigInt(1n, 9n), fc.bigInt(1n, 10n ** 12n)),
  price: fc.oneof(fc.bigInt(1n, 9n), fc.bigInt(1n, 10n ** 14n)),
  fee: fc.oneof(fc.constant(0n), fc.bigInt(1n, 10n ** 8n)),
  feeIn: fc.constantFrom('quote', 'base'),
});

/** Units of 10^-scale as text. */
function textOf(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const at = digits.length - scale;
  const text = `${digits.slice(0, at)}.${digits.slice(at)}`.replace(/\.?0+$/, '');
  return units < 0n ? `-${text}` : text;
}

function lineOf({ type, side, quantity, price, fee, feeIn }: ModelFill): string {
  const [name, coin] = type === 'spot' ? ['BTC/USDT', 'BTC'] : ['BTC/USDT:USDT', 'USDT'];
  const paid = `${textOf(fee, 9)} ${feeIn === 'base' ? coin : 'USDT'}`;
  return `fill ${name} ${side} ${textOf(quantity, 9)} @ ${textOf(price, 9)} fee ${paid}`;
}

test('B2 B3 B8 B13 the books agree with an independent model, to the last digit', () => {
  fc.assert(
    fc.property(fc.array(modelFill, { maxLength: 40 }), (fills) => {
      const expected = model(fills);
      const story = readStory(fills.map(lineOf).join('\n'));
      const fold = foldFacts(inForce(arrivalsOf(story, story.events)), story.context);
      const spot = poolOf(fold, 'BTC')?.holding;
      const key = legGroupKey('BTC/USDT:USDT', 'net');
      const leg = fold.group(key)?.state.legs.get('BTC/USDT:USDT|net')?.holding;
      const { cash, realised, fees } = fold.postings;
      const numbers = [cash, realised, fees, spot?.quantity, spot?.cost, leg?.quantity, leg?.cost];
      const costOf = ({ quantity, cost }: { quantity: bigint; cost: bigint }) =>
        textOf(quantity < 0n ? -cost : cost, 18);
      expect(numbers.map((number) => (number === undefined ? '0' : toText(number)))).toEqual([
        textOf(expected.cash, 18),
        textOf(expected.realised, 18),
        textOf(-expected.fees, 18),
        textOf(expected.spot.quantity, 9),
        costOf(expected.spot),
        textOf(expected.linear.quantity, 9),
        costOf(expected.linear),
      ]);
    }),
    { numRuns: 300 },
  );
});

const storyOf = (table: string) => {
  const story = readStory(table);
  return { story, arrivals: arrivalsOf(story, story.events) };
};

test('F4 F5 F7 any order of arrival, with restarts, gives the same books', () => {
  fc.assert(
    fc.property(randomHistory({ minLength: 1, maxLength: 30 }), fc.nat(), (table, seed) => {
      const { story, arrivals } = storyOf(table);
      foldFiveWays(story.context, arrivals, optionsAt(story, lastSecond), seed);
    }),
    { numRuns: 200 },
  );
});

test('F4 F6 late facts, busts and corrections over many pages give the same books', () => {
  fc.assert(
    fc.property(randomHistory({ minLength: 400, maxLength: 500 }), fc.nat(), (table, seed) => {
      const { story, arrivals } = storyOf(table);
      const options = optionsAt(story, lastSecond);
      const random = new Random(seed);
      const fold = foldFacts(inForce(arrivals), story.context);
      const often = () => random.chance(0.2);
      const seldom = () => random.chance(0.02);
      const other = kept(story.context, shuffled(arrivals, random), often, seldom);
      expect(booksText(other, options)).toBe(booksText(fold, options));
      expectSound(fold, viewOf(fold, options));
      expect(fold.snapshot().some((group) => group.pageCount > 0)).toBe(true);
    }),
    { numRuns: 10, endOnFailure: true },
  );
});

test('F3 what is busted and taken back in again has never been away', () => {
  fc.assert(
    fc.property(randomHistory({ minLength: 5, maxLength: 40 }), fc.nat(), (table, seed) => {
      const { story, arrivals } = storyOf(table);
      const options = optionsAt(story, lastSecond);
      const random = new Random(seed);
      const away = inForce(arrivals).filter(() => random.chance(0.3));
      const busts = away.map((fact) => ({ before: fact, after: null }));
      const back = away.map((fact) => ({ before: null, after: fact }));
      const fold = kept(story.context, arrivals);
      const settles = () => random.chance(0.5);
      const other = kept(story.context, [...arrivals, ...busts, ...back], settles);
      expect(booksText(other, options)).toBe(booksText(fold, options));
    }),
    { numRuns: 100 },
  );
});

test('B1 B3 postings balance after every fact, and what is sold out has no cost left', () => {
  fc.assert(
    fc.property(randomHistory({ minLength: 1, maxLength: 40 }), (table) => {
      const { story, arrivals } = storyOf(table);
      const options = optionsAt(story, lastSecond);
      const facts = inForce(arrivals);
      for (let count = 0; count <= facts.length; count += 5) {
        const fold = foldFacts(facts.slice(0, count), story.context);
        expectSound(fold, viewOf(fold, options));
      }
      const { positions } = viewOf(foldFacts(facts, story.context), options);
      const closes = positions.flatMap(closingLine);
      const end = storyOf([table, ...closes].join('\n'));
      const fold = foldFacts(inForce(end.arrivals), end.story.context);
      const view = viewOf(fold, options);
      expectSound(fold, view);
      const left = view.positions.filter((one) => one.asset === null).map((one) => one.quantity);
      expect(left.filter((quantity) => quantity.coefficient !== 0)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

/** The fill that closes a contract. */
function closingLine({ asset, instrument, leg, quantity }: PositionView): readonly string[] {
  if (asset !== null || quantity.coefficient === 0) return [];
  const side = quantity.coefficient > 0 ? 'sell' : 'buy';
  return [`fill ${instrument} ${leg} ${side} ${toText(absolute(quantity))} @ 7 at 900`];
}

test('E5 the bridge between any two instants leaves nothing unexplained', () => {
  fc.assert(
    fc.property(
      randomHistory({ minLength: 1, maxLength: 40 }),
      fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 400 })),
      (table, seconds) => {
        const { story, arrivals } = storyOf([...everyMark, table].join('\n'));
        const [from, to] = seconds.toSorted((a, b) => a - b).map((s) => viewAt(story, arrivals, s));
        const { unexplained, opening, closing } = bridge(from!, to!);
        const isKnown = opening !== null && closing !== null;
        expect(toTextOrNull(unexplained)).toBe(isKnown ? '0' : null);
      },
    ),
    { numRuns: 300 },
  );
});

/** Prices from before everything else, so that most equities are known. */
const everyMark = [
  ...['BTC/USDT 60', 'ETH/USDT 7.7', 'BNB/USDT 0.3', 'USDT/USD 0.99'],
  ...['BTC/USD 61', 'ETH/USD 7.3', 'BNB/USD 0.33'],
  ...['BTC/USDT:USDT 59', 'ETH/USDT:USDT 7.1', 'BTC/USD:BTC 62', 'BTC/USDT:USDT-240628 63'],
].map((mark) => `mark ${mark} at 0`);

function viewAt(story: Story, arrivals: ReturnType<typeof arrivalsOf>, seconds: number) {
  const asOf = secondsAt(String(seconds));
  return viewOf(foldFacts(inForce(arrivals), story.context, asOf), optionsAt(story, asOf));
}

test('F4 a table that fast-check prints is a scenario', () => {
  expect(() => runScenario('fill BTC/USDT buy 1 @ 2\nbalance BTC 1')).not.toThrow();
  expect(() => runScenario('fill BTC/USDT buy 1 @ 2\nbalance BTC 2')).toThrow(
    'balance BTC 1, not 2',
  );
});
