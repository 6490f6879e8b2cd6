/**
 * Breaks over time. A break keeps its name while its lines differ; when cases merge, the oldest
 * name stays. Only a fresh comparison of all its lines closes one: what was not compared stays.
 */
import { type Break, type BreakState, type Hold, type Line, lineId } from '../model/break.ts';
import { type Instant, millisecondsBetween } from '../model/instant.ts';
import { isClosed, move } from '../model/life-cycle.ts';
import { invariant } from '../model/result.ts';
import { breakId } from './break-id.ts';
import type { ExplainedCase } from './explain.ts';
import { holdSteps, isOver, outgrew } from './held.ts';
import { differenceText, isWithin, type LineVerdict } from './judge.ts';
import { remedyOf } from './policy.ts';
import { severityOf } from './severity.ts';

/** One step of a break's life, to be appended to the journal; to the same state where it grew. */
export interface BreakChange {
  readonly breakId: string;
  /** Null: it was opened. */
  readonly from: BreakState | null;
  readonly to: BreakState;
  readonly at: Instant;
  readonly sequence: number;
  /** As it is after the step. */
  readonly break: Break;
}

export interface TrackOptions {
  readonly now: Instant;
  readonly sequence: number;
  /**
   * What the newest comparison says of a line; unknown where it says nothing. `at`: when its fact
   * happened; null: not known.
   */
  readonly verdictOf: (line: Line, at: Instant | null) => LineVerdict;
  /** Names of breaks that are judged elsewhere: no new one is called as they are. */
  readonly taken?: readonly string[];
}

export interface Tracked {
  /** Every break that was known or is new, in the order of their names. */
  readonly breaks: readonly Break[];
  readonly changes: readonly BreakChange[];
  /** The case of each break that differs now. */
  readonly current: ReadonlyMap<string, ExplainedCase>;
}

/** `known`: the account's breaks that are not closed, and those closed ones that may reopen. */
export function track(
  known: readonly Break[],
  cases: readonly ExplainedCase[],
  options: TrackOptions,
): Tracked {
  const tracker = new Tracker(known, options);
  const { owners, merged } = claim(known, cases);
  for (const [index, one] of cases.entries()) {
    const owner = owners.get(index);
    if (owner === undefined) tracker.open(one);
    else tracker.update(owner, one);
  }
  for (const [one, index] of merged) tracker.merge(one, owners.get(index)!);
  const claimed = new Set([...owners.values(), ...merged.keys()]);
  for (const one of known) if (!claimed.has(one) && !isClosed(one)) tracker.clear(one);
  tracker.hold();
  tracker.tell();
  return tracker.result();
}

interface Claims {
  /** The break of a case, by the case's index. */
  readonly owners: ReadonlyMap<number, Break>;
  /** Breaks whose case an older one owns. */
  readonly merged: ReadonlyMap<Break, number>;
}

const compareAge = (a: Break, b: Break): number =>
  a.openedSequence - b.openedSequence ||
  (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : a.id < b.id ? -1 : 1);

function claim(known: readonly Break[], cases: readonly ExplainedCase[]): Claims {
  const caseOf = new Map<string, number>();
  for (const [index, { lines }] of cases.entries()) {
    for (const line of lines) caseOf.set(lineId(line), index);
  }
  // The book alone names the fill that was inferred; a statement tells what it did to the lines.
  for (const [index, { gaps }] of cases.entries()) {
    for (const gap of gaps) {
      if (gap.kind !== 'superseded' || caseOf.has(lineId(gap.line))) continue;
      caseOf.set(lineId(gap.line), index);
    }
  }
  const owners = new Map<number, Break>();
  const merged = new Map<Break, number>();
  const sorted = [...known].sort(compareAge);
  for (const one of sorted) {
    if (isClosed(one)) continue;
    const index = one.lines.map((line) => caseOf.get(lineId(line))).find((at) => at !== undefined);
    if (index === undefined) continue;
    if (owners.has(index)) merged.set(one, index);
    else owners.set(index, one);
  }
  // The newest closed break of a line is the one that reopens; a young difference is a new one.
  for (const one of sorted.toReversed()) {
    if (!isClosed(one) || one.mergedInto !== null) continue;
    const index = caseOf.get(lineId(one.lines[0]!));
    if (index === undefined || owners.has(index) || cases[index]!.settling) continue;
    owners.set(index, one);
  }
  return { owners, merged };
}

