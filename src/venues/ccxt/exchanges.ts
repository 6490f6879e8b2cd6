/** Which dialect speaks to an exchange, and what can be done through it. */
import type { VenueCapabilities } from '../venue.ts';
import { binanceDialect } from './binance-dialect.ts';
import { binanceSpotDialect } from './binance-spot-dialect.ts';
import { bybitDialect } from './bybit-dialect.ts';
import type { Dialect } from './dialect.ts';
import type { ExchangeClient } from './exchange-client.ts';
import { unifiedDialect } from './unified-dialect.ts';

/** `symbols` whose trades are asked for where a venue lists them one by one. */
export function dialectOf(
  exchange: string,
  client: ExchangeClient,
  symbols: readonly string[],
): Dialect {
  switch (exchange) {
    case 'bybit':
      return bybitDialect(client);
    case 'binance':
      return binanceSpotDialect(client, symbols);
    case 'binanceusdm':
      return binanceDialect({ client, market: 'linear', prefix: 'fapi', symbols });
    case 'binancecoinm':
      return binanceDialect({ client, market: 'inverse', prefix: 'dapi', symbols });
    default:
      return unifiedDialect(client, exchange, symbols);
  }
}

export function capabilitiesOf(
  settings: { readonly mode?: 'live' | 'paper'; readonly trading?: boolean },
  dialect: Dialect,
): VenueCapabilities {
  const has = (...streams: readonly string[]) =>
    streams.some((stream) => stream in dialect.streams.methods);
  const { executions, cashFlows } = dialect;
  return {
    mode: settings.mode ?? 'live',
    executions: { complete: executions.complete, historyMs: executions.historyMs },
    cashFlows: { complete: cashFlows.complete, historyMs: cashFlows.historyMs },
    streams: {
      executions: has('execution', 'user'),
      orders: has('order', 'user'),
      positions: has('position', 'user'),
      balances: has('wallet', 'user'),
    },
    trading: settings.trading === true,
    amend: dialect.amend,
    hedge: dialect.hedge,
    triggers: dialect.triggers,
  };
}
