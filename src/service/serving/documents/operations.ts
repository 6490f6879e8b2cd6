/** What runs: venues, duties, the audit trail, reports, aged exits. */
import { z } from 'zod';
import * as form from './forms.ts';

export const venueAnswer = z.object({
  name: z.string(),
  exchange: z.string(),
  account: z.string(),
  mode: form.mode,
  readOnly: z.boolean(),
  /** Null: nothing was asked yet. */
  answering: z.boolean().nullable(),
  lastAnswerAt: form.timeOrNull,
  lastError: z.object({ at: form.time, why: z.string() }).nullable(),
  clockAheadMs: z.int().nullable(),
  streams: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['connected', 'listed', 'gap', 'silent', 'not-listening']),
      lastMessageAt: form.timeOrNull,
      watermark: form.timeOrNull,
      reconnects: z.int(),
      openGaps: z.int(),
    }),
  ),
});
export const venuesAnswer = form.pageOf('venues', venueAnswer);

const dutyRun = z.object({
  n: z.int(),
  slot: form.time,
  beganAt: form.time,
  endedAt: form.time,
  exitCode: z.int(),
  sentence: z.string(),
  missed: z.int(),
  askedBy: z.string().nullable(),
});
export const duty = z.object({
  name: z.string(),
  timetable: z.string().meta({ description: 'In words: every 5 min' }),
  rationale: z.string(),
  standing: z.boolean(),
  running: z.boolean(),
  paused: z.object({ since: form.time, by: z.string(), reason: z.string() }).nullable(),
  last: dutyRun.nullable(),
  next: form.timeOrNull,
  runs: z.int(),
  failures: z.int(),
  missed: z.int(),
});
export const dutiesAnswer = form.pageOf('duties', duty);
export const dutyRunsAnswer = form.pageOf('duty-runs', dutyRun.extend({ name: z.string() }));

export const auditRow = z.object({
  account: z.string(),
  sequence: form.sequence,
  recordedAt: form.time,
  effectiveAt: form.timeOrNull,
  kind: z.string(),
  id: z.string(),
  what: z.string(),
  reason: z.string().nullable(),
  by: z.string().nullable().meta({
    description: 'The person whom the entry names; null: it names nobody, whoever it was',
  }),
  causedBy: form.sequence.nullable(),
  hash: z.string(),
});
export const auditAnswer = form.pageOf('audit', auditRow).extend({
  ...form.ofThen,
  /** The chain as it was last verified; null: not since the service started, or not by then. */
  verified: z
    .object({
      at: form.time,
      sequence: form.sequence,
      sound: z.boolean(),
      why: z.string().nullable(),
    })
    .nullable(),
  head: z.object({ sequence: form.sequence, hash: z.string() }).nullable(),
});
/** Every hash recomputed, and every row looked at. */
export const verifyAnswer = z.object({
  schema: z.literal('trueup.verify/1'),
  at: form.time,
  sound: z.boolean(),
  entries: z.int(),
  heads: z.array(z.object({ account: z.string(), sequence: form.sequence, hash: z.string() })),
  findings: z.array(
    z.object({
      code: z.string(),
      account: z.string().nullable(),
      firstSequence: z.int().nullable(),
      lastSequence: z.int().nullable(),
      message: z.string(),
    }),
  ),
});

/** Who asked for what over HTTP. */
const actionRow = z.object({
  n: z.int(),
  at: form.time,
  actor: z.string(),
  action: z.string(),
  object: z.string(),
  status: z.int(),
  requestId: z.string(),
});
export const actionsAnswer = form.pageOf('actions', actionRow).extend(form.ofThen);

const exitRow = z.object({
  account: z.string(),
  instrument: z.string(),
  leg: z.string(),
  quantity: form.amount,
  openedAt: form.timeOrNull,
  ageSeconds: z.int().nullable(),
  phase: z.string(),
  /** What is left before the next phase; null: there is none. */
  nextPhaseAt: form.timeOrNull,
  targetPrice: form.amountOrNull,
  mark: form.amountOrNull,
  order: z
    .object({ orderId: z.string(), quantity: form.amount, price: form.amountOrNull })
    .nullable(),
  /** What would be done, or why nothing is, in words. */
  step: z.string(),
  paused: z.string().nullable(),
  /** Whether orders of this account are sent when they are due. */
  acting: z.boolean(),
  /** Of the statement that it is planned by; null: the account has none. */
  asOf: form.timeOrNull,
});
export const exitsAnswer = form.pageOf('exits-view', exitRow).extend({
  /** Of the oldest statement of those that have one. */
  asOf: form.timeOrNull,
  /** Whether orders of any account may be sent, and why none may. */
  acting: z.boolean(),
  why: z.string().nullable(),
});

export type VenueShown = z.infer<typeof venueAnswer>;
export type DutyShownAnswer = z.infer<typeof duty>;
export type AuditRow = z.infer<typeof auditRow>;
export type ExitRow = z.infer<typeof exitRow>;
