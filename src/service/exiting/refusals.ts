/** What a venue's refusal of an exit means for the position. */

/**
 *   region   not tradable from here: paused
 *   band     the price is outside what the venue allows: paused
 *   flat     there is nothing left to reduce: done
 *   dust     worth less than an order may be: told
 *   gone     the order ended before: looked at again
 *   other    told
 */
export type RefusalKind = 'region' | 'band' | 'flat' | 'dust' | 'gone' | 'other';

interface Row {
  readonly kind: Exclude<RefusalKind, 'other'>;
  /** Of Bybit, Binance and our own exchange. */
  readonly codes: readonly string[];
  /** Where neither knows the code. */
  readonly words: RegExp;
}

/** The first row that fits wins: what is flat is often told with the words of a price or value. */
const rows: readonly Row[] = [
  {
    kind: 'gone',
    codes: ['110001', '110008', '110010', '-2011', '-2013', 'order-done', 'order-unknown'],
    words:
      /order (does not|doesn't|not) exist|unknown order|order not found|already (filled|cancel)/i,
  },
  {
    kind: 'flat',
    codes: ['110017', '-2022', 'reduce-only-without-position'],
    words: /reduce.?only|position (is zero|does not exist|not found)/i,
  },
  {
    kind: 'dust',
    codes: ['110094', '170140', '-4164', 'notional-too-small'],
    words: /notional|(minimum|least|lower limit).*(value|amount)|order value/i,
  },
  {
    kind: 'region',
    codes: ['10024', '10028', '170209', '-4202'],
    words: /region|country|jurisdiction|compliance|restricted location/i,
  },
  {
    kind: 'band',
    codes: ['110003', '170193', '170194', '30208', '30209', '-4016', '-4024', '-4131'],
    words: /price.*(higher|lower|exceed|range|band|limit|cap|floor|out of)/i,
  },
];

export function refusalKind(code: string, why: string): RefusalKind {
  const byCode = rows.find(({ codes }) => codes.includes(code));
  return (byCode ?? rows.find(({ words }) => words.test(why)))?.kind ?? 'other';
}

export const isPausing = (kind: RefusalKind): boolean => kind === 'region' || kind === 'band';
