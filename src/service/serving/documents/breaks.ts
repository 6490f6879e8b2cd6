/** Breaks: the list, one whole, and what becomes of it. */
import { z } from 'zod';
import { breakStates } from '../../../model/break.ts';
import * as form from './forms.ts';

export const line = z.object({
  what: z.string(),
  key: z.string(),
  leg: z.string().nullable(),
  instrument: z.string().optional(),
  detail: z.string().optional(),
  oursParty: form.party,
  ours: form.amountOrNull,
  oursText: z.string().optional(),
  theirsParty: form.party,
  theirs: form.amountOrNull,
  theirsText: z.string().optional(),
  difference: form.amountOrNull,
  tolerance: form.amount,
});

export const hold = z.object({
  reason: z.string(),
  until: form.time,
  cap: form.amountOrNull,
  scope: z.string(),
  of: z.string().optional(),
});

export const breakSummary = z.object({
  id: z.string(),
  reason: z.string().meta({ description: 'Reason code; docs/breaks.md has a section of each' }),
  title: z.string().meta({ description: 'One sentence, no jargon' }),
  confidence: form.confidence,
  severity: form.severity,
  state: z.enum(breakStates),
  account: z.string(),
  mode: form.mode,
  currency: z.string(),
  openedAt: form.time.meta({ description: 'When it was opened, or came back after it was closed' }),
  firstOpenedAt: form.timeOrNull.meta({
    description: 'Where it came back: when it was opened first',
  }),
  changedAt: form.time,
  ageSeconds: z.int(),
  gross: form.amountOrNull,
  net: form.amountOrNull,
  keys: z.array(z.string()).meta({ description: 'Instruments and coins that differ' }),
  /** `person`: waits for an approval; `policy`: will be repaired; `nobody`: no repair known. */
  waitsFor: z.enum(['person', 'policy', 'venue', 'nobody', 'closed']),
  hold: hold.nullable(),
});

export const breaksAnswer = form.pageOf('breaks', breakSummary).extend({
  ...form.ofThen,
  /** Open breaks by age, oldest bucket last, and how many are in each state. */
  ageing: z.array(z.object({ bucket: z.string(), breaks: z.int(), gross: form.amountOrNull })),
  states: z.record(z.string(), z.int()),
  /** Who has to do something next, of those that are open and neither settle nor are held. */
  waits: z.record(z.string(), z.int()),
  /** Accounts of which nothing can be said, with the reason: not checked is not clean. */
  unknown: z.array(
    z.object({
      account: z.string(),
      section: z.string(),
      scope: z.string().nullable(),
      why: z.string(),
      since: form.timeOrNull,
    }),
  ),
});

export const evidence = z.object({
  at: form.time,
  what: z.string(),
  id: z.string(),
  source: form.party,
  effect: form.amountOrNull,
  sequence: form.sequence.optional(),
});

export const explanation = z.object({
  sentence: z.string(),
  evidence: z.array(evidence),
  residual: form.amountOrNull,
  residuals: z.array(
    z.object({
      what: z.string(),
      key: z.string(),
      leg: z.string().nullable(),
      residual: form.amountOrNull,
    }),
  ),
  ruledOut: z.array(z.object({ reason: z.string(), residual: form.amountOrNull, why: z.string() })),
  candidates: z
    .array(z.object({ reason: z.string(), name: z.string(), sentence: z.string() }))
    .optional(),
  gaveUp: z.string().optional(),
});

