/**
 * Carries exit plans out. Each round looks anew at what the venue holds, plans, and does one step
 * of each position: what filled between two steps is in the next look, so that it is neither lost
 * nor ordered twice, and a process that dies between any two of them goes on by looking.
 */
import { absolute, compare, type Decimal, minimum, subtract } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { ExitLine, ExitPlan, HeldPosition } from '../../exits/facts.ts';
import { hasWork, placeKey, planExits } from '../../exits/plan.ts';
import type { ExitRules } from '../../exits/rules.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Venue } from '../../venues/venue.ts';
import { type Patience, rest } from '../listening/asking.ts';
import type { Log } from '../log.ts';
import { carriedOut, type ExitDeed } from './acting.ts';
import { observed } from './observing.ts';
import type { Pauses } from './pauses.ts';
import { type StoredTrailing, trailingPlaces } from './trailing.ts';

export interface ExitParts {
  readonly venue: Venue;
  readonly rules: ExitRules;
  /** What the book holds, read when it is asked for. */
  readonly held: () => readonly HeldPosition[] | Promise<readonly HeldPosition[]>;
  readonly pauses: Pauses;
  /** What the bot's own database says; absent: it has no such stops. */
  readonly trailing?: readonly StoredTrailing[];
  readonly patience: Patience;
  readonly log: Log;
}

/** Null: it does not deny; else why. */
export type ExitGate = () => Promise<string | null>;

export interface ExitRun {
  /** As it was found. */
  readonly plan: ExitPlan;
  readonly deeds: readonly ExitDeed[];
  /** As it was seen last; null: nothing was done. */
  readonly after: ExitPlan | null;
  /** Why nothing was done, or no more; null: everything was. */
  readonly stopped: ExitStop | null;
}

export interface ExitStop {
  readonly code:
    | 'no-answer'
    | 'credentials'
    | 'book-behind'
    | 'gate-denies'
    | 'interrupted'
    | 'rounds';
  readonly why: string;
}

type Planned =
  | { readonly ok: true; readonly plan: ExitPlan }
  | { readonly ok: false; readonly stop: ExitStop };

const nothing: ExitPlan = { now: 0n, lines: [], unknown: [] };

/** Writes nothing anywhere. */
export async function planOnly(parts: ExitParts): Promise<ExitRun> {
  const looked = await look(parts);
  if (looked.ok) return { plan: looked.plan, deeds: [], after: null, stopped: null };
  const plan = { ...nothing, unknown: [{ what: 'statement', why: looked.stop.why }] };
  return { plan, deeds: [], after: null, stopped: looked.stop };
}

/** A cancel, an order, a second one for what was left, and a look at the end of each. */
const roundsMax = 8;

/** `gate` is asked once there is something to do; nothing is sent where it denies. */
export async function runExits(parts: ExitParts, gate: ExitGate): Promise<ExitRun> {
  const found = await planOnly(parts);
  const { plan, stopped } = found;
  if (stopped !== null || !hasWork(plan)) return found;
  const denied = await gate();
  if (denied !== null) return { ...found, stopped: { code: 'gate-denies', why: denied } };
  return await new Run(parts).from(plan);
}

/** What a position holds at most, once what filled is known: a list that says more is behind. */
type AtMost = Map<string, Decimal>;

/** The statement's time that a round acted on, and ours when it began. */
interface Acted {
  readonly on: Instant;
  readonly at: Instant;
}

class Run {
  readonly #parts: ExitParts;
  readonly #deeds: ExitDeed[] = [];
  readonly #atMost: AtMost = new Map();
  /** Positions that are looked at by the next run. */
  readonly #left = new Set<string>();

  constructor(parts: ExitParts) {
    this.#parts = parts;
  }

