/**
 * What an exchange says an account holds. Each section is whole, or says why it is not: an error,
 * a row that could not be read, a wallet that contradicts an empty list, a coin that was there and
 * is left out, an execution between one answer and the next.
 */
import { isZero } from '../../decimal/decimal.ts';
import type { CashFact, Fill } from '../../model/fact.ts';
import { fromMilliseconds, type Instant, millisecondsBetween } from '../../model/instant.ts';
import type {
  Statement,
  StatementBalance,
  StatementOrder,
  StatementPosition,
  StatementSection,
} from '../../model/statement.ts';
import type { VenueStatement } from '../venue.ts';
import type { Dialect, History, Wallets } from './dialect.ts';
import { type NoAnswer, noAnswerOf } from './failure.ts';
import { type Range, readRange } from './history-reader.ts';
import type { MappingContext } from './mapping/bybit-executions.ts';
import { statementOrder } from './mapping/bybit-orders.ts';
import { rowText } from './raw.ts';

export interface StatementReading {
  readonly dialect: Dialect;
  readonly context: MappingContext;
  /** The venue's present time, corrected. */
  now(): Instant;
  /** Our own time. */
  takenAt(): Instant;
  /** Executions and cash flows of so much of the past at most ... */
  readonly pastMs: number;
  /** ... and none from before; null: nobody said from when on they are wanted. */
  readonly since: Instant | null;
  /** Coins that the wallet had when it was last seen whole, and that were not empty. */
  readonly coins: Set<string>;
  /** Coins that somebody else knows of. */
  readonly named: readonly string[];
}

type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly no: NoAnswer };

async function tried<T>(call: () => Promise<T>): Promise<Read<T>> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    return { ok: false, no: noAnswerOf(error) };
  }
}

const rounds = 3;

export interface StatementRead {
  readonly statement: Statement;
  /** Rows of the items, where they are kept. */
  readonly raw: NonNullable<VenueStatement['raw']>;
  /** The first failure for want of valid credentials. */
  readonly credentials: NoAnswer | null;
}

/** Read again when an execution fell between its parts; said when that does not end. */
export async function readStatement(question: StatementReading): Promise<StatementRead> {
  let read = await once(question, null);
  for (let round = 1; round < rounds && read.torn; round++) read = await once(question, null);
  return read.torn ? once(question, 'executions fell between the answers of every attempt') : read;
}

/** The orders that rest now; throws where the key is refused. */
export async function readOpenOrders({
  dialect,
  context,
}: Pick<StatementReading, 'dialect' | 'context'>): Promise<StatementSection<StatementOrder>> {
  const listed = await dialect.openOrders(context);
  // Beside a list without any, the wallet may say otherwise.
  const wallets = listed.items.length === 0 ? await dialect.balances(context) : null;
  const reserve = wallets === null ? null : unexplained(listed.items, wallets);
  const whole = section({ ok: true, value: listed }, null, [reserve, unverifiedOf(dialect)]);
  return mapped(whole, statementOrder);
}

const unverifiedOf = ({ verified }: Dialect): string | null =>
  verified ? null : 'the answers of this exchange are not verified';

async function once(question: StatementReading, torn: string | null) {
  const { dialect, context } = question;
  const start = question.now();
  const positions = await tried(() => dialect.positions(context));
  const wallets = await tried(() => dialect.balances(context));
  const orders = await tried(() => dialect.openOrders(context));
  const end = milliseconds(question.now());
  const { pastMs, since } = question;
  const earliest = end - pastMs;
  const range = {
    from: Math.max(earliest, since === null ? earliest : milliseconds(since)),
    to: end,
  };
  const cashFlows = await past(dialect.cashFlows, context, range, () => null);
  const executions = await past(dialect.executions, context, range, ({ items }) =>
    leftOut(items, cashFlows.told),
  );
  const held = wallets.ok ? await wholeWallet(question, wallets.value) : null;
  const scope = dialect.positionScope(context);
  const margin =
    positions.ok && wallets.ok ? contradiction(positions.value.items, wallets.value) : null;
  const reserve = orders.ok && wallets.ok ? unexplained(orders.value.items, wallets.value) : null;
  const unverified = unverifiedOf(dialect);
  const times = [positions, wallets, orders].flatMap((one) => (one.ok ? [one.value.at] : []));
  const statement: Statement = {
    account: context.account,
    venue: dialect.venue,
    asOf: times.filter((at) => at !== null).reduce((a, b) => (b < a ? b : a), start),
    takenAt: question.takenAt(),
    positions: section(positions, scope, [margin, torn, unverified]),
    balances: section(held === null ? wallets : { ok: true, value: held }, null, [
      held?.missing ?? null,
      torn,
      unverified,
    ]),
    orders: mapped(section(orders, null, [reserve, torn, unverified]), statementOrder),
    executions: executions.section,
    cashFlows: cashFlows.section,
  };
  const answers = [positions, wallets, orders].flatMap((one) => (one.ok ? [] : [one.no]));
  const failures = [...answers, ...executions.failure, ...cashFlows.failure];
  const credentials = failures.find((no) => no.status === 'failed' && no.credentials) ?? null;
  const between = executions.section.items.some((fact) => fact.time >= start);
  const raw = {
    positions: statement.positions!.items.map(rowText),
    balances: statement.balances!.items.map(rowText),
    orders: orders.ok ? orders.value.items.map(rowText) : [],
    executions: executions.section.items.map(rowText),
    cashFlows: cashFlows.section.items.map(rowText),
  };
  return { statement, raw, credentials, torn: between };
}

