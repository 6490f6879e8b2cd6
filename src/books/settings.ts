/** What an account's books need to know beside its facts. */
import type { CostMethod } from '../model/fact.ts';
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

/** The instruments and names in force; every fold of one account shares one. */
export interface FoldContext {
  readonly settings: AccountSettings;
  /** The version in force at the time; throws an InvariantError when none was ever admitted. */
  instrumentAt(name: string, time: Instant): Instrument;
  /** When the next version of any instrument begins to hold; null when none does. */
  nextVersionAt(after: Instant): Instant | null;
  /** Every version that was admitted. */
  instruments(): readonly Instrument[];
  /** The first name of an instrument or coin that has been renamed; else the name itself. */
  rootOf(name: string): string;
  /** The newest name of what was first called `root`. */
  nameOf(root: string): string;
}