  async from(first: ExitPlan): Promise<ExitRun> {
    let plan = first;
    let stopped: ExitStop | null = null;
    for (let round = 1; stopped === null; round += 1) {
      const acted = { on: plan.now, at: this.#parts.patience.clock.now() };
      const due = plan.lines.filter((line) => this.#isDue(line));
      if (due.length === 0) break;
      if (round > roundsMax) stopped = { code: 'rounds', why: 'it did not come to rest' };
      for (const line of stopped === null ? due : []) {
        if (this.#parts.patience.signal.aborted) stopped = interrupted;
        else await this.#step(plan, line);
      }
      const looked = await this.#look(acted);
      if (looked.ok) plan = looked.plan;
      else stopped = looked.stop;
    }
    return { plan: first, deeds: this.#deeds, after: plan, stopped };
  }

  #isDue = (line: ExitLine): boolean => line.actions.length > 0 && !this.#left.has(placeKey(line));

  /** All that has to go, or else the one that is to come. */
  async #step({ now }: ExitPlan, line: ExitLine): Promise<void> {
    const { venue, patience } = this.#parts;
    const cancels = line.actions.filter((action) => action.do === 'cancel');
    for (const action of cancels.length > 0 ? cancels : line.actions.slice(0, 1)) {
      const deed = await carriedOut({ venue, patience }, line, action);
      this.#deeds.push(deed);
      this.#tell(deed);
      this.#bound(line, deed);
      if (deed.outcome === 'paused') this.#pause(deed, now);
      if (endsHere.has(deed.outcome) || isIdle(deed)) this.#left.add(placeKey(line));
    }
  }

  #pause({ position, code, why }: ExitDeed, now: ExitPlan['now']): void {
    const { rules, pauses } = this.#parts;
    if (position === null) return;
    const until = addMilliseconds(now, rules.pauseMs);
    pauses.add({ position, until, why: code === null ? why : `${why} (${code})` }, now);
  }

  #bound(line: ExitLine, { filled }: ExitDeed): void {
    if (filled === null || filled.coefficient === 0) return;
    const told = absolute(line.quantity);
    const before = minimum(this.#atMost.get(placeKey(line)) ?? told, told);
    this.#atMost.set(placeKey(line), subtract(before, filled));
  }

  /**
   * Until positions have caught up with what their orders filled, and the answer is of after the
   * one that was acted on: an older one cannot show the order that was sent since.
   */
  async #look(acted: Acted): Promise<Planned> {
    const { patience } = this.#parts;
    for (let tries = 1; ; tries += 1) {
      const looked = await look(this.#parts);
      if (!looked.ok) return looked;
      if (looked.plan.now <= acted.on && patience.clock.now() > acted.at) {
        if (tries >= patience.tries || patience.signal.aborted) return { ok: false, stop: late };
        await rest(patience.clock, 200 * 2 ** tries, patience.signal);
        continue;
      }
      const behind = looked.plan.lines.filter((line) => this.#isBehind(line));
      if (behind.length === 0) return looked;
      if (tries >= patience.tries || patience.signal.aborted) {
        for (const line of behind) this.#giveUp(line);
        return looked;
      }
      await rest(patience.clock, 200 * 2 ** tries, patience.signal);
    }
  }

  #isBehind(line: ExitLine): boolean {
    const most = this.#atMost.get(placeKey(line));
    return most !== undefined && compare(absolute(line.quantity), most) > 0;
  }

  #giveUp(line: ExitLine): void {
    this.#left.add(placeKey(line));
    const most = toText(this.#atMost.get(placeKey(line))!);
    const { instrument, leg, quantity } = line;
    this.#parts.log.warn({
      event: 'exit.behind',
      ...{ account: this.#parts.venue.account, instrument },
      msg: `${instrument} ${leg}: ${toText(quantity)} is told, at most ${most} can be left`,
    });
  }

  #tell(deed: ExitDeed): void {
    const { log, venue } = this.#parts;
    const { instrument, what, outcome, why, clientOrderId, code } = deed;
    const price = deed.price === null ? '' : ` @ ${toText(deed.price)}`;
    const quantity = deed.quantity === null ? '' : ` ${toText(deed.quantity)}`;
    const order = `${what} ${clientOrderId ?? ''}${quantity}${price}`;
    const msg = `Aged exit ${instrument}: ${order}: ${outcome}, ${why}`;
    const line = { event: `exit.${outcome}`, account: venue.account, instrument, msg };
    const isWell = code === null && outcome !== 'unknown';
    if (isWell) log.info(line);
    else log.warn(code === null ? line : { ...line, msg: `${msg} (${code})` });
  }
}

const late: ExitStop = {
  code: 'no-answer',
  why: 'what the venue says is of before the last order',
};

const interrupted: ExitStop = { code: 'interrupted', why: 'it was stopped' };

/** No further step of that position helps now. */
const endsHere: ReadonlySet<ExitDeed['outcome']> = new Set([
  ...(['flat', 'dust', 'paused', 'refused', 'unknown'] as const),
]);

/** Nobody was there to trade with at market: the next run tries again. */
const isIdle = ({ what, price, outcome, filled }: ExitDeed): boolean =>
  what === 'create' && price === null && outcome === 'ended' && filled?.coefficient === 0;

async function look({
  venue,
  held,
  rules,
  pauses,
  patience,
  trailing = [],
}: ExitParts): Promise<Planned> {
  const holdings = await held();
  const seen = await observed(venue, holdings, rules, patience);
  if (!seen.ok) {
    const code = seen.credentials ? 'credentials' : 'no-answer';
    return { ok: false, stop: { code, why: seen.why } };
  }
  const stored = trailingPlaces(trailing, seen.value.instruments.values());
  const facts = {
    ...{ ...seen.value, held: holdings, rules, pauses: pauses.at(seen.value.now) },
    trailing: new Set([...seen.value.trailing, ...stored]),
  };
  return { ok: true, plan: planExits(facts) };
}
