/** Breaks: the inbox, one whole, and why it is there. */
import { z } from 'zod';
import { breakStates } from '../../../model/break.ts';
import { type Instant, instantText, instantTextOrNull } from '../../../model/instant.ts';
import { isClosed } from '../../../model/life-cycle.ts';
import { ageingBuckets, settlingBucket } from '../../../reconcile/ageing.ts';
import type { Account } from '../../../store/accounts.ts';
import { remarksOn } from '../../remarks.ts';
import { placeOf } from '../cursors.ts';
import * as shown from '../documents/breaks.ts';
import * as form from '../documents/forms.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { aside } from '../reads/aside.ts';
import {
  type BreakPlace,
  type BreakThen,
  breakNamed,
  breakThen,
  historyOf,
} from '../reads/break-history.ts';
import { inboxOf } from '../reads/inbox.ts';
import { accountsChosen, asOfOf } from '../reads/looks.ts';
import { planOf } from '../reads/plans.ts';
import { sourceNamedFor } from '../reads/source-plan.ts';
import { standingsOf } from '../reads/standings.ts';
import { breaksOn, verdictOf } from '../reads/summaries.ts';
import { undoableOf } from '../reads/undoable.ts';
import { unknownIn } from '../reads/unknowns.ts';
import { route } from '../route.ts';
import { breakSummary, explanationShown, lineShown } from '../views/break-view.ts';
import { actionsOf, commandsOf, repairThen, repairView } from '../views/repair-view.ts';

const words = { method: 'GET', tag: 'breaks', scope: 'read' } as const;
const buckets = [settlingBucket, ...ageingBuckets.map(({ name }) => name)] as [string, ...string[]];
const ofBreak = z.object({ id: z.string().regex(/^BRK-[0-9A-Z]{4,16}$/) });

const query = z.object({
  ...form.pageQuery,
  state: z
    .enum(['open', 'closed', 'held', 'all', 'waiting', ...breakStates])
    .default('open')
    .meta({ description: 'open: not closed; held: snoozed or accepted; waiting: for approval' }),
  account: z.string().max(200).optional(),
  mode: form.mode.optional(),
  bucket: z.enum(buckets).optional(),
  ...form.asOfIn(
    'The breaks that were on record at that instant, in the states and with the words of then; ' +
      '`ageing`, `states` and `unknown` are of then, too',
  ),
});

type Asked = z.output<typeof query>;

const breaks = route(
  {
    ...{ ...words, path: '/api/v1/breaks', holdsMs: 1_000 },
    summary: 'Breaks, the most severe first, by age and state, and what nobody can vouch for',
    query,
    answer: shown.breaksAnswer,
  },
  async (parts, { query: asked }) => {
    const asOf = asOfOf(asked);
    if (asOf !== null) return { body: await inboxThen(parts, asked, asOf) };
    return { body: parts.reader.file.read(() => inboxNow(parts, asked)) };
  },
);

const accountsOf = (parts: ServingParts, { account, mode }: Asked): readonly Account[] =>
  accountsChosen(parts, account).filter((one) => mode === undefined || one.mode === mode);

function inboxNow(parts: ServingParts, asked: Asked): shown.BreaksAnswer {
  const told = accountsOf(parts, asked).map((account) => {
    const standing = standingsOf(parts.reader).of(account);
    const unknown = unknownIn(account, standing, verdictOf(parts, standing));
    return { account, breaks: breaksOn(standing), unknown };
  });
  return inboxOf(told, asked, { now: parts.clock.now(), asOf: null });
}

function inboxThen(parts: ServingParts, asked: Asked, asOf: Instant) {
  // Refused here: what a thread refuses is a fault of ours.
  placeOf('breaks', asked.cursor, asOf);
  const accounts = accountsOf(parts, asked);
  return aside(parts, 'inboxThen', { accounts, asked, asOf, now: parts.clock.now() });
}

/** The same as it stood at an instant. Throws a Problem where it was not there yet. */
function breakAsked(parts: ServingParts, id: string, asOf: Instant | null): BreakPlace & BreakThen {
  const { one, account } = breakNamed(parts, id);
  if (asOf === null) return { one, account, sequence: Number.MAX_SAFE_INTEGER };
  const then = breakThen(parts, account, id, asOf);
  if (then !== null) return { account, ...then };
  const since = instantText(one.firstOpenedAt ?? one.openedAt);
  const said = `there was no break ${id} at ${instantText(asOf)}: it was opened at ${since}`;
  throw new Problem('unknown', said, { hint: 'ask without as_of, or of a later instant' });
}

const thenQuery = z.object(
  form.asOfIn('The break as it stood at that instant; it is looked at, and nothing can be done'),
);

const oneBreak = route(
  {
    ...{ ...words, path: '/api/v1/breaks/:id', holdsMs: 1_000 },
    summary: 'A break: side by side, why, evidence, repair before and after, what can be done',
    params: ofBreak,
    query: thenQuery,
    answer: shown.breakAnswer,
  },
  async (parts, { params, query: asked }) => {
    const asOf = asOfOf(asked);
    const { one, account, sequence } = breakAsked(parts, params.id, asOf);
    const isSettled = asOf !== null || isClosed(one);
    const seen = isSettled ? null : await planOf(parts, account);
    const repair = asOf === null ? repairView(one, seen) : repairThen(one);
    const now = parts.clock.now();
    const answer: shown.BreakAnswer = {
      ...breakSummary(one, account, asOf !== null && asOf < now ? asOf : now),
      schema: 'trueup.break/1',
      asOf: instantTextOrNull(asOf),
      lines: one.lines.map(lineShown),
      explanation: explanationShown(one),
      repair,
      remarks: remarksOn(parts.reader.file, account.account, one.id)
        .filter((remark) => remark.sequence <= sequence)
        .map(({ at, ...rest }) => ({ at: instantText(at), ...rest })),
      history: historyOf(parts, account, one.id, sequence),
      undo: asOf === null ? undoableOf(parts, { account }, one) : [],
      actions: asOf === null ? actionsOf(one, repair) : [],
      commands: asOf === null ? commandsOf(one, repair, sourceNamedFor(parts, one)) : [],
    };
    return { body: answer };
  },
);

const explained = route(
  {
    ...{ ...words, path: '/api/v1/breaks/:id/explanation', holdsMs: 60_000 },
    summary: 'Why: cause, evidence, what is left over, what was ruled out',
    params: ofBreak,
    query: thenQuery,
    answer: shown.explanationAnswer,
  },
  (parts, { params, query: asked }) => {
    const asOf = asOfOf(asked);
    const { one } = breakAsked(parts, params.id, asOf);
    return {
      body: {
        ...{ schema: 'trueup.explanation/1', id: one.id, account: one.account },
        asOf: instantTextOrNull(asOf),
        ...{ reason: one.reason, confidence: one.confidence },
        lines: one.lines.map(lineShown),
        explanation: explanationShown(one),
      },
    };
  },
);

export const breakRoutes = [breaks, oneBreak, explained];
