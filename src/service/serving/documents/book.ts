/** Documents that the command line prints as well, with the same members. */
import { z } from 'zod';
import * as form from './forms.ts';

const fees = z.array(z.object({ currency: z.string(), amount: form.amount }));
const statistics = {
  realisedPnl: form.amountOrNull,
  fees,
  /** Fills whose fee nobody has told yet. */
  feesUnknown: z.int(),
  funding: form.amount,
};
const unpriced = z.array(z.object({ what: z.string(), quantity: form.amount, why: z.string() }));

export const bookAnswer = z.object({
  schema: z.literal('trueup.book/1'),
  account: z.string(),
  sequence: form.sequence,
  asOf: form.time,
  currency: z.string(),
  mode: form.mode,
  balances: z.array(
    z.object({
      currency: z.string(),
      total: form.amount,
      reserved: form.amountOrNull,
      available: form.amountOrNull,
    }),
  ),
  positions: z.array(
    z.object({
      type: z.string(),
      instrument: z.string(),
      asset: z.string().nullable(),
      leg: z.string(),
      quantity: form.amount,
      averagePrice: form.amountOrNull,
      costBasis: form.amountOrNull,
      unknownQuantity: form.amount,
      multiplier: form.amount,
      ...statistics,
      openedAt: form.timeOrNull,
      lifetime: z.object(statistics),
      mark: z.object({ price: form.amount, time: form.time, stale: z.boolean() }).nullable(),
      unrealisedPnl: form.amountOrNull,
      unrealisedWhy: z.string().nullable(),
    }),
  ),
  equity: z.object({
    total: form.amountOrNull,
    known: form.amount,
    cash: form.amount,
    positionsValue: form.amountOrNull,
    unrealisedPnl: form.amountOrNull,
    rates: z.array(
      z.object({
        currency: z.string(),
        price: form.amount,
        instrument: z.string(),
        time: form.time,
      }),
    ),
    unpriced,
  }),
  realisedPnl: z.object({
    gross: form.amountOrNull,
    fees: form.amountOrNull,
    funding: form.amountOrNull,
    net: form.amountOrNull,
    unknown: z.array(z.string()),
  }),
  waiting: z.array(z.string()).nullable(),
  head: z.object({ sequence: form.sequence, hash: z.string() }),
});

export const gateAnswer = z.object({
  schema: z.literal('trueup.gate/1'),
  gate: z.enum(['allow', 'deny']),
  exitCode: z.union([z.literal(0), z.literal(3)]),
  now: form.time,
  maxAgeSeconds: z.int(),
  accounts: z.array(
    z.object({
      account: z.string(),
      mode: form.mode,
      gate: z.enum(['allow', 'deny']),
      reasons: z.array(
        z.object({ code: z.string(), why: z.string(), breaks: z.array(z.string()) }),
      ),
      lastCompleteCheck: z
        .object({ at: form.time, ageSeconds: z.int(), verdict: form.verdict })
        .nullable(),
      stopped: z
        .object({ since: form.timeOrNull, reason: z.string(), by: z.string().nullable() })
        .optional(),
    }),
  ),
});

const bridgeRows = z.object({
  schema: z.literal('trueup.bridge/1'),
  account: z.string(),
  currency: z.string(),
  from: form.timeOrNull,
  to: form.timeOrNull,
  opening: form.amountOrNull,
  rows: z.record(z.string(), form.amount),
  unexplained: form.amountOrNull,
  closing: form.amountOrNull,
  incomplete: z.array(z.string()),
  unpriced: z.object({ opening: unpriced, closing: unpriced }),
});

export const performanceAnswer = z.object({
  schema: z.literal('trueup.performance/1'),
  account: z.string(),
  currency: z.string(),
  mode: form.mode,
  asOf: form.time,
  equity: z.object({
    total: form.amountOrNull,
    known: form.amount,
    cash: form.amount,
    positionsValue: form.amountOrNull,
    unpriced,
  }),
  records: z.array(
    z.object({
      sequence: form.sequence,
      time: form.time,
      totalValue: form.amountOrNull,
      cash: form.amountOrNull,
      positionsValue: form.amountOrNull,
      change: form.amountOrNull,
      changePercent: form.amountOrNull,
      restated: form.amountOrNull,
    }),
  ),
  bridge: bridgeRows,
  recorded: z.null(),
});
