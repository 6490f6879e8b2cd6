/**
 * The accounts of one book while a process writes it. Everything here runs inside a transaction
 * that somebody else begins and ends; when that fails, this object is thrown away and the next
 * one starts from what is on disk.
 */
import { isInUse } from '../books/account-fold.ts';
import { AccountContext } from '../books/context.ts';
import { coinOf, type Group } from '../books/group.ts';
import { foldVersion } from '../books/group-codec.ts';
import type { AccountSettings } from '../books/settings.ts';
import { equals } from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import { draftOf } from '../journal/codec.ts';
import type { EntryDraft } from '../model/entry.ts';
import type {
  AccountedFact,
  AccountFact,
  CurrencyFact,
  Fact,
  InstrumentFact,
  Mark,
} from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import { instrumentFromName } from '../model/instrument.ts';
import { manualVenue } from '../model/parse-reference.ts';
import type { Account } from '../store/accounts.ts';
import type { BookFile } from '../store/book-file.ts';
import { checkOf } from '../store/groups.ts';
import type { Transaction } from '../store/transaction.ts';
import type { Plan, PlanResult } from './book.ts';
import { digestOf, memoryText, openStream, rowOfSnapshot } from './open-stream.ts';
import type { Outcome } from './outcome.ts';
import { accountDiffers, refusalOfFact } from './refusals.ts';
import type { Stream } from './stream.ts';
import { instrumentVersions, streamStoreOf } from './stream-adapter.ts';
import { poolsOf, positionRowsOf } from './touched-rows.ts';

interface OpenAccount {
  /** The account's number in the file. */
  readonly id: number;
  readonly stream: Stream;
  /** Checks of the groups' rows as written, and all of them combined. */
  readonly checks: Map<string, number>;
  digest: number;
  /** The position rows of each group, as written. */
  readonly pools: Map<string, readonly string[]>;
  /** Everything derived must be written anew, because what was there did not match. */
  stale: boolean;
}

const registered: Outcome = { status: 'booked', sequence: 0 };
const absorbed: Outcome = { status: 'duplicate', sequence: 0 };

export class AccountWriter {
  readonly #file: BookFile;
  readonly #markMaxAgeMs: number;
  readonly #open = new Map<string, OpenAccount>();
  #tx: Transaction | null = null;
  #made: string[] = [];

  constructor(file: BookFile, markMaxAgeMs: number) {
    this.#file = file;
    this.#markMaxAgeMs = markMaxAgeMs;
  }

