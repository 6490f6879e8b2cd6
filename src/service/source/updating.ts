/**
 * The truth into a source. What is written is decided inside the source's own transaction, on what
 * it says at that moment; what was written is noted in our book, and proved by looking again.
 */
import { toText, toTextOrNull } from '../../decimal/text.ts';
import { ageText } from '../../model/age.ts';
import type { Break } from '../../model/break.ts';
import { type Instant, instantText, millisecondsBetween } from '../../model/instant.ts';
import type { SourceAuditRow, SourceSnapshot } from '../../model/source.ts';
import { isOpen } from '../../reconcile/verdict.ts';
import {
  type SourceUpdateState,
  sourceUpdateDocument,
  type UpdatedAccount,
} from '../../report/source-update-document.ts';
import type { Source, Written } from '../../sources/source.ts';
import { isUnanswered } from '../failure.ts';
import type { BookReader } from '../reading.ts';
import { type Agreed, planHashOf } from './agreed.ts';
import { unnotedWrites } from './catch-up.ts';
import { type Decided, decide } from './deciding.ts';
import type {
  SourceCheck,
  SourceUndo,
  SourceUpdate,
  SourceUpdateRequest,
  SourceUpdateStatus,
} from './desk-port.ts';
import { checked, type DeskContext, ordersFor, unanswered } from './looking.ts';
import { noteLook, unnotedBut } from './noting.ts';
import { type GivenPrices, givenPrices, pricingOf } from './pricing.ts';
import { SourceRefused } from './refused.ts';
import { planWords } from './repaired.ts';
import { placeOf } from './source-entries.ts';

export interface UpdateWish extends SourceUpdateRequest {
  /** False: a performance record alone. */
  readonly total: boolean;
  /** Told once it is in the database, whatever fails behind it. */
  readonly wrote?: (row: SourceAuditRow) => void;
}

interface Decision extends Decided {
  readonly snapshot: SourceSnapshot;
  /** Of its accounts in our book, by their id. */
  readonly names: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
  /** What was agreed to would not be what is written. */
  readonly isStale: boolean;
}

export async function update(context: DeskContext, wish: UpdateWish): Promise<SourceUpdate> {
  const { source, book } = context;
  const seen = await source.snapshot();
  const given = await givenPrices(wish.prices, seen);
  if (wish.dryRun) {
    const rehearse = (reader: BookReader | null) => rehearsed(context, reader, given, wish);
    const decision = (await book.read(rehearse)) ?? (await rehearse(null));
    return updateOf(decision, { status: statusOf(decision, 'would-write') });
  }
  const found = await writtenBefore(context, seen, wish);
  if (found !== null) return foundAgain(context, seen, found, wish);
  await prepareBook(context, seen);
  const { decision, written } = await writeDecided(context, given, wish);
  const { audit, backup } = written;
  if (audit !== null) wish.wrote?.(audit);
  const status = statusOf(decision, 'written');
  await noteWritten(context, written, decision, given, wish).catch((error: unknown) => {
    if (audit !== null) context.options.tell(unnotedWords(audit));
    throw error;
  });
  const again = { record: true, prices: null, given };
  const after = audit === null ? null : await checkedAfter(context, again);
  return updateOf(decision, { status, audit, backup, after });
}

/** A write of this very plan that nobody could note; null: there is none. */
async function writtenBefore(
  { source, book }: DeskContext,
  seen: SourceSnapshot,
  { agreed }: UpdateWish,
): Promise<SourceAuditRow | null> {
  if (agreed === undefined) return null;
  const { before } = await unnotedWrites(source, book, seen);
  const words = planWords(agreed);
  const isIts = ({ action, why }: SourceAuditRow) =>
    action !== 'undo' && why?.includes(words) === true;
  return [...before.values()].flat().find(isIts) ?? null;
}

/** One word of a person is one write: it is noted now, and looked at, and not done again. */
async function foundAgain(
  context: DeskContext,
  snapshot: SourceSnapshot,
  audit: SourceAuditRow,
  { wrote }: UpdateWish,
): Promise<SourceUpdate> {
  wrote?.(audit);
  const names = await context.book.names(snapshot);
  const after = await checked(context, { record: true, prices: null });
  const seen = { snapshot, names, sheets: after.sheets, unknown: [], notes: [] };
  return updateOf({ ...seen, write: null, isStale: false }, { status: 'written', audit, after });
}

const unnotedWords = ({ id }: SourceAuditRow): string =>
  `the database was written, as row ${id} of trueup_audit says; the next command notes it`;

const statusOf = ({ unknown, write }: Decided, done: SourceUpdateStatus): SourceUpdateStatus =>
  unknown.length > 0 ? 'cannot-say' : write === null ? 'nothing' : done;

