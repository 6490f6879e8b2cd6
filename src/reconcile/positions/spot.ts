/**
 * Spot rows. What an account holds of a coin is nobody's in particular: where the executions since
 * a row was opened are all there, the row is held against what the bot's own orders left of it.
 */
import {
  compare as compareDecimals,
  type Decimal,
  isNegative,
  isZero,
  minimum,
  subtract,
  zero,
} from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { Fill } from '../../model/fact.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Statement, StatementPosition } from '../../model/statement.ts';
import type { BookSide } from '../book-side.ts';
import { isComplete, scopeOf, whyNotProven } from '../scope.ts';
import type { Unknown } from '../sections.ts';
import { type LegHistories, type LegStep, type MomentsOf, sumOf, sureOf } from './leg-history.ts';
import type { OwnOrders } from './own-orders.ts';
import type { CheckPositionsInput, PlacedRow } from './port.ts';
import { legId } from './stated.ts';
import { openingSlackMs } from './symbols.ts';
import { executionsText } from './telling.ts';

export interface SpotSide {
  readonly rows: readonly PlacedRow[];
  readonly items: readonly StatementPosition[];
  readonly unknown: readonly Unknown[];
  /** Of legs of which the bot's own executions alone count, those. */
  readonly ownFills: ReadonlyMap<string, ReadonlySet<Fill>>;
}

export interface SpotEvidence {
  readonly input: Pick<CheckPositionsInput, 'ownOrderPrefixes'>;
  readonly own: OwnOrders;
  readonly histories: LegHistories;
  readonly momentsOf: MomentsOf;
}

/** Truth of spot is balances. Coins beyond what is stored are nobody's in particular. */
export function spotOf(
  all: readonly PlacedRow[],
  { balances, asOf, takenAt }: Statement,
  side: BookSide,
  evidence: SpotEvidence,
): SpotSide {
  const spot = all.filter(({ instrument }) => instrument.type === 'spot');
  const scope = scopeOf(balances?.scope ?? null, side);
  const rows: PlacedRow[] = [];
  const items: StatementPosition[] = [];
  const unknown: Unknown[] = [];
  const ownFills = new Map<string, ReadonlySet<Fill>>();
  const tell = (base: string, why: string) => {
    const since = takenAt ?? asOf;
    unknown.push({ account: side.account, section: 'balances', scope: base, why, since });
  };
  for (const [base, own] of Map.groupBy(spot, ({ instrument }) => instrument.base)) {
    const listed = balances?.items.find(({ currency }) => currency === base)?.total;
    const isProven = isComplete(balances) && scope.coversCurrency(base);
    const total = listed ?? (isProven ? zero : null);
    const stored = own.reduce((sum, { quantity }) => subtract(sum, quantity), zero);
    const isEnough = total !== null && compareDecimals(subtract(zero, stored), total) <= 0;
    if (total === null || (own.length > 1 && !isEnough)) {
      tell(
        base,
        total === null
          ? whyNotProven(balances)
          : `${own.length} rows share ${toText(total)} ${base}, which is less than they store`,
      );
      continue;
    }
    for (const row of own) {
      const { instrument, leg, quantity } = row;
      const left = leftOf(row, total, evidence);
      if (left.kind === 'unknown') {
        tell(base, left.why);
        continue;
      }
      if (left.kind === 'own') ownFills.set(legId(instrument.name, leg), left.fills);
      const held = minimum(left.kind === 'own' ? left.quantity : quantity, total);
      rows.push(row);
      items.push({
        ...{ instrument: instrument.name, leg, quantity: held },
        ...{ averagePrice: null, markPrice: null, unrealisedPnl: null },
      });
    }
  }
  return { rows, items, unknown, ownFills };
}

type Left =
  /** Executions do not say: what is there covers the row, or not. */
  | { readonly kind: 'total' }
  | { readonly kind: 'own'; readonly quantity: Decimal; readonly fills: ReadonlySet<Fill> }
  | { readonly kind: 'unknown'; readonly why: string };

function leftOf(placed: PlacedRow, total: Decimal, evidence: SpotEvidence): Left {
  const { row, instrument, leg, quantity } = placed;
  const { input, own, histories, momentsOf } = evidence;
  const { completeSince, steps } = histories.of(instrument, leg, total);
  const { opened } = momentsOf(row);
  if (opened === null || completeSince === null || completeSince > sureOf(opened)) {
    return { kind: 'total' };
  }
  const from = addMilliseconds(opened, -openingSlackMs);
  const since = steps.filter(({ fill }) => fill.time >= from);
  const unknown = (sold: readonly LegStep[], why: string): Left => ({
    kind: 'unknown',
    why:
      `${toText(total)} ${instrument.base} are there, and since row ${row.id} was opened some ` +
      `were sold${why} cannot be told (${executionsText(sold)})`,
  });
  const sold = since.filter((step) => isSale(step) && !own.has(step.fill));
  const isCovered = compareDecimals(quantity, total) <= 0 && !isZero(quantity);
  // Whoever declares which orders are the bot's own says of all others that they are not.
  if (sold.length > 0 && isCovered && input.ownOrderPrefixes.length === 0) {
    return unknown(sold, ' by orders that the store does not know: whose they were');
  }
  const ours = ownSteps(since, opened, own);
  const left = sumOf(ours);
  if (ours.length > 0 && !isSale(ours[0]!) && !isNegative(left)) {
    return { kind: 'own', quantity: left, fills: new Set(ours.map(({ fill }) => fill)) };
  }
  return isCovered && ours.length > 0
    ? unknown(ours, ' by the bot itself: of how many that it had')
    : { kind: 'total' };
}

const isSale = ({ effect }: LegStep): boolean => isNegative(effect);

/**
 * From its first purchase on. Where the store does not know the order of it, the only purchase
 * about the time of the opening is the one.
 */
function ownSteps(since: readonly LegStep[], opened: Instant, own: OwnOrders): readonly LegStep[] {
  const ours = new Set(since.filter(({ fill }) => own.has(fill)));
  const until = addMilliseconds(opened, openingSlackMs);
  const about = since.filter((step) => !isSale(step) && step.fill.time <= until);
  const isKnown = about.some((step) => ours.has(step));
  if (!isKnown && ours.size > 0 && about.length === 1) ours.add(about[0]!);
  const first = since.findIndex((step) => ours.has(step) && !isSale(step));
  return since.filter((step, index) => ours.has(step) && (first < 0 || index >= first));
}
