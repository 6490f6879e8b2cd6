/** Bybit positions and wallet to what a statement holds. */
import { isZero, negate, subtract } from '../../../decimal/decimal.ts';
import type { StatementBalance, StatementPosition } from '../../../model/statement.ts';
import type { Market } from '../instrument-index.ts';
import {
  decimalField,
  list,
  type Mapped,
  mapRows,
  optionalDecimal,
  PayloadFault,
  type Raw,
  requiredText,
  text,
} from '../raw.ts';
import { instrumentOf, type MappingContext } from './bybit-executions.ts';

/**
 * Sizes are unsigned, the side says which way; flat rows (side "") are no positions. The index 0 is
 * the one-way position, 1 the long and 2 the short leg. REST says avgPrice, the topic entryPrice.
 */
export const mapBybitPositions = (
  context: MappingContext,
  rows: readonly Raw[],
  market?: Market,
): Mapped<StatementPosition> =>
  mapRows(rows, (row) => {
    const size = decimalField(row, 'size');
    const index = text(row, 'positionIdx') || '0';
    if (isZero(size)) return [];
    const leg = index === '0' ? 'net' : index === '1' ? 'long' : 'short';
    if ((leg === 'net') !== (context.positionMode === 'net')) {
      const mode = leg === 'net' ? 'one-way' : 'hedge';
      throw new PayloadFault(
        `${text(row, 'symbol')} is held in ${mode} mode, not in ${context.positionMode}`,
      );
    }
    const side = text(row, 'side');
    if (side !== 'Buy' && side !== 'Sell') {
      throw new PayloadFault(`${text(row, 'symbol')} has size ${text(row, 'size')} and no side`);
    }
    return [
      {
        instrument: instrumentOf(context, row, market).instrument.name,
        leg,
        quantity: side === 'Buy' ? size : negate(size),
        averagePrice: optionalDecimal(row, 'avgPrice') ?? optionalDecimal(row, 'entryPrice'),
        markPrice: optionalDecimal(row, 'markPrice'),
        unrealisedPnl: optionalDecimal(row, 'unrealisedPnl'),
      },
    ];
  });

/** The coins of every account that the wallet lists. `total` is walletBalance, never equity. */
export function mapBybitBalances(accounts: readonly Raw[]): Mapped<StatementBalance> {
  const coins = accounts.flatMap((account) => list(account['coin'], 'coin'));
  return mapRows(coins, (row) => [
    {
      currency: requiredText(row, 'coin'),
      total: decimalField(row, 'walletBalance'),
      available: available(row),
      equity: optionalDecimal(row, 'equity'),
      borrowed: optionalDecimal(row, 'borrowAmount'),
    },
  ]);
}

/** availableToWithdraw is empty since January 2025; null where one of its parts is not told. */
function available(row: Raw) {
  const parts = ['walletBalance', 'locked', 'totalPositionIM', 'totalOrderIM'];
  const [total, ...held] = parts.map((name) => optionalDecimal(row, name));
  if (total === null || total === undefined || held.includes(null)) return null;
  return held.filter((one) => one !== null).reduce(subtract, total);
}

/** Which coins the wallet holds some of, under one of these names: what no list may contradict. */
export function bybitHolds(
  accounts: readonly Raw[],
  names: readonly string[],
): ReadonlyMap<string, boolean> {
  const coins = accounts.flatMap((account) => list(account['coin'], 'coin'));
  const holds = (row: Raw) =>
    names.map((name) => optionalDecimal(row, name)).some((held) => held !== null && !isZero(held));
  return new Map(coins.map((row) => [requiredText(row, 'coin'), holds(row)]));
}
