/**
 * Binance exchangeInfo to instruments: spot, USD-margined (linear) and coin-margined (inverse)
 * contracts. An inverse contract is 10 or 100 USD: quantities of ours are quote units.
 */
import { multiply, one } from '../../../decimal/decimal.ts';
import { decimal } from '../../../decimal/text.ts';
import {
  expirySuffix,
  type InstrumentIndex,
  instrumentIndex,
  type Listed,
  type Market,
} from '../instrument-index.ts';
import {
  instantField,
  list,
  type Mapped,
  mapRows,
  optionalDecimal,
  optionalInstant,
  type Raw,
  requiredText,
  text,
} from '../raw.ts';

export const binanceVenue = 'binance';

export const mapBinanceInstruments = (market: Market, rows: readonly Raw[]): Mapped<Listed> =>
  mapRows(rows, (row) => [listed(market, row)]);

export const binanceIndex = (rows: readonly Listed[]): InstrumentIndex =>
  instrumentIndex(binanceVenue, rows, deriveBinanceName);

function listed(market: Market, row: Raw): Listed {
  const base = requiredText(row, 'baseAsset');
  const quote = requiredText(row, 'quoteAsset');
  const settle = market === 'spot' ? quote : requiredText(row, 'marginAsset');
  const contractSize = market === 'inverse' ? requiredText(row, 'contractSize') : '1';
  const filters = list(row['filters'], 'filters');
  const filter = (type: string) => filters.find((item) => text(item, 'filterType') === type) ?? {};
  const step = optionalDecimal(filter('LOT_SIZE'), 'stepSize');
  const instrument = {
    venue: binanceVenue,
    name: nameOf(market, row, base, quote, settle),
    symbol: requiredText(row, 'symbol'),
    type: market,
    class: 'crypto',
    base,
    quote,
    settle,
    multiplier: one,
    tickSize: optionalDecimal(filter('PRICE_FILTER'), 'tickSize'),
    // The venue's step is in contracts.
    lotSize: step === null ? null : multiply(step, decimal(contractSize)),
    validFrom: optionalInstant(row, 'onboardDate'),
  } as const;
  return { instrument, market, contractSize };
}

function nameOf(market: Market, row: Raw, base: string, quote: string, settle: string): string {
  if (market === 'spot') return `${base}/${quote}`;
  const perpetual = /PERPETUAL/.test(text(row, 'contractType'));
  const expiry = perpetual ? '' : `-${expirySuffix(instantField(row, 'deliveryDate'))}`;
  return `${base}/${quote}:${settle}${expiry}`;
}

const quotes = ['USDT', 'USDC', 'FDUSD', 'TUSD', 'BUSD', 'BTC', 'ETH', 'BNB', 'EUR', 'TRY', 'BRL'];

/** The name of a symbol that is not listed any more; null where it cannot be told. */
export function deriveBinanceName(market: Market, symbol: string): string | null {
  const [pair = '', ending] = symbol.split('_');
  const dated = ending !== undefined && /^\d{6}$/.test(ending) ? `-${ending}` : '';
  // Without its listing the size of a contract is not known, so no quantity could be told.
  if (market === 'inverse') return null;
  const quote = quotes.find((item) => pair.endsWith(item) && pair !== item);
  if (quote === undefined) return null;
  const base = pair.slice(0, -quote.length);
  return market === 'spot' ? `${base}/${quote}` : `${base}/${quote}:${quote}${dated}`;
}
