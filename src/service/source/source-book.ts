/** Our own book as the desk of a source uses it: whose accounts are whose, and what is noted. */
import { existsSync, statSync } from 'node:fs';
import type { AccountFact } from '../../model/fact.ts';
import { manualVenue } from '../../model/parse-reference.ts';
import type { SourceIdentity, SourceSnapshot } from '../../model/source.ts';
import { isSourceLine } from '../../reconcile/source/case.ts';
import type { Account } from '../../store/accounts.ts';
import type { BookFile } from '../../store/book-file.ts';
import { StoreError } from '../../store/store-error.ts';
import type { BookWriter, PlanEntry } from '../book.ts';
import { BookReader } from '../reading.ts';
import { knownBreaks } from '../reconcile-entries.ts';
import type { WaitingClock } from '../system-clock.ts';
import { writing } from '../writing.ts';
import { SourceRefused } from './refused.ts';
import { bodyOfSource, placeOf, saidOf } from './source-entries.ts';

export interface SourceBookOptions {
  readonly path: string;
  readonly clock: WaitingClock;
  readonly programVersion: string;
  readonly markMaxAgeMs: number;
  /** Null: named after the schema. */
  readonly account: string | null;
  /** Null: all of them. */
  readonly sourceAccount: string | null;
  /** Null: USD. */
  readonly currency: string | null;
  readonly tell: (line: string) => void;
}

const defaultCurrency = 'USD';

/** The account that is made for one of a source, where the book has none of that name. */
export const sourceAccountFact = (account: string, currency: string): AccountFact => ({
  ...{ kind: 'account', account, venue: manualVenue, currency },
  ...{ costMethod: 'average', feesInCost: false, mode: 'live', positionMode: 'net', time: null },
});

export class SourceBook {
  readonly #options: SourceBookOptions;

  constructor(options: SourceBookOptions) {
    this.#options = options;
  }

  /** An empty file is none yet: somebody is just making one. */
  get isThere(): boolean {
    const { path } = this.#options;
    return existsSync(path) && statSync(path).size > 0;
  }

