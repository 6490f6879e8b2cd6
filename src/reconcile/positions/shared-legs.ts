/** Legs that several active rows are about: no sum of rows is ever compared. */
import { add, type Decimal, equals, subtract, zero } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { Instant } from '../../model/instant.ts';
import type { Reason } from '../../model/reason.ts';
import type { ExplainedCase } from '../explain.ts';
import type { Unknown } from '../sections.ts';
import type { Held, Valuer } from '../value.ts';
import type { CheckPositionsInput, PlacedRow } from './port.ts';
import { partyAt } from './stated.ts';
import { numberText } from './telling.ts';

/** Tells these lines from those of single rows. */
export const sharedDetail = 'rows';

export interface SharedLeg {
  readonly rows: readonly PlacedRow[];
  /** Null: nobody says what the leg holds. */
  readonly held: Held | null;
}

/** Rows that add up to what is held may each be right; which part is whose nobody can tell. */
export function unknownOfShared(
  { rows, held }: SharedLeg,
  account: string,
  since: Instant,
): Unknown | null {
  const { instrument } = rows[0]!;
  const fits = held === null || equals(sumOf(rows), held.quantity);
  if (!fits) return null;
  const ids = rows.map(({ row }) => row.id).join(', ');
  const why = `${rows.length} active rows (${ids}) are of one leg: whose part is which is not said`;
  return { account, section: 'source', scope: instrument.name, why, since };
}

export function caseOfShared(
  { rows, held }: SharedLeg,
  { account, truth }: CheckPositionsInput,
  valuer: Valuer,
): ExplainedCase | null {
  if (held === null || equals(sumOf(rows), held.quantity)) return null;
  const { instrument, leg } = rows[0]!;
  const stored = rows
    .map(({ row, quantity }) => `${numberText(quantity)} (row ${row.id})`)
    .join(', ');
  const stated = numberText(held.quantity);
  const summed = { quantity: sumOf(rows), averagePrice: null };
  const value = valuer.position(instrument.name, summed, held);
  const repeats = new Set(rows.map(({ quantity }) => toText(quantity))).size < rows.length;
  const reason: Reason = repeats ? 'FILL_DUPLICATED' : 'UNEXPLAINED';
  const difference = subtract(held.quantity, sumOf(rows));
  const added = numberText(difference);
  const theirsParty = partyAt(truth, instrument.name, leg);
  const name = { what: 'position', key: instrument.name, leg } as const;
  return {
    account,
    lines: [
      {
        ...name,
        ...{ instrument: null, detail: sharedDetail, oursParty: 'source', ours: null },
        ...{ oursText: stored, theirsParty, theirs: held.quantity, theirsText: null },
        ...{ difference: null, tolerance: zero, verdict: 'different', youngest: null, value },
      },
    ],
    ...{ touched: [], gaps: [], settling: false, reason, confidence: 'unexplained' },
    explanation: {
      sentence:
        `${rows.length} active rows are about one leg of ${instrument.name}: ${stored}; it holds ` +
        `${stated}. They are not added up (that would leave ${added}), and which of ` +
        'them is one too many, or wrong, is not guessed: a person closes the one that is not held.',
      evidence: [],
      residual: difference,
      residuals: [{ ...name, residual: difference }],
      ruledOut: [],
    },
    ...{ steps: [], effects: [], worsens: false, value, unvalued: [] },
  };
}

const sumOf = (rows: readonly PlacedRow[]): Decimal =>
  rows.reduce((sum, { quantity }) => add(sum, quantity), zero);
