/** What would set a break right, who has to agree, and what somebody may do now. Pure. */
import { toText } from '../../../decimal/text.ts';
import type { Break } from '../../../model/break.ts';
import type { Instant } from '../../../model/instant.ts';
import { isClosed, isLegalMove } from '../../../model/life-cycle.ts';
import type { BreakRepair, LeftAlone, Plan } from '../../../reconcile/repair.ts';
import { alternativesOf } from '../../../reconcile/repair.ts';
import { effectsJson, entryJson } from '../../../report/check-document.ts';
import type { ActionShown, RepairShown } from '../documents/breaks.ts';

export interface PlanSeen {
  readonly plan: Plan;
  readonly statementAt: Instant;
}

/** `seen` null: nothing was ever compared with the account. */
export function repairView(one: Break, seen: PlanSeen | null): RepairShown {
  const repair = seen?.plan.repairs.find(({ breakId }) => breakId === one.id) ?? null;
  const left = seen?.plan.leftAlone.find(({ breakId }) => breakId === one.id) ?? null;
  const alternatives = seen === null || isClosed(one) ? [] : alternativesOf(one, seen.statementAt);
  const found = repair === null ? nothingPlanned(left) : planned(repair, seen!.plan);
  return {
    ...found,
    ...(repair?.writes === undefined ? {} : { effects: effectsOf(one) }),
    alternatives: alternatives.map((each) => ({ ...each })),
  };
}

/** What was on record of it: plans are of one book and one statement, and are not kept. */
export const repairThen = (one: Break): RepairShown => ({
  ...{ planHash: one.repair?.planHash ?? null, entries: [], effects: [], alternatives: [] },
  ...{ needsApproval: one.repair?.needsApproval ?? null, decision: null },
  because: becauseThen(one),
});

function becauseThen(one: Break): string | null {
  if (isClosed(one)) return null;
  const unkept = 'what it would have written was not kept';
  if (one.repair !== null) return `a plan was proposed: ${unkept}`;
  return one.remedy == null ? 'no repair was known' : `a repair was known: ${unkept}`;
}

const nothingPlanned = (left: LeftAlone | null) => ({
  ...{ planHash: null, entries: [], needsApproval: null, effects: [] },
  decision: left?.decision ?? null,
  because: left?.because ?? null,
});

export function planned(repair: BreakRepair, plan: Plan): Omit<RepairShown, 'alternatives'> {
  return {
    planHash: repair.planHash ?? plan.hash,
    entries: repair.entries.map(entryJson) as RepairShown['entries'],
    ...(repair.writes === undefined ? {} : { rows: [...repair.writes.sentences] }),
    ...{ needsApproval: repair.needsApproval, decision: 'repair', because: repair.because },
    effects: effectsJson(repair) as RepairShown['effects'],
  };
}

/** What is written to a bot's database leaves it with what they say. */
const effectsOf = ({ lines }: Break): RepairShown['effects'] =>
  lines.flatMap(({ what, key, leg, ours, theirs, difference }) => {
    if (ours === null || theirs === null || difference === null) return [];
    const [before, after, change] = [ours, theirs, difference].map(toText);
    return [{ what, key, leg, before: before!, after: after!, change: change! }];
  });

/** Whether a person, or the policy, agreed to this very plan. */
export const isAgreed = ({ state, repair }: Break, hash: string | null): boolean =>
  state === 'APPROVED' && repair?.planHash === hash;

/** In the order in which somebody would do them. */
export function actionsOf(one: Break, repair: RepairShown): ActionShown[] {
  const isOpen = !isClosed(one);
  const isHeld = one.state === 'SNOOZED' || one.state === 'ACCEPTED';
  const none = repair.because ?? 'no repair is known: attach a statement, or list more history';
  const toPlan = repair.planHash === null ? none : null;
  return [
    action('propose', 'repair', isOpen ? (isHeld ? `it is ${one.state}` : toPlan) : closed(one)),
    action('approve', 'approve', notApprovable(one, repair)),
    action('repair', 'repair', notRepairable(one, repair)),
    action('snooze', 'repair', isLegalMove(one.state, 'SNOOZED') ? null : noMove(one, 'SNOOZED')),
    action(
      'accept',
      'approve',
      isLegalMove(one.state, 'ACCEPTED') ? null : noMove(one, 'ACCEPTED'),
    ),
    action('reopen', 'repair', isHeld ? null : 'it is neither snoozed nor accepted'),
    action('comment', 'repair', null),
  ];
}

const action = (name: ActionShown['name'], scope: string, why: string | null): ActionShown => ({
  ...{ name, possible: why === null, scope, why },
});

const closed = ({ state }: Break): string => `it is ${state}: nothing differs any more`;
const noMove = ({ state }: Break, to: string): string =>
  `a break that is ${state} becomes no ${to}`;

function notApprovable(one: Break, repair: RepairShown): string | null {
  if (isClosed(one)) return closed(one);
  if (one.state === 'APPROVED') return 'it is approved already';
  if (one.state !== 'PROPOSED' || one.repair === null) return 'propose a plan first';
  if (repair.planHash === one.repair.planHash) return null;
  return 'the book moved since the plan was proposed: propose it anew';
}

function notRepairable(one: Break, repair: RepairShown): string | null {
  if (isClosed(one)) return closed(one);
  if (repair.planHash === null) return repair.because ?? 'no repair is known';
  if (repair.needsApproval !== true || isAgreed(one, repair.planHash)) return null;
  return 'it needs an approval first';
}

/** The same, typed by hand: each runs as it stands. `source`: where a bot's database is named. */
export function commandsOf(
  one: Break,
  { planHash, needsApproval }: RepairShown,
  source: SourceNamed | null = null,
): string[] {
  if (source !== null) return commandsOn(one, source, { planHash, needsApproval });
  const account = `--account ${one.account}`;
  const look = `trueup investigate ${one.id} ${account}`;
  if (isClosed(one)) return [look];
  if (planHash === null) {
    const terms = '--until 24h --reason "no repair is known yet"';
    return [look, `trueup snooze ${one.id} ${terms} ${account}`];
  }
  const plan = planHash.slice(0, 12);
  const agree =
    needsApproval === true ? [`trueup approve ${one.id} --plan ${plan} ${account}`] : [];
  return [look, ...agree, `trueup sync --apply --only ${one.id} --plan ${plan} ${account}`];
}

/** A bot's database as commands take it. */
export interface SourceNamed {
  readonly name: string;
  /** That answers for the account; null: none does. */
  readonly venue: string | null;
}

function commandsOn(
  one: Break,
  { name, venue }: SourceNamed,
  { planHash, needsApproval }: Pick<RepairShown, 'planHash' | 'needsApproval'>,
): string[] {
  const at = `--source ${quoted(name)}${venue === null ? '' : ` --venue ${quoted(venue)}`}`;
  const look = `trueup investigate ${one.id} ${at}`;
  if (isClosed(one) || planHash === null) return [look];
  const [line] = one.lines;
  if (line!.theirsParty === 'source') {
    return [
      look,
      line!.what === 'total' ? `trueup update ${at}` : `trueup performance --record ${at}`,
    ];
  }
  const plan = planHash.slice(0, 12);
  const agree =
    needsApproval === true
      ? [`trueup approve ${one.id} --plan ${plan} --account ${one.account}`]
      : [];
  return [look, ...agree, `trueup sync ${at} --apply --only ${one.id} --plan ${plan}`];
}

/** One word of a command line. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
