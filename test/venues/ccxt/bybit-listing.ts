/** A Bybit that lists one symbol in three markets, and what is easily taken for another. */
import type { MappingContext } from '../../../src/venues/ccxt/mapping/bybit-executions.ts';
import {
  bybitIndex,
  mapBybitInstruments,
} from '../../../src/venues/ccxt/mapping/bybit-instruments.ts';
import type { Raw } from '../../../src/venues/ccxt/raw.ts';

const filters = { lotSizeFilter: { qtyStep: '0.001' }, priceFilter: { tickSize: '0.1' } };
const listing = (symbol: string, base: string, quote: string, settle: string, more: Raw = {}) => ({
  symbol,
  contractType: 'Perpetual',
  baseCoin: base,
  quoteCoin: quote,
  settleCoin: settle,
  ...filters,
  ...more,
});

export const index = bybitIndex([
  ...mapBybitInstruments('spot', [listing('BTCUSDT', 'BTC', 'USDT', '')]).items,
  ...mapBybitInstruments('linear', [
    listing('BTCUSDT', 'BTC', 'USDT', 'USDT'),
    listing('BTCPERP', 'BTC', 'USDC', 'USDC'),
    listing('1000SHIBUSDT', '1000SHIB', 'USDT', 'USDT'),
    listing('SHIBUSDT', 'SHIB', 'USDT', 'USDT'),
    listing('BTC-26DEC25', 'BTC', 'USDC', 'USDC', {
      contractType: 'LinearFutures',
      deliveryTime: String(Date.UTC(2025, 11, 26, 8)),
    }),
  ]).items,
  ...mapBybitInstruments('inverse', [listing('BTCUSD', 'BTC', 'USD', 'BTC')]).items,
]);
export const context: MappingContext = { account: 'main', positionMode: 'net', index };
export const hedge: MappingContext = { ...context, positionMode: 'hedge' };
