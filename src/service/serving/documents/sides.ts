/** The book beside the newest statement on record, line by line: pairs, and what has no partner. */
import { z } from 'zod';
import { side } from './account.ts';
import * as form from './forms.ts';

const section = z.enum(['balances', 'positions', 'orders', 'executions', 'cashFlows']);

/** What one of the two says of a line. */
const said = z.object({
  amount: form.amountOrNull.meta({ description: 'Signed; null: no number, `words` say what' }),
  words: z.string().nullable(),
  time: form.timeOrNull,
  id: z.string().nullable(),
  /** The entry of the book that tells it, or that it is named by. */
  sequence: form.sequence.nullable(),
});

const pair = z.object({
  section,
  what: z.enum(['balance', 'position', 'average-price', 'order', 'fill', 'cash-flow']),
  key: z.string(),
  instrument: z.string().nullable(),
  leg: z.string().nullable(),
  state: side.shape.state,
  /** Null: it has no such line. */
  ours: said.nullable(),
  theirs: said.nullable(),
  difference: form.amountOrNull,
  /** Where both have it and tell it differently. */
  fields: z.array(z.object({ field: z.string(), ours: z.string(), theirs: z.string() })),
  matchedBy: z
    .enum(['name', 'id', 'own-id', 'id-alone', 'content', 'order', 'likeness'])
    .nullable()
    .meta({
      description:
        'By which rule the two are one: the name of what is held, the venue’s id, our own id of ' +
        'an order, the id where one of the two names no instrument, everything but the id, the ' +
        'order of both, what was traded at which price and when; null: it has no partner',
    }),
  note: z.string().nullable(),
  breakId: z.string().nullable(),
});

const counts = z.object({
  different: z.int(),
  settling: z.int(),
  unknown: z.int(),
  foreign: z.int(),
  'within-tolerance': z.int(),
  equal: z.int(),
});

/** What a section of the statement tells, and why not more. */
const told = z.object({
  section,
  told: z.enum(['whole', 'part', 'nothing']),
  /** Null: it is whole. */
  why: z.string().nullable(),
  items: z.int(),
  from: form.timeOrNull,
  to: form.timeOrNull,
});

/** What has no partner and what differs first. */
export const sidesAnswer = form.pageOf('side-by-side', pair).extend({
  account: z.string(),
  mode: form.mode,
  currency: z.string(),
  why: z.string().nullable().meta({ description: 'Why nobody is beside the book; null: one is' }),
  statementAt: form.timeOrNull.meta({
    description: 'The instant of the statement, which both sides are of',
  }),
  checkedAt: form.timeOrNull,
  fresh: z.boolean().meta({ description: 'Young enough to say something of the instant asked' }),
  sequence: form.sequence.nullable().meta({ description: 'The entry that records the statement' }),
  verdict: form.verdict.nullable().meta({ description: 'What the check said that recorded it' }),
  complete: z.boolean().nullable().meta({ description: 'Whether that check knew everything' }),
  party: form.party.nullable(),
  counts,
  sections: z.array(told),
});

export type SidesAnswer = z.infer<typeof sidesAnswer>;
export type SidePair = z.infer<typeof pair>;
export type SideSaid = z.infer<typeof said>;
export type SectionTold = z.infer<typeof told>;
export type SideCounts = z.infer<typeof counts>;