  begin(tx: Transaction): void {
    this.#tx = tx;
    this.#made = [];
    for (const { id, stream } of this.#open.values()) {
      stream.use(streamStoreOf(this.#file, tx, id, stream.settings.venue));
    }
  }

  take(fact: Fact, now: Instant): Outcome {
    switch (fact.kind) {
      case 'mark':
        return this.#takeMark(fact);
      case 'currency':
        return this.#takeCurrency(fact);
      case 'instrument':
        return this.#takeInstrument(fact);
      case 'account':
        return this.#takeAccount(fact, now);
      default:
        return this.#takeAccounted(fact, now);
    }
  }

  #takeAccounted(fact: AccountedFact, now: Instant): Outcome {
    const known = this.#known(fact.account);
    if (known !== null) return known.stream.admit(fact);
    const account = firstAccount(fact);
    // A refused fact must not decide for ever what its account is.
    const refusal = refusalOfFact(fact, new AccountContext(account), (name) =>
      instrumentVersions(this.#file, account.venue, name),
    );
    if (refusal !== null) return { status: 'refused', refusal };
    this.#made.push(fact.account);
    return this.#create(account, now).account.stream.admit(fact);
  }

  /** Accounts made since the last call, for facts that named no known one. */
  takeMade(): readonly string[] {
    const made = this.#made;
    this.#made = [];
    return made;
  }

  /** All entries of a plan; any answer but `written` means that none may be committed. */
  takePlan(plan: Plan): PlanResult {
    const account = this.#known(plan.account);
    const { expectedSequence } = plan;
    const sequence = account?.stream.sequence ?? 0;
    const moved = expectedSequence !== null && sequence !== expectedSequence;
    if (account === null || moved) return { status: 'moved', sequence };
    const outcomes: Outcome[] = [];
    for (const entry of plan.entries) {
      const outcome =
        'fact' in entry ? account.stream.admit(entry.fact) : appended(account.stream, entry.draft);
      if ('draft' in entry && isOvertaken(entry.draft, outcome)) {
        return { status: 'moved', sequence };
      }
      if (outcome.status === 'refused' || outcome.status === 'conflict') {
        return { status: 'refused', outcome };
      }
      if ('text' in entry && entry.text !== undefined) this.#transaction.putText(entry.text);
      outcomes.push(outcome);
    }
    return { status: 'written', outcomes };
  }

  /** Before the commit: folds, rows of everything touched, and the batch's link in the chain. */
  seal(now: Instant): void {
    for (const account of this.#open.values()) {
      if (account.stream.rows.length === 0 && !account.stale) continue;
      this.#sealAccount(account, now);
      account.stream.rows = [];
    }
  }

  #sealAccount(account: OpenAccount, now: Instant): void {
    const { id, stream } = account;
    const tx = this.#transaction;
    const { groups, all } = stream.settle();
    const anew = all || account.stale;
    if (anew) {
      account.checks.clear();
      account.pools.clear();
      account.digest = 0;
      account.stale = false;
    }
    for (const group of anew ? stream.fold.groups() : groups) this.#writeGroup(account, group);
    tx.touchBalance(id, {
      currency: stream.settings.currency,
      total: toText(stream.fold.postings.cash),
      updatedAt: stream.rows.at(-1)?.effectiveAt ?? now,
    });
    tx.putStream(id, {
      sequence: stream.sequence,
      foldVersion,
      digest: account.digest,
      memory: memoryText(stream.memory()),
    });
    if (stream.rows.length > 0) tx.sealBatch(id, now);
  }

  #writeGroup(account: OpenAccount, group: Group): void {
    const { id, stream, checks } = account;
    const tx = this.#transaction;
    const row = rowOfSnapshot(stream.fold.snapshotOf(group.key));
    const check = isInUse(group) ? checkOf(row) : 0;
    account.digest = (account.digest ^ (checks.get(row.pool) ?? 0) ^ check) >>> 0;
    checks.set(row.pool, check);
    const pools = isInUse(group) ? poolsOf(group) : [];
    // A leg is gone when the only fill that opened it was taken back.
    for (const pool of account.pools.get(group.key) ?? [group.key]) {
      if (!pools.includes(pool)) tx.removePosition(id, pool);
    }
    notePools(account.pools, group.key, pools);
    const coin = coinOf(group.key);
    const currency = coin === null ? null : stream.context.nameOf(coin);
    if (!isInUse(group)) {
      tx.removeGroup(id, group.key);
      if (currency !== null) tx.removeBalance(id, currency);
      return;
    }
    tx.putGroup(id, row);
    for (const position of positionRowsOf(group, stream.context)) tx.touchPosition(id, position);
    if (currency === null || group.state.coin === null) return;
    const total = toText(group.state.coin.holding.quantity);
    tx.touchBalance(id, { currency, total, updatedAt: group.last?.time ?? 0n });
  }

  get #transaction(): Transaction {
    if (this.#tx === null) throw new Error('an account is written inside a transaction');
    return this.#tx;
  }

