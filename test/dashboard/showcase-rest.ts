/** The rest of the same morning: an account, its equity, what runs, and the trail. */
import type { z } from 'zod';
import type { entryAnswer } from '../../src/service/serving/documents/account.ts';
import type * as shown from '../../src/service/serving/documents/operations.ts';
import type { reportsAnswer } from '../../src/service/serving/documents/reports.ts';
import type { policyAnswer } from '../../src/service/serving/documents/settings.ts';
import {
  type AccountAnswer,
  accounts,
  ago,
  type BridgeAnswer,
  type EquityAnswer,
  hash,
  type WhyAnswer,
} from './showcase.ts';

const side = (ours: string, theirs: string | null, difference: string | null) => ({
  ...{ ours, theirs, theirsParty: 'venue' as const, theirsAt: ago(2), difference },
  state:
    theirs === null
      ? ('unknown' as const)
      : difference === '0'
        ? ('equal' as const)
        : ('different' as const),
});

const mark = (price: string) => ({ price, time: ago(2), source: 'kraken', stale: false });

export const account: AccountAnswer = {
  ...accounts[0]!,
  ...{ schema: 'trueup.account/1', asOf: ago(2) },
  balances: [
    {
      ...{ currency: 'BTC', quantity: side('0.51240000', '0.50000000', '-0.01240000') },
      ...{ available: '0.50240000', reserved: '0.01000000', mark: mark('61310.0') },
      ...{ value: '31415.2440', lastSequence: 20_419 },
    },
    {
      ...{ currency: 'ETH', quantity: side('0.00000042', '0.00000042', '0') },
      ...{ available: '0.00000042', reserved: '0', mark: mark('2410.15'), value: '0.001012263' },
      lastSequence: 18_002,
    },
    {
      ...{ currency: 'USD', quantity: side('12406.1153', '13167.5900', '761.4747') },
      ...{ available: '11793.0153', reserved: '613.1000', mark: null, value: '12406.1153' },
      lastSequence: 20_419,
    },
  ],
  positions: [
    {
      ...{ instrument: 'BTC/USD', asset: 'BTC', type: 'spot', leg: 'net' },
      quantity: side('0.51240000', '0.50000000', '-0.01240000'),
      ...{ averagePrice: '58211.337201', theirsAveragePrice: null, mark: mark('61310.0') },
      ...{ costBasis: '29827.48918179', realisedPnl: '812.4410', unrealisedPnl: '1587.75481821' },
      ...{ fees: [{ currency: 'USD', amount: '141.0387' }], feesUnknown: 0 },
      ...{ funding: null, openedAt: ago(532_000) },
    },
  ],
  equityParts: {
    ...{ total: '43822.5900', known: '43822.5900', cash: '12406.1153' },
    ...{ positionsValue: '31416.4747', unrealisedPnl: '1587.75481821', unpriced: [] },
  },
  openOrders: [
    {
      ...{ orderId: 'OQCLML-BW3P3-BUCMWZ', clientOrderId: 'grid-17', instrument: 'BTC/USD' },
      ...{ side: 'buy', type: 'limit', quantity: '0.03000000', filled: '0.02000000' },
      ...{ price: '61310.0', status: 'open', reduceOnly: false, time: ago(600), sequence: 20_411 },
    },
  ],
  gateReasons: [{ code: 'break', why: 'a break of 1,521.71 is open' }],
};

export const why: WhyAnswer = {
  ...{ schema: 'trueup.why/1', account: 'kraken-spot', what: 'balance', key: 'BTC', leg: null },
  ...{ asOf: null, total: '0.51240000', next: null, unit: 'BTC' },
  formula: 'the opening balance, and every entry since that moved BTC',
  entries: [20_419, 20_417, 20_302, 19_870].map((sequence, at) => ({
    ...{ sequence, time: ago(155 + at * 4000), hash: hash(sequence) },
    kind: 'fill',
    words: `bought 0.0124 BTC at 61,250 USD${at === 0 ? ', by history' : ''}`,
    change: '0.01240000',
    after: ['0.51240000', '0.50000000', '0.48760000', '0.47520000'][at]!,
    raw: at > 1 ? null : '{"trade_id":88231,"pair":"XBT/USD","side":"buy","qty":0.0124}',
  })),
};

