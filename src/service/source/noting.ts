/** One look at a source, compared, and noted in our book with what was written meanwhile. */
import type { Break } from '../../model/break.ts';
import type { Instant } from '../../model/instant.ts';
import type { SourceAuditRow, SourceIdentity, SourceSnapshot } from '../../model/source.ts';
import {
  checkSource,
  type SourceAccountChecked,
  type SourceChecked,
} from '../../reconcile/source/check-source.ts';
import type { OrderHistory } from '../../reconcile/source/orders.ts';
import type { BookFile } from '../../store/book-file.ts';
import type { BookWriter, PlanEntry } from '../book.ts';
import type { BookReader } from '../reading.ts';
import { draftsOfBreaks, factSequence } from '../reconcile-entries.ts';
import type { WaitingClock } from '../system-clock.ts';
import type { Decided } from './agreed.ts';
import { type GivenPrices, pricingOf } from './pricing.ts';
import { afterSteps, stepsOfFound, stepsOfWrites } from './repaired.ts';
import { noted, refuseOther, type SourceBook, sourceBreaks, tooBusy } from './source-book.ts';
import { draftOfSource, type LogRead, lastLook, nothingRead, placeOf } from './source-entries.ts';
import { concerns, entryOfWrite, isNoted, type WriteCircumstances } from './write-entries.ts';

export interface LookOptions {
  readonly clock: WaitingClock;
  readonly markMaxAgeMs: number;
  readonly markMaxAgeGiven: boolean;
  readonly agesFromNow?: boolean;
  /** Null: records are not judged by age. */
  readonly performanceMaxAgeMs: number | null;
  readonly strict: boolean;
}

export interface Look {
  readonly snapshot: SourceSnapshot;
  readonly given: GivenPrices | null;
  /** Null: not read. */
  readonly orders: OrderHistory | null;
}

/** Rows of the source's log that the journal does not hold yet. */
export interface Unnoted {
  /** Written before the look, by the name of the account that does not know them. */
  readonly before: ReadonlyMap<string, readonly SourceAuditRow[]>;
  /** Written onto what the look saw. */
  readonly after: readonly SourceAuditRow[];
  /** How far each account has read the log with them. */
  readonly log: ReadonlyMap<string, LogRead>;
  /** Of the last of them. */
  readonly circumstances: WriteCircumstances;
  /** Who asked for them; null: nobody at a keyboard. */
  readonly actor: string | null;
  /** The plan that they carried out; absent: none was agreed to. */
  readonly agreed?: { readonly breakId: string; readonly plan: string };
  /** What a person decides on the look; absent: nothing. */
  readonly decided?: Decided;
}

const unknownCircumstances: WriteCircumstances = { backup: null, statements: null };

export const nothingUnnoted: Unnoted = {
  ...{ before: new Map(), after: [], log: new Map(), actor: null },
  circumstances: unknownCircumstances,
};

/** The same, but that this row was written onto what the look saw. */
export const unnotedBut = (unnoted: Unnoted, row: SourceAuditRow): Unnoted => ({
  ...unnoted,
  before: new Map(
    Array.from(unnoted.before, ([name, rows]) => [name, rows.filter(({ id }) => id !== row.id)]),
  ),
  after: [row],
});

export interface Looked {
  readonly checked: SourceChecked;
  /** What should be known of the prices that were given. */
  readonly notes: readonly string[];
  readonly currency: string;
  /** By the name of the account. */
  readonly notable: ReadonlyMap<string, Notable>;
}

/** What is to be noted of an account, and what the book says of it. */
interface Notable {
  readonly entries: readonly PlanEntry[];
  /** The book's head; 0 where there is none. */
  readonly sequence: number;
  /** Since when every check said true; null: it does not. */
  readonly trueSince: Instant | null;
}

/** `reader`: null where there is no book. */
export function lookAt(
  book: SourceBook,
  reader: BookReader | null,
  { snapshot, given, orders }: Look,
  options: LookOptions,
  unnoted: Unnoted = nothingUnnoted,
): Looked {
  const file = reader?.file ?? null;
  const names = book.namesOf(file, snapshot);
  const [first = ''] = names.values();
  const currency = book.currencyOf(file, first);
  const { pricing, notes } = pricingOf(snapshot, given, reader, { ...options, currency });
  const now = options.clock.now();
  const kept = [...names].map(([id, name]) => {
    const own = ownOf(file, { id, name }, snapshot.identity, unnoted);
    return keptOf(file, { id, name }, snapshot, own, now);
  });
  const all = checkSource({
    ...{ snapshot, pricing, orders, now },
    performanceMaxAgeMs: options.performanceMaxAgeMs,
    known: kept.flatMap(({ breaks }) => breaks),
    nameOf: (id) => names.get(id) ?? `${snapshot.identity.schema}-${id}`,
    sequenceOf: (name) => kept.find((one) => one.name === name)?.sequence ?? 0,
    strict: options.strict,
  });
  const checked = { ...all, accounts: all.accounts.filter(({ account }) => names.has(account.id)) };
  const notable = new Map(
    checked.accounts.map((one) => {
      const own = kept.find(({ name }) => name === one.name)!;
      return [one.name, notableOf(file, one, own, checked)] as const;
    }),
  );
  return { checked, notes, currency, notable };
}

