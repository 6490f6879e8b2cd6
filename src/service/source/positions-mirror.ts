/**
 * A bot's rows that follow the book while it listens: after each fill the row gets what is left,
 * and once the position is flat it is closed with the real exit price, fees and realised PnL. What
 * the executions in the book do not prove, and a row that may know more than the book, is told and
 * left to `check` and `sync`; no row is added: the bot is about to write its own.
 */
import { type Line, lineId } from '../../model/break.ts';
import { addMilliseconds, type Instant, millisecondsBetween } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { PositionSnapshot } from '../../model/position-source.ts';
import { checkPositions } from '../../reconcile/positions/check-positions.ts';
import type { BreakRepair } from '../../reconcile/repair.ts';
import { isOpen } from '../../reconcile/verdict.ts';
import type { BookWriter } from '../book.ts';
import type { Log } from '../log.ts';
import { automaticOf } from '../policy/standing.ts';
import { factSequence, knownBreaks } from '../reconcile-entries.ts';
import type { Compared } from '../reconciling.ts';
import { coalesced } from './balance.ts';
import { AddedRows } from './positions-added.ts';
import { AgreedRows } from './positions-agreed.ts';
import { KnownInstruments } from './positions-instruments.ts';
import { accountsOfRows, olderOrdersOf, type RowsGround, type RowsLook } from './positions-look.ts';
import { noteRows, orWithdrawn } from './positions-notes.ts';
import { carriedOutIn, decidedIn } from './positions-sync.ts';
import { followedTruth } from './positions-truth.ts';
import { type WaitingRepair, waitingIn } from './positions-waiting.ts';
import { syncedLines } from './positions-words.ts';

export interface MirrorParts {
  readonly ground: RowsGround;
  /** Of the account in our book that is listened to. */
  readonly account: string;
  readonly log: Log;
  /** False: rows are looked at, what differs is on record, and none is written. Absent: true. */
  readonly follows?: boolean;
  /** Writes to our book, by way of whoever holds it. */
  readonly writing: <T>(work: (writer: BookWriter) => Promise<T>) => Promise<T>;
}

export interface Mirror {
  /** After something was booked; calls that come while one is carried out share the next. */
  follow(): void;
  /** Once, now; the number of rows that were written. */
  once(): Promise<number>;
  /** What the newest round left to a person; null: there was none yet. */
  waiting(): readonly WaitingRepair[] | null;
  /** What was asked for is done. */
  idle(): Promise<void>;
}

export function mirror(parts: MirrorParts): Mirror {
  const { log, account } = parts;
  const memory: Memory = {
    ...{ agreed: new AgreedRows(), added: new AddedRows(), left: new Set(), waiting: null },
    differing: new Map(),
    known: new KnownInstruments(),
  };
  const share = coalesced(() => mirrored(parts, memory));
  let last: Promise<unknown> = Promise.resolve();
  return {
    follow() {
      // A database that does not answer stops nobody from listening: the next fill tries again.
      last = share().catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        log.warn({ event: 'mirror.failed', account, msg: `Rows do not follow: ${why}` });
      });
    },
    once: share,
    waiting: () => memory.waiting,
    idle: async () => void (await last),
  };
}

/** What a listener knows of the rounds before. */
interface Memory {
  readonly agreed: AgreedRows;
  readonly added: AddedRows;
  /** What was told to be left, until it is left no more. */
  readonly left: Set<string>;
  /** Since when what is left differs, by its line. */
  readonly differing: Map<string, Instant>;
  waiting: readonly WaitingRepair[] | null;
  readonly known: KnownInstruments;
}

async function mirrored(parts: MirrorParts, memory: Memory): Promise<number> {
  const { ground, account: name, log, writing } = parts;
  const { agreed } = memory;
  const { source, reader } = ground;
  const account = reader.file.accountNamed(name);
  if (account === null) return 0;
  const look = await followedLook(ground, { account, source: null }, memory);
  const following = parts.follows === false ? [] : followingOf(look, agreed);
  agreed.note(look);
  memory.waiting = waitingIn(look);
  tellLeft(look, following, parts, memory);
  if (following.length === 0) {
    if (isTold(look, memory)) await writing((writer) => noteRows(ground, writer, look));
    return 0;
  }
  return writing(async (writer) => {
    const decided = (one: RowsLook) => decidedIn(one, followingOf(one, agreed));
    const noted = await noteRows(ground, writer, look, { steps: decided, actor: null });
    const { plan } = noted.checked.reconciled;
    const own = followingOf(noted, agreed);
    const decide = (now: PositionSnapshot) => {
      const again = checkPositions({ ...noted.input, snapshot: now }).reconciled.plan;
      // Other rows than those that were looked at: the next fill, or the next look, sees to them.
      return again.hash === plan.hash ? writeOf(noted, own) : null;
    };
    const { audit, snapshot, backup } = await orWithdrawn(ground, writer, noted, () =>
      source.write(decide),
    );
    if (audit === null) return 0;
    const circumstances = { backup, statements: null };
    const written = { audit, circumstances, actor: null, steps: carriedOutIn(noted, own) };
    await noteRows(ground, writer, { ...noted, snapshot }, undefined, written);
    const seen = await followedLook(ground, noted.compared, memory);
    const after = await noteRows(ground, writer, seen);
    agreed.note(after);
    memory.waiting = waitingIn(after);
    const done = own.map((repair) => ({
      ...{ repair, audit: audit.id },
      after: after.checked.reconciled.breaks.find(({ id }) => id === repair.breakId) ?? null,
    }));
    for (const line of syncedLines(noted, done)) log.info(line);
    return own.length;
  });
}

