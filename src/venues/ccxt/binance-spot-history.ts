/**
 * The past of a Binance spot account. Trades are listed symbol by symbol, and nothing tells which
 * symbols traded: those that the settings name, and those with orders. Money that moved without a
 * trade stands in lists of its own, and not all of it does.
 */
import type { CashFact, Fill } from '../../model/fact.ts';
import { type BinanceMarket, binanceRows, tradesPage } from './binance-history.ts';
import type { History, HistoryPage, Window } from './dialect.ts';
import {
  mapSpotDeposits,
  mapSpotDistributions,
  mapSpotTransfers,
  mapSpotWithdrawals,
} from './mapping/binance-spot.ts';
import type { MappingContext } from './mapping/bybit-executions.ts';
import { list, type Mapped, object, type Raw, requiredText } from './raw.ts';

const day = 86_400_000;

/** Complete of the symbols that are named: a trade of any other shows in the balances alone. */
export const spotExecutions = (at: BinanceMarket): History<Fill> => ({
  historyMs: 730 * day,
  windowMs: day,
  complete: at.symbols.length > 0,
  page: (context, window, page) => tradesPage(at, context, window, page, () => symbolsOf(at)),
});

async function symbolsOf(at: BinanceMarket): Promise<readonly string[]> {
  const resting = await binanceRows(at, 'PrivateGetOpenOrders');
  return [...at.symbols, ...resting.map((row) => requiredText(row, 'symbol'))];
}

type Map = (context: MappingContext, rows: readonly Raw[]) => Mapped<CashFact>;

/** One of the lists that together tell what moved; how each goes on is its own. */
interface Part {
  readonly call: string;
  readonly query: (window: Window, page: number) => Record<string, string | number>;
  /** Where the rows are: '' at the top. */
  readonly rows: string;
  readonly rowsMax: number;
  readonly map: Map;
}

const range = ({ from, to }: Window) => ({ startTime: from, endTime: to });

const chain = (call: string, map: Map): Part => ({
  ...{ call, map, rows: '', rowsMax: 1000 },
  query: (window, page) => ({ ...range(window), limit: 1000, offset: (page - 1) * 1000 }),
});

const wallets = ['UMFUTURE', 'CMFUTURE', 'MARGIN', 'FUNDING'];

const parts: readonly Part[] = [
  chain('sapiGetCapitalDepositHisrec', mapSpotDeposits),
  chain('sapiGetCapitalWithdrawHistory', mapSpotWithdrawals),
  ...wallets
    .flatMap((wallet) => [`MAIN_${wallet}`, `${wallet}_MAIN`])
    .map(
      (type): Part => ({
        ...{ call: 'sapiGetAssetTransfer', map: mapSpotTransfers, rows: 'rows', rowsMax: 100 },
        query: (window, page) => ({ type, ...range(window), current: page, size: 100 }),
      }),
    ),
  {
    ...{ call: 'sapiGetAssetAssetDividend', map: mapSpotDistributions },
    // It has no second page: a full one is no list to its end.
    ...{ rows: 'rows', rowsMax: 500, query: (window) => ({ ...range(window), limit: 500 }) },
  },
];

/** Never all: what was converted, swept as dust, lent or repaid is in none of these lists. */
export const spotCashFlows = (at: BinanceMarket): History<CashFact> => ({
  // Transfers are told for half a year.
  historyMs: 180 * day,
  windowMs: 7 * day,
  complete: false,
  async page(context, window, page): Promise<HistoryPage<CashFact>> {
    const [index = 0, number = 1] = page?.split('|').map(Number) ?? [];
    const part = parts[index]!;
    const answer = await at.client.call(part.call, part.query(window, number));
    const told = part.rows === '' ? answer : rowsIn(answer, part.rows);
    const rows = list(told, part.call);
    const isFull = rows.length >= part.rowsMax;
    const isLast = index === parts.length - 1;
    const next = isFull && !isLast ? `${index}|${number + 1}` : isLast ? null : `${index + 1}|1`;
    const mapped = part.map(context, rows);
    const cut = isFull && isLast ? [`${part.call} tells ${rows.length} rows and no more`] : [];
    return { items: mapped.items, faults: [...mapped.faults, ...cut], next };
  },
});

/** A page without a row may come without its list. */
function rowsIn(answer: unknown, name: string): unknown {
  const whole = object(answer, 'the answer');
  return whole[name] === undefined && String(whole['total']) === '0' ? [] : whole[name];
}
