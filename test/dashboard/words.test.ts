import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unreachable } from '../../dashboard/api/problem.ts';
import { scaleOf } from '../../dashboard/pages/equity/waterfall-scale.ts';
import { eventIn } from '../../dashboard/state/server-events.ts';
import { alikeOf, saidOnce, sharedBy } from '../../dashboard/words/alike.ts';
import { cutText } from '../../dashboard/words/amounts.ts';
import { phaseWord, stepWords } from '../../dashboard/words/exit-words.ts';
import { csvOf, ndjsonOf } from '../../dashboard/words/exports.ts';
import { limitNote, limitText } from '../../dashboard/words/limit-words.ts';
import { lifeWords } from '../../dashboard/words/order-words.ts';
import { counterOf } from '../../dashboard/words/side-words.ts';
import { brokeWords, streamWord } from '../../dashboard/words/stream-words.ts';
import { absoluteText, clockText, relativeText, spanText } from '../../dashboard/words/times.ts';
import { dashboardFolder } from '../../src/service/serving/page-build.ts';

test.each([
  [0.4, '0 s'],
  [59, '59 s'],
  [155, '2 m 35 s'],
  [842, '14 m'],
  [3_600, '1 h 00 m'],
  [532_800, '6 d 04 h'],
])('UI3 %d seconds are said as %s', (seconds, said) => {
  expect(spanText(seconds)).toBe(said);
});

test('UI3 a time is said from now, before and after', () => {
  const now = Date.parse('2026-11-20T06:41:07Z');
  expect(relativeText('2026-11-20T06:41:04Z', now)).toBe('3 s ago');
  expect(relativeText('2026-11-20T06:41:34Z', now)).toBe('in 27 s');
  expect(absoluteText('2026-11-19T00:00:00.123456Z', 'utc')).toBe('2026-11-19 00:00:00Z');
  expect(clockText('2026-11-20T06:38:02.114Z', 'utc', now)).toBe('06:38:02Z');
  expect(clockText('2026-11-19T06:38:02Z', 'utc', now)).toBe('2026-11-19 06:38');
});

describe('a server-sent event', () => {
  test.each([
    ['id: ab12-7\nevent: entry\ndata: {"a":1}', { id: 'ab12-7', name: 'entry', data: '{"a":1}' }],
    ['event: reset\ndata: {}', { id: null, name: 'reset', data: '{}' }],
    ['data: a\ndata: b', { id: null, name: 'message', data: 'a\nb' }],
    [': still here', null],
    ['retry: 2000', null],
  ])('UI7 %j is read', (block, event) => {
    expect(eventIn(block)).toEqual(event);
  });
});

test('UI2 an export holds each row as it is, and no cell that a sheet would run', () => {
  const row = {
    ...{ account: 'main', sequence: 7, recordedAt: '2026-11-20T06:41:07Z', effectiveAt: null },
    ...{ kind: 'remark', id: 'r1', what: '=1+1, "quoted"', reason: null, by: '-mara' },
    ...{ causedBy: null, hash: 'ab12' },
  };
  const [head, line] = csvOf([row]).split('\r\n');
  expect(head).toContain('"account","sequence","recordedAt"');
  expect(line).toBe(
    `"main","7","2026-11-20T06:41:07Z","","remark","r1","'=1+1, ""quoted""","","'-mara","","ab12"`,
  );
  expect(JSON.parse(ndjsonOf([row]))).toEqual(row);
});

