/**
 * A bot's rows that follow the book while it listens: after each fill the row gets what is left,
 * and once the position is flat it is closed with the real exit price, fees and realised PnL. What
 * the executions in the book do not prove is left to `check` and `sync`, and no row is added: the
 * bot is about to write its own.
 */
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { PositionSnapshot } from '../../model/position-source.ts';
import { checkPositions } from '../../reconcile/positions/check-positions.ts';
import type { BreakRepair } from '../../reconcile/repair.ts';
import type { BookWriter } from '../book.ts';
import type { Log } from '../log.ts';
import { automaticOf } from '../policy/standing.ts';
import { factSequence, knownBreaks } from '../reconcile-entries.ts';
import type { Compared } from '../reconciling.ts';
import { walked } from '../syncing.ts';
import { coalesced } from './balance.ts';
import type { RowsGround, RowsLook } from './positions-look.ts';
import { noteRows } from './positions-notes.ts';
import { followedTruth } from './positions-truth.ts';
import { syncedLines } from './positions-words.ts';

export interface MirrorParts {
  readonly ground: RowsGround;
  /** Of the account in our book that is listened to. */
  readonly account: string;
  readonly log: Log;
  /** Writes to our book, by way of whoever holds it. */
  readonly writing: <T>(work: (writer: BookWriter) => Promise<T>) => Promise<T>;
}

export interface Mirror {
  /** After something was booked; calls that come while one is carried out share the next. */
  follow(): void;
  /** Once, now; the number of rows that were written. */
  once(): Promise<number>;
  /** What was asked for is done. */
  idle(): Promise<void>;
}

export function mirror(parts: MirrorParts): Mirror {
  const { log, account } = parts;
  const share = coalesced(() => mirrored(parts));
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
    idle: async () => void (await last),
  };
}

async function mirrored({ ground, account: name, log, writing }: MirrorParts): Promise<number> {
  const { source, reader } = ground;
  const account = reader.file.accountNamed(name);
  if (account === null) return 0;
  const look = await followedLook(ground, { account, source: null });
  if (followingOf(look).length === 0) return 0;
  return writing(async (writer) => {
    const noted = await noteRows(ground, writer, look);
    const { plan, breaks } = noted.checked.reconciled;
    const own = followingOf(noted);
    const { audit, snapshot, backup } = await source.write((now) => {
      const again = checkPositions({ ...noted.input, snapshot: now }).reconciled.plan;
      // Other rows than those that were looked at: the next fill, or the next look, sees to them.
      return again.hash === plan.hash ? writeOf(noted, own) : null;
    });
    if (audit === null) return 0;
    const steps = own.flatMap(({ breakId }) =>
      walked(breaks.find(({ id }) => id === breakId)!, plan, noted.input.now),
    );
    const circumstances = { backup, statements: null };
    const onto = { ...noted, snapshot };
    await noteRows(ground, writer, onto, () => [], { audit, circumstances, actor: null, steps });
    const after = await noteRows(ground, writer, await followedLook(ground, noted.compared));
    const done = own.map((repair) => ({
      ...{ repair, audit: audit.id },
      after: after.checked.reconciled.breaks.find(({ id }) => id === repair.breakId) ?? null,
    }));
    for (const line of syncedLines(noted, done)) log.info(line);
    return own.length;
  });
}

/** Only what is proven, and changes a row that is there. */
const followingOf = ({ checked }: RowsLook): readonly BreakRepair[] =>
  checked.reconciled.plan.repairs.filter(
    ({ needsApproval, writes }) => !needsApproval && (writes?.rows.changes.length ?? 0) > 0,
  );

const writeOf = ({ input }: RowsLook, chosen: readonly BreakRepair[]) => ({
  why: chosen.flatMap(({ writes }) => writes!.sentences).join('; '),
  at: input.now,
  changes: chosen.flatMap(({ writes }) => writes!.rows.changes),
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
): Promise<RowsLook> {
  const { account } = compared;
  const { file } = reader;
  const { markMaxAgeMs, strict, toleranceSteps, exitAfterMs, ownOrderPrefixes } = options;
  const instruments: readonly Instrument[] = await options.instrumentsOf(account.venue);
  const snapshot = await source.snapshot();
  const now = options.clock.now();
  const exchange = options.exchangeOf(account.venue);
  const input = file.read(() => ({
    ...{ snapshot, account: account.name, venue: account.venue, currency: account.currency },
    ...(exchange === null ? {} : { exchange }),
    truth: followedTruth(reader, account, { now, markMaxAgeMs, instruments }, sinceOf(snapshot)),
    // Whoever follows waits for nothing: the fill that made the difference is booked.
    ...{ ownOrderPrefixes, now, settleMs: 0, statementMaxAgeMs: null, markMaxAgeMs },
    ...{ toleranceSteps, logged: [], exitAfterMs, strict },
    sequence: factSequence(file, account.account),
    known: knownBreaks(file, account.account).breaks,
    automatic: automaticOf(file, account.account, now, options.policy),
  }));
  return { compared, book: null, snapshot, input, checked: checkPositions(input) };
}
