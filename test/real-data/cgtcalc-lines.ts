import { readData } from './data-folder.ts';
import { plain } from './exact.ts';

// One line of a cgtcalc input is one thing that happened on a day (the time of day is not known).

interface Happening {
  readonly line: number;
  /** yyyy-mm-dd */
  readonly day: string;
  readonly asset: string;
}

export interface TradeLine extends Happening {
  readonly kind: 'BUY' | 'SELL';
  readonly quantity: string;
  readonly price: string;
  readonly expenses: string;
}

/** Units that come from or go to a spouse: no gain; what comes in brings its cost along. */
export interface SpouseLine extends Happening {
  readonly kind: 'SPOUSEIN' | 'SPOUSEOUT';
  readonly quantity: string;
  readonly totalCost: string;
}

/** CAPRETURN lowers the cost of the holding, a (notional, reinvested) DIVIDEND raises it. */
export interface DistributionLine extends Happening {
  readonly kind: 'CAPRETURN' | 'DIVIDEND';
  readonly quantity: string;
  readonly value: string;
}

export interface RatioLine extends Happening {
  readonly kind: 'SPLIT' | 'UNSPLIT' | 'RESTRUCT';
  /** New units per old, as in "2/1". */
  readonly ratio: string;
}

export type CgtLine = TradeLine | SpouseLine | DistributionLine | RatioLine;

/** In the order of days, and of lines within one day. */
export const readLines = (name: string): readonly CgtLine[] =>
  readData(`lots-cgtcalc/Inputs/${name}.txt`)
    .split('\n')
    .map((text, index) => ({ words: text.trim().split(/\s+/), line: index + 1 }))
    .filter(({ words: [first = ''] }) => first !== '' && !first.startsWith('#'))
    .map(({ words, line }) => lineOf(words, line))
    .toSorted((a, b) => (a.day === b.day ? a.line - b.line : a.day < b.day ? -1 : 1));

const lineOf = (words: readonly string[], line: number): CgtLine => {
  const [kind = '', date = '', asset = '', first = '', second = '', third = ''] = words;
  const common = { line, day: isoDay(date), asset };
  switch (kind) {
    case 'BUY':
    case 'SELL': {
      const price = plain(second);
      return { ...common, kind, quantity: plain(first), price, expenses: plain(third) };
    }
    case 'SPOUSEIN':
    case 'SPOUSEOUT':
      return { ...common, kind, quantity: plain(first), totalCost: plain(third || '0') };
    case 'CAPRETURN':
    case 'DIVIDEND':
      return { ...common, kind, quantity: plain(first), value: plain(second) };
    case 'SPLIT':
      return { ...common, kind, ratio: `${first}/1` };
    case 'UNSPLIT':
      return { ...common, kind, ratio: `1/${first}` };
    case 'RESTRUCT':
      return { ...common, kind, ratio: first.split(':').toReversed().join('/') };
    default:
      throw new Error(`unknown line ${line}: ${words.join(' ')}`);
  }
};

const isoDay = (date: string): string => date.split('/').toReversed().join('-');

const MS_PER_DAY = 86_400_000;

/** Whole days from one yyyy-mm-dd to another. */
export const daysBetween = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / MS_PER_DAY;
