/** What writes answer: the state that was reached, and what is left to do. */
import { z } from 'zod';
import { breakStates } from '../../../model/break.ts';
import * as form from './forms.ts';

export const breakChange = z.object({
  schema: z.literal('trueup.break-change/1'),
  break: z.string(),
  account: z.string(),
  state: z.enum(breakStates),
  /** Of the plan that it is proposed or approved in. */
  planHash: z.string().nullable(),
  /** Entries that were written for it. */
  sequences: z.array(form.sequence),
  /** What is still to be done, or why nothing more was; null: nothing is left. */
  left: z.string().nullable(),
});

export const undone = z.object({
  schema: z.literal('trueup.undo/1'),
  account: z.string(),
  entry: form.sequence,
  by: form.sequence,
});

export const checksAnswer = z.object({
  schema: z.literal('trueup.checks/1'),
  accounts: z.array(
    z.object({
      account: z.string(),
      verdict: form.verdict,
      why: z.string().nullable(),
      breaks: z.array(z.object({ id: z.string(), state: z.enum(breakStates) })),
      gate: z.enum(['allow', 'deny']),
    }),
  ),
});

export const recorded = z.object({
  schema: z.literal('trueup.recorded/1'),
  /** One for each fact, in its order. */
  outcomes: z.array(
    z.object({
      status: z.enum([
        ...(['booked', 'enriched', 'duplicate', 'conflict', 'waiting'] as const),
        ...(['before-opening', 'refused'] as const),
      ]),
      sequence: form.sequence.nullable(),
      why: z.string().nullable(),
    }),
  ),
  accountsMade: z.array(z.string()),
});

export const dutyChange = z.object({
  schema: z.literal('trueup.duty-change/1'),
  duty: z.string(),
  paused: z.boolean(),
});

export const policySwitch = z.object({
  schema: z.literal('trueup.policy-switch/1'),
  stopped: z.boolean(),
  accounts: z.array(z.object({ account: z.string(), changed: z.boolean() })),
});

/** The name of an order that its client chose: what every venue takes. */
export const clientOrderId = z.string().regex(/^[\w-]{1,36}$/);

export const orderAnswer = z.object({
  schema: z.literal('trueup.order/1'),
  /** `unknown`: it was sent and no answer came; look it up by its clientOrderId. */
  status: z.enum(['accepted', 'unknown']),
  orderId: z.string().nullable(),
  clientOrderId: z.string(),
  account: z.string(),
  instrument: z.string(),
  why: z.string().nullable(),
});

export const cancelAnswer = orderAnswer.extend({
  clientOrderId: z
    .string()
    .nullable()
    .meta({ description: 'Null: neither the venue nor whoever asked said it' }),
});
