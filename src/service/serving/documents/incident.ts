/** The routes of the dashboard that the first incident was seen on, with the names it knew. */
import { z } from 'zod';
import { clientOrderId } from './changes.ts';
import * as form from './forms.ts';
import { accountSummary } from './home.ts';

export const healthAnswer = z.object({ status: z.literal('ok'), version: z.string() });

/** A total that cannot be said is null, with what is known and what is missing beside it. */
export const accountTotals = z.object({
  account: z.string(),
  currency: z.string(),
  totalValue: form.amountOrNull,
  cash: form.amount,
  positionsValue: form.amountOrNull,
  initialBalance: form.amountOrNull,
  /** Why it is null; null where it is not. */
  initialBalanceWhy: z.string().nullable(),
  known: form.amount,
  unpriced: z.array(z.object({ what: z.string(), quantity: form.amount, why: z.string() })),
  verdict: form.verdict,
  /** Of a bot's database: the figures are those of its last look; null: they are the book's. */
  source: accountSummary.shape.source,
  asOf: form.time,
});

export type PlainTrade = z.infer<typeof plainTrade>;
export type AccountTotals = z.infer<typeof accountTotals>;

export const plainPosition = z.object({
  symbol: z.string(),
  quantity: form.amountOrNull,
  avgPrice: form.amountOrNull,
  currentPrice: form.amountOrNull,
  stopLoss: form.amountOrNull,
});

export const plainTrade = z.object({
  id: z.string(),
  symbol: z.string(),
  side: z.string(),
  quantity: form.amount,
  price: form.amount,
  fee: form.amountOrNull,
  timestamp: form.time,
});

export const plainPerformance = z.object({
  timestamp: form.time,
  totalValue: form.amountOrNull,
  cash: form.amountOrNull,
  positionsValue: form.amountOrNull,
});

/** As a program of that time sends it: numbers are texts here, too. */
export const plainOrder = z.strictObject({
  account: z.string().optional(),
  symbol: z.string().min(1),
  side: z.enum(['buy', 'sell']),
  quantity: form.amount,
  type: z.enum(['market', 'limit']).default('market'),
  price: form.amount.optional(),
  reduceOnly: z.boolean().default(false),
  leg: z.enum(['net', 'long', 'short']).default('net'),
  clientOrderId: clientOrderId.optional(),
});

export const plainOrderAnswer = z.object({
  /** `unknown`: it was sent and no answer came; look it up by its clientOrderId. */
  status: z.enum(['success', 'unknown']),
  orderId: z.string().nullable(),
  clientOrderId: z.string(),
  account: z.string(),
  symbol: z.string(),
  /** Where it is unknown; else null. */
  why: z.string().nullable(),
});
