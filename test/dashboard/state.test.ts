/** What the page keeps in mind: answers under way, pages that were read, what is drawn of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketOf, rowsOf, views } from '../../dashboard/pages/breaks/views.ts';
import { linePath, periodsOn, spansOf } from '../../dashboard/pages/equity/drawn-spans.ts';
import { causes } from '../../dashboard/pages/equity/equity-figures.ts';
import { joinedPages } from '../../dashboard/state/joined-pages.ts';
import { oneAtATime } from '../../dashboard/state/one-at-a-time.ts';
import { checkedWords } from '../../dashboard/words/check-words.ts';
import { bridgeRows } from '../../src/books/bridge.ts';
import { breaks, inbox } from './showcase.ts';

test('UI41 who hears of something while an answer is under way gets a later one', async () => {
  const begun: PromiseWithResolvers<void>[] = [];
  const ask = oneAtATime(() => {
    begun.push(Promise.withResolvers());
    return begun.at(-1)!.promise;
  });
  const first = ask();
  const [second, third] = [ask(), ask()];
  expect([begun.length, second === third]).toEqual([1, true]);
  begun[0]!.resolve();
  await first;
  await Promise.resolve();
  expect(begun).toHaveLength(2);
  // Who asks now waits for a third one: the second began before.
  const fourth = ask();
  begun[1]!.resolve();
  await second;
  await Promise.resolve();
  expect(begun).toHaveLength(3);
  begun[2]!.resolve();
  await fourth;
});

test('UI41 one that failed does not stand in the way of the next', async () => {
  let count = 0;
  const ask = oneAtATime(async () => {
    count += 1;
    if (count === 1) throw new Error('no answer');
  });
  const [first, second] = [ask(), ask()];
  await expect(first).rejects.toThrow('no answer');
  await second;
  expect(count).toBe(2);
});

const keyOf = (item: string) => item[0]!;

test.each([
  ['new ones come above', ['d', 'c', 'b'], ['c', 'b', 'a'], ['d', 'c', 'b', 'a']],
  ['what changed is as it is now', ['c2', 'b'], ['c1', 'b', 'a'], ['c2', 'b', 'a']],
  ['what went away is not kept', ['d', 'b'], ['d', 'c', 'b', 'a'], ['d', 'b', 'a']],
  ['what came up is there once', ['a', 'c'], ['c', 'b', 'a'], ['a', 'c', 'b']],
  ['there is nothing on it, and something behind', [], ['b', 'a'], ['b', 'a']],
  ['so much is new that they do not meet', ['f', 'e'], ['b', 'a'], null],
])('UI40 a first page over what was read: %s', (_, head, known, joined) => {
  expect(joinedPages(head, known, keyOf)).toEqual(joined);
});

test('UI40 of a trail that only grows nothing is lost and nothing is twice, whatever comes', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 40 }),
      fc.nat({ max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      (old, added, size) => {
        const trail = Array.from({ length: old + added + 1 }, (_, n) =>
          String.fromCodePoint(0x4e00 + n),
        );
        const newest = trail.toReversed();
        const joined = joinedPages(newest.slice(0, size), newest.slice(added), keyOf);
        if (added >= size) expect(joined).toBeNull();
        else expect(joined).toEqual(newest);
      },
    ),
  );
});

const at = (minute: number) => `2026-11-20T00:${String(minute).padStart(2, '0')}:00Z`;
const period = (from: number, to: number | null) => ({
  ...{ from: at(from), to: to === null ? null : at(to), breaks: 1 },
});

test('UI47 a line has a hole where a point is unknown; one alone is a dot', () => {
  const y = [1, 2, null, 4, null, 6, 7];
  const path = linePath(y.map((each, x) => ({ x, y: each })));
  expect(path).toBe('M0.0 1.0L1.0 2.0M3.0 4.0h0M5.0 6.0L6.0 7.0');
});

test('UI47 what ended before the first point or began after the last is not shaded', () => {
  const points = [10, 20, 30, 40].map((minute) => ({ time: at(minute) }));
  const periods = [period(1, 5), period(1, 15), period(22, 24), period(31, null), period(45, 50)];
  expect(periodsOn(periods, points)).toEqual(periods.slice(1, 4));
  // From the point before it began to the one after it ended; an open one to the last.
  expect(spansOf(points, periods)).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  expect(spansOf([], periods)).toEqual([]);
});

test('UI43 each step of a bridge has words for how it comes about', () => {
  expect([...bridgeRows, 'unexplained'].filter((name) => causes[name] === undefined)).toEqual([]);
});

test('UI48 a tab counts what there is, whatever part of it was read', () => {
  const of = {
    states: { OPEN: 600, SETTLING: 3, SNOOZED: 20, ACCEPTED: 5, VERIFIED: 900, SELF_CLEARED: 70 },
    waits: { person: 500, policy: 40, venue: 10, nobody: 50 },
  };
  expect(views.map(({ name, count }) => [name, count(of)])).toEqual([
    ['needs-you', 550],
    ['open', 600],
    ['settling', 3],
    ['held', 25],
    ['closed', 970],
  ]);
  // And of what was read whole, as many as it shows.
  for (const view of views.slice(0, 2)) {
    const rows = rowsOf(inbox.items, { view, mode: 'live', bucket: null });
    expect(rows).toHaveLength(view.count(inbox));
  }
  expect(bucketOf({ ...breaks[0]!, ageSeconds: 299 })).toBe('0-5 m');
});

const checked = (
  account: string,
  verdict: 'true' | 'break' | 'cannot-say',
  why: string | null,
) => ({
  ...{ account, verdict, why },
});

test('UI51 a check that was asked for says what came of it, the worst first', () => {
  const told = checkedWords([
    checked('okx', 'true', null),
    checked('kraken', 'break', '1 break'),
    checked('bybit', 'cannot-say', 'it does not answer'),
  ]);
  expect(told).toEqual({
    tone: 'failed',
    words: 'Checked. BREAK: kraken · CANNOT SAY: bybit · TRUE: okx',
    detail: 'kraken: 1 break · bybit: it does not answer',
  });
  expect(checkedWords([checked('okx', 'true', null)])).toMatchObject({
    ...{ tone: 'done', words: 'Checked. TRUE: okx', detail: null },
  });
  expect(checkedWords([]).tone).toBe('failed');
});