/** Of what is not noted, an account's part of it, as far as nobody else noted it meanwhile. */
interface Own extends Pick<Unnoted, 'circumstances' | 'actor' | 'agreed' | 'decided'> {
  readonly before: readonly SourceAuditRow[];
  readonly after: readonly SourceAuditRow[];
  /** Null: nothing is known but what the journal says. */
  readonly log: LogRead | null;
  /** What was written onto the look is noted already: others have looked at what came of it. */
  readonly isPast: boolean;
}

function ownOf(
  file: BookFile | null,
  { id, name }: { readonly id: string; readonly name: string },
  identity: SourceIdentity,
  { before, after, log, ...rest }: Unnoted,
): Own {
  const account = file?.accountNamed(name) ?? null;
  const place = placeOf(identity);
  const isNew = (row: SourceAuditRow) =>
    file === null || account === null || !isNoted(file, account.account, place, row);
  const concerned = after.filter((row) => concerns(row, id));
  const fresh = concerned.filter(isNew);
  return {
    ...{ ...rest, before: (before.get(name) ?? []).filter(isNew), after: fresh },
    log: log.get(name) ?? null,
    isPast: concerned.length > fresh.length,
  };
}

interface Kept {
  readonly name: string;
  readonly own: Own;
  readonly sequence: number;
  /** As the writes before the look left them. */
  readonly breaks: readonly Break[];
  readonly steps: readonly Break[];
  readonly counts: ReadonlyMap<string, number>;
}

/** Notes of another database are none of this one's. */
function keptOf(
  file: BookFile | null,
  { id: accountId, name }: { readonly id: string; readonly name: string },
  { identity }: SourceSnapshot,
  own: Own,
  now: Instant,
): Kept {
  const account = file?.accountNamed(name) ?? null;
  if (file === null || account === null) {
    return { name, own, sequence: 0, breaks: [], steps: [], counts: new Map() };
  }
  refuseOther(file, account, identity);
  const { breaks, counts } = sourceBreaks(file, account);
  const { before, actor } = own;
  const steps = stepsOfFound(breaks, before, { at: now, accountId, actor });
  const sequence = factSequence(file, account.account);
  return { name, own, sequence, breaks: afterSteps(breaks, steps), steps, counts };
}

function notableOf(
  file: BookFile | null,
  one: SourceAccountChecked,
  { own, steps, counts }: Kept,
  { snapshot, now }: SourceChecked,
): Notable {
  const account = file?.accountNamed(one.name) ?? null;
  const last = file === null || account === null ? null : lastLook(file, account.account);
  const { reconciled, sheet } = one;
  const { verdict, breaks, changes } = reconciled;
  const { accountId } = sheet;
  const { before, after, circumstances, actor, agreed, decided } = own;
  const place = placeOf(snapshot.identity);
  const log = own.log ?? last?.body.log ?? nothingRead;
  const trueSince = trueSinceOf(one, last?.body ?? null, now);
  const walked = stepsOfWrites(breaks, after, { at: now, accountId, actor, agreed });
  const taken = [...steps, ...changes.map((change) => change.break), ...walked];
  const proposed = decided?.steps(one, now) ?? [];
  const lastRow = [...before, ...after].at(-1);
  const written = (row: SourceAuditRow) =>
    entryOfWrite(place, row, row === lastRow ? circumstances : unknownCircumstances);
  const entries = [
    ...before.map(written),
    { draft: draftOfSource({ snapshot, sheet, verdict, trueSince, log }, last) },
    ...draftsOfBreaks([...taken, ...proposed], now, counts).map((draft, index) =>
      named(draft, index < taken.length ? actor : decided!.by),
    ),
    ...after.map(written),
  ];
  const sequence = account === null ? 0 : file!.head(account.account).sequence;
  return { entries: own.isPast ? [] : entries, sequence, trueSince };
}

/** The name of who approved lies outside the chain, by its hash. */
const named = (draft: Extract<PlanEntry, { draft: object }>['draft'], actor: string | null) =>
  actor === null ? { draft } : { draft, text: actor };

/** No earlier than the last change of a break. */
function trueSinceOf(
  { reconciled: { verdict, breaks } }: SourceAccountChecked,
  last: { readonly trueSince: string | null } | null,
  now: Instant,
): Instant | null {
  if (verdict !== 'true') return null;
  const since = last?.trueSince == null ? now : BigInt(last.trueSince);
  return breaks.reduce((latest, one) => (one.changedAt > latest ? one.changedAt : latest), since);
}

/** How often a note is tried again when somebody else noted the same breaks meanwhile. */
const noteTries = 5;

/** Looks with what is known now, and notes it; the look that was noted. */
export async function noteLook(
  book: SourceBook,
  writer: BookWriter,
  look: Look,
  options: LookOptions,
  unnoted: Unnoted,
): Promise<Looked> {
  for (let tries = 0; tries < noteTries; tries += 1) {
    const looked = (await book.read((reader) => lookAt(book, reader, look, options, unnoted)))!;
    if (await allNoted(writer, looked)) return looked;
  }
  throw tooBusy(writer.path);
}

async function allNoted(writer: BookWriter, { notable }: Looked): Promise<boolean> {
  for (const [account, { entries }] of notable) {
    if (!(await noted(writer, account, entries))) return false;
  }
  return true;
}
