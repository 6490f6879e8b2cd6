/** Breaks: the inbox, one whole, and why it is there. */
import { z } from 'zod';
import { toTextOrNull } from '../../../decimal/text.ts';
import { type Break, breakStates } from '../../../model/break.ts';
import { type Instant, instantText, instantTextOrNull } from '../../../model/instant.ts';
import { isClosed } from '../../../model/life-cycle.ts';
import { agedOf, ageingBuckets, bucketOf, settlingBucket } from '../../../reconcile/ageing.ts';
import { isComplete, whyNotProven } from '../../../reconcile/scope.ts';
import type { Account } from '../../../store/accounts.ts';
import { remarksOn } from '../../remarks.ts';
import { pageOfList } from '../cursors.ts';
import * as shown from '../documents/breaks.ts';
import * as form from '../documents/forms.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { historyOf } from '../reads/break-history.ts';
import { accountsChosen } from '../reads/looks.ts';
import { planOf } from '../reads/plans.ts';
import { standingsOf } from '../reads/standings.ts';
import { breaksOn, verdictOf } from '../reads/summaries.ts';
import { route } from '../route.ts';
import { breakSummary, compareBreaks, explanationShown, lineShown } from '../views/break-view.ts';
import { actionsOf, commandsOf, repairView } from '../views/repair-view.ts';

const words = { method: 'GET', tag: 'breaks', scope: 'read' } as const;
const buckets = [settlingBucket, ...ageingBuckets.map(({ name }) => name)] as [string, ...string[]];
export const ofBreak = z.object({ id: z.string().regex(/^BRK-[0-9A-Z]{4,16}$/) });

const query = z.object({
  ...form.pageQuery,
  state: z
    .enum(['open', 'closed', 'held', 'all', 'waiting', ...breakStates])
    .default('open')
    .meta({ description: 'open: not closed; held: snoozed or accepted; waiting: for approval' }),
  account: z.string().max(200).optional(),
  mode: form.mode.optional(),
  bucket: z.enum(buckets).optional(),
});

type Asked = z.output<typeof query>;

interface Found {
  readonly one: Break;
  readonly account: Account;
}

const breaks = route(
  {
    ...{ ...words, path: '/api/v1/breaks', holdsMs: 1_000 },
    summary: 'Breaks, the most severe first, by age and state, and what nobody can vouch for',
    query,
    answer: shown.breaksAnswer,
  },
  (parts, { query: asked }) => ({ body: parts.reader.file.read(() => inbox(parts, asked)) }),
);

function inbox(parts: ServingParts, asked: Asked): shown.BreaksAnswer {
  const now = parts.clock.now();
  const accounts = accountsChosen(parts, asked.account).filter(
    ({ mode }) => asked.mode === undefined || mode === asked.mode,
  );
  const all = accounts.flatMap((account) =>
    breaksOn(standingsOf(parts.reader).of(account)).map((one) => ({ one, account })),
  );
  const chosen = all
    .filter(({ one }) => isChosen(one, asked, now))
    .sort((a, b) => compareBreaks(a.one, b.one));
  const { items, next } = pageOfList('breaks', chosen, asked);
  return {
    schema: 'trueup.breaks/1',
    items: items.map(({ one, account }) => breakSummary(one, account, now)),
    next,
    ageing: ageing(all, now),
    states: statesOf(all),
    unknown: accounts.flatMap((account) => unknownOf(parts, account)),
  };
}

function isChosen(one: Break, { state, bucket }: Asked, now: Instant): boolean {
  const isHeld = one.state === 'SNOOZED' || one.state === 'ACCEPTED';
  if (bucket !== undefined && (isClosed(one) || bucketOf(one, now) !== bucket)) return false;
  switch (state) {
    case 'all':
      return true;
    case 'open':
      return !isClosed(one);
    case 'closed':
      return isClosed(one);
    case 'held':
      return isHeld;
    case 'waiting':
      return one.state === 'PROPOSED' && one.repair?.needsApproval === true;
    default:
      return one.state === state;
  }
}

