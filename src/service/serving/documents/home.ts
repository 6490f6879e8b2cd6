/** The first page: are the books true? */
import { z } from 'zod';
import { breakSummary } from './breaks.ts';
import * as form from './forms.ts';

export const gate = z.object({
  account: z.string(),
  decision: z.enum(['allow', 'deny']),
  reasons: z.array(z.object({ code: z.string(), why: z.string() })),
});

export const accountSummary = z.object({
  account: z.string(),
  mode: form.mode,
  currency: z.string(),
  venue: z.string(),
  verdict: form.verdict,
  /** Why nothing can be said, or what is wrong; null where it is true. */
  why: z.string().nullable(),
  /** The last moment at which the account was proven true; null: never. */
  trueUntil: form.timeOrNull,
  /** Since when every check was true; null while it is not. */
  trueSince: form.timeOrNull,
  checkedAt: form.timeOrNull,
  dataAgeSeconds: z.int().nullable(),
  breaks: z.int(),
  gross: form.amountOrNull,
  net: form.amountOrNull,
  equity: form.amountOrNull,
  /** What of the equity is known where the total is not. */
  equityKnown: form.amount,
  gate: z.enum(['allow', 'deny']),
  /** Of a bot's database that is looked after: its total and what it should be; null: of none. */
  source: z
    .object({
      party: z.literal('source'),
      at: form.time,
      stored: form.amountOrNull,
      calculated: form.amountOrNull,
      difference: form.amountOrNull,
    })
    .nullable(),
  sequence: form.sequence,
});

const today = z.object({
  entries: z.int(),
  repairs: z.int(),
  /** Null where one looks back: what ran then was not kept. */
  venuesAnswering: z.int().nullable(),
  venues: z.int().nullable(),
  nextCheck: form.timeOrNull,
});

const scopeOf = (scope: 'live' | 'paper') =>
  z.object({
    scope: z.literal(scope),
    verdict: form.verdict,
    sentence: z.string().meta({ description: 'The verdict in one sentence' }),
    breaks: z.int(),
    cannotSay: z.int(),
    /** Null with `unvalued` where currencies differ or a line has no price. */
    atStake: z.object({
      gross: form.amountOrNull,
      net: form.amountOrNull,
      currency: z.string().nullable(),
      unvalued: z.array(z.string()),
    }),
    oldestBreakSeconds: z.int().nullable(),
    approvalsWaiting: z.int(),
    accounts: z.array(accountSummary),
    /** Of its accounts and of their venues alone. */
    today,
  });

export const homeAnswer = z.object({
  schema: z.literal('trueup.home/1'),
  asOf: form.time,
  /** Live and paper are never added. An absent scope has no account. */
  live: scopeOf('live').nullable(),
  paper: scopeOf('paper').nullable(),
  /** Why there is none though a bot's database is looked after; null: there is, or none is. */
  noAccount: z.string().nullable(),
  /** Most severe first: at most ten of live accounts, and at most ten of paper ones. */
  breaks: z.array(breakSummary),
  minutesTrue: z.object({
    /** Of live accounts where there are any, else of paper ones; null: there is none. */
    of: form.mode.nullable(),
    percent: form.amountOrNull,
    /** How much time that is of: what is known of the last 30 days, its accounts added up. */
    knownSeconds: z.int(),
    /** The last 30 days, oldest first, by all that checks have said of that time since. */
    days: z.array(
      z.object({
        day: z.string(),
        /** Percent of the minutes of which something could be said; null: nothing could. */
        percent: form.amountOrNull,
      }),
    ),
  }),
  /** Of the whole service: what it did for live and paper accounts together. */
  today,
});

export type HomeAnswer = z.infer<typeof homeAnswer>;
export type Today = z.infer<typeof today>;
export type AccountSummary = z.infer<typeof accountSummary>;