describe('UI18 the bridge', () => {
  test.each([
    // 100 to 120, a quarter of the span below the least: 100 - 20 x 0.25.
    ['begins a little below', [100, 120, 120], [100, 120], { base: 95, least: 95, most: 120 }],
    ['stands on zero where an end is zero', [0, 50, 50], [0, 50], { base: 0, least: 0, most: 50 }],
    ['has no height where all is zero', [0, 0], [0, 0], { base: 0, least: 0, most: 0 }],
    ['hangs from zero', [-5, -20, 10], [-5, 10], { base: 0, least: -20, most: 10 }],
    ['hangs from zero below it', [-5, -20], [-5, -20], { base: 0, least: -20, most: 0 }],
    ['is seen where nothing happened', [8, 8], [8, 8], { base: 6, least: 6, most: 8 }],
  ])('UI18 %s', (_, values, ends, scale) => {
    expect(scaleOf(values, ends)).toEqual(scale);
  });
});

const none = { different: 0, unknown: 0, settling: 0, foreign: 0, 'within-tolerance': 0, equal: 0 };

test.each([
  ['one that differs', { different: 1, equal: 4 }, {}, 'break', 'line differs'],
  ['several', { different: 3, unknown: 2 }, {}, 'break', 'lines differ'],
  ['all alike', { equal: 3, 'within-tolerance': 1 }, {}, 'true', 'differ: all 4 lines agree'],
  ['one alike', { equal: 1 }, {}, 'true', 'differ: the one line agrees'],
  ['alike, long ago', { equal: 2 }, { fresh: false }, 'cannot-say', 'of now nobody said so'],
  ['alike, and not all was told', { equal: 2 }, { complete: false }, 'cannot-say', 'not all was'],
  ['one unknown', { equal: 2, unknown: 1 }, {}, 'cannot-say', 'of 1 line nobody can say'],
  ['two on their way', { equal: 2, settling: 2 }, {}, 'settling', '2 lines settle'],
  ['nothing at all', {}, {}, 'cannot-say', 'nothing to compare'],
  ['what is not ours alone', { foreign: 2 }, {}, 'cannot-say', 'nothing to compare'],
] as const)('UI37 the counter of %s', (_, counts, changes, shape, words) => {
  const told = { counts: { ...none, ...counts }, fresh: true, complete: true, ...changes };
  expect(counterOf(told)).toEqual({ shape, words: expect.stringContaining(words) });
});

test.each([
  ['new', '0', 'sent'],
  ['open', '0', 'accepted'],
  ['open', null, 'accepted, filled: not told'],
  ['open', '0.02', 'partly filled 0.02 of 0.03'],
  ['filled', '0.03', 'filled'],
  ['cancelled', '0', 'cancelled'],
  ['cancelled', '0.01', 'cancelled, filled 0.01 of 0.03'],
  ['unknown', '0.01', 'cannot say'],
])('UI38 an order that is %s with %s filled is: %s', (status, filled, words) => {
  expect(lifeWords({ status, filled, quantity: '0.03' })).toBe(words);
});

