/** What every payload is written with. */
import type { Instrument } from '../../src/model/instrument.ts';
import type { Figures } from '../exchange/figures.ts';
import type { Names } from './names.ts';

export interface Terms {
  readonly names: Names;
  readonly figures: Figures;
  readonly instruments: ReadonlyMap<string, Instrument>;
}
