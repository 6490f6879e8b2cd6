/** The recorded feeds, and what is traded in each; coin-margined in contracts of 100 USD. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { decimal } from '../../../src/decimal/text.ts';
import { type Instrument, instrumentFromName } from '../../../src/model/instrument.ts';

const folder = new URL('../../../../shared/data/feed-binance-hft/', import.meta.url);

export interface RecordedFeed {
  readonly file: string;
  readonly symbol: string;
  readonly instrument: Instrument;
}

const feed = (
  file: string,
  symbol: string,
  name: string,
  tickSize: string,
  lotSize: string,
  multiplier = '1',
): RecordedFeed => ({
  ...{ file, symbol },
  instrument: {
    ...instrumentFromName('paper', name)!,
    tickSize: decimal(tickSize),
    lotSize: decimal(lotSize),
    multiplier: decimal(multiplier),
  },
});

export const recordedFeeds: readonly RecordedFeed[] = [
  feed('spot-btcusdt_20240808.gz', 'BTCUSDT', 'BTC/USDT', '0.01', '0.00001'),
  feed('usdm-btcusdt_20240808.gz', 'BTCUSDT', 'BTC/USDT:USDT', '0.1', '0.001'),
  feed('cm-btcusd_perp_20240808.gz', 'BTCUSD_PERP', 'BTC/USD:BTC', '0.1', '1', '100'),
];

export const linesOf = ({ file }: RecordedFeed): readonly string[] =>
  gunzipSync(readFileSync(new URL(file, folder)))
    .toString('latin1')
    .trimEnd()
    .split('\n');

export const namesOf = ({ symbol, instrument }: RecordedFeed): ReadonlyMap<string, string> =>
  new Map([[symbol, instrument.name]]);
