/** One look at a bot's rows beside what knows better of an account. Nothing is written. */
import type { Instrument } from '../../model/instrument.ts';
import type { PositionSnapshot, StoredOrder, StoredTrade } from '../../model/position-source.ts';
import type { PolicySettings } from '../../reconcile/limits.ts';
import {
  type CheckPositionsInput,
  checkPositions,
  type LoggedChange,
  type PositionsChecked,
} from '../../reconcile/positions/check-positions.ts';
import { legId } from '../../reconcile/positions/stated.ts';
import { orderIdsAsked, unshownOrders } from '../../reconcile/positions/stored-orders.ts';
import type { AccountsOfRows, NamedAccount } from '../../reconcile/positions/whose-rows.ts';
import { isOpen } from '../../reconcile/verdict.ts';
import type { CheckedAccount } from '../../report/check-document.ts';
import type { OrdersNamed, PositionSource } from '../../sources/position-source.ts';
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
  readonly policy?: () => PolicySettings;
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
  /** The accounts that the rows are shared among, this one with them. */
  readonly asked: readonly Account[];
  /** The book's own check of the same comparison; null: it was not made. */
  readonly book: CheckedAccount | null;
  readonly snapshot: PositionSnapshot;
  readonly input: CheckPositionsInput;
  readonly checked: PositionsChecked;
}

/** An account, and the book's own check of it. */
export interface RowsOf {
  readonly compared: Compared;
  readonly book: CheckedAccount | null;
}

export async function lookAtRows(
  ground: RowsGround,
  compared: Compared,
  book: CheckedAccount | null,
  asked: readonly Account[] = [compared.account],
): Promise<RowsLook> {
  const [look] = await lookAtAll(ground, [{ compared, book }], asked);
  return look!;
}

/** One look at the database, each row beside the account of its exchange. */
export async function lookAtAll(
  ground: RowsGround,
  all: readonly RowsOf[],
  asked: readonly Account[] = all.map(({ compared }) => compared.account),
): Promise<readonly RowsLook[]> {
  const { source, options } = ground;
  const venues = new Set(all.map(({ compared }) => compared.account.venue));
  const listed = new Map<string, readonly Instrument[]>();
  for (const venue of venues) listed.set(venue, await options.instrumentsOf(venue));
  const snapshot = await source.snapshot();
  const looks: RowsLook[] = [];
  for (const { compared, book } of all) {
    const instruments = listed.get(compared.account.venue)!;
    const input = inputOf(ground, { compared, book }, asked, { snapshot, instruments });
    const first = checkPositions(input);
    const base = { compared, asked, book, snapshot };
    if (!asksForOrders(first) && unshownOrders(input).length === 0) {
      looks.push({ ...base, input, checked: first });
      continue;
    }
    const whole = { ...input, ...(await remembered(source, input, first)) };
    looks.push({ ...base, input: whole, checked: checkPositions(whole) });
  }
  return looks;
}

type Remembered = Pick<
  CheckPositionsInput,
  'ownOrders' | 'addedOrders' | 'olderOrders' | 'askedOrders' | 'closedRows'
>;

const namesOf = ({ orderId, clientOrderId }: Pick<StoredOrder, 'orderId' | 'clientOrderId'>) =>
  [orderId, clientOrderId].flatMap((id) => (id === null || id === '' ? [] : id));

/** More of them are not asked for by name. */
const idsMax = 20_000;

/** Whose a position is, the store may tell: of its orders and closed rows those that could. */
async function remembered(
  source: PositionSource,
  input: CheckPositionsInput,
  { inDoubt }: PositionsChecked,
): Promise<Remembered> {
  const { truth } = input;
  const added = await addedIn(source);
  const legs = new Set(inDoubt.map(({ instrument, leg }) => legId(instrument.name, leg)));
  const ids = new Set<string>();
  for (const { instrument, leg, orderId, clientOrderId } of truth.fills) {
    if (!legs.has(legId(instrument, leg))) continue;
    for (const id of namesOf({ orderId, clientOrderId })) ids.add(id);
  }
  const unshown = new Set(unshownOrders(input).flatMap(namesOf)).union(orderIdsAsked(input));
  const isMany = ids.size > idsMax;
  const named = await source.named([...(isMany ? unshown : ids.union(unshown))]);
  const ownOrders = isMany ? await ordersIn(source, added) : namedIn(added, named);
  const missing = inDoubt.filter(({ stored }) => !stored);
  const names = missing.flatMap(({ instrument: { name, symbol } }) => [name, symbol ?? name]);
  const base = { ownOrders, addedOrders: added.orders, ...olderIn(input, named, unshown) };
  return names.length === 0 ? base : { ...base, closedRows: await source.newestClosed(names) };
}