const milliseconds = (at: Instant): number => millisecondsBetween(0n, at);

/** Complete when nothing failed, nothing was unreadable and nothing speaks against it. */
function section<T>(
  read: Read<{ readonly items: readonly T[]; readonly faults: readonly string[] }>,
  scope: readonly string[] | null,
  doubts: readonly (string | null)[],
): StatementSection<T> {
  const range = { scope, from: null, to: null };
  if (!read.ok) return { ...range, complete: false, error: read.no.why, items: [] };
  const why = [...read.value.faults, ...doubts.filter((doubt) => doubt !== null)];
  const error = why.length === 0 ? null : why.slice(0, 5).join('; ');
  return { ...range, complete: error === null, error, items: read.value.items };
}

const mapped = <T, U>(from: StatementSection<T>, map: (item: T) => U): StatementSection<U> => ({
  ...from,
  items: from.items.map(map),
});

async function past<F extends Fill | CashFact>(
  history: History<F>,
  context: MappingContext,
  range: { readonly from: number; readonly to: number },
  doubtOf: (read: Range<F>) => string | null,
) {
  const read = await tried(() => readRange(history, context, range));
  const doubt = history.complete ? null : 'this exchange does not list all of them';
  const whole: StatementSection<F> = {
    ...section(read, null, [doubt, read.ok ? doubtOf(read.value) : null]),
    from: fromMilliseconds(range.from),
    to: fromMilliseconds(range.to),
  };
  const told = read.ok ? read.value.executions : [];
  return { section: whole, failure: read.ok ? [] : [read.no], told };
}

/** The log of money speaks of executions that the list of them leaves out. */
function leftOut(fills: readonly Fill[], told: readonly string[]): string | null {
  const listed = new Set(fills.map((fill) => fill.executionId));
  const missing = told.filter((id) => !listed.has(id));
  return missing.length === 0 ? null : `the log tells of ${missing.length} more: ${missing[0]}`;
}

/** Reserved for orders, beside a list without any. */
function unexplained(orders: readonly unknown[], { reserves }: Wallets): string | null {
  const coins = [...reserves].filter(([, held]) => held).map(([coin]) => coin);
  if (orders.length > 0 || coins.length === 0) return null;
  return `the wallet reserves ${coins.join(', ')} for orders, and none is listed`;
}

/** Margin held for positions, beside a list without one that settles in that coin. */
function contradiction(positions: readonly StatementPosition[], wallets: Wallets): string | null {
  const settled = new Set(positions.map(({ instrument }) => settleOf(instrument)));
  const coins = [...wallets.margins].filter(([coin, held]) => held && !settled.has(coin));
  return coins.length === 0
    ? null
    : `the wallet holds margin in ${coins.map(([coin]) => coin).join(', ')} for no listed position`;
}

const settleOf = (name: string): string | undefined => /:([^-]+)/.exec(name)?.[1];

/** A coin that was there is asked for by its name before its absence is believed. */
async function wholeWallet({ dialect, coins, named }: StatementReading, wallets: Wallets) {
  const listed = new Set(wallets.items.map((one) => one.currency));
  const found: StatementBalance[] = [];
  const missing: string[] = [];
  for (const coin of new Set([...coins, ...named])) {
    if (listed.has(coin)) continue;
    const told = await tried(() => dialect.balanceOf(coin));
    if (told.ok && told.value !== null) found.push(told.value);
    else missing.push(coin);
  }
  const items = [...wallets.items, ...found];
  for (const { currency, total } of items) {
    if (isZero(total)) coins.delete(currency);
    else coins.add(currency);
  }
  const why = `the wallet leaves out ${missing.join(', ')}, which it had`;
  return { ...wallets, items, missing: missing.length === 0 ? null : why };
}
