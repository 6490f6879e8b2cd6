/** The entries of a stream as an auditor reads them, with what each changed. */
import type { Group } from '../books/group.ts';
import { postingNames } from '../books/postings.ts';
import { type Decimal, isZero, subtract, zero } from '../decimal/decimal.ts';
import { completionOf, conflictOf } from '../journal/amendment-codec.ts';
import { factOf } from '../journal/codec.ts';
import { holdsFact } from '../journal/decode.ts';
import type { EntryRow } from '../model/entry.ts';
import { isCashFact } from '../model/fact.ts';
import { type Instant, instantText } from '../model/instant.ts';
import type { AuditEntry, AuditState, Posting } from '../report/audit-document.ts';
import { factWords } from '../report/fact-words.ts';
import type { Account } from '../store/accounts.ts';
import type { Batch } from '../store/batches.ts';
import type { BookFile } from '../store/book-file.ts';
import { settingsOf } from './account-writer.ts';
import { recordOf } from './performance-record.ts';
import { stopWords } from './policy/standing.ts';
import { breakOf, reversedBy, verdictOfStatement } from './reconcile-entries.ts';
import { remarkWords } from './remarks.ts';
import { replayStore } from './replay-store.ts';
import { sourceWords } from './source/source-entries.ts';
import { writeWords } from './source/write-entries.ts';
import { Stream } from './stream.ts';

/** A place in a stream: an entry, or when entries were recorded. */
export type AuditPlace = { readonly sequence: number } | { readonly recordedAt: Instant };

export interface AuditOptions {
  /** The range is [from, to); null is open. */
  readonly from: AuditPlace | null;
  readonly to: AuditPlace | null;
  /** Kinds of entries; null is all of them. */
  readonly kinds: ReadonlySet<string> | null;
  /** Keeps the newest so many. */
  readonly limit: number;
  readonly postings: boolean;
  readonly onProgress?: (sequence: number) => void;
}

export function auditOf(file: BookFile, account: Account, options: AuditOptions): AuditState {
  return file.read(() => {
    const { sequence, hash } = file.head(account.account);
    const kept: AuditEntry[] = [];
    let found = 0;
    const difference = options.postings ? new Difference(file, account) : null;
    for (const { row, batch } of sealedRows(file, account.account)) {
      options.onProgress?.(row.sequence);
      if (options.to !== null && !isBefore(options.to, row, batch)) break;
      const postings = difference?.after(row) ?? null;
      if (options.from !== null && isBefore(options.from, row, batch)) continue;
      if (options.kinds !== null && !options.kinds.has(row.kind)) continue;
      found += 1;
      kept.push(entryOf(file, row, batch, account, postings));
      if (kept.length >= options.limit * 2) kept.splice(0, kept.length - options.limit);
    }
    const entries = kept.slice(-options.limit);
    return {
      account: account.name,
      mode: account.mode,
      currency: account.currency,
      head: { sequence, hash },
      entries,
      leftOut: found - entries.length,
    };
  });
}

function* sealedRows(file: BookFile, account: number) {
  const batches = file.batches(account);
  try {
    let batch = batches.next().value as Batch | undefined;
    for (const row of file.entries(account)) {
      while (batch !== undefined && batch.lastSequence < row.sequence) {
        batch = batches.next().value as Batch | undefined;
      }
      // An entry that no batch seals is damage, which verify tells.
      if (batch === undefined) return;
      yield { row, batch };
    }
  } finally {
    // A list that is not read to its end holds the book as it was.
    batches.return();
  }
}

const isBefore = (place: AuditPlace, row: EntryRow, batch: Batch): boolean =>
  'sequence' in place ? row.sequence < place.sequence : batch.recordedAt < place.recordedAt;

const entryOf = (
  file: BookFile,
  row: EntryRow,
  batch: Batch,
  account: Account,
  postings: readonly Posting[] | null,
): AuditEntry => ({
  sequence: row.sequence,
  recordedAt: batch.recordedAt,
  effectiveAt: isTimeless(row) ? null : row.effectiveAt,
  kind: row.kind,
  id: row.id,
  what: wordsOf(file, row, account.name),
  reason: reasonOf(row, account.name),
  causedBy: row.causedBy,
  batch: { first: batch.firstSequence, last: batch.lastSequence, hash: batch.hash },
  postings,
});

/** An instrument that is valid from nowhere on has no time. */
const isTimeless = ({ kind, effectiveAt }: EntryRow): boolean =>
  kind === 'instrument' && effectiveAt === 0n;

