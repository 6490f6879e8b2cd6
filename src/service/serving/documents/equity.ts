/** Equity over time, and the bridge between two instants. */
import { z } from 'zod';
import * as form from './forms.ts';

export const equityAnswer = z.object({
  schema: z.literal('trueup.equity/1'),
  account: z.string(),
  currency: z.string(),
  mode: form.mode,
  from: form.timeOrNull.meta({ description: 'The first record of the range, not what was asked' }),
  to: form.time,
  records: z.int().meta({
    description:
      'Records of the range. Of more than `limit` as many are points as it says: the first, the ' +
      'last, and of equal parts between them the lowest, the highest and one that is not known',
  }),
  /** Oldest first: recorded ones as they were stated, the last as it is now. */
  points: z.array(
    z.object({
      time: form.time,
      total: form.amountOrNull,
      restated: form.amountOrNull,
      drawdownPercent: form.amountOrNull,
      /** No whole check proved it when it was stated, or it turned out otherwise. */
      provisional: z.boolean(),
      /** It turned out otherwise: `restated` is another figure. */
      corrected: z.boolean(),
    }),
  ),
  transfers: z
    .array(
      z.object({ time: form.time, kind: z.string(), amount: form.amount, currency: z.string() }),
    )
    .meta({ description: 'The newest thousand of the range, the oldest of them first' }),
  /** While the books were not proven true; `to` null: still. */
  breakPeriods: z.array(z.object({ from: form.time, to: form.timeOrNull, breaks: z.int() })),
  unresolvedGross: form.amountOrNull,
  maxDrawdownPercent: form.amountOrNull.meta({ description: 'Of every record of the range' }),
});

/** The rows add up to `closing`, to the last digit; a cost is negative. */
export const bridgeAnswer = z.object({
  schema: z.literal('trueup.bridge/1'),
  account: z.string(),
  currency: z.string(),
  from: form.time,
  to: form.time,
  opening: form.amountOrNull,
  rows: z.array(z.object({ name: z.string(), amount: form.amountOrNull })),
  closing: form.amountOrNull,
  /** Why a figure is null. */
  unknown: z.array(z.string()),
});

export type EquityAnswer = z.infer<typeof equityAnswer>;
export type BridgeAnswer = z.infer<typeof bridgeAnswer>;
