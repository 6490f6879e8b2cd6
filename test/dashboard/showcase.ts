/**
 * The service's answers for one morning of four accounts, whose figures add up: a buy that was
 * counted twice, a funding payment that is not booked, a venue that is silent, and one that is
 * fine. For pictures and for states that no real service is in for long.
 */
import type { z } from 'zod';
import type { AccountAnswer, WhyAnswer } from '../../src/service/serving/documents/account.ts';
import type {
  BreakAnswer,
  BreakSummary,
  BreaksAnswer,
} from '../../src/service/serving/documents/breaks.ts';
import type { BridgeAnswer, EquityAnswer } from '../../src/service/serving/documents/equity.ts';
import type { AccountSummary, HomeAnswer } from '../../src/service/serving/documents/home.ts';
import type * as shown from '../../src/service/serving/documents/operations.ts';

const now = Date.now();
/** So many seconds ago. */
export const ago = (seconds: number): string =>
  new Date(now - seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
export const hash = (n: number): string =>
  Array.from({ length: 64 }, (_, at) => ((n * 7 + at * at * 3 + 11) % 16).toString(16)).join('');

const summary = (account: string, more: Partial<AccountSummary>): AccountSummary => ({
  ...{ account, mode: 'live', currency: 'USD', venue: account.split('-')[0]! },
  ...{ verdict: 'true', why: null, trueUntil: ago(1), trueSince: ago(532_000) },
  ...{ checkedAt: ago(1), dataAgeSeconds: 1, breaks: 0, gross: '0', net: '0' },
  ...{ equity: '12000', equityKnown: '12000', gate: 'allow', sequence: 20_431, source: null },
  ...more,
});

export const accounts: readonly AccountSummary[] = [
  summary('kraken-spot', {
    ...{ verdict: 'break', why: '1 break', gross: '1521.7147', net: '1.2347', breaks: 1 },
    ...{ trueUntil: ago(155), trueSince: null, gate: 'deny' },
    ...{ equity: '43822.5900', equityKnown: '43822.5900' },
  }),
  summary('binance-perp', {
    ...{ verdict: 'break', why: '1 break', gross: '3.1200', net: '-3.1200', breaks: 1 },
    ...{ trueUntil: ago(67), trueSince: null, currency: 'USDT', gate: 'allow' },
  }),
  summary('coinbase-spot', {
    ...{ verdict: 'cannot-say', why: 'silent since 14 m: HTTP 503 ×28', trueSince: null },
    ...{ trueUntil: ago(842), checkedAt: ago(842), dataAgeSeconds: 842, gate: 'deny' },
    ...{ equity: null, equityKnown: '904.11' },
  }),
  summary('okx-spot', {}),
];

const breakOf = (id: string, more: Partial<BreakSummary>): BreakSummary => ({
  ...{ id, reason: 'FILL_DUPLICATED', title: 'A fill was counted twice', confidence: 'proven' },
  ...{ severity: 'high', state: 'PROPOSED', account: 'kraken-spot', mode: 'live' },
  ...{ currency: 'USD', openedAt: ago(155), changedAt: ago(150), ageSeconds: 155 },
  firstOpenedAt: null,
  ...{ gross: '1521.7147', net: '1.2347', keys: ['BTC', 'USD'], waitsFor: 'person', hold: null },
  ...more,
});

export const breaks: readonly BreakSummary[] = [
  breakOf('BRK-7Q2M4A', {}),
  breakOf('BRK-K3V9XC', {
    ...{ reason: 'FUNDING_MISSING', title: 'A funding payment is not booked', severity: 'low' },
    ...{ state: 'EXPLAINED', account: 'binance-perp', currency: 'USDT', openedAt: ago(67) },
    ...{ ageSeconds: 67, gross: '3.1200', net: '-3.1200', keys: ['USDT'], waitsFor: 'policy' },
  }),
];

export const home: HomeAnswer = {
  schema: 'trueup.home/1',
  asOf: ago(2),
  live: {
    ...{ scope: 'live', verdict: 'break', breaks: 2, cannotSay: 1 },
    sentence: '2 breaks, and 1 account we cannot vouch for',
    atStake: { gross: '1524.8347', net: '-1.8853', currency: 'USD', unvalued: [] },
    ...{ oldestBreakSeconds: 155, approvalsWaiting: 1, accounts: [...accounts] },
    today: { entries: 1204, repairs: 3, venuesAnswering: 3, venues: 4, nextCheck: ago(-27) },
  },
  noAccount: null,
  paper: {
    ...{ scope: 'paper', verdict: 'true', breaks: 0, cannotSay: 0 },
    sentence: 'Every line equal, for 6 d 04 h',
    atStake: { gross: '0', net: '0', currency: 'USDT', unvalued: [] },
    ...{ oldestBreakSeconds: null, approvalsWaiting: 0 },
    accounts: [summary('paper', { mode: 'paper', currency: 'USDT', equity: '100204.881' })],
    today: { entries: 21, repairs: 0, venuesAnswering: 1, venues: 1, nextCheck: ago(-9) },
  },
  breaks: [...breaks],
  minutesTrue: {
    of: 'live',
    percent: '99.82',
    knownSeconds: 2_418_000,
    days: Array.from({ length: 30 }, (_, day) => ({
      day: ago((29 - day) * 86_400).slice(0, 10),
      percent: day === 3 ? null : day === 20 ? '91.4' : day === 29 ? '96.02' : '100',
    })),
  },
  today: { entries: 1225, repairs: 3, venuesAnswering: 4, venues: 5, nextCheck: ago(-9) },
};

export const inbox: BreaksAnswer = {
  ...{ schema: 'trueup.breaks/1', asOf: null, items: [...breaks], next: null },
  states: { PROPOSED: 1, EXPLAINED: 1, SNOOZED: 0, VERIFIED: 12 },
  waits: { person: 1, policy: 1, venue: 0, nobody: 0 },
  ageing: ['settling', '0-5 m', '5-60 m', '1-24 h', '1-7 d', '>7 d'].map((bucket) => ({
    bucket,
    breaks: bucket === '0-5 m' ? 2 : 0,
    gross: bucket === '0-5 m' ? '1524.8347' : '0',
  })),
  unknown: [
    {
      ...{ account: 'coinbase-spot', section: 'balances', scope: null, since: ago(842) },
      why: 'the venue does not answer: HTTP 503, 28 times',
    },
  ],
};

const line = (key: string, ours: string, theirs: string, difference: string) => ({
  ...{ what: 'balance', key, leg: null, oursParty: 'book' as const, ours },
  ...{ theirsParty: 'venue' as const, theirs, difference, tolerance: '0' },
});

export const oneBreak: BreakAnswer = {
  ...breaks[0]!,
  schema: 'trueup.break/1',
  asOf: null,
  lines: [
    line('BTC', '0.51240000', '0.50000000', '-0.01240000'),
    line('USD', '12406.1153', '13167.5900', '761.4747'),
  ],
  explanation: {
    sentence: 'One trade came by stream as “TQ7K-88231”, by history as “88231”; both were booked.',
    evidence: [
      {
        ...{ at: ago(185), what: 'stream: buy 0.0124 at 61,250', id: 'TQ7K-88231' },
        ...{ source: 'venue', effect: '0.01240000', sequence: 20_417 },
      },
      {
        ...{ at: ago(155), what: 'history: buy 0.0124 at 61,250', id: '88231' },
        ...{ source: 'venue', effect: '0.01240000', sequence: 20_419 },
      },
      {
        ...{ at: ago(3), what: 'trade list: exactly one such trade today', id: '88231' },
        ...{ source: 'venue', effect: null },
      },
      {
        ...{ at: ago(2), what: 'balances: 0.5 BTC and 13,167.59 USD', id: 'balances' },
        ...{ source: 'statement', effect: null },
      },
    ],
    residual: '0',
    residuals: [],
    ruledOut: [
      {
        ...{ reason: 'WITHDRAWAL_MISSING', residual: null },
        why: 'the venue lists none since 2026-11-14',
      },
      {
        ...{ reason: 'FEE_IN_BASE', residual: '-0.0124' },
        why: 'a fee taken in BTC would leave both lines apart',
      },
      {
        ...{ reason: 'SNAPSHOT_STALE', residual: null },
        why: 'the statement is 1.2 s old, and newer than the last entry',
      },
    ],
  },
  repair: {
    planHash: hash(5),
    entries: [{ action: 'reverse', id: 'J-20419', target: 20_419, fact: null }],
    needsApproval: true,
    decision: 'approval',
    because: 'a value above 100.00 needs one approver who did not propose it',
    effects: [
      {
        ...{ what: 'balance', key: 'BTC', leg: null, before: '0.51240000' },
        ...{ after: '0.50000000', change: '-0.01240000' },
      },
      {
        ...{ what: 'balance', key: 'USD', leg: null, before: '12406.1153' },
        ...{ after: '13167.5900', change: '761.4747' },
      },
    ],
    alternatives: [],
  },
  undo: [],
  remarks: [
    { at: ago(60), by: 'mara', text: 'Kraken changed their id form on Monday.', sequence: 20_430 },
  ],
  history: [
    {
      ...{ sequence: 20_425, at: ago(155), state: 'OPEN', words: 'two lines differ' },
      ...{ by: null, hash: hash(1) },
    },
    {
      ...{ sequence: 20_427, at: ago(152), state: 'EXPLAINED', words: 'explained, proven' },
      ...{ by: null, hash: hash(2) },
    },
    {
      ...{ sequence: 20_429, at: ago(150), state: 'PROPOSED', words: 'waits for an approval' },
      ...{ by: 'trueup', hash: hash(3) },
    },
  ],
  actions: [
    { name: 'propose', possible: false, scope: 'repair', why: 'it is proposed already' },
    { name: 'approve', possible: true, scope: 'approve', why: null },
    { name: 'repair', possible: false, scope: 'repair', why: 'it waits for an approval' },
    { name: 'snooze', possible: true, scope: 'repair', why: null },
    { name: 'accept', possible: true, scope: 'approve', why: null },
    { name: 'reopen', possible: false, scope: 'repair', why: 'it is open' },
    { name: 'comment', possible: true, scope: 'repair', why: null },
  ],
  commands: [
    `trueup approve BRK-7Q2M4A --plan ${hash(5).slice(0, 8)}`,
    'trueup sync --apply --only BRK-7Q2M4A',
  ],
};

export type Documents = Readonly<Record<string, unknown>>;
export type Venues = z.infer<typeof shown.venuesAnswer>;
export type { AccountAnswer, BridgeAnswer, EquityAnswer, WhyAnswer };
