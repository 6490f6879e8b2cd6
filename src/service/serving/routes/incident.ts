/**
 * The routes of the dashboard that the first incident was seen on, with the names and forms it
 * knew. A total that cannot be said is null: never the sum of what happens to have a price.
 */
import { z } from 'zod';
import { add, type Decimal, isZero, zero } from '../../../decimal/decimal.ts';
import { toText, toTextOrNull } from '../../../decimal/text.ts';
import { factOf } from '../../../journal/codec.ts';
import type { EntryRow } from '../../../model/entry.ts';
import { instantText } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import type { OrderRow } from '../../../store/query-tables.ts';
import { isNeverBooked } from '../../never-booked.ts';
import type { BookReader } from '../../reading.ts';
import { type SourceLook, sourceLooks } from '../../source/source-checks.ts';
import { rowsOf } from '../../source/source-entries.ts';
import * as shown from '../documents/incident.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { pagesOf } from '../reads/chronicle.ts';
import { fillsBefore } from '../reads/fills.ts';
import { accountChosen } from '../reads/looks.ts';
import { equitySeen, lookInstead, sourceFigures } from '../reads/source-worth.ts';
import { standingsOf } from '../reads/standings.ts';
import { verdictOf } from '../reads/summaries.ts';
import { route } from '../route.ts';
import { headBehind } from './reading-entries.ts';

const query = z.object({
  account: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'Absent: the only one, or that of the settings; never a sum' }),
});
const listQuery = query.extend({ limit: z.coerce.number().int().min(1).max(500).default(100) });
const words = { method: 'GET', tag: 'incident', scope: 'read', holdsMs: 1_000 } as const;

const health = route(
  {
    ...{ ...words, scope: null, path: '/health', summary: 'The process answers' },
    answer: shown.healthAnswer,
  },
  ({ version }) => ({ body: { status: 'ok', version } }),
);

const account = route(
  {
    ...{ ...words, path: '/api/account', summary: 'Total, cash and value of positions' },
    query,
    answer: shown.accountTotals,
  },
  (parts, { query: asked }) => {
    const one = accountChosen(parts, asked.account);
    return { body: parts.reader.file.read(() => totalsOf(parts, one)) };
  },
);

function totalsOf(parts: ServingParts, one: Account) {
  const { reader, markMaxAgeMs } = parts;
  const { view } = reader.look(one, { asOf: null, knownAt: null, markMaxAgeMs });
  const standing = standingsOf(reader).of(one);
  const look = lookInstead(reader.file, one, standing.look);
  const { total, unrealisedPnl: _, ...rest } = equitySeen(reader.file, one, look, view.equity);
  return {
    ...{ account: one.name, currency: one.currency, totalValue: total, ...rest },
    ...initialBalance(parts, one),
    ...{ verdict: verdictOf(parts, standing).verdict, source: sourceFigures(look) },
    asOf: instantText(look?.asOf ?? view.asOf),
  };
}

type Began = Pick<shown.AccountTotals, 'initialBalance' | 'initialBalanceWhy'>;

const begun = (amount: Decimal): Began => ({
  ...{ initialBalance: toText(amount), initialBalanceWhy: null },
});
const notBegun = (why: string): Began => ({ initialBalance: null, initialBalanceWhy: why });

/** What the book began with: its opening at cost, or the first deposit; null: nobody said. */
function initialBalance({ reader }: ServingParts, { account, name, currency }: Account): Began {
  const { file } = reader;
  const [opening] = file.entriesOfKind(account, 'opening');
  if (opening !== undefined) {
    const fact = factOf(opening, name);
    if (fact.kind !== 'opening') return notBegun('its opening cannot be read');
    if (fact.positions.length > 0) return notBegun('it was opened with positions');
    let sum = zero;
    for (const one of fact.balances) {
      const worth = one.currency === currency ? one.total : isZero(one.total) ? zero : one.cost;
      if (worth === null) return notBegun(`it was opened with ${one.currency} of unknown cost`);
      sum = add(sum, worth);
    }
    return begun(sum);
  }
  const deposits = file.entriesOfKind(account, 'deposit');
  const first = deposits.reduce<(typeof deposits)[number] | null>(
    (one, next) => (one === null || next.effectiveAt < one.effectiveAt ? next : one),
    null,
  );
  if (first === null) return notBegun('no opening and no deposit is booked');
  if (first.amount === null || first.currency !== currency) {
    return notBegun(`its first deposit was of ${first.currency}, not of ${currency}`);
  }
  return { initialBalance: first.amount, initialBalanceWhy: null };
}

