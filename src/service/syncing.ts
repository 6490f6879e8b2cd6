/**
 * Carrying out repairs. A plan is proposed, approved where it must be, written as a whole onto
 * the book it was made for, and proved by comparing again. Everything is an entry, and every
 * entry can be taken back.
 */
import { sha256 } from '../journal/digest.ts';
import type { Break } from '../model/break.ts';
import type { EntryDraft } from '../model/entry.ts';
import type { Instant } from '../model/instant.ts';
import { move } from '../model/life-cycle.ts';
import { invariant, type Refusal, type Result, refused } from '../model/result.ts';
import { approve, automaticProposer, propose, repaired } from '../reconcile/proposal.ts';
import type { BreakRepair, Plan } from '../reconcile/repair.ts';
import type { Account } from '../store/accounts.ts';
import { StoreError } from '../store/store-error.ts';
import type { BookWriter, PlanEntry } from './book.ts';
import { type Checked, type CheckRequest, checkAccount, draftsOf } from './checking.ts';
import type { Outcome } from './outcome.ts';
import type { BookReader } from './reading.ts';
import { draftsOfBreaks, factSequence, knownBreaks } from './reconcile-entries.ts';
import { entriesOf } from './repair-entries.ts';

/** How often a note is tried again when somebody else noted the same breaks meanwhile. */
export const noteTries = 5;

/**
 * Checks, and notes in the book what was seen; returns the check that was noted. `seen`: the check
 * of the same request, made on the book as it is.
 */
export const checkAndNote = (
  reader: BookReader,
  writer: BookWriter,
  request: CheckRequest,
  seen: Checked | null = null,
): Promise<Checked> => checkWith(reader, writer, request, () => [], { seen });

/** `steps`: what breaks go through beyond what the check found. */
async function checkWith(
  reader: BookReader,
  writer: BookWriter,
  request: CheckRequest,
  steps: (checked: Checked) => readonly Break[],
  { seen = null, by }: { readonly seen?: Checked | null; readonly by?: string } = {},
): Promise<Checked> {
  for (let tries = 0; tries < noteTries; tries += 1) {
    const checked = (tries === 0 ? seen : null) ?? checkAccount(reader, request);
    const taken = steps(checked);
    const drafts = draftsOf(checked, taken, request.now);
    const name = taken.length === 0 ? undefined : by;
    if (await noted(writer, request.account, drafts, name)) return withSteps(checked, taken);
  }
  throw tooBusy(reader);
}

/** What is noted follows whatever was booked meanwhile; it says what was compared. */
export async function noted(
  writer: BookWriter,
  account: Account,
  drafts: readonly EntryDraft[],
  text?: string,
): Promise<boolean> {
  if (drafts.length === 0) return true;
  const entries = drafts.map(
    (draft): PlanEntry => (text === undefined ? { draft } : { draft, text }),
  );
  const result = await writer.apply({ account: account.name, expectedSequence: null, entries });
  return result.status === 'written';
}

export const tooBusy = ({ file }: BookReader): StoreError =>
  new StoreError(
    'busy',
    `others note what they see in ${file.path} at the same time`,
    'let one process check the book',
  );

const withSteps = (checked: Checked, steps: readonly Break[]): Checked => {
  const after = new Map(steps.map((one) => [one.id, one]));
  const breaks = checked.reconciled.breaks.map((one) => after.get(one.id) ?? one);
  const reconciled = { ...checked.reconciled, breaks };
  return { ...checked, reconciled, account: { ...checked.account, reconciled } };
};

/**
 * A plan that was made, with every break it repairs proposed in the journal. `by`: the name of who
 * made it; absent where nobody said.
 */
export const proposePlan = (
  reader: BookReader,
  writer: BookWriter,
  request: CheckRequest,
  by?: string,
): Promise<Checked> => {
  const steps = ({ reconciled }: Checked) => proposedIn(reconciled, request.now, by);
  return checkWith(reader, writer, request, steps, by === undefined ? {} : { by });
};

type Planned = Pick<Checked['reconciled'], 'plan' | 'breaks'>;

