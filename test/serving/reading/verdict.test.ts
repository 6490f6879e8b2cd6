/** What is on record, as a verdict: nothing unknown reads as true. */
import { expect, test } from 'vitest';
import type { Break, BreakState } from '../../../src/model/break.ts';
import type { Statement } from '../../../src/model/statement.ts';
import type { Verdict } from '../../../src/reconcile/verdict.ts';
import {
  type CheckOnRecord,
  verdictOnRecord,
} from '../../../src/service/serving/views/verdict-view.ts';

const second = 1_000_000_000n;
const now = 1_000_000n * second;

const whole = { complete: true, error: null };
const statement = { positions: whole, balances: whole, orders: whole } as unknown as Statement;
const silent = {
  ...{ positions: whole, orders: whole },
  balances: { complete: false, error: 'HTTP 503' },
} as unknown as Statement;

const check = (age: number, verdict: Verdict, complete = true): CheckOnRecord => ({
  ...{
    at: now - BigInt(age) * second,
    verdict,
    complete,
    trueSince: verdict === 'true' ? 7n : null,
  },
  statement: () => (complete ? statement : silent),
});

const broken = (state: BreakState): Break =>
  ({ id: 'BRK-1AAAAA', state, reason: 'FILL_MISSING' }) as Partial<Break> as Break;

interface Case {
  readonly breaks?: readonly Break[];
  /** Newest first. */
  readonly checks: readonly CheckOnRecord[];
  /** Of the process that serves; absent: of none. */
  readonly startedAt?: bigint;
  readonly verdict: Verdict;
  readonly why: string | null;
}

const cases: Readonly<Record<string, Case>> = {
  'nobody was ever asked': {
    ...{
      checks: [],
      verdict: 'cannot-say',
      why: 'never checked: nobody was ever compared with it',
    },
  },
  'whole, fresh and true': { checks: [check(1, 'true')], verdict: 'true', why: null },
  'five minutes old to the second': { checks: [check(300, 'true')], verdict: 'true', why: null },
  'a second too old': {
    checks: [check(301, 'true')],
    verdict: 'cannot-say',
    why: 'stale: the last whole check is 5 minutes old',
  },
  'true, and the service started since': {
    checks: [check(10, 'true')],
    startedAt: now - 9n * second,
    verdict: 'cannot-say',
    why: 'not compared since the service started: checking',
  },
  'true before the start, and silent since': {
    checks: [check(2, 'cannot-say', false), check(10, 'true')],
    startedAt: now - 9n * second,
    verdict: 'cannot-say',
    why: 'not compared since the service started: checking: HTTP 503',
  },
  'true since the start': {
    ...{ checks: [check(9, 'true')], startedAt: now - 9n * second, verdict: 'true', why: null },
  },
  'a break hides nothing of what is not known': {
    breaks: [broken('OPEN')],
    checks: [check(2, 'break', false)],
    verdict: 'break',
    why: '1 break: A fill was not booked; and not all is known: HTTP 503',
  },
  'silent since it was true': {
    checks: [check(2, 'cannot-say', false), check(840, 'true')],
    verdict: 'cannot-say',
    why: 'stale: the last whole check is 14 minutes old: HTTP 503',
  },
  'silent for a moment': {
    checks: [check(2, 'cannot-say', false), check(60, 'true')],
    verdict: 'cannot-say',
    why: 'the last check got no whole answer: HTTP 503',
  },
  'never a whole answer': {
    checks: [check(2, 'cannot-say', false)],
    verdict: 'cannot-say',
    why: 'no check of it was ever whole: HTTP 503',
  },
  'a break is certain, however old the check': {
    breaks: [broken('OPEN')],
    checks: [check(9_000, 'break')],
    verdict: 'break',
    why: '1 break: A fill was not booked',
  },
  'a break that is snoozed is one': {
    breaks: [broken('SNOOZED')],
    checks: [check(1, 'break')],
    verdict: 'break',
    why: '1 break: A fill was not booked',
  },
  'a break that was accepted is none': {
    breaks: [broken('ACCEPTED')],
    ...{ checks: [check(1, 'true')], verdict: 'true', why: null },
  },
  'it settles': {
    breaks: [broken('SETTLING')],
    checks: [check(1, 'cannot-say')],
    verdict: 'cannot-say',
    why: 'a difference is settling: the next check says whether it stays',
  },
  'repaired, and not asked again': {
    breaks: [broken('VERIFIED')],
    checks: [check(1, 'break')],
    verdict: 'cannot-say',
    why: 'no break is open, and no check has said since that it is true',
  },
};

test.each(Object.entries(cases))('RD1 the verdict of what is on record: %s', (_, one) => {
  const { breaks = [], checks } = one;
  const record = {
    breaks,
    last: checks[0] ?? null,
    lastComplete: checks.find(({ complete }) => complete) ?? null,
    lastTrue: checks.find(({ verdict }) => verdict === 'true') ?? null,
  };
  const found = verdictOnRecord(record, {
    now,
    maxAgeMs: 300_000,
    startedAt: one.startedAt ?? null,
  });
  expect(found).toMatchObject({ verdict: one.verdict, why: one.why });
  expect(found.trueSince).toBe(one.verdict === 'true' ? 7n : null);
});
