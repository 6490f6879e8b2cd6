/** Which faults of a script hold for what happens now: counted, timed and drawn from its seed. */
import {
  type Clock,
  type Instant,
  instantText,
  millisecondsBetween,
} from '../../src/model/instant.ts';
import { Draws } from '../../src/venues/paper/random.ts';
import type { Fault, FaultOf, FaultScript } from './script.ts';
import { type FaultName, type FaultRow, faultTable, type Seam } from './table.ts';

interface Active {
  readonly fault: Fault;
  readonly draws: Draws;
  counted: number;
  applied: number;
}

export interface Applied {
  readonly at: string;
  readonly fault: FaultName;
  readonly to: string;
}

/** What a fault is asked about: a topic, a path. */
export interface Occasion {
  readonly seam: Seam;
  readonly topic?: string;
  readonly path?: string;
  /** Whether it is a request that cancels an order. */
  readonly cancels?: boolean;
  /** What it is in words. */
  readonly to: string;
}

export class FaultRun {
  /** Everything that was done, for whoever has to explain what he saw. */
  readonly applied: Applied[] = [];
  #active: Active[];
  /** Faults so far, also those that are used up. */
  #made: number;
  readonly #clock: Clock;
  readonly #began: Instant;

  constructor(script: FaultScript, clock: Clock) {
    this.#clock = clock;
    this.#began = clock.now();
    this.#made = script.faults.length;
    this.#active = script.faults.map((fault, index) => ({
      fault,
      draws: new Draws(script.seed * 1_000 + index),
      counted: 0,
      applied: 0,
    }));
  }

  has(...names: readonly FaultName[]): boolean {
    return this.#active.some(({ fault }) => names.includes(fault.fault));
  }

  /** Adds a fault while it runs. One that is used up strikes no more: it is asked no more, too. */
  add(fault: Fault): void {
    const draws = new Draws(this.#made);
    this.#made += 1;
    const left = this.#active.filter(({ fault: { when }, applied }) => applied !== when.times);
    this.#active = [...left, { fault, draws, counted: 0, applied: 0 }];
  }

  /** Those that apply, of one seam, to one thing. */
  strike(occasion: Occasion, names: readonly FaultName[] | null = null): Fault[] {
    return this.#active
      .filter(({ fault }) => isFor(fault, occasion, names))
      .filter((active) => this.#applies(active))
      .map(({ fault }) => {
        this.note(fault.fault, occasion.to);
        return fault;
      });
  }

  /** One that always holds, without being counted. */
  standing<Name extends FaultName>(name: Name): FaultOf<Name> | null {
    const found = this.#active.find(({ fault }) => fault.fault === name);
    return (found?.fault as FaultOf<Name> | undefined) ?? null;
  }

  note(fault: FaultName, to: string): void {
    this.applied.push({ at: instantText(this.#clock.now()), fault, to });
  }

  #applies(active: Active): boolean {
    const { nth, every, chance, times, fromMs, untilMs } = active.fault.when;
    const seam = (faultTable[active.fault.fault] as FaultRow).seam;
    const ms = millisecondsBetween(this.#began, this.#clock.now());
    if (fromMs !== undefined && ms < fromMs) return false;
    if (untilMs !== undefined && ms >= untilMs) return false;
    active.counted += 1;
    if (nth !== undefined && active.counted !== nth) return false;
    if (every !== undefined && active.counted % every !== 0) return false;
    // Drawn whenever it is asked for: the same script meets the same luck.
    if (chance !== undefined && active.draws.next() >= chance) return false;
    const most =
      times ?? (seam === 'trading' && chance === undefined && every === undefined ? 1 : null);
    if (most !== null && active.applied >= most) return false;
    active.applied += 1;
    return true;
  }
}

function isFor(fault: Fault, occasion: Occasion, names: readonly FaultName[] | null): boolean {
  const { seam, topic, path, cancels } = occasion;
  if ((faultTable[fault.fault] as FaultRow).seam !== seam) return false;
  if (names !== null && !names.includes(fault.fault)) return false;
  if ('topic' in fault && fault.topic !== undefined && fault.topic !== topic) return false;
  if ('path' in fault && fault.path !== undefined && path?.includes(fault.path) !== true)
    return false;
  const isCancel = fault.fault === 'lose-cancel-answer' || fault.fault === 'fill-before-cancel';
  return !isCancel || cancels === true;
}