class Tracker {
  readonly #options: TrackOptions;
  readonly #breaks: Map<string, Break>;
  readonly #changes: BreakChange[] = [];
  /** Seen otherwise than they are on record, in the state that they had. */
  readonly #grown: Break[] = [];
  readonly #current = new Map<string, ExplainedCase>();
  readonly #names: Set<string>;

  constructor(known: readonly Break[], options: TrackOptions) {
    this.#options = options;
    this.#names = new Set([...known.map(({ id }) => id), ...(options.taken ?? [])]);
    this.#breaks = new Map(known.map((one) => [one.id, one]));
  }

  open(one: ExplainedCase): void {
    const { now, sequence } = this.#options;
    const first = one.lines[0]!;
    const { oursParty, theirsParty, what, key, leg } = first;
    const identity = { account: one.account, oursParty, theirsParty, what, key, leg, sequence };
    const state: BreakState = one.settling ? 'SETTLING' : 'OPEN';
    const fresh: Break = {
      id: breakId(identity, this.#names),
      account: one.account,
      state,
      openedAt: now,
      openedSequence: sequence,
      changedAt: now,
      repair: null,
      hold: null,
      mergedInto: null,
      ...this.#content(one, state, now),
    };
    this.#names.add(fresh.id);
    this.#note(null, fresh);
    this.#current.set(fresh.id, one);
    this.#follow(fresh, one);
  }

  update(before: Break, one: ExplainedCase): void {
    // What was closed did not differ meanwhile: it is as old as its return.
    const times = isClosed(before)
      ? { openedAt: this.#options.now, firstOpenedAt: before.firstOpenedAt ?? before.openedAt }
      : { openedAt: before.openedAt };
    const content = this.#content(one, before.state, times.openedAt);
    const after = { ...before, ...times, ...content };
    this.#breaks.set(after.id, after);
    this.#current.set(after.id, one);
    this.#follow(after, one, isSameFinding(before, after));
    if (tellsItself.has(after.state) && !isSeenAlike(before, after)) this.#grown.push(after);
  }

  merge(one: Break, owner: Break): void {
    const open = one.state === 'REPAIRED' ? this.#move(one, 'REOPENED') : one;
    this.#move({ ...open, mergedInto: owner.id }, 'SELF_CLEARED');
  }

  clear(one: Break): void {
    const { verdictOf } = this.#options;
    if (!one.lines.every((line) => isWithin(verdictOf(line, happenedAt(one, line))))) return;
    this.#move(one, one.state === 'REPAIRED' ? 'VERIFIED' : 'SELF_CLEARED');
  }

  /** What is held together with others, or was not compared when its day came. */
  hold(): void {
    const sorted = [...this.#breaks.values()].sort(compareAge);
    const steps = holdSteps(sorted, this.#options.now, (id) => this.#current.has(id));
    for (const { breakId, to, hold } of steps) {
      const moved = this.#move(this.#breaks.get(breakId)!, to, hold);
      const found = this.#current.get(breakId);
      if (hold === null && found !== undefined) this.#follow(moved, found);
    }
  }

  /** Whoever reads what is on record, and compares nothing, sees a break as it is now. */
  tell(): void {
    for (const one of this.#grown) {
      if (this.#breaks.get(one.id) === one) this.#note(one.state, one);
    }
  }

  result(): Tracked {
    const breaks = [...this.#breaks.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return { breaks, changes: this.#changes, current: this.#current };
  }

  #content(one: ExplainedCase, state: BreakState, openedAt: Instant) {
    const { lines, confidence, explanation, unvalued } = one;
    const { gross, net } = one.value;
    const ageSeconds = millisecondsBetween(openedAt, this.#options.now) / 1000;
    const isYoung = state === 'SETTLING' && one.settling && confidence === 'unexplained';
    return {
      ...{ lines: lines.map(plainLine), facts: factsOf(one).map(plainLine) },
      ...{ confidence, explanation, gross, net, unvalued },
      reason: isYoung ? ('SETTLING' as const) : one.reason,
      remedy: remedyOf(one),
      severity: severityOf(gross, ageSeconds, lines),
    };
  }

  /** Walks a break that still differs to the state that what is known of it calls for. */
  #follow(one: Break, found: ExplainedCase, same = false): void {
    let at = one;
    for (let next = this.#next(at, found, same); next !== null; ) {
      at = this.#move(at, next);
      next = this.#next(at, found, same);
    }
  }

  #next(one: Break, found: ExplainedCase, same: boolean): BreakState | null {
    const explained = found.confidence !== 'unexplained';
    switch (one.state) {
      case 'SETTLING':
        return found.settling ? null : 'OPEN';
      case 'OPEN':
      case 'REOPENED':
        return explained ? 'EXPLAINED' : null;
      case 'EXPLAINED':
        return explained ? null : 'OPEN';
      case 'PROPOSED':
      case 'APPROVED':
        return same ? null : explained ? 'EXPLAINED' : 'OPEN';
      case 'REPAIRED':
        return found.settling ? null : 'REOPENED';
      case 'VERIFIED':
      case 'SELF_CLEARED':
        return 'REOPENED';
      case 'SNOOZED':
        return isOver(one, this.#options.now) || outgrew(one) ? 'OPEN' : null;
      case 'ACCEPTED':
        return isOver(one, this.#options.now) || outgrew(one) ? 'REOPENED' : null;
    }
  }

  #move(one: Break, to: BreakState, hold: Hold | null = null): Break {
    const moved = move(one, to, this.#options.now);
    invariant(moved.ok, `${one.id} moves from ${one.state} to ${to}`);
    const isPlanned = to === 'PROPOSED' || to === 'APPROVED' || to === 'REPAIRED';
    const after = isPlanned ? moved.value : { ...moved.value, repair: null, hold };
    this.#note(one.state, after);
    return after;
  }

  #note(from: BreakState | null, after: Break): void {
    const { now: at, sequence } = this.#options;
    this.#breaks.set(after.id, after);
    this.#changes.push({ breakId: after.id, from, to: after.state, at, sequence, break: after });
  }
}

const happenedAt = ({ explanation }: Break, { key }: Line): Instant | null =>
  explanation.evidence.find(({ id }) => id === key)?.at ?? null;

const factsOf = ({ gaps }: ExplainedCase): readonly Line[] =>
  gaps.flatMap((gap) => (gap.kind === 'order' ? [] : [gap.line]));

/** Without what only the comparison needs. */
function plainLine(line: Line): Line {
  const { what, key, instrument, leg, detail, difference, tolerance } = line;
  const { oursParty, ours, oursText, theirsParty, theirs, theirsText } = line;
  return {
    ...{ what, key, instrument, leg, detail, oursParty, ours, oursText },
    ...{ theirsParty, theirs, theirsText, difference, tolerance },
  };
}

/** The same lines off by the same, for the same reason: a plan made for it still fits. */
const isSameFinding = (a: Break, b: Break): boolean =>
  a.reason === b.reason &&
  a.lines.length === b.lines.length &&
  a.lines.every(
    (line, index) =>
      lineId(line) === lineId(b.lines[index]!) &&
      differenceText(line) === differenceText(b.lines[index]!),
  );

/** Young ones and repairs that are on their way are noted when they become something else. */
const tellsItself: ReadonlySet<BreakState> = new Set([
  ...(['OPEN', 'EXPLAINED', 'REOPENED', 'PROPOSED', 'APPROVED', 'SNOOZED', 'ACCEPTED'] as const),
]);

/** Prices and ages move all the time; what they make of it is its severity. */
const isSeenAlike = (a: Break, b: Break): boolean =>
  isSameFinding(a, b) &&
  a.severity === b.severity &&
  a.confidence === b.confidence &&
  idsIn(a) === idsIn(b);

const idsIn = ({ explanation }: Break): string =>
  JSON.stringify(explanation.evidence.map(({ what, id }) => [what, id]));
