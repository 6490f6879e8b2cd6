/** Our journal about a bot's rows: what they said when somebody looked, and what was written. */
import { toTextOrNull } from '../../decimal/text.ts';
import { sha256 } from '../../journal/digest.ts';
import type { Break } from '../../model/break.ts';
import type { EntryDraft, EntryRow } from '../../model/entry.ts';
import { type Instant, instantText, instantTextOrNull } from '../../model/instant.ts';
import type { SourceAuditRow } from '../../model/source.ts';
import { checkPositions, isRowLine } from '../../reconcile/positions/check-positions.ts';
import { isOwnRow } from '../../reconcile/positions/rows.ts';
import type { BookFile } from '../../store/book-file.ts';
import type { BookWriter, PlanEntry } from '../book.ts';
import type { BookReader } from '../reading.ts';
import { draft, draftsOfBreaks, idAfter, knownBreaks } from '../reconcile-entries.ts';
import { abandoned } from '../syncing.ts';
import { taggedText } from '../tagged-json.ts';
import { unnotedOf } from './catch-up.ts';
import type { Unnoted } from './noting.ts';
import { lookAgain, type RowsGround, type RowsLook } from './positions-look.ts';
import { repairedBy } from './positions-repaired.ts';
import { afterSteps } from './repaired.ts';
import { noted, refuseOther, tooBusy } from './source-book.ts';
import { bodyOfSource, nothingRead, placeOf, type SourceBody } from './source-entries.ts';
import { entryOfWrite, isNoted, type WriteCircumstances } from './write-entries.ts';

/** More rows are told by their number and digest alone. */
const rowsKept = 200;

/** How often a note is tried again when somebody else noted the same breaks meanwhile. */
const noteTries = 5;

/** What was written onto the look, by whom, and what breaks went through with it. */
export interface Written {
  readonly audit: SourceAuditRow;
  readonly circumstances: WriteCircumstances;
  readonly actor: string | null;
  readonly steps: readonly Break[];
}

/** What is decided on the look before anything is written, and by whom. */
export interface Decided {
  readonly steps: (look: RowsLook) => readonly Break[];
  readonly actor: string | null;
}

/**
 * A write that did not come about: what the policy approved for it is withdrawn at once. Where that
 * fails, too, the next look does it.
 */
export async function orWithdrawn<Done extends { readonly audit: SourceAuditRow | null }>(
  ground: RowsGround,
  writer: BookWriter,
  look: RowsLook,
  write: () => Promise<Done>,
): Promise<Done> {
  const withdraw = () => noteRows(ground, writer, lookAgain(ground, look));
  const done = await write().catch(async (error: unknown) => {
    await withdraw().catch(() => null);
    throw error;
  });
  if (done.audit === null) await withdraw();
  return done;
}

const nothingDecided: Decided = { steps: () => [], actor: null };

/** Notes the look; the look as it was noted, with the breaks that were known by then. */
export async function noteRows(
  ground: RowsGround,
  writer: BookWriter,
  look: RowsLook,
  decided: Decided = nothingDecided,
  written: Written | null = null,
): Promise<RowsLook> {
  const { source, reader } = ground;
  const { account } = look.compared;
  refuseOther(reader.file, account, source.identity);
  const names = new Map([[account.name, account.name]]);
  const unnoted = await unnotedOf(source, readable(reader), names);
  let now = look;
  for (let tries = 0; tries < noteTries; tries += 1) {
    const { look: seen, entries } = reader.file.read(() =>
      notable(reader.file, now, unnoted, decided, written),
    );
    if (await noted(writer, account.name, entries)) return seen;
    now = lookAgain(ground, look);
  }
  throw tooBusy(writer.path);
}

const readable = (reader: BookReader) => ({
  read: async <T>(work: (one: BookReader) => T | Promise<T>): Promise<T | null> => work(reader),
});

