/** Bybit v5 instruments-info to instruments. One contract is one base (linear) or one USD. */
import { one } from '../../../decimal/decimal.ts';
import type { Instrument } from '../../../model/instrument.ts';
import {
  expirySuffix,
  type InstrumentIndex,
  instrumentIndex,
  type Listed,
  type Market,
} from '../instrument-index.ts';
import {
  instantField,
  type Mapped,
  mapRows,
  object,
  optionalDecimal,
  optionalInstant,
  type Raw,
  requiredText,
  text,
} from '../raw.ts';

export const bybitVenue = 'bybit';

/** The categories that hold instruments of ours; options are not among them. */
export const bybitMarkets: readonly Market[] = ['linear', 'inverse', 'spot'];

export const mapBybitInstruments = (market: Market, rows: readonly Raw[]): Mapped<Listed> =>
  mapRows(rows, (row) => [listed(market, row)]);

export const bybitIndex = (rows: readonly Listed[]): InstrumentIndex =>
  instrumentIndex(bybitVenue, rows, deriveBybitName);

function listed(market: Market, row: Raw): Listed {
  const base = requiredText(row, 'baseCoin');
  const quote = requiredText(row, 'quoteCoin');
  const settle = market === 'spot' ? quote : requiredText(row, 'settleCoin');
  const lot = object(row['lotSizeFilter'], 'lotSizeFilter');
  const price = object(row['priceFilter'], 'priceFilter');
  const instrument: Instrument = {
    venue: bybitVenue,
    name: bybitName(market, row, base, quote, settle),
    symbol: requiredText(row, 'symbol'),
    type: market,
    class: 'crypto',
    base,
    quote,
    settle,
    multiplier: one,
    tickSize: optionalDecimal(price, 'tickSize'),
    lotSize: optionalDecimal(lot, market === 'spot' ? 'basePrecision' : 'qtyStep'),
    validFrom: optionalInstant(row, 'launchTime'),
  };
  return { instrument, market, contractSize: '1' };
}

function bybitName(market: Market, row: Raw, base: string, quote: string, settle: string): string {
  if (market === 'spot') return `${base}/${quote}`;
  // A perpetual may carry a delivery time too: only futures expire.
  const dated = text(row, 'contractType').endsWith('Futures');
  const expiry = dated ? `-${expirySuffix(instantField(row, 'deliveryTime'))}` : '';
  return `${base}/${quote}:${settle}${expiry}`;
}

const spotQuotes = ['USDT', 'USDC', 'USDE', 'USD1', 'EUR', 'BRL', 'DAI', 'BTC', 'ETH', 'MNT'];
const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const quarters: Readonly<Record<string, number>> = { H: 3, M: 6, U: 9, Z: 12 };

/** The name of a symbol that is not listed any more; null where it cannot be told. */
export function deriveBybitName(market: Market, symbol: string): string | null {
  if (market === 'spot') {
    const quote = spotQuotes.find((one) => symbol.endsWith(one) && symbol !== one);
    return quote === undefined ? null : `${symbol.slice(0, -quote.length)}/${quote}`;
  }
  if (market === 'linear') return linearName(symbol);
  const quarter = /^(\w+)USD([HMUZ])(\d\d)$/.exec(symbol);
  if (quarter !== null) {
    const [, base, letter, year] = quarter;
    return `${base}/USD:${base}-${year}${lastFriday(2000 + Number(year), quarters[letter!]!)}`;
  }
  const perpetual = /^(\w+)USD$/.exec(symbol);
  return perpetual === null ? null : `${perpetual[1]}/USD:${perpetual[1]}`;
}

function linearName(symbol: string): string | null {
  const [contract = '', date] = symbol.split('-');
  const named = /^(\w+?)(USDT|PERP|USDC)?$/.exec(contract);
  if (named === null) return null;
  const [, base, ending] = named;
  // A dated symbol without an ending, such as BTC-29NOV24, settles in USDC.
  if (ending === undefined && date === undefined) return null;
  const quote = ending === 'USDT' ? 'USDT' : 'USDC';
  if (date === undefined) return `${base}/${quote}:${quote}`;
  const parts = /^(\d{1,2})([A-Z]{3})(\d\d)$/.exec(date);
  if (parts === null || !months.includes(parts[2]!)) return null;
  const month = String(months.indexOf(parts[2]!) + 1).padStart(2, '0');
  return `${base}/${quote}:${quote}-${parts[3]}${month}${parts[1]!.padStart(2, '0')}`;
}

/** MMDD of the last Friday of a month, when quarterly contracts end. */
function lastFriday(year: number, month: number): string {
  const last = new Date(Date.UTC(year, month, 0));
  const day = last.getUTCDate() - ((last.getUTCDay() + 2) % 7);
  return `${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`;
}