/** The steps of every break that the plan repairs and that is not proposed in it yet. */
export function proposedIn(planned: Planned, at: Instant, by?: string): readonly Break[] {
  const { plan } = planned;
  const proposer = by === undefined ? undefined : sha256(by);
  return plan.repairs.flatMap((repair) => {
    const one = brokenIn(planned, repair);
    const isDone = isPlanned(one, plan.hash) && !(proposer !== undefined && isUnnamed(one));
    return isDone ? [] : proposed(one, plan, at, proposer);
  });
}

/** What a person has to agree to, proposed by nobody in particular: once in each plan. */
function leftToPerson(planned: Planned, at: Instant): readonly Break[] {
  const { plan } = planned;
  return plan.repairs.flatMap((repair) => {
    const one = brokenIn(planned, repair);
    const isDone = !repair.needsApproval || isPlanned(one, plan.hash) || isAskedFor(one, planned);
    return isDone ? [] : proposed(one, plan, at, automaticProposer);
  });
}

const brokenIn = ({ breaks }: Planned, { breakId }: BreakRepair): Break =>
  breaks.find(({ id }) => id === breakId)!;

/** In a plan with an adjustment, which only a person makes; it holds until the book moves. */
const isAskedFor = ({ repair }: Break, { plan, breaks }: Planned): boolean =>
  repair?.sequence === plan.sequence &&
  breaks.some((one) => one.repair?.kind === 'adjustment' && isPlanned(one, repair.planHash));

/** Proposed by nobody that is on record: whoever proposes it again is. */
const isUnnamed = ({ state, repair }: Break): boolean =>
  state === 'PROPOSED' && repair?.proposedBy === undefined;

/** What the policy alone approved, for a run that did not write it, is not planned any more. */
const isPlanned = (one: Break, hash: string): boolean =>
  (one.state === 'PROPOSED' || isPersons(one)) && one.repair?.planHash === hash;

/** Approved by a person: under a name, or what nothing but a person approves. */
export const isPersons = ({ state, approvedBy, repair }: Break): boolean =>
  state === 'APPROVED' && (approvedBy !== undefined || repair?.needsApproval === true);

/** The word of the policy ends with the run that it was for. Null: it is not of the policy. */
export function abandoned(one: Break, at: Instant): Break | null {
  if (one.state !== 'APPROVED' || isPersons(one)) return null;
  const steps = new Steps(one);
  steps.take(unplanned(one, at));
  return steps.now;
}

/** Out of its plan: what was proposed, and who approved that, is void. */
function unplanned({ approvedBy: _, ...one }: Break, at: Instant): Result<Break> {
  const before = one.confidence === 'unexplained' ? 'OPEN' : 'EXPLAINED';
  return move({ ...one, repair: null }, before, at);
}

/** The steps to PROPOSED in this plan; what was proposed or approved in another one is void. */
function proposed(one: Break, plan: Plan, at: Instant, by?: string): readonly Break[] {
  const steps = new Steps(one);
  if (one.state === 'PROPOSED' || one.state === 'APPROVED') {
    steps.take(unplanned(one, at));
  }
  steps.take(propose(steps.now, plan, at, by));
  // The end of a word that a person gave is an entry; that of a proposal is the next one.
  return one.state === 'PROPOSED' ? steps.taken.slice(-1) : steps.taken;
}

/** Moves of one break, each of which its life-cycle allows. */
class Steps {
  now: Break;
  readonly taken: Break[] = [];

  constructor(one: Break) {
    this.now = one;
  }

  take(result: Result<Break>): void {
    invariant(result.ok, `${this.now.id} can be repaired from ${this.now.state}`);
    this.now = result.value;
    this.taken.push(this.now);
  }
}

export interface Approval {
  readonly breakId: string;
  /** The plan that was looked at: one of these hashes, or beginnings of one. */
  readonly plans: readonly string[];
  readonly at: Instant;
  /** Who approves; absent where nobody said. */
  readonly by?: string;
  /** Whoever proposed does not approve. */
  readonly fourEyes?: boolean;
}

