/**
 * Aged exits of one venue: the book says since when, the venue what is left. Before anything is
 * sent the book is brought up to date and the gate asked; afterwards the fills are booked and the
 * two are held against each other.
 */
import { equals, isZero, zero } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { HeldPosition } from '../../exits/facts.ts';
import { hasWork, placeKey, placeText } from '../../exits/plan.ts';
import { type ExitRules, usualExitRules } from '../../exits/rules.ts';
import type { Venue } from '../../venues/venue.ts';
import type { Pulled } from '../listening/pull.ts';
import type { Log } from '../log.ts';
import type { BookReader } from '../reading.ts';
import type { WaitingClock } from '../system-clock.ts';
import { accountAt } from '../venues/of-accounts.ts';
import { keyRefused, VenueRefused } from '../venues/refused.ts';
import type { VenueSettings } from '../venues/settings.ts';
import { venueGate } from './gate.ts';
import { Ownership } from './owned.ts';
import { pausesAt, pausesFileOf } from './pauses.ts';
import { type ExitGate, type ExitParts, type ExitRun, planOnly, runExits } from './run.ts';
import { storedOrders, storedTrailing } from './trailing.ts';

export type ExitMode = 'plan' | 'apply';

export interface ExitDeskParts {
  readonly venue: Venue;
  readonly settings: VenueSettings;
  readonly book: string;
  /** Asked for once the book is there. */
  readonly reader: () => BookReader;
  readonly markMaxAgeMs: number;
  readonly clock: WaitingClock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Brings the book to what the venue lists. */
  readonly pull: () => Promise<Pulled>;
  /** Who allows it, in place of the gate of the account. */
  readonly gate?: ExitGate;
  /** Why nobody may act yet, whatever the gate says; null: somebody may. */
  readonly notReady?: () => string | null;
}

/** A position that was acted on, as the book and the venue hold it afterwards. */
export interface ExitVerified {
  readonly instrument: string;
  readonly leg: HeldPosition['leg'];
  readonly ours: string;
  readonly theirs: string;
  readonly isEqual: boolean;
}

export interface ExitReport extends ExitRun {
  readonly venue: string;
  readonly account: string;
  readonly accountMode: 'live' | 'paper';
  readonly mode: ExitMode;
  /** Whether orders may be sent at all. */
  readonly configured: boolean;
  readonly rules: ExitRules;
  /** Empty: nothing was done. */
  readonly verified: readonly ExitVerified[];
  /**
   * 0 nothing to do, or done; 1 an order was refused; 3 there is work, or the gate denies; 5
   * something is not known; 6 trading is not configured.
   */
  readonly exitCode: 0 | 1 | 3 | 5 | 6;
}

/** Six tries are long enough for a venue that lists an order ten seconds late. */
const tries = 6;

/** Throws a VenueRefused, or a StoreError where the book cannot be read. */
export async function exitsOf(parts: ExitDeskParts, mode: ExitMode): Promise<ExitReport> {
  const desk = new ExitDesk(parts);
  return mode === 'plan' || !desk.configured ? await desk.plan(mode) : await desk.apply();
}

class ExitDesk {
  readonly configured: boolean;
  readonly #parts: ExitDeskParts;
  readonly #rules: ExitRules;

  constructor(parts: ExitDeskParts) {
    const { settings, venue } = parts;
    this.#parts = parts;
    this.#rules = settings.exits?.rules ?? usualExitRules;
    const { trading } = venue.capabilities;
    this.configured = settings.exits?.enabled === true && !settings.readOnly && trading;
  }

  /** Whoever asked to apply without being configured sees the plan, and why. */
  async plan(mode: ExitMode): Promise<ExitReport> {
    const run = this.#answered(await planOnly(await this.#exitParts()));
    const found = run.stopped !== null || run.plan.unknown.length > 0 ? 5 : 0;
    const exitCode = mode === 'apply' ? 6 : hasWork(run.plan) ? 3 : found;
    return this.#report(run, mode, [], exitCode);
  }

  async apply(): Promise<ExitReport> {
    const behind = await this.#pulled();
    if (behind !== null) {
      const run = this.#answered(await planOnly(await this.#exitParts()));
      const stopped = { code: 'book-behind', why: behind } as const;
      return this.#report({ ...run, stopped }, 'apply', [], 5);
    }
    const run = this.#answered(await runExits(await this.#exitParts(), this.#gate()));
    if (run.deeds.length === 0) return this.#report(run, 'apply', [], codeOf(run, []));
    const late = await this.#pulled();
    const verified = this.#verified(run);
    if (late !== null) {
      const { account } = this.#parts.venue;
      this.#parts.log.warn({ event: 'exit.unbooked', account, msg: `Aged exits: ${late}` });
    }
    return this.#report(run, 'apply', verified, codeOf(run, verified));
  }

