/** One account: what it holds by its fills, beside what the venue said last. */
import { z } from 'zod';
import * as form from './forms.ts';
import { accountSummary } from './home.ts';

/** Ours from the book, theirs from the newest statement on record; null: it said nothing of it. */
export const side = z.object({
  ours: form.amountOrNull,
  theirs: form.amountOrNull,
  theirsParty: form.party.nullable(),
  theirsAt: form.timeOrNull,
  difference: form.amountOrNull,
  /** `foreign`: the venue holds it, and the book never heard of it, which is no break. */
  state: z.enum(['equal', 'different', 'settling', 'unknown', 'within-tolerance', 'foreign']),
});

const mark = z.object({
  price: form.amount,
  time: form.time,
  source: z.string().nullable().meta({ description: 'Who told the price; null: nobody said' }),
  stale: z.boolean(),
});

export const balance = z.object({
  currency: z.string(),
  quantity: side,
  available: form.amountOrNull,
  reserved: form.amountOrNull,
  mark: mark.nullable(),
  value: form.amountOrNull,
  lastSequence: form.sequence.nullable(),
});

export const position = z.object({
  instrument: z.string(),
  asset: z.string().nullable(),
  type: z.string(),
  leg: z.string(),
  quantity: side,
  averagePrice: form.amountOrNull,
  theirsAveragePrice: form.amountOrNull,
  mark: mark.nullable(),
  costBasis: form.amountOrNull,
  realisedPnl: form.amountOrNull,
  unrealisedPnl: form.amountOrNull,
  fees: z.array(z.object({ currency: z.string(), amount: form.amount })),
  /** Fills whose fee nobody has told yet: `fees` is the sum of the others. */
  feesUnknown: z.int(),
  funding: form.amountOrNull,
  openedAt: form.timeOrNull,
});

export const order = z.object({
  orderId: z.string(),
  clientOrderId: z.string().nullable(),
  instrument: z.string(),
  side: z.string(),
  type: z.string(),
  quantity: form.amount,
  filled: form.amountOrNull,
  price: form.amountOrNull,
  status: z.string(),
  reduceOnly: z.boolean(),
  time: form.time,
  sequence: form.sequence,
});

export const fill = z.object({
  sequence: form.sequence,
  time: form.time,
  instrument: z.string(),
  leg: z.string(),
  side: z.string(),
  quantity: form.amount,
  price: form.amount,
  fee: form.amountOrNull,
  feeCurrency: z.string().nullable(),
  /** Null: not told yet; several, where `fee` is null. */
  fees: z.array(z.object({ currency: z.string(), amount: form.amount })).nullable(),
  liquidity: z.string().nullable(),
  executionId: z.string(),
  orderId: z.string().nullable(),
  cause: z.string(),
  provisional: z.boolean(),
});

export const accountAnswer = accountSummary.extend({
  schema: z.literal('trueup.account/1'),
  asOf: form.time,
  balances: z.array(balance),
  positions: z.array(position),
  equityParts: z.object({
    total: form.amountOrNull,
    known: form.amount,
    cash: form.amount,
    positionsValue: form.amountOrNull,
    unrealisedPnl: form.amountOrNull,
    unpriced: z.array(z.object({ what: z.string(), quantity: form.amount, why: z.string() })),
  }),
  openOrders: z.array(order).meta({ description: 'Those that rested at that instant' }),
  gateReasons: z.array(z.object({ code: z.string(), why: z.string() })),
});

/** Why a number is what it is: the entries that made it, newest first. */
export const whyAnswer = z.object({
  schema: z.literal('trueup.why/1'),
  account: z.string(),
  ...form.ofThen,
  what: z.enum(['balance', 'position', 'realised', 'fees', 'funding']),
  key: z.string(),
  leg: z.string().nullable(),
  unit: z.string().meta({ description: 'The currency of the figures, or units of what is held' }),
  total: form.amountOrNull,
  /** How the number comes about, in words. */
  formula: z.string(),
  entries: z.array(
    z.object({
      sequence: form.sequence,
      time: form.time,
      kind: z.string(),
      words: z.string(),
      change: form.amount,
      after: form.amount,
      hash: z.string(),
      /** The venue's own message, where one was kept. */
      raw: z.string().nullable(),
    }),
  ),
  next: z.string().nullable(),
});

export const accountsAnswer = form.pageOf('accounts', accountSummary);

const ofAccount = { account: z.string(), mode: form.mode, currency: z.string() };
/** Of which instant and entry an answer is. */
const ofBook = { ...ofAccount, asOf: form.time, sequence: form.sequence };

export const balancesAnswer = form.pageOf('balances', balance).extend(ofBook);
export const positionsAnswer = form.pageOf('positions', position).extend(ofBook);
export const ordersAnswer = form.pageOf('orders', order).extend({ ...ofAccount, ...form.ofThen });
/** Newest first, by when they were recorded; as they stand after what was corrected. */
export const fillsAnswer = form.pageOf('fills', fill).extend({ ...ofAccount, ...form.ofThen });

export const entry = z.object({
  sequence: form.sequence,
  recordedAt: form.time,
  effectiveAt: form.timeOrNull,
  kind: z.string(),
  id: z.string(),
  words: z.string(),
  reason: z.string().nullable(),
  causedBy: form.sequence.nullable(),
  hash: z.string().meta({ description: 'Of the batch that seals it' }),
});
export const entriesAnswer = form.pageOf('entries', entry).extend(ofAccount);

/** One entry as it is stored: `body` is the JSON text of what has no column. */
export const entryAnswer = entry.extend({
  schema: z.literal('trueup.entry/1'),
  ...ofAccount,
  stored: z.object({
    v: z.int(),
    instrument: z.string().nullable(),
    side: z.string().nullable(),
    leg: z.string().nullable(),
    quantity: z.string().nullable(),
    price: z.string().nullable(),
    amount: z.string().nullable(),
    currency: z.string().nullable(),
    orderId: z.string().nullable(),
    body: z.string().nullable(),
  }),
  /** Entries that complete it, correct it or take it back. */
  amendedBy: z.array(form.sequence),
  batch: z.object({ first: form.sequence, last: form.sequence, hash: z.string() }),
  /** On which stream the venue told it; null: no such message is kept, or it was listed. */
  heard: z.object({ stream: z.string(), at: form.time }).nullable(),
  /** What the venue sent, word for word, where it is still kept; null: it is not. */
  raw: z.string().nullable(),
});

/** The newest statement on record; null: nobody ever said anything. */
export const statementAnswer = z.object({
  schema: z.literal('trueup.statement-on-record/1'),
  ...ofAccount,
  sequence: form.sequence.nullable(),
  verdict: form.verdict.nullable(),
  complete: z.boolean().nullable(),
  checkedAt: form.timeOrNull,
  /** As docs/reference/statement.md has it. */
  statement: z.record(z.string(), z.unknown()).nullable(),
});

export type AccountAnswer = z.infer<typeof accountAnswer>;
export type WhyAnswer = z.infer<typeof whyAnswer>;
export type BalanceRow = z.infer<typeof balance>;
export type PositionRow = z.infer<typeof position>;
export type OrderRow = z.infer<typeof order>;
export type FillRow = z.infer<typeof fill>;
export type SideRow = z.infer<typeof side>;
export type EntryShown = z.infer<typeof entry>;
