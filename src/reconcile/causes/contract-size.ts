/**
 * Contracts counted in another unit: every fill of one contract that both tell is off by the same
 * power of ten, and at least two of them are. One alone may be a slip of the pen.
 */
import { type Decimal, equals, multiply } from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import { instrumentFromName } from '../../model/instrument.ts';
import type { BookSide } from '../book-side.ts';
import { type ConflictingFact, type FactGap, type Gap, identityOf, isFill } from '../gap.ts';

const factors = ['10', '100', '1000', '10000', '0.1', '0.01', '0.001', '0.0001'];

/** Theirs is so many times ours; null: no such factor fits all. */
export function factorOf(instrument: string, gaps: readonly Gap[], book: BookSide): string | null {
  if (instrumentFromName('', instrument)?.type === 'spot') return null;
  const wrong = gaps.filter(
    (gap): gap is ConflictingFact =>
      gap.kind === 'conflict' && isFill(gap.theirs) && gap.theirs.instrument === instrument,
  );
  if (wrong.length < 2) return null;
  const found = factors.find((factor) => wrong.every((gap) => isOffBy(gap, decimal(factor))));
  if (found === undefined) return null;
  const apart = new Set(gaps.flatMap((gap) => (gap.kind === 'order' ? [] : factsOf(gap))));
  const isWhole = book.facts.every(
    ({ fact }) => !isFill(fact) || fact.instrument !== instrument || apart.has(identityOf(fact)),
  );
  return isWhole ? found : null;
}

const factsOf = (gap: FactGap): readonly string[] =>
  'ours' in gap ? [identityOf(gap.ours.fact)] : [];

function isOffBy({ ours, theirs }: ConflictingFact, factor: Decimal): boolean {
  if (!isFill(ours.fact) || !isFill(theirs)) return false;
  return (
    equals(multiply(ours.fact.quantity, factor), theirs.quantity) &&
    equals(ours.fact.price, theirs.price)
  );
}
