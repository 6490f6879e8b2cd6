/**
 * The database of a bot as it is now, looked at by what `check --source` looks by, and noted
 * nowhere. One look is everybody's for a moment; how old it is stands beside what it saw.
 */
import { type Instant, millisecondsBetween } from '../../../model/instant.ts';
import type { StoredPosition } from '../../../model/position-source.ts';
import type { CheckedAccount } from '../../../report/check-document.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { isUnanswered } from '../../failure.ts';
import type { Compared } from '../../reconciling.ts';
import type { SourceCheck } from '../../source/desk.ts';
import type { RowsGround, RowsLook } from '../../source/positions-look.ts';
import { noInstruments, usualExitAfterMs } from '../../source/positions-opening.ts';
import { booksNow, seenRows } from '../../source/positions-seen.ts';
import { SourceRefused } from '../../source/refused.ts';
import {
  atDesk,
  atRows,
  kindOfServed,
  type ServedSource,
  type SourceKind,
} from '../../source/served-source.ts';
import { recordedStatement } from '../../statement-file.ts';
import { reconcileOptions } from '../anew.ts';
import type { ServingParts } from '../parts.ts';

export interface BalanceSeen {
  readonly kind: 'balance';
  readonly at: Instant;
  readonly check: SourceCheck;
}

export interface PositionsSeen {
  readonly kind: 'positions';
  readonly at: Instant;
  readonly looks: readonly RowsLook[];
  /** Those that were closed last, the newest first. */
  readonly closed: readonly StoredPosition[];
  /** How many closed rows there are beyond those that were looked through; 0: none. */
  readonly unread: number;
}

export interface SourceSeen {
  /** The last look that was answered; null: there was none since the start. */
  readonly seen: BalanceSeen | PositionsSeen | null;
  /** Why it cannot be looked at now; null: it was. */
  readonly why: string | null;
  /** It did not answer, and may later. */
  readonly isSilent: boolean;
}

/** Younger than a person reads. */
const heldMs = 2_000;

interface Held {
  readonly at: Instant;
  readonly looking: Promise<SourceSeen>;
}

const held = new WeakMap<ServingParts['reader'], Held>();
const kinds = new WeakMap<ServedSource, Promise<SourceKind>>();

/** Something was written: what was seen before is of no use. */
export const forgetSource = ({ reader }: ServingParts): boolean => held.delete(reader);

/** Null: the service looks after no database. */
export async function sourceSeen(parts: ServingParts): Promise<SourceSeen | null> {
  const { source: database, clock, reader } = parts;
  if (database === undefined) return null;
  const now = clock.now();
  const before = held.get(reader) ?? null;
  if (before !== null && millisecondsBetween(before.at, now) < heldMs) return before.looking;
  const looking = looked(parts, database, before);
  held.set(reader, { at: now, looking });
  // A fault of ours is not held.
  looking.catch(() => held.delete(reader));
  return looking;
}

async function looked(
  parts: ServingParts,
  database: ServedSource,
  before: Held | null,
): Promise<SourceSeen> {
  try {
    return { seen: await lookedNow(parts, database), why: null, isSilent: false };
  } catch (error) {
    if (!(error instanceof SourceError || error instanceof SourceRefused)) throw error;
    kinds.delete(database);
    const last = await before?.looking.catch(() => null);
    return { seen: last?.seen ?? null, why: error.message, isSilent: isUnanswered(error) };
  }
}

/** Everybody who asks at once is told by one look; what was said stays, until a look fails. */
export async function kindSeen(database: ServedSource): Promise<SourceKind> {
  const asked = kinds.get(database) ?? kindOfServed(database);
  kinds.set(database, asked);
  const kind = await asked.catch((error: unknown) => {
    kinds.delete(database);
    throw error;
  });
  if (kind === 'silent') kinds.delete(database);
  return kind;
}