  /** Null where there is no book. */
  async read<T>(work: (reader: BookReader) => T | Promise<T>): Promise<T | null> {
    if (!this.isThere) return null;
    const reader = new BookReader(this.#options.path, this.#options.clock);
    try {
      return await work(reader);
    } finally {
      reader.close();
    }
  }

  write<T>(create: boolean, work: (writer: BookWriter) => Promise<T>): Promise<T> {
    const { path, clock, programVersion, markMaxAgeMs, tell } = this.#options;
    const isNew = create && !this.isThere;
    const holder = 'trueup on a source';
    return writing(path, { clock, holder, programVersion, markMaxAgeMs, create }, (writer) => {
      if (isNew) tell(`made the book ${path}, which notes what is done here`);
      return work(writer);
    });
  }

  /** By the id of the source's account; only of those that are asked for. */
  namesOf(file: BookFile | null, snapshot: SourceSnapshot): ReadonlyMap<string, string> {
    const { account, sourceAccount } = this.#options;
    const ids = snapshot.accounts.map(({ id }) => id);
    const chosen = sourceAccount === null ? ids : ids.filter((id) => id === sourceAccount);
    if (sourceAccount !== null && chosen.length === 0) throw noSuchAccount(sourceAccount, ids);
    if (account !== null && chosen.length > 1) throw severalAccounts(chosen);
    const known = file === null ? new Map<string, string>() : knownNames(file, snapshot.identity);
    return new Map(chosen.map((id) => [id, account ?? nameOf(id, snapshot, known)]));
  }

  /** As the book knows them now, where there is one. */
  async names(snapshot: SourceSnapshot): Promise<ReadonlyMap<string, string>> {
    const known = await this.read(({ file }) => this.namesOf(file, snapshot));
    return known ?? this.namesOf(null, snapshot);
  }

  /** The zone that the last look at it detected; null: it detected none, or there was none. */
  zoneOf(identity: SourceIdentity): Promise<string | null> {
    return this.read(({ file }) => {
      const place = placeOf(identity);
      const looks = file.accounts().flatMap(({ account }) => {
        const last = file.lastOfKind(account, 'source');
        return last !== null && bodyOfSource(last).location === place ? [{ account, last }] : [];
      });
      looks.sort((a, b) => (a.last.effectiveAt < b.last.effectiveAt ? 1 : -1));
      const [newest] = looks;
      if (newest === undefined) return null;
      const { zone } = saidOf(file, newest.account, newest.last);
      return zone.known === 'detected' ? zone.name : null;
    });
  }

  currencyOf(file: BookFile | null, name: string): string {
    const known = file?.accountNamed(name)?.currency ?? null;
    const wanted = this.#options.currency;
    if (known !== null && wanted !== null && wanted !== known) throw otherCurrency(name, known);
    return known ?? wanted ?? defaultCurrency;
  }

  /** An account keeps the notes of one database: another one is another account. */
  refuseOthers(file: BookFile, snapshot: SourceSnapshot): void {
    for (const name of this.namesOf(file, snapshot).values()) {
      const account = file.accountNamed(name);
      if (account !== null) refuseOther(file, account, snapshot.identity);
    }
  }

  /** Makes the accounts that are missing, and says so. */
  async ensure(writer: BookWriter, names: Iterable<string>): Promise<void> {
    const missing = await this.read(({ file }) =>
      [...names].filter((name) => file.accountNamed(name) === null),
    );
    for (const name of missing ?? []) {
      const currency = this.currencyOf(null, name);
      const outcome = await writer.record(sourceAccountFact(name, currency));
      if (outcome.status === 'refused') throw new SourceRefused(outcome.refusal);
      this.#options.tell(`made the account ${name} (${currency}) in ${this.#options.path}`);
    }
  }
}

/** Source accounts by the name under which the book keeps notes of them. */
function knownNames(file: BookFile, identity: SourceIdentity): ReadonlyMap<string, string> {
  const place = placeOf(identity);
  const known = new Map<string, string>();
  for (const { account, name } of file.accounts()) {
    const last = file.lastOfKind(account, 'source');
    if (last === null) continue;
    const { location, accountId } = bodyOfSource(last);
    if (location === place) known.set(name, accountId);
  }
  return known;
}

/** The name that was given first stands, whatever accounts the database has got since. */
function nameOf(
  id: string,
  { identity: { schema }, accounts }: SourceSnapshot,
  known: ReadonlyMap<string, string>,
): string {
  const wanted = accounts.length === 1 ? [schema, `${schema}-${id}`] : [`${schema}-${id}`];
  const own = [...known].flatMap(([name, accountId]) => (accountId === id ? [name] : []));
  const fit = wanted.find((name) => own.includes(name)) ?? own[0];
  return fit ?? wanted.find((name) => !known.has(name)) ?? wanted[0]!;
}

/** Breaks between a source and itself; those of statements are not the desk's. */
export function sourceBreaks(file: BookFile, account: Account) {
  const { breaks, counts } = knownBreaks(file, account.account);
  return { breaks: breaks.filter(({ lines }) => lines.some(isSourceLine)), counts };
}

/** An account keeps the notes of one database: another one is another account. */
export function refuseOther(file: BookFile, account: Account, identity: SourceIdentity): void {
  const place = placeOf(identity);
  const last = file.lastOfKind(account.account, 'source');
  if (last === null) return;
  const known = bodyOfSource(last).location;
  if (known === place) return;
  throw new SourceRefused({
    code: 'source-differs',
    message: `account ${account.name} is of ${known}, not of ${place}`,
    where: { field: 'account', value: account.name },
    rule: 'an account of the book keeps the notes of one database',
    hint: 'add --account NAME, or name another book with --book',
  });
}

/** It follows whatever was noted meanwhile; false: somebody else noted the same break. */
export async function noted(
  writer: BookWriter,
  account: string,
  entries: readonly PlanEntry[],
): Promise<boolean> {
  if (entries.length === 0) return true;
  const result = await writer.apply({ account, expectedSequence: null, entries });
  return result.status === 'written';
}

export const tooBusy = (path: string): StoreError =>
  new StoreError(
    'busy',
    `others note what they see in ${path} at the same time`,
    'let one process look after the database',
  );

const noSuchAccount = (id: string, ids: readonly string[]): SourceRefused =>
  new SourceRefused({
    code: 'source-account-unknown',
    message: `the database has no account ${id}`,
    where: { field: '--source-account', value: id },
    rule: 'an account is named by its id in the database',
    hint: ids.length === 0 ? 'it has none' : `it has ${ids.join(', ')}`,
  });

const severalAccounts = (ids: readonly string[]): SourceRefused =>
  new SourceRefused({
    code: 'account-missing',
    message: `the database has ${ids.length} accounts, and --account names one`,
    where: { field: '--account' },
    rule: 'one account of the book is one account of the database',
    hint: `add --source-account ${ids.join(' or ')}, or leave --account out`,
  });

const otherCurrency = (name: string, known: string): SourceRefused =>
  new SourceRefused({
    code: 'account-differs',
    message: `account ${name} is kept in ${known}`,
    where: { field: '--currency' },
    rule: 'the settings of an account never change',
    hint: 'leave --currency out, or add --account NAME for another account',
  });