export const entry: z.infer<typeof entryAnswer> = {
  ...{ schema: 'trueup.entry/1', account: 'kraken-spot', mode: 'live', currency: 'USD' },
  ...{ sequence: 20_419, recordedAt: ago(155), effectiveAt: ago(185), kind: 'fill', id: '88231' },
  ...{ words: 'buy 0.0124 BTC/USD @ 61250, fee 1.9747 USD', reason: null, causedBy: null },
  hash: hash(20_419),
  stored: {
    ...{ v: 1, instrument: 'BTC/USD', side: 'buy', leg: 'net', quantity: '0.0124' },
    ...{ price: '61250', amount: null, currency: null, orderId: 'OQCLML', body: '{"fees":[]}' },
  },
  amendedBy: [],
  batch: { first: 20_418, last: 20_420, hash: hash(20_419) },
  heard: { stream: 'executions', at: ago(155) },
  raw: '{"trade_id":88231,"pair":"XBT/USD","side":"buy","qty":0.0124,"price":61250.0}',
};

/** A walk that is the same each time, in whole cents. */
const walk = Array.from({ length: 120 }, (_, at) => {
  const cents = 4_890_211 + at * 2100 + Math.round(Math.sin(at / 7) * 42_000);
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
});

export const equity: EquityAnswer = {
  ...{ schema: 'trueup.equity/1', account: 'kraken-spot', currency: 'USD', mode: 'live' },
  ...{ from: ago(120 * 14_400), to: ago(1), unresolvedGross: '1521.7147' },
  ...{ maxDrawdownPercent: '1.71', records: 119 },
  points: walk.map((total, at) => ({
    ...{ time: ago((119 - at) * 14_400 + 1), total, restated: total },
    drawdownPercent: (at % 22 > 11 ? (at % 22) - 11 : 0) === 0 ? '0' : `0.${(at % 22) - 11 + 10}`,
    ...{ provisional: at > 116, corrected: false },
  })),
  transfers: [{ time: ago(60 * 14_400), kind: 'deposit', amount: '2000', currency: 'USD' }],
  breakPeriods: [
    { from: ago(46 * 14_400), to: ago(43 * 14_400), breaks: 1 },
    { from: ago(2 * 14_400), to: null, breaks: 2 },
  ],
};

/** 48,902.1140 + 2,000 + 812.4410 - 96.2205 - 141.0387 - 57.2216 = 51,420.0742 */
export const bridge: BridgeAnswer = {
  ...{ schema: 'trueup.bridge/1', account: 'kraken-spot', currency: 'USD' },
  ...{ from: ago(120 * 14_400), to: ago(1), opening: '48902.1140', closing: '51420.0742' },
  rows: [
    { name: 'deposits', amount: '2000.0000' },
    { name: 'withdrawals', amount: '0' },
    { name: 'realised', amount: '812.4410' },
    { name: 'unrealised', amount: '-96.2205' },
    { name: 'fees', amount: '-141.0387' },
    { name: 'funding', amount: '-57.2216' },
    { name: 'adjustments', amount: '0' },
    { name: 'unexplained', amount: '0' },
  ],
  unknown: [],
};

type Stream = z.infer<typeof shown.venueAnswer>['streams'][number];
const stream = (name: string, state: Stream['state'], seconds: number): Stream => ({
  ...{ name, state, lastMessageAt: ago(seconds), watermark: ago(60) },
  ...{ reconnects: seconds > 60 ? 28 : 0, openGaps: state === 'gap' ? 1 : 0 },
});

export const venues: z.infer<typeof shown.venuesAnswer> = {
  ...{ schema: 'trueup.venues/1', next: null },
  items: ['kraken', 'binance', 'coinbase', 'okx'].map((exchange, at) => ({
    ...{ name: exchange, exchange, account: accounts[at]!.account, mode: 'live' as const },
    ...{ readOnly: at !== 1, answering: at !== 2, lastAnswerAt: ago(at === 2 ? 842 : 1) },
    lastError:
      at === 2
        ? { at: ago(12), why: 'HTTP 503 Service Unavailable, 28 times since 06:27:05Z' }
        : null,
    clockAheadMs: [12, -3, null, 0][at]!,
    streams: [
      stream('executions', at === 2 ? 'silent' : 'connected', at === 2 ? 842 : 3),
      stream('balances', at === 1 ? 'gap' : at === 2 ? 'silent' : 'connected', at === 2 ? 842 : 1),
    ],
  })),
};

const duty = (name: string, timetable: string, exitCode: number, sentence: string) => ({
  ...{ name, timetable, rationale: `why ${name} runs`, standing: false, running: false },
  ...{ paused: null, next: ago(-27), runs: 288, failures: exitCode === 1 ? 2 : 0, missed: 0 },
  last: {
    ...{ n: 288, slot: ago(273), beganAt: ago(273), endedAt: ago(272), exitCode, sentence },
    ...{ missed: 0, askedBy: null },
  },
});

