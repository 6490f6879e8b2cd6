/** What an account's books need to know beside its facts. */
import type { CostMethod, Leg } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';

export interface AccountSettings {
  readonly account: string;
  readonly venue: string;
  /** The reporting currency. */
  readonly currency: string;
  readonly costMethod: CostMethod;
  readonly feesInCost: boolean;
  readonly mode: 'live' | 'paper';
  readonly positionMode: 'net' | 'hedge';
}

/** Where fills of an instrument and leg are booked: names that are the same for all of them. */
export interface Route {
  /** The instrument's first name. */
  readonly root: string;
  /** The groups of a fill, without those of fees in other coins; the position's own first. */
  readonly groups: readonly string[];
  /** The leg's key inside its group. */
  readonly leg: string;
}

/** The instruments and names in force; every fold of one account shares one. */
export interface FoldContext {
  readonly settings: AccountSettings;
  /** The version in force at the time; throws an InvariantError when none was ever admitted. */
  instrumentAt(name: string, time: Instant): Instrument;
  /** When the next version of any instrument begins to hold; null when none does. */
  nextVersionAt(after: Instant): Instant | null;
  /** Every version that was admitted. */
  instruments(): readonly Instrument[];
  /** The routes found so far; a rename changes them all. */
  readonly routes: Map<Instrument, Partial<Record<Leg, Route>>>;
  /** The first name of an instrument or coin that has been renamed; else the name itself. */
  rootOf(name: string): string;
  /** The newest name of what was first called `root`. */
  nameOf(root: string): string;
}