  #known(name: string): OpenAccount | null {
    const open = this.#open.get(name);
    if (open !== undefined) return open;
    const account = this.#file.accountNamed(name);
    return account === null ? null : this.#load(account);
  }

  #load(account: Account): OpenAccount {
    const settings = settingsOf(account);
    const id = account.account;
    const store = streamStoreOf(this.#file, this.#transaction, id, settings.venue);
    const { stream, fromGroups } = openStream(this.#file, id, settings, store, this.#markMaxAgeMs);
    const rows = fromGroups ? this.#file.groups(id) : [];
    const opened: OpenAccount = {
      id,
      stream,
      checks: new Map(rows.map((row) => [row.pool, checkOf(row)])),
      digest: digestOf(rows),
      pools: new Map(),
      stale: !fromGroups && stream.sequence > 0,
    };
    for (const group of stream.fold.groups()) notePools(opened.pools, group.key, poolsOf(group));
    this.#open.set(account.name, opened);
    return opened;
  }

  /** Absorbed when it is known, or a later one of its minute is. */
  #takeMark(mark: Mark): Outcome {
    const known = this.#file.newestMark(mark.instrument, mark.time);
    const isKnown =
      known?.time === mark.time && equals(known.price, mark.price) && known.source === mark.source;
    return !isKnown && this.#transaction.putMark(mark) ? registered : absorbed;
  }

  #takeCurrency(fact: CurrencyFact): Outcome {
    const known = this.#file.currencies().find(({ currency }) => currency === fact.currency);
    if (known?.decimals === fact.decimals) return absorbed;
    this.#transaction.putCurrency(fact);
    return registered;
  }

  #takeInstrument(fact: InstrumentFact): Outcome {
    if (!this.#transaction.putInstrument(fact.instrument)) return absorbed;
    for (const account of this.#file.accounts()) {
      if (account.venue !== fact.instrument.venue) continue;
      const { stream } = this.#known(account.name)!;
      if (stream.context.knows(fact.instrument.name)) stream.admitInstrument(fact.instrument);
    }
    return registered;
  }

  #takeAccount(fact: AccountFact, now: Instant): Outcome {
    const known = this.#known(fact.account);
    if (known === null) return this.#create(fact, now).outcome;
    const refusal = accountDiffers(known.stream.settings, fact);
    return refusal === null ? { status: 'duplicate', sequence: 1 } : { status: 'refused', refusal };
  }

  #create(fact: AccountFact, now: Instant) {
    const { kind: _, account: name, time, ...settings } = fact;
    this.#transaction.addAccount(name, settings);
    const account = this.#known(name)!;
    const sequence = account.stream.append(draftOf(fact, time ?? now, []))!;
    return { account, outcome: { status: 'booked', sequence } satisfies Outcome };
  }
}

/** An account first seen in another fact: the defaults, in the currency that the fact is in. */
const firstAccount = (fact: AccountedFact): AccountFact => ({
  kind: 'account',
  account: fact.account,
  venue: manualVenue,
  currency: currencyOf(fact),
  costMethod: 'average',
  feesInCost: false,
  mode: 'live',
  positionMode: 'net',
  time: null,
});

export const settingsOf = (account: Account): AccountSettings => ({
  account: account.name,
  venue: account.venue,
  currency: account.currency,
  costMethod: account.costMethod,
  feesInCost: account.feesInCost,
  mode: account.mode,
  positionMode: account.positionMode,
});

function currencyOf(fact: AccountedFact): string {
  if ('currency' in fact) return fact.currency;
  if (fact.kind === 'opening') return fact.balances[0]?.currency ?? 'USD';
  const name = 'instrument' in fact ? fact.instrument : null;
  const instrument = name === null ? null : instrumentFromName(manualVenue, name);
  return instrument === null ? 'USD' : instrument.settle;
}

/** A note again is absorbed; a known key that says something else now is a conflict. */
function appended(stream: Stream, draft: EntryDraft): Outcome {
  const booked = stream.append(draft);
  if (booked !== null) return { status: 'booked', sequence: booked };
  const known = stream.entryLike(draft);
  const { sequence } = known;
  const fields = contents.filter((name) => known[name] !== draft[name]);
  return fields.length === 0
    ? { status: 'duplicate', sequence }
    : { status: 'conflict', sequence, fields };
}

/** Somebody else noted the next step of that break, or a look that this one does not follow. */
const isOvertaken = ({ kind }: EntryDraft, { status }: Outcome): boolean =>
  kind === 'break'
    ? status === 'duplicate' || status === 'conflict'
    : status === 'conflict' && (kind === 'statement' || kind === 'source');

/** What an entry says beside its key. */
const contents = ['effectiveAt', 'body', 'currency', 'causedBy'] as const;

/** Most groups have one row under their own name, which needs no note. */
function notePools(pools: Map<string, readonly string[]>, key: string, own: readonly string[]) {
  if (own.length === 1 && own[0] === key) pools.delete(key);
  else pools.set(key, own);
}