export const duties: z.infer<typeof shown.dutiesAnswer> = {
  ...{ schema: 'trueup.duties/1', next: null },
  items: [
    duty('pull kraken', 'every minute', 0, '3 fills, 1 cash flow, no gap'),
    duty('check kraken', 'every 5 min', 3, '1 break, 1,521.71 USD at stake'),
    duty('check coinbase', 'every 5 min', 5, 'cannot say: HTTP 503'),
    duty('check okx', 'every 5 min', 0, 'true, 3 lines equal'),
    {
      ...duty('exit okx', 'every hour', 0, 'nothing is due'),
      paused: { since: ago(4000), by: 'mara', reason: 'maintenance at the venue' },
    },
    duty('report', 'at 00:05 UTC', 0, 'the report of 2026-11-19 was written'),
  ],
};

export const policy: z.infer<typeof policyAnswer> = {
  schema: 'trueup.policy/1',
  table: [
    {
      ...{ when: 'a missing fact with an id', decision: 'automatic' },
      because: 'what the venue lists is booked, whatever its value',
    },
    {
      ...{ when: 'what was booked is taken back', decision: 'approval' },
      because: 'above 100.00 a person decides',
    },
  ],
  settings: {
    ...{ file: null, stopped: false, alertAbove: '100', roundingSteps: 3 },
    takingBack: { valuePerRepair: '100', valuePerDay: '1000', repairsPerDay: 10 },
    rows: { valuePerRepair: '100', valuePerDay: '1000', repairsPerDay: 10 },
    approvals: { fourEyes: true },
  },
  accounts: accounts.map(({ account: name, currency }) => ({
    ...{ account: name, currency, stopped: null },
    lastDay: { takingBack: { value: '0', count: 0 }, rows: { value: '12.40', count: 2 } },
  })),
};

/** `count` entries, newest first. */
export const auditOf = (count: number): z.infer<typeof shown.auditAnswer> => ({
  ...{ schema: 'trueup.audit/1', asOf: null, next: null },
  head: { sequence: 20_431, hash: hash(9) },
  verified: { at: ago(120), sequence: 20_431, sound: true, why: null },
  items: Array.from({ length: count }, (_, at) => ({
    ...{ account: 'kraken-spot', sequence: 20_431 - at, recordedAt: ago(at * 41) },
    ...{ effectiveAt: ago(at * 41 + 1), kind: ['break', 'fill', 'order', 'funding'][at % 4]! },
    ...{ id: `id-${20_431 - at}`, reason: at % 4 === 0 ? 'FILL_DUPLICATED' : null },
    what: [
      'BRK-7Q2M4A waits for an approval',
      'bought 0.0124 BTC/USD at 61,250, fee 1.9747 USD',
      'order OQCLML-BW3P3 open, 0.02 of 0.03 filled',
      'funding of −0.12 USDT on BTC/USDT:USDT',
    ][at % 4]!,
    ...{ by: at % 4 === 0 ? 'mara' : null, causedBy: at % 9 === 0 ? 20_000 : null },
    hash: hash(at),
  })),
});

export const exits: z.infer<typeof shown.exitsAnswer> = {
  ...{ schema: 'trueup.exits-view/1', next: null, asOf: ago(30), acting: false },
  why: 'the settings of the venue do not enable exits',
  items: [
    ['young', 3600, null, 'young: younger than aged'],
    ['grace', 262_000, '0.0476', 'sell 12.5 at 0.0476: break-even'],
    ['liquidation', 300_000, '0.0471', 'limit 1.2 % below the entry would be placed'],
    ['overdue', 500_000, null, 'sell 0.0031 at market: overdue'],
    ['unknown', 40, null, 'unknown: the book holds -0.02, the other side of it'],
  ].map(([phase, age, target, step], at) => ({
    ...{
      account: 'binance-perp',
      instrument: `${['SOL', 'AGI', 'HNT', 'XNO', 'BTC'][at]}/USDT:USDT`,
    },
    ...{
      leg: 'net',
      quantity: ['12.5', '-3160', '60', '0.0031', '0.02'][at]!,
      openedAt: ago(Number(age)),
    },
    ...{ ageSeconds: Number(age), phase: String(phase), nextPhaseAt: at === 3 ? null : ago(-7200) },
    ...{ targetPrice: target as string | null, mark: '0.0481', order: null, step: String(step) },
    ...{ paused: null, acting: false, asOf: ago(30) },
  })),
};

export const reports: z.infer<typeof reportsAnswer> = {
  ...{ schema: 'trueup.reports/1', next: null },
  items: Array.from({ length: 33 }, (_, at) => ({
    ...{
      day: ago(at * 86_400).slice(0, 10),
      account: null,
      forms: ['md', 'html', 'json'] as const,
    },
    verdict:
      at === 0 || at === 9
        ? ('break' as const)
        : at === 26
          ? ('cannot-say' as const)
          : ('true' as const),
  })).map(({ forms, ...rest }) => ({ ...rest, forms: [...forms] })),
};
