/** Rows as one side of a comparison, and the better party's statement as the other. */
import {
  compare as compareDecimals,
  type Decimal,
  decimalOf,
  fromInteger,
  isZero,
  multiply,
  stripped,
  subtract,
  zero,
} from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { countText } from '../../model/amount.ts';
import type { Statement, StatementPosition, StatementSection } from '../../model/statement.ts';
import type { BookPosition, BookSide } from '../book-side.ts';
import { isComplete } from '../scope.ts';
import type { Unknown } from '../sections.ts';
import { earlierTruths, type LegHistories, type MomentsOf } from './leg-history.ts';
import type { CheckPositionsInput, PlacedRow } from './port.ts';
import type { PlacedRows } from './rows.ts';
import { type SpotEvidence, type SpotSide, spotOf } from './spot.ts';

export interface PositionSides {
  readonly book: BookSide;
  readonly statement: Statement;
  readonly unknown: readonly Unknown[];
  /** Of spot legs of which the bot's own executions alone count, those. */
  readonly ownFills: SpotSide['ownFills'];
  /** The answer is not believed. */
  readonly isSuspicious: boolean;
  readonly hints: readonly string[];
}

export type SidesEvidence = Omit<SpotEvidence, 'input'>;

export function positionSides(
  input: CheckPositionsInput,
  placed: PlacedRows,
  { histories, momentsOf, own }: SidesEvidence,
): PositionSides {
  const { truth } = input;
  const rows = [...placed.single.values()];
  const bare = bareSide(input);
  const spot = spotOf(rows, truth.statement, bare, { input, own, histories, momentsOf });
  const contracts = rows.filter(({ instrument }) => instrument.type !== 'spot');
  const compared = [...contracts, ...spot.rows];
  const isSuspicious = isSuspiciouslyEmpty(input, contracts, histories, momentsOf);
  const stated = sectionOf(truth.statement.positions, contracts.length, isSuspicious);
  const coarse = compared.map((row) => coarseness(row, input));
  const positions = compared.map(({ row, instrument, leg, quantity }, index): BookPosition => {
    return {
      ...{ instrument: instrument.name, leg, quantity, averagePrice: row.entryPrice },
      ...{ youngest: null, uncertain: null },
      ...(coarse[index] === null ? {} : { tolerance: coarse[index]!.tolerance }),
    };
  });
  return {
    book: { ...bare, positions },
    statement: {
      ...truth.statement,
      positions: stated && { ...stated, items: [...stated.items, ...spot.items] },
      ...{ balances: nothingAsked, orders: null, executions: null, cashFlows: null },
    },
    unknown: spot.unknown,
    ownFills: spot.ownFills,
    isSuspicious,
    hints: [...new Set(coarse.flatMap((one) => (one === null ? [] : [one.hint])))],
  };
}

function bareSide({ account, venue, currency, truth, sequence }: CheckPositionsInput): BookSide {
  const { instruments, marks, statement } = truth;
  return {
    ...{ account, venue, currency, asOf: statement.asOf, sequence, instruments, marks },
    ...{ balances: [], positions: [], orders: [], facts: [], withdrawn: [], openingAt: null },
    decimals: new Map(),
  };
}

type Positions = StatementSection<StatementPosition>;

/** Complete for nothing: what is not asked about is not unknown either. */
const nothingAsked = { complete: true, scope: [], error: null, from: null, to: null, items: [] };

/** Where only spot is stored, that nobody states contracts leaves nothing unknown. */
function sectionOf(
  section: Positions | null,
  contracts: number,
  isSuspicious: boolean,
): Positions | null {
  if (section === null) return contracts === 0 ? nothingAsked : null;
  if (!isSuspicious) return section;
  const why =
    `no position at all, while ${countText(contracts)} are stored and no execution closed one: ` +
    'an empty answer is not believed';
  return { ...section, items: [], error: section.error ?? why };
}

/**
 * Nothing is held, says a complete list, and nothing that was executed says the same of even one
 * row: a client that failed answers so, too.
 */
function isSuspiciouslyEmpty(
  { truth }: CheckPositionsInput,
  contracts: readonly PlacedRow[],
  histories: LegHistories,
  momentsOf: MomentsOf,
): boolean {
  const section = truth.statement.positions;
  if (section === null || !isComplete(section) || (truth.party === 'book' && truth.proven)) {
    return false;
  }
  const stored = contracts.filter(({ quantity }) => !isZero(quantity));
  if (stored.length === 0 || section.items.some(({ quantity }) => !isZero(quantity))) return false;
  return stored.every(({ row, instrument, leg, quantity }) => {
    const history = histories.of(instrument, leg, zero);
    return earlierTruths(history, quantity, momentsOf(row)).found.length === 0;
  });
}

/** A column with fewer digits than the lot cannot hold the truth: less than a digit is equal. */
function coarseness(
  { instrument }: PlacedRow,
  { snapshot: { keeps }, toleranceSteps = 0 }: CheckPositionsInput,
): { readonly tolerance: Decimal; readonly hint: string } | null {
  const { quantityScale } = keeps;
  const { lotSize, name } = instrument;
  const lot = lotSize === null ? null : stripped(lotSize);
  if (quantityScale === null || lot === null || lot.scale <= quantityScale) return null;
  const tolerance = subtract(decimalOf(1, quantityScale), lot);
  const asked = multiply(lot, fromInteger(toleranceSteps));
  if (compareDecimals(asked, tolerance) >= 0) return null;
  const hint =
    `the quantity column keeps ${quantityScale} digits, lots of ${name} are ${toText(lot)}: ` +
    `differences up to ${toText(tolerance)} cannot be seen`;
  return { tolerance, hint };
}
