/** The fold context of one account, filled as instruments and renames are admitted. */
import type { Rename } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';
import { invariant } from '../model/result.ts';
import type { AccountSettings, FoldContext } from './settings.ts';

export class AccountContext implements FoldContext {
  readonly settings: AccountSettings;
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

  knows(name: string): boolean {
    return this.#instruments.has(name);
  }

  instruments(): readonly Instrument[] {
    return [...this.#instruments.values()].flat();
  }

  /** A coin keeps its pool under its first name; so does a contract its legs. */
  addRename(rename: Rename): void {
    const from = baseOf(rename.from);
    const to = baseOf(rename.to);
    for (const [old, fresh] of [
      [rename.from, rename.to],
      [from, to],
    ] as const) {
      const root = this.rootOf(old);
      this.#roots.set(fresh, root);
      this.#names.set(root, fresh);
    }
  }

  instrumentAt(name: string, time: Instant): Instrument {
    const versions = this.#instruments.get(name) ?? this.#instruments.get(this.rootOf(name));
    invariant(versions !== undefined, `instrument ${name} is admitted before its facts`);
    if (versions.length === 1) return versions[0]!;
    let chosen = versions[0]!;
    for (const version of versions) {
      if (version.validFrom !== null && version.validFrom > time) break;
      chosen = version;
    }
    return chosen;
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
