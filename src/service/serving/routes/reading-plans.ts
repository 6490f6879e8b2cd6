/** Plans of repairs as they are now, and approvals: those that are waited for, and given ones. */
import { z } from 'zod';
import { toTextOrNull } from '../../../decimal/text.ts';
import type { Break } from '../../../model/break.ts';
import { type Instant, instantText, instantTextOrNull } from '../../../model/instant.ts';
import { reasonTitles } from '../../../model/reason.ts';
import type { BreakRepair } from '../../../reconcile/repair.ts';
import { stopJson } from '../../../report/check-document.ts';
import type { Account } from '../../../store/accounts.ts';
import { stopShown } from '../../policy/standing.ts';
import { breakOf } from '../../reconcile-entries.ts';
import { isNamed } from '../../syncing.ts';
import { type CursorPlace, type PageAsked, pageBehind } from '../cursors.ts';
import * as shown from '../documents/breaks.ts';
import * as form from '../documents/forms.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { personOf } from '../reads/break-history.ts';
import { type BreakStep, chronicleOf } from '../reads/chronicle.ts';
import { accountsChosen } from '../reads/looks.ts';
import { planOf } from '../reads/plans.ts';
import { standingsOf } from '../reads/standings.ts';
import { breaksOn } from '../reads/summaries.ts';
import type { Planned } from '../reads/tasks.ts';
import { route } from '../route.ts';
import { compareBreaks, waitsForApproval } from '../views/break-view.ts';
import { isAgreed, planned, repairView } from '../views/repair-view.ts';

const words = { method: 'GET', tag: 'breaks', scope: 'read' } as const;
const ofAccount = z.object({ account: z.string().max(200).optional() });

const plans = route(
  {
    ...{ ...words, path: '/api/v1/plans', holdsMs: 1_000 },
    summary: 'What would be repaired now, per account, with the hash that approves it',
    query: ofAccount,
    answer: shown.plansAnswer,
  },
  async (parts, { query }) => {
    const items = await plansOf(parts, query.account);
    return { body: { schema: 'trueup.plans/1', items, next: null } };
  },
);

/** Of accounts with a break that is open: the others have nothing to repair. */
async function plansOf(
  parts: ServingParts,
  name: string | undefined,
): Promise<readonly shown.PlanAnswer[]> {
  const found: shown.PlanAnswer[] = [];
  for (const account of accountsChosen(parts, name)) {
    const breaks = breaksOn(standingsOf(parts.reader).of(account));
    const isOpen = breaks.some(({ state }) => state !== 'VERIFIED' && state !== 'SELF_CLEARED');
    if (!isOpen) continue;
    found.push(planShown(parts, account, await planOf(parts, account)));
  }
  return found;
}

const plan = route(
  {
    ...{ ...words, path: '/api/v1/plans/:hash', holdsMs: 1_000 },
    summary: 'One plan, if it still is the plan of now',
    params: z.object({ hash: z.string().regex(/^[0-9a-f]{4,64}$/) }),
    answer: shown.planAnswer,
  },
  async (parts, { params }) => {
    const all = await plansOf(parts, undefined);
    const one = all.find(({ hash }) => hash !== null && isNamed(hash, params.hash));
    if (one !== undefined) return { body: one };
    throw new Problem('unknown', `no account has the plan ${params.hash} now`, {
      plans: all.map(({ account, hash }) => ({ account, hash })),
      hint: 'the book moved since it was made, or it was carried out: see /api/v1/plans',
    });
  },
);

function planShown(parts: ServingParts, account: Account, seen: Planned | null): shown.PlanAnswer {
  const { reader } = parts;
  const standing = standingsOf(reader).of(account);
  const stopped = stopShown(reader.file, account.account, parts.policy());
  const { name, mode, currency } = account;
  return {
    ...{ schema: 'trueup.plan/1', account: name, mode, currency },
    hash: seen?.plan.hash ?? null,
    sequence: seen?.plan.sequence ?? standing.head.sequence,
    statementAt: instantTextOrNull(seen?.statementAt ?? null),
    stopped: stopped === null ? null : stopJson(stopped),
    repairs:
      seen === null ? [] : seen.plan.repairs.map((one) => repairShown(standing.breaks, one, seen)),
    leftAlone:
      seen?.plan.leftAlone.map(({ breakId, decision, because, remedy }) => ({
        ...{ breakId, decision, because },
        remedy: remedy === undefined ? null : { ...remedy },
      })) ?? [],
  };
}