async function lookedNow(
  parts: ServingParts,
  database: ServedSource,
): Promise<BalanceSeen | PositionsSeen> {
  const kind = await kindSeen(database);
  if (kind === 'positions') return rowsNow(parts, database);
  const { sourceAccount } = database.options;
  const request = { record: false, prices: null, explains: false } as const;
  const check = await atDesk(database, sourceAccount, (desk) => desk.check(request));
  if (check.snapshot !== null) return { kind: 'balance', at: check.snapshot.takenAt, check };
  const unknown = check.document.json['unknown'] as readonly { readonly why: string }[];
  const why = unknown[0]?.why ?? `${database.name} did not answer`;
  throw new SourceError('source-locked', why, 'ask again later');
}

/** Each account beside what is on record of it. Whose a row is, only all of them tell. */
export const comparedOnRecord = ({ reader: { file } }: ServingParts): readonly Compared[] =>
  file.accounts().map((account) => ({ account, source: recordedStatement(file, account) }));

/** Beside what is on record of each account: nobody is asked. */
const rowsNow = (parts: ServingParts, database: ServedSource): Promise<PositionsSeen> =>
  atRows(database, async (source) => {
    const compared = comparedOnRecord(parts);
    const ground = groundOf(parts, database, source);
    const { looks } = await seenRows(ground, compared, (all) => booksAs(parts, ground, all));
    return {
      ...({ kind: 'positions', looks } as const),
      at: looks[0]!.snapshot.takenAt,
      ...(await closedLately(source, looks[0]!)),
    };
  });

interface CheckedBook {
  readonly head: string;
  /** Snoozes end and prices grow old without an entry. */
  readonly minute: bigint;
  readonly checked: CheckedAccount;
}

const books = new WeakMap<ServingParts['reader'], Map<number, CheckedBook>>();

const minuteNanos = 60_000_000_000n;

/** A book that did not move is checked anew once a minute: of a large one that takes long. */
async function booksAs(
  parts: ServingParts,
  ground: RowsGround,
  compared: readonly Compared[],
): Promise<readonly CheckedAccount[]> {
  const { reader } = parts;
  const known = books.get(reader) ?? new Map<number, CheckedBook>();
  books.set(reader, known);
  const check = booksNow(ground, reconcileOptions(parts), null);
  const minute = parts.clock.now() / minuteNanos;
  const found: CheckedAccount[] = [];
  for (const one of compared) {
    const { account } = one.account;
    const head = reader.file.head(account).hash;
    const before = known.get(account);
    const isSame = before?.head === head && before.minute === minute;
    const [checked] = isSame ? [before.checked] : await check([one]);
    known.set(account, { head, minute, checked: checked! });
    found.push(checked!);
  }
  return found;
}

/** As commands look at rows where nothing else is said. */
export const settleMs = 60_000;

export const groundOf = (
  parts: ServingParts,
  { exchangeOf, options }: ServedSource,
  source: RowsGround['source'],
): RowsGround => {
  const { clock, markMaxAgeMs, reader, policy } = parts;
  return {
    ...{ source, reader },
    options: {
      ...{ clock, strict: options.strict, markMaxAgeMs, toleranceSteps: 0, settleMs, policy },
      ...{ ownOrderPrefixes: [], logged: [], exitAfterMs: usualExitAfterMs },
      ...{ exchangeOf, instrumentsOf: noInstruments },
    },
  };
};

/** More rows than these are looked through by `audit source`, not for a page. */
const historyMax = 10_000;
const closedMax = 100;

async function closedLately(
  source: RowsGround['source'],
  { snapshot: { counts } }: RowsLook,
): Promise<Pick<PositionsSeen, 'closed' | 'unread'>> {
  if (counts.active + counts.closed > historyMax) return { closed: [], unread: counts.closed };
  const all: StoredPosition[] = [];
  for await (const row of source.history()) if (row.status === 'closed') all.push(row);
  const at = (row: StoredPosition): Instant => row.closedAt ?? row.updatedAt ?? row.openedAt ?? 0n;
  const newest = all.toSorted((a, b) => (at(a) < at(b) ? 1 : at(a) > at(b) ? -1 : 0));
  return { closed: newest.slice(0, closedMax), unread: Math.max(0, all.length - closedMax) };
}
