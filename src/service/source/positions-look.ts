/** One look at a bot's rows beside what knows better of an account. Nothing is written. */
import type { Instrument } from '../../model/instrument.ts';
import type { PositionSnapshot, StoredPosition } from '../../model/position-source.ts';
import type { PolicySettings } from '../../reconcile/limits.ts';
import {
  type CheckPositionsInput,
  checkPositions,
  type LoggedChange,
  type PositionsChecked,
} from '../../reconcile/positions/check-positions.ts';
import { isOpen } from '../../reconcile/verdict.ts';
import type { CheckedAccount } from '../../report/check-document.ts';
import type { PositionSource } from '../../sources/position-source.ts';
import type { Account } from '../../store/accounts.ts';
import { automaticOf } from '../policy/standing.ts';
import type { BookReader } from '../reading.ts';
import { factSequence, knownBreaks } from '../reconcile-entries.ts';
import type { Compared } from '../reconciling.ts';
import type { WaitingClock } from '../system-clock.ts';
import { type AddedRows, addedIn } from './positions-added.ts';
import { truthOf } from './positions-truth.ts';

export interface RowsOptions {
  readonly clock: WaitingClock;
  readonly strict: boolean;
  readonly markMaxAgeMs: number;
  readonly toleranceSteps: number;
  /** Younger differences may clear by themselves. */
  readonly settleMs: number;
  /** Beginnings of client order ids that are the bot's own. */
  readonly ownOrderPrefixes: readonly string[];
  /** Lines of the bot's own log; empty: none was given. */
  readonly logged: readonly LoggedChange[];
  /** Age after which the bot closes by rule; null: not known. */
  readonly exitAfterMs: number | null;
  /** How far repairs go without a person; absent: as by default. */
  readonly policy?: PolicySettings;
  /** The exchange that a venue of the settings is; null: its name says it. */
  readonly exchangeOf: (venue: string) => string | null;
  /** What the venue lists now; none where it is not asked. */
  readonly instrumentsOf: (venue: string) => Promise<readonly Instrument[]>;
}

/** Where the rows are, and where our notes of them are. */
export interface RowsGround {
  readonly source: PositionSource;
  readonly reader: BookReader;
  readonly options: RowsOptions;
}

export interface RowsLook {
  readonly compared: Compared;
  /** The book's own check of the same comparison; null: it was not made. */
  readonly book: CheckedAccount | null;
  readonly snapshot: PositionSnapshot;
  readonly input: CheckPositionsInput;
  readonly checked: PositionsChecked;
}

export async function lookAtRows(
  ground: RowsGround,
  compared: Compared,
  book: CheckedAccount | null,
): Promise<RowsLook> {
  const { source, options } = ground;
  const instruments = await options.instrumentsOf(compared.account.venue);
  const snapshot = await source.snapshot();
  const input = inputOf(ground, compared, book, { snapshot, instruments });
  const first = checkPositions(input);
  const base = { compared, book, snapshot };
  if (!asksForOrders(first)) return { ...base, input, checked: first };
  // Whose a position is, every order that the store ever knew may tell.
  const added = await addedIn(source);
  const whole = {
    ...{ ...input, ownOrders: await ordersIn(source, added), addedOrders: added.orders },
    ...(asksForClosed(first) ? { closedRows: await closedIn(source) } : {}),
  };
  return { ...base, input: whole, checked: checkPositions(whole) };
}

/** The same comparison with the breaks that are known now, on other rows where some are given. */
export function lookAgain(
  { reader }: Pick<RowsGround, 'reader'>,
  look: RowsLook,
  snapshot = look.snapshot,
): RowsLook {
  const { file } = reader;
  const { account } = look.compared.account;
  const { known, sequence } = file.read(() => ({
    known: knownBreaks(file, account).breaks,
    sequence: factSequence(file, account),
  }));
  const input = { ...look.input, known, sequence, snapshot };
  return { ...look, snapshot, input, checked: checkPositions(input) };
}

interface Seen {
  readonly snapshot: PositionSnapshot;
  readonly instruments: readonly Instrument[];
}

function inputOf(
  { reader, options }: RowsGround,
  compared: Compared,
  book: CheckedAccount | null,
  { snapshot, instruments }: Seen,
): CheckPositionsInput {
  const { account } = compared;
  const { file } = reader;
  const { markMaxAgeMs, strict, toleranceSteps, settleMs, logged, exitAfterMs } = options;
  const now = options.clock.now();
  const exchange = options.exchangeOf(account.venue);
  return file.read(() => ({
    ...{ snapshot, account: account.name, venue: account.venue, currency: account.currency },
    ...(exchange === null ? {} : { exchange }),
    otherExchanges: otherExchanges(reader, account, options),
    truth: truthOf(reader, compared, book, { now, markMaxAgeMs, instruments }),
    ...{ ownOrderPrefixes: options.ownOrderPrefixes, now, settleMs, statementMaxAgeMs: null },
    ...{ markMaxAgeMs, toleranceSteps, logged, exitAfterMs, strict },
    sequence: factSequence(file, account.account),
    known: knownBreaks(file, account.account).breaks,
    automatic: automaticOf(file, account.account, now, options.policy),
  }));
}

const asksForOrders = ({ counts, reconciled }: PositionsChecked): boolean =>
  counts.foreign > 0 ||
  reconciled.breaks.some(isOpen) ||
  reconciled.unknown.some(({ section }) => section === 'balances');

/** Of the book's other accounts, by the names that rows may give them. */
export const otherExchanges = (
  { file }: BookReader,
  { account }: Account,
  { exchangeOf }: Pick<RowsOptions, 'exchangeOf'>,
): readonly string[] =>
  file.accounts().flatMap((one) => {
    const { venue } = one;
    return one.account === account ? [] : [venue, exchangeOf(venue) ?? venue];
  });

const asksForClosed = ({ counts }: PositionsChecked): boolean =>
  counts.foreign + counts.missing > 0;

/** Of each symbol and side the newest row that is closed. */
async function closedIn(source: PositionSource): Promise<readonly StoredPosition[]> {
  const newest = new Map<string, StoredPosition>();
  const openedAt = (row: StoredPosition) => row.openedAt ?? row.createdAt ?? 0n;
  for await (const row of source.history()) {
    if (row.status !== 'closed') continue;
    const name = JSON.stringify([row.symbol, row.direction, row.exchange]);
    const known = newest.get(name);
    if (known === undefined || openedAt(known) <= openedAt(row)) newest.set(name, row);
  }
  return [...newest.values()];
}

export async function ordersIn(
  source: PositionSource,
  added: AddedRows,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const add = (id: string | null) => {
    if (id !== null && id !== '') ids.add(id);
  };
  for await (const { id, orderId, clientOrderId } of source.orders()) {
    if (added.orders.has(id)) continue;
    add(orderId);
    add(clientOrderId);
  }
  for await (const { id, orderId } of source.trades()) if (!added.trades.has(id)) add(orderId);
  return ids;
}