/** What became of a break, and who said so where a person did. */
function breakWords(file: BookFile, row: EntryRow): string {
  const { id, state, reason, repair, approvedBy, heldBy, hold } = breakOf(row);
  const words = `${id} ${state} ${reason}`;
  if (state === 'PROPOSED') return words + byWords(file, 'proposed', repair?.proposedBy);
  if (state === 'APPROVED') return words + byWords(file, 'approved', approvedBy);
  if (hold !== null) {
    const until = ` until ${instantText(hold.until)}: ${hold.reason}`;
    const word = state === 'ACCEPTED' ? 'accepted' : 'snoozed';
    const of = hold.covers === undefined ? id : hold.covers.of;
    return of === id ? words + until + byWords(file, word, heldBy) : `${words}${until}, as ${of}`;
  }
  const isBack = state === 'OPEN' || state === 'REOPENED';
  return isBack ? words + byWords(file, 'ended', heldBy) : words;
}

const byWords = (file: BookFile, what: string, by: string | undefined): string => {
  const name = by === undefined ? null : file.text(by);
  return name === null ? '' : `, ${what} by ${name}`;
};

const byWho = (name: string | null): string => (name === null ? '' : `, by ${name}`);

/** Its id begins with who stated it; what the check came to is what a reader looks for. */
function statementWords(row: EntryRow): string {
  const [who] = row.id.split(' ');
  const verdict = verdictWords[verdictOfStatement(row)];
  return `${verdict}, by what ${who} stated as of ${instantText(row.effectiveAt)}`;
}

const verdictWords = { true: 'TRUE', break: 'BREAK', 'cannot-say': 'CANNOT SAY' } as const;

export function wordsOf(file: BookFile, row: EntryRow, account: string): string {
  if (holdsFact(row.kind)) return factWords(factOf(row, account));
  switch (row.kind) {
    case 'fill-completed':
      return `completes ${row.causedBy}: ${Object.keys(completionOf(row)).join(', ')}`;
    case 'conflict': {
      const { fields, incoming } = conflictOf(row, account);
      return `contradicts ${row.causedBy} in ${fields.join(', ')}: ${factWords(incoming.fact)}`;
    }
    case 'reversal':
      return `takes back ${row.causedBy}${byWho(reversedBy(file, row))}`;
    case 'statement':
      return statementWords(row);
    case 'performance':
      return `equity ${recordOf(row).totalValue ?? 'not known'}`;
    case 'break':
      return breakWords(file, row);
    case 'source':
      return sourceWords(row);
    case 'source-write':
      return writeWords(row, file);
    case 'policy':
      return stopWords(file, row);
    case 'remark':
      return remarkWords(file, row);
    default:
      return row.id;
  }
}

export function reasonOf(row: EntryRow, account: string): string | null {
  if (row.kind === 'break') return null; // its words hold it
  if (holdsFact(row.kind)) {
    const fact = factOf(row, account);
    return isCashFact(fact) ? fact.reason : null;
  }
  const body: unknown = row.body === null ? null : JSON.parse(row.body);
  const isObject = typeof body === 'object' && body !== null && 'reason' in body;
  return isObject && typeof body.reason === 'string' ? body.reason : null;
}

/** Follows a stream entry by entry and tells what each changed. */
class Difference {
  readonly #stream: Stream;
  readonly #currency: string;
  #values = new Map<string, Decimal>();
  #units = new Map<string, Decimal>();

  constructor(file: BookFile, account: Account) {
    this.#currency = account.currency;
    this.#stream = new Stream(settingsOf(account), 0);
    this.#stream.use(replayStore(file, account));
  }

  after(row: EntryRow): readonly Posting[] {
    this.#stream.replay(row);
    const { groups, all } = this.#stream.settle();
    const { postings } = this.#stream.fold;
    const values = new Map(postingNames.map((name) => [name as string, postings[name]]));
    const units = new Map(all ? [] : this.#units);
    for (const group of groups) this.#count(units, group);
    const changed = [
      ...differences(this.#values, values).map(([ledger, amount]) => ({
        ledger,
        currency: this.#currency,
        amount,
      })),
      ...differences(this.#units, units).map(([currency, amount]) => ({
        ledger: 'units',
        currency,
        amount,
      })),
    ];
    this.#values = values;
    this.#units = units;
    return changed;
  }

  #count(units: Map<string, Decimal>, { key, state }: Group): void {
    const { context } = this.#stream;
    // A leg that is gone from its group holds nothing.
    for (const name of units.keys()) if (name.startsWith(`${key}\n`)) units.set(name, zero);
    for (const { instrument, leg, holding } of state.legs.values()) {
      const words = leg === 'net' ? '' : ` ${leg}`;
      units.set(`${key}\n${context.nameOf(instrument)}${words}`, holding.quantity);
    }
    if (state.coin === null) return;
    const coin = context.nameOf(key.slice('coin:'.length));
    units.set(`${key}\n${coin}`, state.coin.holding.quantity);
  }
}

function differences(
  before: ReadonlyMap<string, Decimal>,
  after: ReadonlyMap<string, Decimal>,
): readonly (readonly [string, Decimal])[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) => {
    const change = subtract(after.get(name) ?? zero, before.get(name) ?? zero);
    return isZero(change) ? [] : [[name.split('\n').at(-1)!, change] as const];
  });
}