/** What a person accepted ages no more. Sums of several currencies are none. */
function ageing(all: readonly Found[], now: Instant): shown.BreaksAnswer['ageing'] {
  const open = all.filter(({ one }) => !isClosed(one) && one.state !== 'ACCEPTED');
  const isSingle = new Set(open.map(({ account }) => account.currency)).size <= 1;
  return agedOf(
    open.map(({ one }) => one),
    now,
  ).map(({ bucket, breaks: count, gross }) => ({
    ...{ bucket, breaks: count, gross: isSingle ? toTextOrNull(gross) : null },
  }));
}

function statesOf(all: readonly Found[]): shown.BreaksAnswer['states'] {
  const counts = Map.groupBy(all, ({ one }) => one.state);
  return Object.fromEntries(breakStates.map((state) => [state, counts.get(state)?.length ?? 0]));
}

const sections = ['positions', 'balances', 'orders'] as const;

/** Accounts that nobody can vouch for: each section that was not told whole, or the whole. */
function unknownOf(parts: ServingParts, account: Account): shown.BreaksAnswer['unknown'] {
  const standing = standingsOf(parts.reader).of(account);
  const { verdict, why, trueUntil } = verdictOf(parts, standing);
  if (verdict !== 'cannot-say') return [];
  const since = instantTextOrNull(standing.lastComplete?.at ?? trueUntil);
  const told = standing.last?.complete === false ? standing.last.statement() : null;
  const open = sections.filter((name) => told !== null && !isComplete(told[name]));
  const of = { account: account.name, scope: null, since };
  if (open.length === 0)
    return [
      { ...of, section: standing.isOfSource ? 'source' : 'statement', why: why ?? 'not known' },
    ];
  return open.map((section) => ({ ...of, section, why: whyNotProven(told![section]) }));
}

/** The break of that id, whichever account it is of. */
export function breakNamed({ reader }: ServingParts, id: string): Found {
  for (const account of reader.file.accounts()) {
    const one = standingsOf(reader).of(account).breaks.get(id);
    if (one !== undefined) return { one, account };
  }
  throw new Problem('unknown', `no break ${id} was ever recorded`, {
    hint: 'see /api/v1/breaks?state=all',
  });
}

const oneBreak = route(
  {
    ...{ ...words, path: '/api/v1/breaks/:id', holdsMs: 1_000 },
    summary: 'A break: side by side, why, evidence, repair before and after, what can be done',
    params: ofBreak,
    answer: shown.breakAnswer,
  },
  async (parts, { params }) => {
    const { one, account } = breakNamed(parts, params.id);
    const seen = isClosed(one) ? null : await planOf(parts, account);
    const repair = repairView(one, seen);
    const answer: shown.BreakAnswer = {
      ...breakSummary(one, account, parts.clock.now()),
      schema: 'trueup.break/1',
      lines: one.lines.map(lineShown),
      explanation: explanationShown(one),
      repair,
      remarks: remarksOn(parts.reader.file, account.account, one.id).map(({ at, ...rest }) => ({
        ...{ at: instantText(at), ...rest },
      })),
      history: historyOf(parts, account, one.id),
      actions: actionsOf(one, repair),
      commands: commandsOf(one, repair),
    };
    return { body: answer };
  },
);

const explained = route(
  {
    ...{ ...words, path: '/api/v1/breaks/:id/explanation', holdsMs: 60_000 },
    summary: 'Why: cause, evidence, what is left over, what was ruled out',
    params: ofBreak,
    answer: shown.explanationAnswer,
  },
  (parts, { params }) => {
    const { one } = breakNamed(parts, params.id);
    return {
      body: {
        ...{ schema: 'trueup.explanation/1', id: one.id, account: one.account },
        ...{ reason: one.reason, confidence: one.confidence },
        lines: one.lines.map(lineShown),
        explanation: explanationShown(one),
      },
    };
  },
);

export const breakRoutes = [breaks, oneBreak, explained];
