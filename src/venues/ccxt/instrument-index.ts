/**
 * Which instrument a venue's own symbol means. The symbol alone does not say: BTCUSDT is a spot
 * pair and a perpetual. The market it stands in (spot, linear, inverse) belongs to the key.
 */
import { type Instrument, instrumentFromName } from '../../model/instrument.ts';

export type Market = 'spot' | 'linear' | 'inverse';

export interface Listed {
  readonly instrument: Instrument;
  readonly market: Market;
  /** Base units (linear) or quote units (inverse) per contract of the venue, as text. */
  readonly contractSize: string;
}

export interface Found extends Listed {
  /** False: the venue does not list it (any more); the name is derived from the symbol. */
  readonly known: boolean;
}

export interface InstrumentIndex {
  readonly instruments: readonly Instrument[];
  find(market: Market, symbol: string): Found | null;
  byName(name: string): Listed | null;
}

/** `derive` names what is not listed any more, as its history still speaks of it. */
export function instrumentIndex(
  venue: string,
  listed: readonly Listed[],
  derive: (market: Market, symbol: string) => string | null,
): InstrumentIndex {
  const bySymbol = new Map(listed.map((one) => [`${one.market}|${one.instrument.symbol}`, one]));
  const byName = new Map(listed.map((one) => [one.instrument.name, one]));
  return {
    instruments: listed.map((one) => one.instrument),
    byName: (name) => byName.get(name) ?? null,
    find(market, symbol) {
      const known = bySymbol.get(`${market}|${symbol}`);
      if (known !== undefined) return { ...known, known: true };
      const name = derive(market, symbol);
      const instrument = name === null ? null : instrumentFromName(venue, name);
      if (instrument === null) return null;
      return { instrument: { ...instrument, symbol }, market, contractSize: '1', known: false };
    },
  };
}

/** A list that was read again: what only the older one has stays known, as a list may be short. */
export function readAgain(newer: InstrumentIndex, older: InstrumentIndex): InstrumentIndex {
  const left = older.instruments.filter(({ name }) => newer.byName(name) === null);
  if (left.length === 0) return newer;
  return {
    instruments: [...newer.instruments, ...left],
    byName: (name) => newer.byName(name) ?? older.byName(name),
    find(market, symbol) {
      const found = newer.find(market, symbol);
      if (found?.known === true) return found;
      const before = older.find(market, symbol);
      return before?.known === true ? before : found;
    },
  };
}

/** Tells of every symbol that is asked for and not listed. */
export const watched = (
  index: InstrumentIndex,
  onStranger: (key: string) => void,
): InstrumentIndex => ({
  instruments: index.instruments,
  byName(name) {
    const listed = index.byName(name);
    if (listed === null) onStranger(name);
    return listed;
  },
  find(market, symbol) {
    const found = index.find(market, symbol);
    if (found?.known !== true) onStranger(`${market}|${symbol}`);
    return found;
  },
});

/** YYMMDD of an expiry in UTC, as unified symbols carry it. */
export const expirySuffix = (at: bigint): string =>
  new Date(Number(at / 1_000_000n)).toISOString().slice(2, 10).replaceAll('-', '');