export const repair = z.object({
  planHash: z.string().nullable(),
  /** What would be written; the facts as docs/reference/facts.md has them. */
  entries: z.array(
    z.object({
      action: z.string(),
      id: z.string(),
      target: form.sequence.optional(),
      fact: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
  rows: z.array(z.string()).optional(),
  needsApproval: z.boolean().nullable(),
  decision: z.string().nullable(),
  because: z.string().nullable(),
  /** The figures before and after; `residual` is what is left against theirs. */
  effects: z.array(
    z.object({
      what: z.string(),
      key: z.string(),
      leg: z.string().nullable(),
      before: form.amount,
      after: form.amount,
      change: form.amount,
    }),
  ),
  alternatives: z.array(z.record(z.string(), z.unknown())),
});

/** What somebody may do now; `scope` says what a token needs, `why` why it cannot be done. */
export const action = z.object({
  name: z.enum(['propose', 'approve', 'repair', 'snooze', 'accept', 'reopen', 'comment']),
  possible: z.boolean(),
  scope: z.string(),
  why: z.string().nullable(),
});

const breakHistory = z.object({
  sequence: form.sequence,
  at: form.time,
  state: z.string(),
  words: z.string(),
  by: z.string().nullable(),
  hash: z.string(),
});

export const breakAnswer = breakSummary.extend({
  schema: z.literal('trueup.break/1'),
  ...form.ofThen,
  lines: z.array(line),
  explanation,
  repair,
  remarks: z.array(
    z.object({ at: form.time, by: z.string(), text: z.string(), sequence: form.sequence }),
  ),
  history: z.array(breakHistory),
  /**
   * Entries of its repair that can be taken back, the newest first: POST
   * /api/v1/entries/{account}/{sequence}/undo for each. None of a break that is looked back at.
   */
  undo: z.array(form.sequence),
  /** None of a break that is looked back at. */
  actions: z.array(action),
  /** The same, typed by hand. */
  commands: z.array(z.string()),
});

export const explanationAnswer = z.object({
  schema: z.literal('trueup.explanation/1'),
  ...form.ofThen,
  id: z.string(),
  account: z.string(),
  reason: z.string(),
  confidence: form.confidence,
  lines: z.array(line),
  explanation,
});

/** One repair of a plan, with what approves it. */
const planRepair = repair.extend({
  breakId: z.string(),
  title: z.string(),
  kind: z.string(),
  severity: form.severity,
  state: z.enum(breakStates),
  gross: form.amountOrNull,
  /** A person agreed to this very plan. */
  approved: z.boolean(),
});

/** What would be written now, onto the book as it is and the statement on record. */
export const planAnswer = z.object({
  schema: z.literal('trueup.plan/1'),
  account: z.string(),
  mode: form.mode,
  currency: z.string(),
  /** Null: nothing was ever compared with the account. */
  hash: z.string().nullable(),
  sequence: form.sequence,
  statementAt: form.timeOrNull,
  stopped: z
    .object({ since: form.timeOrNull, reason: z.string(), by: z.string().nullable() })
    .nullable(),
  repairs: z.array(planRepair),
  leftAlone: z.array(
    z.object({
      breakId: z.string(),
      decision: z.string(),
      because: z.string(),
      remedy: z.object({ command: z.string().nullable(), does: z.string() }).nullable(),
    }),
  ),
});
export const plansAnswer = form.pageOf('plans', planAnswer);

export const approval = z.object({
  breakId: z.string(),
  account: z.string(),
  mode: form.mode,
  title: z.string(),
  severity: form.severity,
  gross: form.amountOrNull,
  currency: z.string(),
  planHash: z.string(),
  /** Since when it waits, or when it was given. */
  at: form.time,
  /** Null: it waits; `the policy`: no person was asked. */
  by: z.string().nullable(),
  state: z.enum(breakStates),
  sequence: form.sequence,
});
export const approvalsAnswer = form.pageOf('approvals', approval).extend({
  /** What waits for a person, the most severe first; `items` are those that were given. */
  waiting: z.array(approval),
});

export type BreakSummary = z.infer<typeof breakSummary>;
export type BreakAnswer = z.infer<typeof breakAnswer>;
export type BreaksAnswer = z.infer<typeof breaksAnswer>;
export type PlanAnswer = z.infer<typeof planAnswer>;
export type RepairShown = z.infer<typeof repair>;
export type ActionShown = z.infer<typeof action>;
export type ApprovalRow = z.infer<typeof approval>;
