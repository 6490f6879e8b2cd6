/**
 * Bybit's transaction log: every change of every coin with the balance after it.
 *
 *   change = cashFlow + funding - fee          funding + is received, fee + is paid
 *   cashBalance = cashBalance before + change  so that a gap in the log shows
 *
 * Rows of trades are told by executions and become no cash flow; they carry the chain.
 */
import {
  add,
  type Decimal,
  equals,
  isZero,
  negate,
  subtract,
  zero,
} from '../../../decimal/decimal.ts';
import { toText } from '../../../decimal/text.ts';
import type { CashFact, CashKind } from '../../../model/fact.ts';
import type { ToldExecution } from '../../venue.ts';
import type { Market } from '../instrument-index.ts';
import {
  decimalField,
  instantField,
  type Mapped,
  mapRows,
  optionalDecimal,
  PayloadFault,
  type Raw,
  requiredText,
  text,
  textOrNull,
} from '../raw.ts';
import { instrumentOf, type MappingContext } from './bybit-executions.ts';
import { cashFact } from './cash-fact.ts';

/** Told by executions. */
const trades = new Set(['TRADE', 'LIQUIDATION', 'ADL', 'DELIVERY']);
const transfers = new Set([
  'TRANSFER_IN',
  'TRANSFER_OUT',
  'TRANSFER_IN_INS_LOAN',
  'TRANSFER_OUT_INS_LOAN',
]);

export const mapBybitCashFlows = (
  context: MappingContext,
  rows: readonly Raw[],
): Mapped<CashFact> => mapRows(rows, (row) => flowOf(context, row));

/** Executions that the log speaks of. What it takes back may stand on a page of its own. */
export const bybitTold = (rows: readonly Raw[]): readonly ToldExecution[] =>
  rows
    .filter((row) => trades.has(text(row, 'type')) && text(row, 'category') !== 'option')
    .filter((row) => text(row, 'tradeId') !== '')
    .map((row) => ({
      executionId: text(row, 'tradeId'),
      time: instantField(row, 'transactionTime'),
      takenBack: text(row, 'transSubType') === 'TRADE_ROLLBACK',
    }));

function flowOf(context: MappingContext, row: Raw): readonly CashFact[] {
  const type = requiredText(row, 'type');
  const change = decimalField(row, 'change');
  if (trades.has(type)) {
    // Options have no instrument of ours: their money would be missing without a word.
    if (text(row, 'category') === 'option') instrumentOf(context, row);
    return [];
  }
  if (isZero(change)) return [];
  if (type === 'SETTLEMENT') return [fundingOf(context, row, change)];
  const id = requiredText(row, 'id');
  if (transfers.has(type)) return [flow(context, row, 'transfer', change, id)];
  if (type === 'INTEREST') return [flow(context, row, 'interest', change, id)];
  if (type === 'FEE_REFUND') return [flow(context, row, 'fee', negate(change), id)];
  const into = change.coefficient > 0;
  const size = into ? change : negate(change);
  const kind: CashKind = into ? 'deposit' : 'withdrawal';
  return [{ ...flow(context, row, kind, size, id), reason: type }];
}

function fundingOf(context: MappingContext, row: Raw, change: Decimal): CashFact {
  const funding = decimalField(row, 'funding');
  if (!equals(funding, change)) {
    throw new PayloadFault(
      `${text(row, 'id')} settles ${text(row, 'change')}, of which funding is ` +
        `${text(row, 'funding')}: the profit of an open position was paid out`,
    );
  }
  const id = textOrNull(row, 'tradeId') ?? requiredText(row, 'id');
  const market = text(row, 'category') as Market;
  const { instrument } = instrumentOf(context, row, market);
  const leg = context.positionMode === 'net' ? 'net' : null;
  return { ...flow(context, row, 'funding', funding, id), instrument: instrument.name, leg };
}

const flow = (
  context: MappingContext,
  row: Raw,
  kind: CashKind,
  amount: Decimal,
  id: string,
): CashFact =>
  cashFact(context, {
    ...{ kind, amount, id, currency: requiredText(row, 'currency') },
    time: instantField(row, 'transactionTime'),
  });

interface Link {
  readonly row: Raw;
  readonly before: Decimal;
  readonly after: Decimal;
}

/**
 * Whether the log is whole: each row's identity, and for each coin an unbroken chain of balances.
 * Rows come newest first; those of one millisecond in any order. What breaks is told.
 */
export function bybitChainFaults(newestFirst: readonly Raw[]): readonly string[] {
  const faults: string[] = [];
  const links = new Map<string, Link[]>();
  for (const row of [...newestFirst].reverse()) {
    const change = decimalField(row, 'change');
    const after = decimalField(row, 'cashBalance');
    const parts = [optionalDecimal(row, 'cashFlow'), optionalDecimal(row, 'funding')];
    const moved = parts.reduce<Decimal>((sum, one) => (one === null ? sum : add(sum, one)), zero);
    const due = subtract(moved, optionalDecimal(row, 'fee') ?? zero);
    if (!equals(due, change)) {
      faults.push(`${text(row, 'id')}: change ${toText(change)}, its parts give ${toText(due)}`);
    }
    const currency = requiredText(row, 'currency');
    const chain = links.get(currency) ?? [];
    links.set(currency, chain);
    chain.push({ row, before: subtract(after, change), after });
  }
  return [...faults, ...[...links].flatMap(([coin, chain]) => brokenLinks(coin, chain))];
}

const linkFields = [
  ...['id', 'currency', 'transactionTime', 'change', 'cashBalance', 'cashFlow', 'funding', 'fee'],
];

/** What the chain of the next, older page has to lead to: of each coin its oldest millisecond. */
export function bybitChainEnd(newestFirst: readonly Raw[]): readonly Raw[] {
  const oldest = new Map(
    newestFirst.map((row) => [text(row, 'currency'), text(row, 'transactionTime')]),
  );
  return newestFirst
    .filter((row) => oldest.get(text(row, 'currency')) === text(row, 'transactionTime'))
    .map((row) => Object.fromEntries(linkFields.map((field) => [field, row[field]])));
}

function brokenLinks(coin: string, chain: readonly Link[]): readonly string[] {
  const faults: string[] = [];
  const left = [...chain];
  let balance: Decimal | null = null;
  while (left.length > 0) {
    const time = text(left[0]!.row, 'transactionTime');
    const same = left.filter((link) => text(link.row, 'transactionTime') === time);
    const next = same.find((link) => balance !== null && equals(link.before, balance));
    const link = next ?? first(same);
    if (balance !== null && next === undefined) {
      faults.push(
        `${coin}: ${toText(balance)} is not followed by ${toText(link.before)} at ${time} ` +
          `(${text(link.row, 'id')}): rows are missing`,
      );
    }
    balance = link.after;
    left.splice(left.indexOf(link), 1);
  }
  return faults;
}

/** Of rows of one millisecond, one that no other leads to. */
const first = (same: readonly Link[]): Link =>
  same.find((link) => !same.some((other) => other !== link && equals(other.after, link.before))) ??
  same[0]!;