/** Before anything is written: what nobody could note afterwards is not done. */
async function prepareBook({ book }: DeskContext, snapshot: SourceSnapshot): Promise<void> {
  await book.write(true, async (writer) =>
    book.ensure(writer, (await book.names(snapshot)).values()),
  );
  await book.read(({ file }) => book.refuseOthers(file, snapshot));
}

function decisionOn(
  { book, options }: DeskContext,
  reader: BookReader | null,
  given: GivenPrices | null,
  { total, record, why, agreed }: UpdateWish,
): (snapshot: SourceSnapshot) => Decision {
  const prices = given !== null && total;
  const wish = { at: options.clock.now(), total, record, prices, why: why ?? null };
  return (snapshot) => {
    const names = book.namesOf(reader?.file ?? null, snapshot);
    const [name = ''] = names.values();
    const currency = book.currencyOf(reader?.file ?? null, name);
    const { pricing, notes } = pricingOf(snapshot, given, reader, { ...options, currency });
    const decided = decide(snapshot, pricing, { ...wish, accounts: names });
    const isStale = agreed !== undefined && !isStill(agreed, decided, snapshot);
    const write = isStale ? null : named(decided.write, agreed);
    return { ...decided, write, snapshot, names, notes, isStale };
  };
}

/** The database's own log says which break and plan it was: who dies after it is known by that. */
const named = (write: Decided['write'], agreed: Agreed | undefined): Decided['write'] =>
  write === null || agreed === undefined
    ? write
    : { ...write, why: `${write.why}; ${planWords(agreed)}` };

/** On exactly this a person agreed: one account, what is stored there, and what it becomes. */
function isStill(
  { plan, ...rewrite }: Agreed,
  { sheets }: Decided,
  { identity }: SourceSnapshot,
): boolean {
  const [only, ...more] = sheets;
  if (only === undefined || more.length > 0) return false;
  return planHashOf(only, { ...rewrite, place: placeOf(identity) }) === plan;
}

/** It is written, whoever answers now: what came of it is then not known yet. */
async function checkedAfter(
  context: DeskContext,
  request: Parameters<typeof checked>[1],
): Promise<SourceCheck> {
  try {
    return await checked(context, request);
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    return unanswered(context.options, error, request);
  }
}

/** What the write would be refused for is refused. */
async function rehearsed(
  context: DeskContext,
  reader: BookReader | null,
  given: GivenPrices | null,
  wish: UpdateWish,
): Promise<Decision> {
  const decisionFor = decisionOn(context, reader, given, wish);
  let decision: Decision | null = null;
  await context.source.rehearse((snapshot) => {
    decision = decisionFor(snapshot);
    return decision.write;
  });
  return decision!;
}

async function writeDecided(
  context: DeskContext,
  given: GivenPrices | null,
  wish: UpdateWish,
): Promise<{ readonly decision: Decision; readonly written: Written }> {
  const done = await context.book.read(async (reader) => {
    const decisionFor = decisionOn(context, reader, given, wish);
    let decision: Decision | null = null;
    const written = await context.source.write((snapshot) => {
      decision = decisionFor(snapshot);
      return decision.write;
    });
    return { decision: decision!, written };
  });
  return done!;
}

/** What the decision was made on, and what was written onto it, in one note. */
async function noteWritten(
  context: DeskContext,
  { snapshot, audit, backup }: Written,
  { sheets }: Decided,
  given: GivenPrices | null,
  { actor, agreed }: UpdateWish,
): Promise<void> {
  const { source, book, look } = context;
  const orders = await ordersFor(context, snapshot, sheets);
  const earlier = await unnotedWrites(source, book, snapshot);
  const unnoted = {
    ...(audit === null ? earlier : unnotedBut(earlier, audit)),
    ...{ circumstances: { backup, statements: null }, actor },
    ...(agreed === undefined ? {} : { agreed }),
  };
  const one = { snapshot, given, orders };
  await book.write(false, (writer) => noteLook(book, writer, one, look, unnoted));
}

interface Shown {
  readonly status: SourceUpdateStatus;
  readonly audit?: SourceAuditRow | null;
  readonly backup?: string | null;
  readonly after?: SourceCheck | null;
}

function updateOf(
  decision: Decision,
  { status, audit = null, backup = null, after = null }: Shown,
): SourceUpdate {
  const exitCode = exitCodeOf(status, after);
  const { write, sheets, unknown, snapshot } = decision;
  const { identity } = snapshot;
  const document = sourceUpdateDocument({
    ...{ status, exitCode, identity, audit, backup, unknown },
    at: write?.at ?? snapshot.takenAt,
    accounts: accountsOf(decision),
    prices: pricesWritten(decision),
    notes: [...decision.notes, ...notesOf(snapshot), ...recordNotes(decision)],
    ...{ verdict: after?.verdict ?? null, left: leftOf(after) },
    undo: audit === null ? null : undoCommand(audit, identity.location),
  });
  const { isStale } = decision;
  return { status, document, exitCode, before: sheets, after, audit, backup, isStale };
}

