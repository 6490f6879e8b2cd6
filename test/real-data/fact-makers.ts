import type { Fact } from './data-folder.ts';

export type CostMethod = 'average' | 'fifo' | 'lifo' | 'hifo';

interface AccountChoice {
  readonly account: string;
  readonly venue: string;
  readonly currency: string;
  readonly time: string;
  readonly costMethod?: CostMethod;
  readonly feesInCost?: boolean;
}

export const accountFact = (choice: AccountChoice): Fact => ({
  kind: 'account',
  costMethod: 'average',
  feesInCost: false,
  mode: 'live',
  positionMode: 'net',
  ...choice,
});

interface SpotChoice {
  readonly venue: string;
  readonly base: string;
  readonly quote: string;
  readonly symbol: string;
  readonly class: 'crypto' | 'equity' | 'fx';
}

export const spotInstrument = (choice: SpotChoice): Fact => ({
  kind: 'instrument',
  instrument: `${choice.base}/${choice.quote}`,
  type: 'spot',
  settle: choice.quote,
  multiplier: '1',
  ...choice,
});

const NANOSECOND_DIGITS = 9;

/** The n-th nanosecond after a whole second, e.g. ('2004-01-09T21:00:00', 7). */
export const nanosecondAfter = (second: string, index: number): string =>
  `${second}.${String(index).padStart(NANOSECOND_DIGITS, '0')}Z`;
