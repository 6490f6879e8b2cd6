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

/** YYMMDD of an expiry in UTC, as unified symbols carry it. */
export const expirySuffix = (at: bigint): string =>
  new Date(Number(at / 1_000_000n)).toISOString().slice(2, 10).replaceAll('-', '');