/** Written is not yet right: a bot may have moved on, or the database answers otherwise. */
function exitCodeOf(status: SourceUpdateStatus, after: SourceCheck | null): 0 | 3 | 5 {
  if (status === 'cannot-say' || after?.snapshot === null) return 5;
  const matches = (after?.sheets ?? []).map(({ match }) => match);
  if (matches.includes('different')) return 3;
  return matches.includes('unknown') ? 5 : 0;
}

const leftOf = (after: SourceCheck | null): readonly Break[] =>
  (after?.checked?.accounts ?? []).flatMap(({ reconciled }) => reconciled.breaks.filter(isOpen));

const undoCommand = ({ id }: SourceAuditRow, location: string): string =>
  `trueup update --undo ${id} --source ${location}`;

function accountsOf({ sheets, write, names }: Decision) {
  return sheets.map((sheet): UpdatedAccount => {
    const isOwn = (one: { readonly accountId: string }) => one.accountId === sheet.accountId;
    return {
      ...{ account: names.get(sheet.accountId)!, sheet },
      total: write?.totals.some(isOwn) ?? false,
      record: write?.performance.some(isOwn) ?? false,
    };
  });
}

function pricesWritten({ snapshot, write }: Decision): SourceUpdateState['prices'] {
  return (write?.prices ?? []).map(({ accountId, symbol, price }) => {
    const owners = snapshot.accounts.filter(({ id }) => accountId === null || id === accountId);
    const own = owners.flatMap(({ positions }) => positions).find((one) => one.symbol === symbol);
    return { symbol, before: toTextOrNull(own?.price ?? null), after: toText(price) };
  });
}

const notesOf = ({ totalStorage, keepsPrices, identity }: SourceSnapshot): readonly string[] => [
  ...(totalStorage === null
    ? [`there is no stored total (${identity.generation}): nothing of it can be out of date`]
    : []),
  ...(keepsPrices ? [] : ['the positions keep no price: given ones value them and are not stored']),
];

const dayMs = 86_400_000;

/** A record is of now: that the prices it stands on are of another day is said beside it. */
function recordNotes({ sheets, write, snapshot }: Decision): readonly string[] {
  if (write === null || write.performance.length === 0) return [];
  const times = sheets.flatMap(({ rows }) => rows.flatMap(({ priceAt }) => priceAt ?? []));
  const youngest = times.reduce<Instant | null>((a, b) => (a === null || b > a ? b : a), null);
  const age = youngest === null ? 0 : millisecondsBetween(youngest, snapshot.takenAt);
  if (youngest === null || age <= dayMs) return [];
  return [`the record stands on prices of ${instantText(youngest)}, ${ageText(age)} old`];
}

/** What a guard keeps is put back by it at once: an undo would be one in name only. */
async function refuseGuarded(
  source: Source,
  { guard, lastWrite, identity }: SourceSnapshot,
  auditId: number | null,
): Promise<void> {
  if (guard.state === 'absent') return;
  const [named] = auditId === null ? [lastWrite] : await source.audit(auditId - 1, 1);
  const isKept = named?.changes.some(({ role }) => role !== 'record') === true;
  if (named == null || !isKept || (auditId !== null && named.id !== auditId)) return;
  throw new SourceRefused({
    code: 'guard-installed',
    message: `row ${named.id} was not taken back: the guard would write the total back at once`,
    where: { field: '--undo', value: String(named.id) },
    rule: 'while a guard keeps the total, the total is cash and positions',
    hint: `remove it first: trueup guard remove --source ${identity.location}`,
  });
}

export async function undo(
  context: DeskContext,
  { auditId, actor }: { readonly auditId: number | null; readonly actor: string | null },
): Promise<SourceUndo> {
  const { source, book, options } = context;
  const seen = await source.snapshot();
  await refuseGuarded(source, seen, auditId);
  await prepareBook(context, seen);
  const why = actor === null ? 'it was asked for' : `${actor} asked for it`;
  const audit = await source.undo(auditId, why, options.clock.now());
  const after = await checked(context, { record: true, prices: null });
  const names = await book.names(seen);
  const document = sourceUpdateDocument({
    ...{ status: 'undone', exitCode: 0, identity: source.identity, at: audit.at, audit },
    accounts: after.sheets.map((sheet) => ({
      ...{ account: names.get(sheet.accountId)!, sheet, total: false, record: false },
    })),
    ...{ prices: [], backup: null, unknown: [], notes: [] },
    ...{ verdict: after.verdict, left: leftOf(after), undo: null },
  });
  return { audit, document, after };
}