  /** Why the book may lack something; null: it does not. */
  async #pulled(): Promise<string | null> {
    const { exitCode, sections, gaps } = await this.#parts.pull();
    if (exitCode === 0) return null;
    const [why = gaps[0]?.why ?? 'not everything was listed'] = sections.flatMap(
      (section) => section.why ?? [],
    );
    if (exitCode === 4) throw keyRefused(this.#parts.venue.name, why);
    return `the book may lack facts of ${this.#parts.venue.name}: ${why}`;
  }

  #answered(run: ExitRun): ExitRun {
    if (run.stopped?.code !== 'credentials') return run;
    throw keyRefused(this.#parts.venue.name, run.stopped.why);
  }

  get #reader(): BookReader {
    return this.#parts.reader();
  }

  get #account() {
    const found = accountAt(this.#reader.file.accounts(), this.#parts.venue, null);
    if (!found.ok) throw new VenueRefused(found.refusal);
    return found.value;
  }

  #held(): readonly HeldPosition[] {
    const { markMaxAgeMs } = this.#parts;
    const { view } = this.#reader.look(this.#account, { asOf: null, knownAt: null, markMaxAgeMs });
    return view.positions.filter(({ type, quantity }) => type !== 'spot' && !isZero(quantity));
  }

  async #exitParts(): Promise<ExitParts> {
    const { venue, settings, book, clock, signal, log } = this.#parts;
    const { trailingFrom: from, ownOrders = [] } = settings.exits ?? {};
    const trailing = from === undefined ? [] : await storedTrailing(from, clock);
    const pauses = pausesAt(pausesFileOf(book, venue.account));
    const patience = { clock, signal, tries };
    const owned = new Ownership({
      ...{ reader: this.#reader, account: this.#account, venue, patience, ownOrders },
      stored: async () => (from === undefined ? new Set() : storedOrders(from, clock)),
    });
    const held = () => owned.of(this.#held());
    return { venue, rules: this.#rules, held, pauses, trailing, patience, log };
  }

  #gate(): ExitGate {
    const { gate, notReady = () => null } = this.#parts;
    const asked =
      gate ?? venueGate({ ...this.#parts, reader: this.#reader, account: this.#account });
    return async () => notReady() ?? (await asked());
  }

  #verified({ deeds, after }: ExitRun): readonly ExitVerified[] {
    const held = this.#held();
    const places = new Map(deeds.map((deed) => [placeKey(deed), deed]));
    return [...places.values()].map(({ instrument, leg }) => {
      const isIt = (one: { readonly instrument: string; readonly leg: string }) =>
        one.instrument === instrument && one.leg === leg;
      const ours = held.find(isIt)?.quantity ?? zero;
      const theirs = after?.lines.find(isIt)?.quantity ?? zero;
      const isEqual = equals(ours, theirs);
      return { instrument, leg, ours: toText(ours), theirs: toText(theirs), isEqual };
    });
  }

  #report(
    run: ExitRun,
    mode: ExitMode,
    verified: ExitReport['verified'],
    exitCode: ExitReport['exitCode'],
  ): ExitReport {
    const { name: venue, account, capabilities } = this.#parts.venue;
    const accountMode = capabilities.mode;
    const { configured } = this;
    const told = { venue, account, accountMode, mode, configured, rules: this.#rules };
    return { ...run, ...told, verified, exitCode };
  }
}

function codeOf(
  { plan, after, deeds, stopped }: ExitRun,
  verified: readonly ExitVerified[],
): ExitReport['exitCode'] {
  const last = after ?? plan;
  const isRefused = deeds.some(({ outcome }) => outcome === 'refused');
  if (isRefused) return 1;
  // What was left is in the book by now, whatever it held while it went on.
  const isTrue = new Set(verified.filter(({ isEqual }) => isEqual).map(placeText));
  const isDoubtful =
    stopped?.code === 'no-answer' ||
    last.unknown.some(({ what }) => !isTrue.has(what)) ||
    deeds.some(({ outcome }) => outcome === 'unknown') ||
    verified.some(({ isEqual }) => !isEqual);
  if (stopped?.code === 'gate-denies' || stopped?.code === 'interrupted') return 3;
  if (isDoubtful) return 5;
  const tooSmall = new Set(deeds.filter(({ outcome }) => outcome === 'dust').map(placeKey));
  const isLeft = last.lines.some(
    (line) => line.actions.length > 0 && !tooSmall.has(placeKey(line)),
  );
  return isLeft ? 3 : 0;
}
