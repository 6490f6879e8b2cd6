/** What a bot's database stores of an account, beside what knows better, as it is now. */
import { z } from 'zod';
import { breakStates } from '../../../model/break.ts';
import { side } from './account.ts';
import * as form from './forms.ts';

const rowBreak = z
  .object({ id: z.string(), reason: z.string(), title: z.string(), state: z.enum(breakStates) })
  .nullable()
  .meta({ description: 'The open break that is about it, as it is on record; null: none is' });

export const storedRow = z.object({
  /** Key of the row; null: the database has no row of what is held, or keeps rows by symbol. */
  id: z.string().nullable(),
  symbol: z.string(),
  instrument: z.string().nullable(),
  side: z.enum(['long', 'short']).nullable(),
  status: z.enum(['open', 'closed', 'unknown', 'missing']),
  /** As the database has it. */
  statusText: z.string().nullable(),
  /** `ours` is what the row stores, signed: below zero is short. */
  quantity: side,
  entryPrice: form.amountOrNull,
  price: form.amountOrNull,
  /** `stored`, `given`, `book` or `traded`; null: nothing prices it, or that is not told. */
  priceFrom: z.string().nullable(),
  priceAt: form.timeOrNull,
  value: form.amountOrNull,
  unrealisedPnl: form.amountOrNull,
  realisedPnl: form.amountOrNull,
  exitPrice: form.amountOrNull,
  exitReason: z.string().nullable(),
  openedAt: form.timeOrNull,
  closedAt: form.timeOrNull,
  updatedAt: form.timeOrNull,
  break: rowBreak,
  /** Why something of it is not known, or not compared; null: nothing is missing. */
  why: z.string().nullable(),
});

export const storedFigures = z.object({
  /** What the account's row has as its total. */
  stored: form.amountOrNull,
  storedAt: form.timeOrNull,
  /** Cash and positions, added up exactly; null while a part is unknown. */
  calculated: form.amountOrNull,
  known: form.amount.meta({ description: 'The sum of the parts that are known' }),
  difference: form.amountOrNull,
  state: side.shape.state,
  cash: form.amountOrNull,
  positionsValue: form.amountOrNull,
  unrealisedPnl: form.amountOrNull,
  recordAt: form.timeOrNull.meta({ description: 'Of its last performance record' }),
  unknown: z.array(z.object({ what: z.string(), why: z.string() })),
  /** What to do where a price is too old or missing; null: all of them count. */
  advice: z.string().nullable(),
  break: rowBreak,
  why: z.string().nullable(),
});

export const rowsAnswer = form.pageOf('rows', storedRow).extend({
  account: z.string(),
  mode: form.mode,
  currency: z.string(),
  /** Null: the service looks after no database, or after one that the account is not of. */
  source: z
    .object({
      name: z.string().meta({ description: 'As it was named when the service was started' }),
      kind: z.enum(['balance', 'positions']).nullable(),
      /** Why nothing is written into it; null: what a person agrees to is. */
      shut: z.string().nullable(),
    })
    .nullable(),
  /** When the database said this; null: it was never looked at. */
  lookedAt: form.timeOrNull,
  ageSeconds: z.int().nullable(),
  /** Why it cannot be looked at now: what is shown is then of `lookedAt`; null: it was. */
  why: z.string().nullable(),
  /** Null: it keeps positions and no total, or was not looked at. */
  figures: storedFigures.nullable(),
  counts: z.object({ open: z.int(), closed: z.int() }).nullable().meta({
    description: 'Rows there are; closed ones are shown as far as they are the last',
  }),
});

export type RowsAnswer = z.infer<typeof rowsAnswer>;
export type StoredRow = z.infer<typeof storedRow>;
export type StoredFigures = z.infer<typeof storedFigures>;