/** A bot that writes ahead of the book is right a moment later: what is younger is not noted. */
const settleMs = 60_000;

/**
 * Whether a break of these rows is to be opened or goes on: what does not follow is a break like
 * any other, and who reads the book is told of it.
 */
function isTold({ checked, input }: RowsLook, { differing }: Memory): boolean {
  const { breaks, changes } = checked.reconciled;
  const now = new Map(
    breaks.filter(isOpen).map(({ lines }) => {
      const name = lineId(lines[0]!);
      return [name, differing.get(name) ?? input.now];
    }),
  );
  differing.clear();
  for (const [name, since] of now) differing.set(name, since);
  return changes.some(({ from, to, break: { lines } }) => {
    if (from !== null && to !== 'REOPENED') return true;
    const since = now.get(lineId(lines[0]!)) ?? input.now;
    return millisecondsBetween(since, input.now) >= settleMs;
  });
}

/** Only what is proven, and changes a row that is there and behind the book. */
const followingOf = ({ checked, input }: RowsLook, agreed: AgreedRows): readonly BreakRepair[] =>
  checked.reconciled.plan.repairs.filter(({ needsApproval, writes }) => {
    const { changes = [], orderChanges = [] } = writes?.rows ?? {};
    if (needsApproval || changes.length + orderChanges.length === 0) return false;
    return agreed.follows(input, changes);
  });

/** Rows that differ and do not follow, each once for as long as it does not. */
function tellLeft(
  { checked, compared }: RowsLook,
  following: readonly BreakRepair[],
  { log }: MirrorParts,
  { left }: Memory,
): void {
  const ids = new Set(following.map(({ breakId }) => breakId));
  const { breaks, plan } = checked.reconciled;
  const others = breaks.filter((one) => isOpen(one) && !ids.has(one.id));
  const now = new Set(others.map(({ id }) => id));
  for (const id of left) if (!now.has(id)) left.delete(id);
  for (const { id: breakId, lines, explanation } of others) {
    if (left.has(breakId)) continue;
    left.add(breakId);
    const repair = plan.repairs.find((one) => one.breakId === breakId);
    const instrument = repair?.writes?.rows.changes[0]?.symbol ?? nameIn(lines[0]!);
    log.warn({
      ...{ event: 'mirror.left', account: compared.account.name, instrument, breakId },
      msg: `${instrument} is left to check and sync: ${explanation.sentence}`,
    });
  }
}

const nameIn = ({ what, key, instrument }: Line): string =>
  what === 'order' ? (instrument ?? key) : key;

const writeOf = ({ input }: RowsLook, chosen: readonly BreakRepair[]) => ({
  why: chosen.flatMap(({ writes }) => writes!.sentences).join('; '),
  at: input.now,
  changes: chosen.flatMap(({ writes }) => writes!.rows.changes),
  orderChanges: chosen.flatMap(({ writes }) => writes!.rows.orderChanges ?? []),
  ...{ additions: [], trades: [], orders: [] },
});

const hourMs = 3_600_000;

/** Executions of the oldest position that the store believes in are those that count. */
function sinceOf({ positions, takenAt }: PositionSnapshot): Instant {
  const opened = positions.flatMap(({ openedAt, createdAt }) => openedAt ?? createdAt ?? []);
  const oldest = opened.reduce((first, at) => (at < first ? at : first), takenAt);
  return addMilliseconds(oldest, -hourMs);
}

async function followedLook(
  { source, reader, options }: RowsGround,
  compared: Compared,
  { agreed, added, known }: Memory,
): Promise<RowsLook> {
  const { account } = compared;
  const { file } = reader;
  const { markMaxAgeMs, strict, toleranceSteps, exitAfterMs, ownOrderPrefixes } = options;
  const listed: readonly Instrument[] = await options.instrumentsOf(account.venue);
  const snapshot = await source.snapshot();
  if (snapshot.orders.length > 0) await added.read(source);
  const now = options.clock.now();
  const symbols = [...snapshot.positions, ...snapshot.orders].map(({ symbol }) => symbol);
  const instruments = [...known.of(file, account.venue, symbols, now), ...listed];
  const followed = file.read(() => ({
    ...{ snapshot, account: account.name, venue: account.venue, currency: account.currency },
    accounts: accountsOfRows(reader, [account], options),
    ...{ agreed: new Map(agreed.rows), addedOrders: added.orders },
    truth: followedTruth(reader, account, { now, markMaxAgeMs, instruments }, sinceOf(snapshot)),
    // Whoever follows waits for nothing: the fill that made the difference is booked.
    ...{ ownOrderPrefixes, now, settleMs: 0, statementMaxAgeMs: null, markMaxAgeMs },
    ...{ toleranceSteps, logged: [], exitAfterMs, strict },
    sequence: factSequence(file, account.account),
    known: knownBreaks(file, account.account).breaks,
    automatic: automaticOf(file, account.account, now, options.policy?.()),
  }));
  const input = { ...followed, ...(await olderOrdersOf(source, followed)) };
  const checked = checkPositions(input);
  return { compared, asked: [account], book: null, snapshot, input, checked };
}
