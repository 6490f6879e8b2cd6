/**
 * How far repairs go without a person. What was done today is told by whoever reads the journal;
 * what one plan does counts for the rest of it.
 */
import {
  add,
  compare as compareDecimals,
  type Decimal,
  fromInteger,
  zero,
} from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import type { Instant } from '../model/instant.ts';

export interface Limits {
  /**
   * Of all that a repair moves, gross, in the reporting currency, also where parts of it cancel;
   * null: any. With one, what has no price, or was not compared, is beyond it.
   */
  readonly valuePerRepair: Decimal | null;
  readonly valuePerDay: Decimal | null;
  readonly repairsPerDay: number;
}

export interface PolicySettings {
  /** The switch in the settings: nothing is repaired without a person. */
  readonly stopped: boolean;
  /** A missing fact is booked whatever its value; above this it is told as large. */
  readonly alertAbove: Decimal;
  /** Reversals and corrections of what is booked. */
  readonly takingBack: Limits;
  /** Rows of a bot's database. */
  readonly rows: Limits;
  /** Steps of a currency that are adjusted in 30 days. */
  readonly roundingSteps: number;
  readonly approvals: Approvals;
}

export interface Approvals {
  /** Whoever proposed a plan does not approve it. */
  readonly fourEyes: boolean;
}

export const policyByDefault: PolicySettings = {
  stopped: false,
  alertAbove: fromInteger(1_000),
  takingBack: { valuePerRepair: null, valuePerDay: null, repairsPerDay: 0 },
  rows: { valuePerRepair: null, valuePerDay: null, repairsPerDay: 1_000 },
  roundingSteps: 10,
  approvals: { fourEyes: false },
};

/** Somebody's word in the journal that nothing is repaired without a person. */
export interface Stop {
  readonly since: Instant;
  readonly reason: string;
  /** Null: nobody was named. */
  readonly by: string | null;
}

export type LimitedChange = 'taking-back' | 'rows';

export interface Spent {
  readonly value: Decimal;
  readonly count: number;
}

/** What may be done without a person, and what was in the account. */
export interface Automatic {
  readonly settings: PolicySettings;
  /** Null: nobody stopped it with a command. */
  readonly stop: Stop | null;
  /** In the last 24 hours. */
  readonly spent: (change: LimitedChange) => Spent;
  /** In the last 30 days. */
  readonly roundingSteps: (currency: string) => number;
}

export const automaticByDefault: Automatic = {
  settings: policyByDefault,
  stop: null,
  spent: () => ({ value: zero, count: 0 }),
  roundingSteps: () => 0,
};

export const isStopped = ({ settings, stop }: Automatic): boolean =>
  settings.stopped || stop !== null;

/** Not worth a word: what is of its kind always waits for a person. */
export const noneAutomatic = 'none is made without a person';

const limitsOf = ({ takingBack, rows }: PolicySettings, change: LimitedChange): Limits =>
  change === 'rows' ? rows : takingBack;

/** What is left of the limits while a plan is made. */
export class Allowance {
  readonly #automatic: Automatic;
  readonly #spent = new Map<LimitedChange, Spent>();
  readonly #rounded = new Map<string, number>();

  constructor(automatic: Automatic) {
    this.#automatic = automatic;
  }

  get isStopped(): boolean {
    return isStopped(this.#automatic);
  }

  /**
   * Which limit the repair goes beyond; null: none. `gross`: of all that it moves, null without a
   * price. `uncompared`: names of what it moves and was not compared.
   */
  beyond(
    change: LimitedChange,
    gross: Decimal | null,
    uncompared: readonly string[] = [],
  ): string | null {
    const { valuePerRepair, valuePerDay, repairsPerDay } = limitsOf(
      this.#automatic.settings,
      change,
    );
    if (repairsPerDay === 0) return noneAutomatic;
    const limit = valuePerRepair ?? valuePerDay;
    if (gross === null && limit !== null) return 'its value is not known, and limited';
    const value = gross ?? zero;
    if (valuePerRepair !== null && compareDecimals(value, valuePerRepair) > 0) {
      return `it is ${toText(value)}, more than ${toText(valuePerRepair)}`;
    }
    if (uncompared.length > 0 && limit !== null) {
      return `its value is limited, and ${uncompared.join(', ')} was not compared`;
    }
    const spent = this.#spentOn(change);
    if (spent.count >= repairsPerDay) return `${spent.count} were made in the last 24 hours`;
    const after = add(spent.value, value);
    if (valuePerDay === null || compareDecimals(after, valuePerDay) <= 0) return null;
    return `with it ${toText(after)} in the last 24 hours, more than ${toText(valuePerDay)}`;
  }

  take(change: LimitedChange, gross: Decimal | null): void {
    const { value, count } = this.#spentOn(change);
    this.#spent.set(change, { value: add(value, gross ?? zero), count: count + 1 });
  }

  /** One more step of the currency may be adjusted. */
  mayRound(currency: string): boolean {
    return this.#roundedOf(currency) < this.#automatic.settings.roundingSteps;
  }

  takeStep(currency: string): void {
    this.#rounded.set(currency, this.#roundedOf(currency) + 1);
  }

  /** A fact of that value is told as large; one without a price may be of any. */
  isLarge(gross: Decimal | null): boolean {
    return gross === null || compareDecimals(gross, this.#automatic.settings.alertAbove) > 0;
  }

  #spentOn(change: LimitedChange): Spent {
    return this.#spent.get(change) ?? this.#automatic.spent(change);
  }

  #roundedOf(currency: string): number {
    return this.#rounded.get(currency) ?? this.#automatic.roundingSteps(currency);
  }
}