/** A person's word for one break of one plan; said twice it is said once. */
export async function approveBreak(
  reader: BookReader,
  writer: BookWriter,
  account: Account,
  { breakId, plans, at, by, fourEyes = false }: Approval,
): Promise<Result<Break>> {
  const approver = { by: by === undefined ? null : sha256(by), name: by ?? null, fourEyes };
  for (let tries = 0; tries < noteTries; tries += 1) {
    const { breaks, counts } = knownBreaks(reader.file, account.account);
    const one = breaks.find(({ id }) => id === breakId);
    if (one === undefined) return refused(unknownBreak(breakId));
    const planned = one.repair?.planHash ?? '';
    const plan = plans.find((name) => isNamed(planned, name)) ?? plans[0] ?? '';
    if (isPersons(one) && isNamed(planned, plan)) return { ok: true, value: one };
    if (one.state === 'APPROVED') return refused(notWritten(breakId, plan));
    const approved = approve(one, plan, at, approver);
    if (!approved.ok) return approved;
    const given = byPerson(approved.value, by);
    const drafts = draftsOfBreaks([given], at, counts);
    if (await noted(writer, account, drafts, by)) return { ok: true, value: given };
  }
  throw tooBusy(reader);
}

/** As `approve` takes it: the hash, or at least four characters of its beginning. */
export const isNamed = (hash: string, name: string): boolean =>
  name.length >= 4 && hash.startsWith(name);

/** A person was asked, whatever the policy would have done without one. */
function byPerson({ approvedBy: _, ...one }: Break, by: string | undefined): Break {
  const repair = one.repair && { ...one.repair, needsApproval: true };
  return { ...one, repair, ...(by === undefined ? {} : { approvedBy: sha256(by) }) };
}

const notWritten = (id: string, plan: string): Refusal => ({
  code: 'plan-stale',
  message: `${id} is approved by no person, and the run that meant to write it did not`,
  where: { field: 'plan', value: plan },
  rule: 'an approval that no person gave ends with its run',
  hint: 'make the plan again with sync, and approve that',
});

export const unknownBreak = (id: string): Refusal => ({
  code: 'break-unknown',
  message: `no break ${id} was ever recorded`,
  where: { field: 'break', value: id },
  rule: 'a break is named by the id that check shows',
  hint: 'run check, or investigate without a name',
});

export interface SyncRequest extends CheckRequest {
  /** These breaks only; null: all. */
  readonly only: ReadonlySet<string> | null;
  /** Leave out what needs approval, also where it has one but for `proposes`. */
  readonly auto: boolean;
  /** The plans that were looked at, by hash; null: whatever the plan is now. */
  readonly plans: readonly string[] | null;
  /** By the clock: what needs approval is proposed, and what has one is carried out. */
  readonly proposes?: boolean;
}

export type Synced =
  /** Nothing was to be written. */
  | { readonly status: 'planned'; readonly checked: Checked }
  /** The book moved since the plan was made; nothing was written. */
  | { readonly status: 'stale'; readonly checked: Checked }
  /** An entry of the plan cannot be booked; nothing was written. */
  | { readonly status: 'refused'; readonly checked: Checked; readonly refusal: Refusal }
  | { readonly status: 'applied'; readonly applied: readonly Applied[]; readonly checked: Checked };

export interface Applied {
  readonly repair: BreakRepair;
  readonly outcomes: readonly Outcome[];
  /** As the comparison that followed left it. */
  readonly after: Break | null;
}

/** Applies what may be applied, then compares again: only that closes a break. */
export async function applySync(
  reader: BookReader,
  writer: BookWriter,
  request: SyncRequest,
): Promise<Synced> {
  const left = ({ reconciled }: Checked) =>
    request.proposes === true ? leftToPerson(reconciled, request.now) : [];
  // What is written first makes it another plan.
  const checked = await checkWith(reader, writer, request, (one) =>
    chosenIn(one, request).length > 0 ? [] : left(one),
  );
  const { plan } = checked.reconciled;
  const isMeant = request.plans?.some((name) => isNamed(plan.hash, name)) ?? true;
  if (!isMeant) return { status: 'stale', checked };
  const chosen = chosenIn(checked, request);
  if (chosen.length === 0) return { status: 'applied', applied: [], checked };
  const written = await writeRepairs(reader, writer, checked, chosen, request);
  if (written.status === 'stale') return { ...written, checked };
  if (written.status === 'refused') {
    return { ...written, checked: await checkWith(reader, writer, request, left) };
  }
  // A venue is asked anew: what it said before the repair proves nothing about what came of it.
  const source = request.again === undefined ? request.source : await request.again();
  const again = await checkWith(reader, writer, { ...request, source }, left);
  const after = new Map(again.reconciled.breaks.map((one) => [one.id, one]));
  const applied = chosen.map((repair, index) => ({
    repair,
    outcomes: written.outcomes[index]!,
    after: after.get(repair.breakId) ?? null,
  }));
  return { status: 'applied', applied, checked: again };
}