/** The entries of a look, and the look with the breaks as what was not noted left them. */
function notable(
  file: BookFile,
  before: RowsLook,
  unnoted: Unnoted,
  decided: Decided,
  written: Written | null,
): { readonly look: RowsLook; readonly entries: readonly PlanEntry[] } {
  const { account, name } = before.compared.account;
  const place = placeOf(before.snapshot.identity);
  const { counts } = knownBreaks(file, account);
  const isNew = (row: SourceAuditRow) => !isNoted(file, account, place, row);
  const found = (unnoted.before.get(name) ?? []).filter(
    (row) => row.id !== written?.audit.id && isNew(row) && isOfLook(file, before, row),
  );
  const carried = repairedBy(before.input, found);
  // What was approved by no person, and not written, was for a run that has ended; not so for ours.
  const left = written === null ? abandonedIn(afterSteps(before.input.known, carried), before) : [];
  const caughtUp = [...carried, ...left];
  const look = caughtUp.length === 0 ? before : withSteps(before, caughtUp);
  const { input, checked } = look;
  const unknown: WriteCircumstances = { backup: null, statements: null };
  // What was written was written onto a look that is on record.
  const changes = written === null ? checked.reconciled.changes : [];
  const ofLook = [...caughtUp, ...changes.map((one) => one.break)];
  const all = [...ofLook, ...decided.steps(look), ...(written?.steps ?? [])];
  const log = unnoted.log.get(name) ?? nothingRead;
  const last = file.lastOfKind(account, 'source');
  const { actor } = written ?? decided;
  const entries = [
    ...found.map((row) => entryOfWrite(place, row, unknown)),
    { draft: draftOfRows(look, log, last, trueSinceOf(look, last)) },
    ...draftsOfBreaks(all, input.now, counts).map((one, index) =>
      named(one, index < ofLook.length ? null : actor),
    ),
    ...(written === null || !isNew(written.audit)
      ? []
      : [entryOfWrite(place, written.audit, written.circumstances)]),
  ];
  return { look, entries };
}

const abandonedIn = (known: readonly Break[], { input }: RowsLook): readonly Break[] =>
  known.flatMap((one) => (isRowLine(one.lines[0]!) ? (abandoned(one, input.now) ?? []) : []));

/** Of several accounts a write is of the one whose rows it changed; else of who notes it first. */
function isOfLook(file: BookFile, { input, snapshot }: RowsLook, row: SourceAuditRow): boolean {
  const accounts = file.accounts();
  if (accounts.length === 1) return true;
  const keys = new Set(row.changes.flatMap(({ role, key }) => (role === 'position' ? key : [])));
  const rows = [...snapshot.positions, ...snapshot.written].filter(({ id }) => keys.has(id));
  if (rows.length > 0) return rows.some((one) => isOwnRow(input, one));
  const place = placeOf(snapshot.identity);
  return !accounts.some(({ account }) => isNoted(file, account, place, row));
}

function withSteps(look: RowsLook, steps: readonly Break[]): RowsLook {
  const input = { ...look.input, known: afterSteps(look.input.known, steps) };
  return { ...look, input, checked: checkPositions(input) };
}

const named = (one: EntryDraft, actor: string | null): PlanEntry =>
  actor === null ? { draft: one } : { draft: one, text: actor };

/** No earlier than the last change of a break of these rows. */
function trueSinceOf({ checked, input }: RowsLook, last: EntryRow | null): Instant | null {
  const { verdict, breaks } = checked.reconciled;
  if (verdict !== 'true') return null;
  const known = last === null ? null : bodyOfSource(last).trueSince;
  const since = known === null ? input.now : BigInt(known);
  return breaks.reduce((latest, one) => (one.changedAt > latest ? one.changedAt : latest), since);
}

/** What a person may want to see of it later. Stamps and prices that move all the time are not. */
function saidIn({ snapshot, input, checked }: RowsLook) {
  const { identity, zone, positions, keeps, faults, counts } = snapshot;
  const rows = positions.map((row) => [
    ...[row.id, row.symbol, row.exchange, row.direction, toTextOrNull(row.quantity)],
    ...[toTextOrNull(row.entryPrice), row.statusText, instantTextOrNull(row.openedAt)],
  ]);
  return {
    ...{ schema: identity.schema, generation: identity.generation, zone },
    ...{ against: input.truth.party, counts, found: checked.counts, faults },
    keeps: { ...keeps, columns: [...keeps.columns] },
    rows: {
      count: rows.length,
      digest: sha256(JSON.stringify(rows)),
      kept: rows.slice(0, rowsKept),
    },
  };
}

/** The same content at the same time with the same verdict is one entry. */
function draftOfRows(
  look: RowsLook,
  log: SourceBody['log'],
  last: EntryRow | null,
  trueSince: Instant | null,
): EntryDraft {
  const { snapshot, compared, checked } = look;
  const { takenAt, identity } = snapshot;
  const { verdict } = checked.reconciled;
  const said = taggedText(saidIn(look));
  const [location, digest] = [placeOf(identity), sha256(said)];
  const name = [location, instantText(takenAt), verdict, `#${log.to}`, digest].join(' ');
  const id = idAfter(name, last);
  if (last?.id === id) return draft('source', id, takenAt, { body: last.body });
  const known = last === null ? null : bodyOfSource(last);
  const sameAs = known?.digest === digest ? (known.sameAs ?? last!.sequence) : null;
  const body: SourceBody = {
    ...{ digest, location, accountId: compared.account.name, verdict, log, keeps: 'positions' },
    trueSince: trueSince === null ? null : String(trueSince),
    ...{ said: sameAs === null ? said : null, sameAs },
  };
  return draft('source', id, takenAt, { body: JSON.stringify(body) });
}
