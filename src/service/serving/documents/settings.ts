/** What holds: the policy of repairs, the settings without secrets, and kinds of problems. */
import { z } from 'zod';
import * as form from './forms.ts';

const limits = z.object({
  valuePerRepair: form.amountOrNull,
  valuePerDay: form.amountOrNull,
  repairsPerDay: z.int(),
});
const spent = z.object({ value: form.amount, count: z.int() });

export const policyAnswer = z.object({
  schema: z.literal('trueup.policy/1'),
  /** The first row that applies to a break decides. */
  table: z.array(z.object({ when: z.string(), decision: z.string(), because: z.string() })),
  settings: z.object({
    file: z.string().nullable(),
    stopped: z.boolean(),
    alertAbove: form.amount,
    takingBack: limits,
    rows: limits,
    roundingSteps: z.int(),
    approvals: z.object({ fourEyes: z.boolean() }),
  }),
  accounts: z.array(
    z.object({
      account: z.string(),
      currency: z.string(),
      stopped: z
        .object({ since: form.timeOrNull, reason: z.string(), by: z.string().nullable() })
        .nullable(),
      lastDay: z.object({ takingBack: spent, rows: spent }),
    }),
  ),
});

export const configAnswer = z.object({
  schema: z.literal('trueup.config/1'),
  settings: z.array(
    z.object({
      name: z.string(),
      value: z.string().nullable(),
      origin: z.string(),
      where: z.string().nullable(),
      /** Of the file, where it is one. */
      line: z.int().nullable(),
    }),
  ),
  /** Keys of files that nothing reads. */
  warnings: z.array(z.string()),
  /** Whether keys of venues may trade is said with them; keys themselves never are. */
  venues: z.array(
    z.object({
      name: z.string(),
      exchange: z.string(),
      account: z.string(),
      mode: form.mode,
      readOnly: z.boolean(),
    }),
  ),
});

export const problemAnswer = z.object({
  schema: z.literal('trueup.problem-kind/1'),
  type: z.string(),
  code: z.string(),
  status: z.int(),
  title: z.string(),
  hint: z.string(),
});

/** RFC 9457: what a request is answered that is refused or fails. */
export const problemDocument = z.looseObject({
  type: z.string().meta({ description: '`/problems/{code}`; docs/reference/problems.md' }),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  requestId: z.string(),
  hint: z.string(),
});
