/** What a run on paper is told. */
import type { Decimal } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { MarketEvent, PaperExchange, PaperFees } from '../../venues/paper/paper-exchange.ts';
import type { Recorded } from './recorded-data.ts';
import type { Runner } from './runner.ts';

export interface PaperRunOptions {
  readonly data: readonly Recorded[];
  /** Of each of the data, in its order. */
  readonly instruments: readonly Instrument[];
  readonly funding: readonly MarketEvent[];
  readonly runners: readonly Runner[];
  /** What it begins with, in the currency that all instruments settle in. */
  readonly capital: Decimal;
  readonly currency: string;
  readonly seed: number;
  readonly latencyMs: number;
  readonly fees: PaperFees;
  readonly minNotional: Decimal | null;
  readonly warmUpBars: number;
  readonly positionMax: Decimal;
  /** Of bars that are built from trades. */
  readonly barMs: number;
  readonly leverageMax: number;
  /** A book that is not there yet. */
  readonly path: string;
  readonly account: string;
  readonly markMaxAgeMs: number;
  readonly programVersion?: string;
  readonly onProgress?: (progress: { readonly at: Instant; readonly events: number }) => void;
  /** The exchange as the run reaches it; for tests of what can go wrong on the way. */
  readonly reached?: (exchange: PaperExchange) => PaperExchange;
  /** Told of each event before the exchange is: tests make things happen there. */
  readonly before?: (exchange: PaperExchange, event: MarketEvent) => void;
}