/** Rows of orders that the snapshot does not show, of those that were asked for by name. */
function olderIn(
  { snapshot }: CheckPositionsInput,
  { orders }: OrdersNamed,
  askedOrders: ReadonlySet<string>,
): Pick<CheckPositionsInput, 'olderOrders' | 'askedOrders'> {
  const shown = new Set(snapshot.orders.map(({ id }) => id));
  const olderOrders = orders.filter(
    (one) => !shown.has(one.id) && namesOf(one).some((id) => askedOrders.has(id)),
  );
  return { olderOrders, askedOrders };
}

/** Of orders with an open break every row, also one that the snapshot does not show. */
export async function olderOrdersOf(
  source: PositionSource,
  input: CheckPositionsInput,
): Promise<Pick<CheckPositionsInput, 'olderOrders' | 'askedOrders'>> {
  const ids = orderIdsAsked(input);
  return ids.size === 0 ? {} : olderIn(input, await source.named([...ids]), ids);
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
  { compared, book }: RowsOf,
  asked: readonly Account[],
  { snapshot, instruments }: Seen,
): CheckPositionsInput {
  const { account } = compared;
  const { file } = reader;
  const { markMaxAgeMs, strict, toleranceSteps, logged, exitAfterMs } = options;
  // A document stands by itself: nothing of it is still on its way.
  const isDocument = compared.source !== null && compared.source.live === undefined;
  const settleMs = isDocument ? 0 : options.settleMs;
  const now = options.clock.now();
  return file.read(() => ({
    ...{ snapshot, account: account.name, venue: account.venue, currency: account.currency },
    accounts: accountsOfRows(reader, asked, options),
    truth: truthOf(reader, compared, book, { now, markMaxAgeMs, instruments }),
    ...{ ownOrderPrefixes: options.ownOrderPrefixes, now, settleMs, statementMaxAgeMs: null },
    ...{ markMaxAgeMs, toleranceSteps, logged, exitAfterMs, strict },
    sequence: factSequence(file, account.account),
    known: knownBreaks(file, account.account).breaks,
    automatic: automaticOf(file, account.account, now, options.policy?.()),
  }));
}

const asksForOrders = ({ counts, reconciled }: PositionsChecked): boolean =>
  counts.foreign > 0 ||
  reconciled.breaks.some(isOpen) ||
  reconciled.unknown.some(({ section }) => section === 'balances');

/** The accounts of the book by the names that rows may give them. */
export function accountsOfRows(
  { file }: BookReader,
  asked: readonly Pick<Account, 'name' | 'venue'>[],
  { exchangeOf }: Pick<RowsOptions, 'exchangeOf'>,
): AccountsOfRows {
  const named = ({ name, venue }: Pick<Account, 'name' | 'venue'>): NamedAccount => ({
    account: name,
    names: [venue, exchangeOf(venue) ?? venue],
  });
  const isAsked = new Set(asked.map(({ name }) => name));
  const others = file.accounts().filter(({ name }) => !isAsked.has(name));
  return { asked: asked.map(named), others: others.map(named) };
}

/** Ids of every order that the store knows by itself, whichever table tells it. */
export async function ordersIn(
  source: PositionSource,
  added: AddedRows,
): Promise<ReadonlySet<string>> {
  const ids = new OwnIds(added);
  for await (const order of source.orders()) ids.order(order);
  for await (const trade of source.trades()) ids.trade(trade);
  return ids.all;
}

function namedIn(added: AddedRows, { orders, trades }: OrdersNamed): ReadonlySet<string> {
  const ids = new OwnIds(added);
  for (const order of orders) ids.order(order);
  for (const trade of trades) ids.trade(trade);
  return ids.all;
}

/** What we added to the tables says nothing of the bot. */
class OwnIds {
  readonly all = new Set<string>();
  readonly #added: AddedRows;

  constructor(added: AddedRows) {
    this.#added = added;
  }

  order(order: StoredOrder): void {
    if (this.#added.orders.has(order.id)) return;
    for (const name of namesOf(order)) this.all.add(name);
  }

  trade({ id, orderId }: StoredTrade): void {
    if (orderId !== null && orderId !== '' && !this.#added.trades.has(id)) this.all.add(orderId);
  }
}
