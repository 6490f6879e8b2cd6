/** The wallet in Bybit's words: a unified account, with unrealised profit in `equity` alone. */
import { add, type Decimal, multiply, subtract, total, zero } from '../../src/decimal/decimal.ts';
import type { StatementBalance } from '../../src/model/statement.ts';
import type { Terms } from './terms.ts';

export interface CoinToTell {
  readonly balance: StatementBalance;
  /** Held back by spot orders. */
  readonly locked: Decimal;
  readonly orderMargin: Decimal;
  readonly positionMargin: Decimal;
  readonly maintenance: Decimal;
  readonly realisedEver: Decimal;
  /** One coin in USD; zero where nobody knows. */
  readonly rate: Decimal;
}

export function walletPayload(coins: readonly CoinToTell[], { figures }: Terms) {
  const { number } = figures;
  const inUsd = (of: (coin: CoinToTell) => Decimal) =>
    number(total(coins.map((coin) => multiply(of(coin), coin.rate))));
  const upnl = (coin: CoinToTell) => subtract(equityOf(coin), coin.balance.total);
  return {
    accountType: 'UNIFIED',
    accountIMRate: '0',
    accountMMRate: '0',
    accountLTV: '0',
    totalEquity: inUsd(equityOf),
    totalWalletBalance: inUsd(({ balance }) => balance.total),
    totalMarginBalance: inUsd(equityOf),
    totalAvailableBalance: inUsd((coin) =>
      subtract(subtract(equityOf(coin), coin.positionMargin), add(coin.orderMargin, coin.locked)),
    ),
    totalPerpUPL: inUsd(upnl),
    totalInitialMargin: inUsd((coin) => add(coin.positionMargin, coin.orderMargin)),
    totalMaintenanceMargin: inUsd(({ maintenance }) => maintenance),
    coin: coins.map((coin) => ({
      coin: coin.balance.currency,
      equity: number(equityOf(coin)),
      usdValue: number(multiply(equityOf(coin), coin.rate)),
      walletBalance: number(coin.balance.total),
      locked: number(coin.locked),
      // Empty since January 2025.
      availableToWithdraw: '',
      availableToBorrow: '',
      totalOrderIM: number(coin.orderMargin),
      totalPositionIM: number(coin.positionMargin),
      totalPositionMM: number(coin.maintenance),
      unrealisedPnl: number(upnl(coin)),
      cumRealisedPnl: number(coin.realisedEver),
      borrowAmount: number(coin.balance.borrowed ?? zero),
      spotBorrow: '0',
      accruedInterest: '0',
      bonus: '0',
      marginCollateral: true,
      collateralSwitch: true,
    })),
  };
}

const equityOf = ({ balance }: CoinToTell): Decimal => balance.equity ?? balance.total;