test('UI39 each colour of a theme stands once, and a chart can read the one that holds', () => {
  const tokens = readFileSync(join(dashboardFolder, 'style', 'tokens.css'), 'utf8');
  const [theme = ''] = tokens.split('}');
  const names = [...theme.matchAll(/^ {2}(--[\w-]+): light-dark\(/gm)].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(15);
  expect(new Set(names).size).toBe(names.length);
  const chart = join(dashboardFolder, 'pages', 'equity', 'draw-curve.ts');
  const drawn = [...readFileSync(chart, 'utf8').matchAll(/colour\('(--[\w-]+)'\)/g)];
  expect(drawn.length).toBeGreaterThan(4);
  for (const [, name] of drawn) expect(tokens).toContain(`@property ${name} {`);
});

const old = (second: string) => `its price of 2026-01-12 16:00:${second}Z is 312 days old`;
const shared = 'its price of 2026-01-12 16:00Z is 312 days old';

test('UI70 a reason that many have is said once, with whom it is of', () => {
  const told = [
    { what: 'AAPL', why: old('03') },
    { what: 'XYZ', why: 'nobody told a price' },
    { what: 'KO', why: old('04') },
  ];
  expect(alikeOf(told)).toEqual([
    { whats: ['AAPL', 'KO'], why: shared },
    { whats: ['XYZ'], why: 'nobody told a price' },
  ]);
  // One that stands alone is said as it was told.
  expect(alikeOf(told.slice(0, 1))[0]!.why).toBe(old('03'));
});

test('UI70 only what each of several rows says is said of all', () => {
  expect(sharedBy([old('03'), old('04')])).toBe(shared);
  expect(sharedBy([old('03'), null])).toBeNull();
  expect(sharedBy([old('03'), 'nobody told a price'])).toBeNull();
  expect(sharedBy([old('03')])).toBeNull();
});

test('UI70 the sentence of a verdict names those that have one reason together', () => {
  const head = '1 break: The performance record is out of date; and not all is known';
  expect(saidOnce(`${head}: AAPL: ${old('03')}; KO: ${old('04')}; XYZ: no price`)).toBe(
    `${head}: AAPL, KO: ${shared}; XYZ: no price`,
  );
  for (const plain of ['Every line equal, for 6 d', '2 breaks: A fill was missed; one more']) {
    expect(saidOnce(plain)).toBe(plain);
  }
});

test.each([
  ['64.7778', '64.7'],
  ['99.9999', '99.9'],
  ['100', '100'],
  ['0.04', '0.0'],
])('UI72 of %s %% one digit is %s', (whole, cut) => {
  expect(cutText(whole, 1)).toBe(cut);
});

test('UI74 the policy writes its sums as amounts are written, and says what of', () => {
  const beyond = 'waits for a person: PAYMENT_2000 (it is 7511.12885, more than 3000)';
  expect(limitText(beyond, 'USDT')).toBe(
    'waits for a person: PAYMENT_2000 (it is 7,511.12885 USDT, more than 3,000 USDT)',
  );
  expect(limitNote(beyond)).toContain('all that this repair moves');
  const counted = '20 were made in the last 24 hours';
  expect([limitText(counted, 'USDT'), limitNote(counted)]).toEqual([counted, null]);
});

test('UI74 what is listed and what is streamed are told apart in words', () => {
  const unheard = { lastMessageAt: null, reconnects: 1 };
  const names = ['executions', 'cash-flows', 'execution', 'wallet', 'fills of another kind'];
  expect(names.map((name) => streamWord({ ...unheard, name }))).toEqual([
    ...['listed executions', 'listed cash flows', 'stream: executions', 'stream: balances'],
    'stream: fills of another kind',
  ]);
  // A venue may call its stream so: what was heard is no list.
  const heard = { ...unheard, name: 'executions', lastMessageAt: '2026-11-20T06:41:07Z' };
  expect(streamWord(heard)).toBe('stream: executions');
  expect(brokeWords({ ...unheard, name: 'executions' })).toBe('one gap so far');
  expect(brokeWords({ ...unheard, name: 'execution', reconnects: 10 })).toBe(
    'reconnected 10 times',
  );
});

test.each([
  ['young: younger than aged', 'it is not old enough to be left'],
  ['cancel p7-o27: in-profit', 'cancel p7-o27: it is in profit'],
  [
    'unknown: the book holds -0.02, the other side of it',
    'the book holds -0.02, and the venue the opposite: not decided before they agree',
  ],
  ['unknown: its entry price is not known', 'its entry price is not known'],
  ['limit at market', 'limit at market'],
])('UI74 of an exit "%s" is said in plain words', (step, words) => {
  expect(stepWords(step)).toBe(words);
  expect([phaseWord('young'), phaseWord('unknown')]).toEqual(['not due', 'not known']);
});

test.each([
  [new TypeError('Failed to fetch'), 'nobody answers at its address'],
  [new DOMException('signal timed out', 'TimeoutError'), 'no answer came in time'],
])('UI9 silence is told in our words: %s', (error, detail) => {
  expect(unreachable(error)).toMatchObject({ title: 'The service does not answer', detail });
});
