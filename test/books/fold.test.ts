/** How books are kept: what a late fact folds again, what a restart needs, what is not touched. */
import { expect, test } from 'vitest';
import { AccountFold } from '../../src/books/account-fold.ts';
import { viewOf } from '../../src/books/book-view.ts';
import { foldFacts } from '../../src/books/fold-facts.ts';
import { stateFromText, stateText } from '../../src/books/group-codec.ts';
import { memoryPages, type PageStore } from '../../src/books/pages.ts';
import { toText } from '../../src/decimal/text.ts';
import type { BookedFact } from '../../src/model/entry.ts';
import { inForce, kept } from './five-ways.ts';
import { arrivalsOf, optionsAt, readStory, scenario } from './scenario.ts';
import { secondsAt } from './scenario-facts.ts';

/** A fold of a table's facts, and every sequence that it asked for again. */
function watched(table: string) {
  const story = readStory(table);
  const facts = inForce(arrivalsOf(story, story.events));
  const bySequence = new Map(facts.map((fact) => [fact.sequence, fact]));
  const asked: number[][] = [];
  const pages = memoryPages();
  const fold = new AccountFold(story.context, pages, (sequences) => {
    asked.push([...sequences]);
    return sequences.flatMap((sequence) => bySequence.get(sequence) ?? []);
  });
  const add = (fact: BookedFact) => {
    fold.add(fact);
    return fold.settle().map((group) => group.key);
  };
  return { story, facts, fold, asked, pages, add };
}

const buys = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `fill BTC/USDT buy 1 @ ${100 + n} at ${10 * n}`);

const pageSizes = (fold: AccountFold, pages: PageStore): readonly number[] =>
  Array.from(
    { length: fold.snapshotOf('coin:BTC').pageCount },
    (_, index) => pages.page('coin:BTC', index).members.length,
  );

test('F2 a late fact folds its own groups again, and no other', () => {
  const { facts, fold, asked, add } = watched(
    [
      'fill BTC/USDT buy 1 @ 100 at 10',
      'fill ETH/USDT buy 1 @ 10 at 20',
      'fill BTC/USDT:USDT buy 1 @ 100 at 30',
      'fill BTC/USDT sell 1 @ 110 at 40',
      'fill ETH/USDT buy 1 @ 12 at 15',
    ].join('\n'),
  );
  const touched = facts.map(add);
  expect(touched).toEqual([
    ['coin:BTC'],
    ['coin:ETH'],
    ['leg:BTC/USDT:USDT|net'],
    ['coin:BTC'],
    ['coin:ETH'],
  ]);
  expect(fold.refolds).toBe(1);
  expect(asked).toEqual([[2, 5]]);
});

test('F2 late facts of one batch fold a group again once', () => {
  const { facts, fold } = watched(buys(10).toReversed().join('\n'));
  for (const fact of facts) fold.add(fact);
  fold.settle();
  expect(fold.refolds).toBe(1);
  expect(toText(fold.postings.position)).toBe('1045');
});

test('F6 a late fact is folded from the page before it, not from the beginning', () => {
  const { facts, fold, asked, pages, add } = watched(
    [...buys(200), 'fill BTC/USDT buy 1 @ 1 at 1985'].join('\n'),
  );
  for (const fact of facts) add(fact);
  expect(pageSizes(fold, pages)).toEqual([64, 64, 64]);
  expect(asked).toEqual([[193, 194, 195, 196, 197, 198, 199, 200, 201]]);
  expect(fold.refolds).toBe(1);
});

test('F6 a group of many lots turns pages less often', () => {
  const { facts, fold, pages, add } = watched(['account USDT fifo', ...buys(300)].join('\n'));
  for (const fact of facts) add(fact);
  expect(pageSizes(fold, pages)).toEqual([64, 64, 128]);
});

test('F7 a state is the same after it has been text', () => {
  const story = readStory(
    [
      'account USD hifo hedge',
      'opening BTC 2 lots 1=unknown;1=50@-5 , USDT 10',
      'fill BTC/USDT:USDT long buy 2 @ 100 fee 0.1 USDT',
      'fill BTC/USDT:USDT long sell 3 @ 110 fee-unknown',
      'fill ETH/BTC buy 1 @ 0.5 fee 0.01 BNB',
      'funding USDT -1 of BTC/USDT:USDT long',
    ].join('\n'),
  );
  const fold = foldFacts(inForce(arrivalsOf(story, story.events)), story.context);
  const groups = [...fold.groups()];
  expect(groups.map(({ key }) => key).sort()).toEqual([
    'coin:BNB',
    'coin:BTC',
    'coin:ETH',
    'coin:USDT',
  ]);
  for (const { key, state } of groups) {
    const text = stateText(state);
    expect(stateText(stateFromText(text, key, 'hifo'))).toBe(text);
  }
});

test('F10 books of an instant are the fold of the facts up to and with it', () => {
  const story = readStory(buys(5).toReversed().join('\n'));
  const facts = inForce(arrivalsOf(story, story.events));
  const at = (second: string) => {
    const asOf = secondsAt(second);
    const fold = foldFacts(facts, story.context, asOf);
    return viewOf(fold, optionsAt(story, asOf)).balances.map((one) => toText(one.total));
  };
  expect(at('0')).toEqual(['1', '-100']);
  expect(at('19')).toEqual(['2', '-201']);
  expect(at('20')).toEqual(['3', '-303']);
});

test('F2 the postings of a late fact are the books after it less the books before it', () => {
  const { facts, fold, add } = watched(
    [
      'fill BTC/USDT buy 1 @ 200 at 20',
      'fill BTC/USDT sell 1 @ 180 at 30',
      'fill BTC/USDT buy 1 @ 100 at 10',
    ].join('\n'),
  );
  const [first, second, late] = facts;
  add(first!);
  add(second!);
  const before = { ...fold.postings };
  add(late!);
  const moved = (name: 'cash' | 'position' | 'realised') =>
    [before[name], fold.postings[name]].map(toText);
  expect(moved('cash')).toEqual(['-20', '-120']);
  expect(moved('position')).toEqual(['0', '150']);
  expect(moved('realised')).toEqual(['-20', '30']);
});

test('F3 out of force and back within one batch counts once', () => {
  const story = readStory(buys(3).join('\n'));
  const arrivals = arrivalsOf(story, story.events);
  const [first] = inForce(arrivals);
  const bust = { before: first!, after: null };
  const back = { before: null, after: first! };
  const fold = kept(story.context, [...arrivals, bust, back, bust, back], () => false);
  expect(toText(fold.postings.position)).toBe('303');
});

scenario(
  'B8 F11 a fact is folded with the version of its instrument that was in force at its time',
  `
  instrument  BTC/USDT:USDT multiplier 1
  instrument  BTC/USDT:USDT multiplier 0.1 from 25
  fill      BTC/USDT:USDT  buy   1 @ 100     at 10
  fill      BTC/USDT:USDT  sell  1 @ 110     at 20
  fill      BTC/USDT:USDT  buy   1 @ 100     at 30
  fill      BTC/USDT:USDT  sell  1 @ 110     at 40
  realised  11                               # 10 + 10 x 0.1
`,
);