/** A break that no check has noted yet is known to the plan alone. */
function repairShown(
  noted: ReadonlyMap<string, Break>,
  repair: BreakRepair,
  seen: Planned,
): shown.PlanAnswer['repairs'][number] {
  const one = noted.get(repair.breakId) ?? seen.breaks.find(({ id }) => id === repair.breakId)!;
  const { alternatives } = repairView(one, seen);
  return {
    ...planned(repair, seen.plan),
    alternatives,
    ...{ breakId: one.id, title: reasonTitles[one.reason], kind: repair.kind },
    ...{ severity: one.severity, state: one.state, gross: toTextOrNull(one.gross) },
    approved: isAgreed(one, repair.planHash ?? seen.plan.hash),
  };
}

const approvals = route(
  {
    ...{ ...words, path: '/api/v1/approvals', holdsMs: 1_000 },
    summary: 'What waits for a person, and what was approved, by whom',
    query: ofAccount.extend(form.pageQuery),
    answer: shown.approvalsAnswer,
  },
  async (parts, { query }) => {
    const accounts = accountsChosen(parts, query.account);
    const steps = await approvedIn(parts, accounts);
    const given = givenOf(parts, steps, query);
    const waiting = parts.reader.file.read(() => waitingOf(parts, accounts));
    return { body: { schema: 'trueup.approvals/1', ...given, waiting } };
  },
);

function waitingOf(parts: ServingParts, accounts: readonly Account[]): shown.ApprovalRow[] {
  return accounts
    .flatMap((account) => {
      const { breaks, head } = standingsOf(parts.reader).of(account);
      const waiting = [...breaks.values()].filter(waitsForApproval);
      return waiting.map((one) => ({ one, account, sequence: head.sequence }));
    })
    .sort((a, b) => compareBreaks(a.one, b.one))
    .map(({ one, account, sequence }) =>
      approvalRow(one, account, { sequence, at: one.changedAt, by: null }),
    );
}

interface Step {
  readonly sequence: number;
  readonly at: Instant;
  readonly by: string | null;
}

const approvalRow = (
  one: Break,
  { name, mode, currency }: Account,
  { sequence, at, by }: Step,
): shown.ApprovalRow => ({
  ...{ breakId: one.id, account: name, mode, currency, title: reasonTitles[one.reason] },
  ...{ severity: one.severity, gross: toTextOrNull(one.gross), state: one.state },
  ...{ planHash: one.repair?.planHash ?? '', at: instantText(at), by, sequence },
});

interface Approved {
  readonly account: Account;
  readonly step: BreakStep;
}

/** Every one that was given, the newest first: one line of time, as the audit trail is. */
async function approvedIn(
  parts: ServingParts,
  accounts: readonly Account[],
): Promise<readonly Approved[]> {
  const found: Approved[] = [];
  for (const account of accounts) {
    const { steps } = await chronicleOf(parts, account);
    for (const step of steps) if (step.state === 'APPROVED') found.push({ account, step });
  }
  return found.sort((a, b) => comparePlaces(placeIn(b), placeIn(a)));
}

type PlaceIn = CursorPlace<'approvals'>;

const placeIn = ({ account, step }: Approved): PlaceIn => [
  ...([String(step.at), account.account, step.sequence] as const),
];

function comparePlaces([a, ofA, sequenceA]: PlaceIn, [b, ofB, sequenceB]: PlaceIn): number {
  return Number(BigInt(a) - BigInt(b)) || ofA - ofB || sequenceA - sequenceB;
}

function givenOf(parts: ServingParts, approved: readonly Approved[], query: PageAsked) {
  const order = {
    placeOf: placeIn,
    isBehind: (place: PlaceIn) => (one: Approved) => comparePlaces(placeIn(one), place) < 0,
  };
  const { items, next } = pageBehind('approvals', approved, query, order);
  const rows = items.flatMap(({ account, step: { sequence } }) => {
    const [row] = parts.reader.file.entriesAt(account.account, [sequence]);
    const one = breakOf(row!);
    const by = personOf(parts, one) ?? 'the policy';
    return approvalRow(one, account, { sequence, at: row!.effectiveAt, by });
  });
  return { items: rows, next };
}

export const planRoutes = [plans, plan, approvals];