const chosenIn = (checked: Checked, request: SyncRequest): readonly BreakRepair[] =>
  checked.reconciled.plan.repairs.filter((repair) => isChosen(repair, checked, request));

function isChosen(
  repair: BreakRepair,
  { reconciled: { plan, breaks } }: Checked,
  { only, auto, proposes }: SyncRequest,
): boolean {
  if (only !== null && !only.has(repair.breakId)) return false;
  if (!repair.needsApproval) return true;
  return (!auto || proposes === true) && isApproved(breaks, plan, repair);
}

export const isApproved = (breaks: readonly Break[], plan: Plan, { breakId }: BreakRepair) =>
  breaks.some((one) => one.id === breakId && isPersons(one) && isPlanned(one, plan.hash));

type Written =
  | { readonly status: 'stale' }
  | { readonly status: 'refused'; readonly refusal: Refusal }
  /** What became of the entries of each repair. */
  | { readonly status: 'written'; readonly outcomes: readonly (readonly Outcome[])[] };

/** The entries of all chosen repairs with the states of their breaks, or none of them. */
async function writeRepairs(
  reader: BookReader,
  writer: BookWriter,
  checked: Checked,
  chosen: readonly BreakRepair[],
  { account, now: at }: SyncRequest,
): Promise<Written> {
  const { plan, breaks } = checked.reconciled;
  const { file } = reader;
  for (let tries = 0; tries < noteTries; tries += 1) {
    const prepared = file.read(() => {
      // What was booked after the check is not what the plan was made for.
      if (factSequence(file, account.account) !== plan.sequence) return null;
      const { counts } = knownBreaks(file, account.account);
      const steps = chosen.flatMap(({ breakId }) =>
        walked(breaks.find(({ id }) => id === breakId)!, plan, at),
      );
      return {
        expectedSequence: file.head(account.account).sequence,
        entries: chosen.map((repair) => entriesOf({ reader, account, at }, repair)),
        states: draftsOfBreaks(steps, at, counts).map((draft): PlanEntry => ({ draft })),
      };
    });
    if (prepared === null) return { status: 'stale' };
    const { expectedSequence, entries, states } = prepared;
    const all = [...entries.flat(), ...states];
    const result = await writer.apply({ account: account.name, expectedSequence, entries: all });
    if (result.status === 'refused') return { status: 'refused', refusal: why(result.outcome) };
    // Only notes came in between, or the next look finds that it is stale.
    if (result.status === 'moved') continue;
    return { status: 'written', outcomes: parted(result.outcomes, entries) };
  }
  return { status: 'stale' };
}

/** Outcomes in the parts that their entries came in. */
function parted(outcomes: readonly Outcome[], parts: readonly (readonly PlanEntry[])[]) {
  let from = 0;
  return parts.map(({ length }) => {
    from += length;
    return outcomes.slice(from - length, from);
  });
}

/** PROPOSED, APPROVED and REPAIRED, as far as the break has not come yet. */
export function walked(one: Break, plan: Plan, at: Instant): readonly Break[] {
  const steps = new Steps(one);
  const missing = isPlanned(one, plan.hash) ? [] : proposed(one, plan, at, automaticProposer);
  for (const step of missing) steps.take(ok(step));
  if (steps.now.state === 'PROPOSED') steps.take(approvedByPolicy(steps.now, at));
  steps.take(repaired(steps.now, at));
  return steps.taken;
}

/** As the plan is now no person has to agree: what was proposed before may have needed one. */
function approvedByPolicy({ approvedBy: _, ...one }: Break, at: Instant): Result<Break> {
  const repair = one.repair && { ...one.repair, needsApproval: false };
  return move({ ...one, repair }, 'APPROVED', at);
}

const ok = (value: Break): Result<Break> => ({ ok: true, value });

const why = (outcome: Outcome): Refusal =>
  outcome.status === 'refused'
    ? outcome.refusal
    : {
        code: 'repair-conflicts',
        message: 'an entry of the plan contradicts what the book holds; nothing was written',
        where: {},
        rule: 'a repair never overwrites a booked fact',
        hint: 'run check again: it shows the two reports',
      };
