/**
 * Prices that a venue tells now. One that it does not answer, has not got, or tells of another day
 * is not known: what it would have refreshed stays as it is, and is named.
 */
import type { Decimal } from '../../decimal/decimal.ts';
import { ageText } from '../../model/age.ts';
import { type Instant, millisecondsBetween } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Answer, Venue } from '../../venues/venue.ts';
import { asked } from '../listening/asking.ts';
import type { WaitingClock } from '../system-clock.ts';
import type { GivenPrice, PriceSource } from './prices.ts';
import { SourceRefused } from './refused.ts';

export type Quote =
  | { readonly ok: true; readonly price: Decimal; readonly at: Instant }
  | { readonly ok: false; readonly why: string };

export interface QuoteOptions {
  readonly clock: WaitingClock;
  readonly signal: AbortSignal;
  /** An older price is not one of now. */
  readonly maxAgeMs: number;
}

/** Asked for at the same time. */
const atOnce = 8;
const tries = 2;
/** Clocks of machines differ by less where they are set at all. */
const aheadMs = 60_000;

type Quoted = Pick<Venue, 'name' | 'ticker' | 'instruments'>;

/** By the name of the instrument, each asked for once. */
export async function quotesOf(
  venue: Quoted,
  instruments: Iterable<string>,
  { clock, signal, maxAgeMs }: QuoteOptions,
): Promise<ReadonlyMap<string, Quote>> {
  const names = [...new Set(instruments)];
  const quotes = new Map<string, Quote>();
  const ask = async (name: string): Promise<void> => {
    const answer = await asked(() => venue.ticker(name), { clock, signal, tries });
    if (!answer.ok) return void quotes.set(name, { ok: false, why: answer.why });
    const { mark, last, at } = answer.value;
    quotes.set(name, judged(mark ?? last, at, clock.now(), maxAgeMs));
  };
  for (let from = 0; from < names.length; from += atOnce) {
    await Promise.all(names.slice(from, from + atOnce).map(ask));
  }
  return quotes;
}

function judged(price: Decimal | null, at: Instant, now: Instant, maxAgeMs: number): Quote {
  if (price === null) return { ok: false, why: 'it tells no price' };
  const ageMs = millisecondsBetween(at, now);
  if (ageMs > maxAgeMs) return { ok: false, why: `its price is ${ageText(ageMs)} old` };
  if (ageMs < -aheadMs) return { ok: false, why: 'its price is of the future' };
  return { ok: true, price, at };
}

export async function listedAt(
  venue: Quoted,
  { clock, signal }: Pick<QuoteOptions, 'clock' | 'signal'>,
): Promise<readonly Instrument[]> {
  const listed = await asked((): Promise<Answer<readonly Instrument[]>> => venue.instruments(), {
    ...{ clock, signal, tries },
  });
  if (listed.ok) return listed.value;
  throw new SourceRefused(
    {
      code: 'prices-unreachable',
      message: `${venue.name} gave no prices: ${listed.why}`,
      where: { field: '--prices', value: venue.name },
      rule: 'a venue says what it lists before it is asked for prices',
      hint: 'try again later, or give --prices FILE',
    },
    1,
  );
}

export interface VenuePriceOptions extends QuoteOptions {
  /** What a coin without a pair is priced in. */
  readonly currency: string;
  /** What is not known, a sentence each. */
  readonly tell: (line: string) => void;
}

/** `open`: for one question; it is closed after it. */
export const venuePrices = (
  name: string,
  open: () => Promise<Quoted & Pick<Venue, 'close'>>,
  options: VenuePriceOptions,
): PriceSource => ({
  name,
  async prices(symbols) {
    const venue = await open();
    try {
      return await pricesFrom(venue, symbols, options);
    } finally {
      await venue.close();
    }
  },
});

async function pricesFrom(
  venue: Quoted,
  symbols: readonly string[],
  options: VenuePriceOptions,
): Promise<readonly GivenPrice[]> {
  const { currency, tell } = options;
  const listed = await listedAt(venue, options);
  const left = (symbol: string, why: string) =>
    tell(`${symbol} keeps its stored price: ${venue.name}: ${why}`);
  const meant = symbols.flatMap((symbol) => {
    const found = namesOf(symbol, currency, listed);
    const [name, ...more] = found.names;
    if (name !== undefined && more.length === 0) return [{ symbol, name }];
    const fits = `it fits ${found.names.join(' and ')}`;
    left(symbol, name === undefined ? whyNone(found, currency) : fits);
    return [];
  });
  const quotes = await quotesOf(
    venue,
    meant.map(({ name }) => name),
    options,
  );
  return meant.flatMap(({ symbol, name }) => {
    const quote = quotes.get(name)!;
    if (quote.ok) return [{ symbol, price: quote.price, at: quote.at }];
    left(symbol, quote.why);
    return [];
  });
}

/**
 * The unified name, else the venue's symbol, else the coin in the currency; never stripped. In
 * another currency none of them is a price, and a contract is none of a coin that it is called by.
 */
function namesOf(symbol: string, currency: string, listed: readonly Instrument[]): Meant {
  const named = listed.filter(({ name }) => name === symbol);
  const called = listed.filter((one) => one.symbol === symbol);
  const alike = named.length > 0 ? named : called;
  const fitting = alike.filter(
    ({ name, type, base, quote, settle }) =>
      quote === currency &&
      settle === currency &&
      (type === 'spot' || symbol !== base || name === symbol),
  );
  if (fitting.length > 0 || named.length > 0) return { names: fitting.map(nameOf), alike };
  const coins = listed.filter(({ name }) => name === `${symbol}/${currency}`);
  return { names: coins.map(nameOf), alike };
}

const nameOf = ({ name }: Instrument): string => name;

interface Meant {
  readonly names: readonly string[];
  /** What the symbol is called by, fitting or not. */
  readonly alike: readonly Instrument[];
}

function whyNone({ alike }: Meant, currency: string): string {
  if (alike.length === 0) return 'it lists no such symbol';
  const names = alike.map(nameOf).join(' and ');
  return `it lists ${names}, which ${alike.length === 1 ? 'is' : 'are'} no price in ${currency}`;
}
