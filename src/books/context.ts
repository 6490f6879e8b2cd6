/** The fold context of one account, filled as instruments and renames are admitted. */
import { toText } from '../decimal/text.ts';
import type { Leg, Rename } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';
import { InvariantError } from '../model/result.ts';
import type { AccountSettings, FoldContext, Route } from './settings.ts';

export class AccountContext implements FoldContext {
  readonly settings: AccountSettings;
  readonly routes = new Map<Instrument, Partial<Record<Leg, Route>>>();
  /** Versions of each instrument, oldest first. */
  readonly #instruments = new Map<string, Instrument[]>();
  readonly #roots = new Map<string, string>();
  readonly #names = new Map<string, string>();

  constructor(settings: AccountSettings) {
    this.settings = settings;
  }

  addInstrument(instrument: Instrument): void {
    const versions = this.#instruments.get(instrument.name) ?? [];
    this.#instruments.set(instrument.name, versions);
    versions.push(instrument);
    versions.sort((a, b) => Number((a.validFrom ?? 0n) - (b.validFrom ?? 0n)));
  }

  /** Whether a version leaves every fact folded as it is (a new tick size does, say). */
  foldsAlike(instrument: Instrument): boolean {
    const { name, validFrom } = instrument;
    if (!this.knows(name)) return true;
    return termsOf(this.instrumentAt(name, validFrom ?? beginning)) === termsOf(instrument);
  }

  knows(name: string): boolean {
    return this.#instruments.has(name);
  }

  instruments(): readonly Instrument[] {
    return [...this.#instruments.values()].flat();
  }

  /** A coin keeps its pool under its first name; so does a contract its legs. */
  addRename({ from, to }: Rename): void {
    this.#rename(from, to);
    const versions = this.#instruments.get(from) ?? this.#instruments.get(to) ?? [];
    // A contract's new name says nothing of the coin it is about.
    if (versions.every((version) => version.type === 'spot'))
      this.#rename(baseOf(from), baseOf(to));
  }

  #rename(from: string, to: string): void {
    const root = this.rootOf(from);
    this.routes.clear();
    this.#roots.set(to, root);
    this.#names.set(root, to);
  }

  instrumentAt(name: string, time: Instant): Instrument {
    const versions = this.#instruments.get(name) ?? this.#instruments.get(this.rootOf(name));
    if (versions === undefined) {
      throw new InvariantError(`instrument ${name} is admitted before its facts`);
    }
    if (versions.length === 1) return versions[0]!;
    let chosen = versions[0]!;
    for (const version of versions) {
      if (version.validFrom !== null && version.validFrom > time) break;
      chosen = version;
    }
    return chosen;
  }

  nextVersionAt(after: Instant): Instant | null {
    let next: Instant | null = null;
    for (const { validFrom } of this.instruments()) {
      if (validFrom !== null && validFrom > after && (next === null || validFrom < next)) {
        next = validFrom;
      }
    }
    return next;
  }

  rootOf(name: string): string {
    return this.#roots.size === 0 ? name : (this.#roots.get(name) ?? name);
  }

  nameOf(root: string): string {
    return this.#names.get(root) ?? root;
  }
}

/** The coin that a pair's name trades, or the name itself. */
const baseOf = (name: string): string => name.split('/')[0]!;

const beginning: Instant = -(2n ** 63n);

/** What folding reads of an instrument. */
const termsOf = ({ type, base, quote, settle, multiplier }: Instrument): string =>
  JSON.stringify([type, base, quote, settle, toText(multiplier)]);