const positions = route(
  {
    ...{ ...words, path: '/api/positions', summary: 'Open positions; no price is null' },
    query,
    answer: z.array(shown.plainPosition),
  },
  (parts, { query: asked }) => {
    const { reader, markMaxAgeMs } = parts;
    const one = accountChosen(parts, asked.account);
    const look = lookOf(parts, one);
    if (look !== null) return { body: positionsIn(parts, one, look) };
    const { view } = reader.look(one, { asOf: null, knownAt: null, markMaxAgeMs });
    const orders = pagesOf(reader).openOrders(one.account);
    const body = view.positions
      .filter(({ quantity }) => !isZero(quantity))
      .map(({ asset, instrument, quantity, averagePrice, mark }) => ({
        symbol: asset ?? instrument,
        quantity: toText(quantity),
        avgPrice: toTextOrNull(averagePrice),
        currentPrice: mark === null || mark.stale ? null : toText(mark.price),
        stopLoss: stopOf(orders, instrument),
      }));
    return { body };
  },
);

const lookOf = ({ reader }: ServingParts, one: Account): SourceLook | null =>
  lookInstead(reader.file, one, standingsOf(reader).of(one).look);

/** As the database had them when it was looked at. */
function positionsIn({ reader }: ServingParts, { account, name }: Account, look: SourceLook) {
  const rows = rowsOf(reader.file, account, look.row);
  if (rows === null) {
    const { count } = look.said().positions;
    const said = `${name} has ${count} positions, more than are kept of a look`;
    throw new Problem('unknown', said, { hint: 'see them in the database itself' });
  }
  return rows.map(([symbol, quantity, avgPrice, price, , , why]) => ({
    ...{ symbol, quantity, avgPrice, currentPrice: why === null ? price : null, stopLoss: null },
  }));
}

/** The price of a stop that rests; null: none is known. */
const stopOf = (orders: readonly OrderRow[], instrument: string): string | null =>
  orders.find((one) => one.instrument === instrument && one.type.includes('stop'))?.price ?? null;

const trades = route(
  {
    ...{ ...words, path: '/api/trades', summary: 'Fills, the newest first' },
    query: listQuery,
    answer: z.array(shown.plainTrade),
  },
  async (parts, { query: asked }) => {
    const { reader } = parts;
    const one = accountChosen(parts, asked.account);
    if (lookOf(parts, one) !== null) {
      throw new Problem('unknown', `the trades of ${one.name} are in its own database alone`, {
        hint: 'the book holds no fill of it: nobody booked one',
      });
    }
    const show = (row: EntryRow) => tradesIn(reader, one, row);
    const choice = { before: headBehind(parts, one), limit: asked.limit, instrument: null, show };
    return { body: (await fillsBefore(parts, one, choice)).items };
  },
);

/** Nothing for one that was taken back. */
function tradesIn(reader: BookReader, one: Account, row: EntryRow): shown.PlainTrade[] {
  const fact = reader.inForce(one, row)?.fact;
  if (fact?.kind !== 'fill') return [];
  const [fee, second] = fact.fees ?? [];
  const isNone = fact.fees?.length === 0;
  return [
    {
      ...{ id: fact.executionId, symbol: fact.instrument, side: fact.side },
      ...{ quantity: toText(fact.quantity), price: toText(fact.price) },
      fee: isNone ? '0' : fee === undefined || second !== undefined ? null : toText(fee.amount),
      timestamp: instantText(fact.time),
    },
  ];
}

const performance = route(
  {
    ...{ ...words, path: '/api/performance', summary: 'Records of equity, the oldest first' },
    query: listQuery,
    answer: z.array(shown.plainPerformance),
  },
  (parts, { query: asked }) => {
    const { file } = parts.reader;
    const one = accountChosen(parts, asked.account);
    if (lookOf(parts, one) !== null) return { body: performanceIn(parts, one, asked.limit) };
    // Zeros that were recorded of an account that holds nothing known say nothing.
    if (isNeverBooked(file, one)) return { body: [] };
    const rows = file.performance(one.account, asked.limit);
    const body = rows.map(({ time, totalValue, cash, positionsValue }) => ({
      ...{ timestamp: instantText(time), totalValue, cash, positionsValue },
    }));
    return { body };
  },
);

/** Each look at its database is a record of what its rows added up to. */
function performanceIn({ reader }: ServingParts, { account }: Account, limit: number) {
  const records: z.output<typeof shown.plainPerformance>[] = [];
  for (const look of sourceLooks(reader.file, account)) {
    const { calculated, cash, positionsValue } = look.said().sheet;
    records.push({
      ...{ timestamp: instantText(look.asOf), totalValue: toTextOrNull(calculated) },
      ...{ cash: toTextOrNull(cash), positionsValue: toTextOrNull(positionsValue) },
    });
    if (records.length === limit) break;
  }
  return records.reverse();
}

export const incidentRoutes = [health, account, positions, trades, performance];
