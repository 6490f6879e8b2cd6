/**
 * Provisional fills beside the venue's own fills of the same order, booked or only listed: both
 * count until the inferred one is taken back. Which sections a statement has makes no difference.
 */
import { isNegative, subtract } from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import type { Fill } from '../model/fact.ts';
import type { ListedFact } from './book-side.ts';
import { amountOf, factName, isInRange } from './compare-facts.ts';
import { isFill, type MissingFact } from './gap.ts';
import { quantityOf, type Superseded, supersededBy } from './inferred.ts';
import { differenceOf } from './judge.ts';
import { instrumentOf, isComplete, scopeOf } from './scope.ts';
import { tellUnknown, type Work } from './sections.ts';

export function compareInferred(work: Work): void {
  const { book, statement, found } = work;
  const inferred = book.inferred?.();
  if (inferred === undefined) return;
  const isKnown = ({ fact }: { readonly fact: Fill }): boolean => fact.time <= statement.asOf;
  const missing = new Map<Fill, MissingFact>();
  for (const gap of found.gaps) {
    if (gap.kind === 'missing' && isFill(gap.theirs)) missing.set(gap.theirs, gap);
  }
  const known = {
    provisional: inferred.provisional.filter(isKnown),
    gone: inferred.gone,
    real: inferred.real.filter(isKnown),
  };
  const waiting = new Set<ListedFact>();
  const tickOf = (name: string) => instrumentOf(book, name)?.tickSize ?? null;
  for (const one of supersededBy(known, [...missing.keys()], tickOf)) {
    if (isNegative(one.over) && !isAllTold(one, work)) {
      tellUnknown(work, 'executions', one.ours.fact.executionId, partlyTold(one));
      for (const { fact } of one.real) waiting.add(fact);
      continue;
    }
    found.gaps.push({
      ...{ kind: 'superseded', ...one, line: lineOf(one, work) },
      missing: one.real.flatMap(({ fact }) => missing.get(fact) ?? []),
    });
  }
  // Booked by themselves they would count beside what was inferred.
  const gaps = found.gaps.filter((gap) => gap.kind !== 'missing' || !waiting.has(gap.theirs));
  if (gaps.length < found.gaps.length) found.gaps.splice(0, found.gaps.length, ...gaps);
  // No list of the venue ever holds what was inferred, and the book does not either any more.
  found.agreed.push(...inferred.gone);
}

export function partlyTold({ ours, real, over }: Superseded): string {
  const { orderId, clientOrderId } = ours.fact;
  const known = quantityOf(real);
  return (
    `of ${toText(subtract(known, over))} that are inferred from order ` +
    `${orderId ?? clientOrderId ?? ''}, the venue’s own fills for ${toText(known)} are known: ` +
    'they take its place with the rest of them'
  );
}

/** A complete list of that time holds all fills that the order has. */
function isAllTold({ ours: { fact } }: Superseded, { book, statement }: Work): boolean {
  const { executions, asOf } = statement;
  if (executions === null || !isComplete(executions)) return false;
  if (!isInRange(fact.time, executions, asOf)) return false;
  return scopeOf(executions.scope, book).coversInstrument(fact.instrument);
}

function lineOf({ ours: { fact } }: Superseded, { judge }: Work) {
  const ours = amountOf(fact);
  return judge.differing({
    ...factName(fact),
    ...{ ours, oursText: 'provisional', theirs: null, theirsText: 'fills of its order' },
    ...{ difference: differenceOf(ours, null), youngest: fact.time },
  });
}
