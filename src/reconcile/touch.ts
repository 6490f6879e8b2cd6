/** Which lines a fact moves: what ties the lines of one case together. */
import { type Line, lineId } from '../model/break.ts';
import type { Instant } from '../model/instant.ts';
import type { BookSide, ListedFact } from './book-side.ts';
import { type Gap, isFill } from './gap.ts';
import { instrumentOf } from './scope.ts';

/** A position, an average price or a balance. */
export type HeldName = Pick<Line, 'what' | 'key' | 'leg'>;

export const heldId = ({ what, key, leg }: HeldName): string =>
  lineId({ what, key, leg, instrument: null, detail: null });

/** What the facts of a gap move; a name may come twice. */
export function touchedBy(gap: Gap, book: BookSide, asOf: Instant): readonly HeldName[] {
  const names: HeldName[] = [];
  for (const fact of factsOf(gap)) {
    // What is pending moves nothing yet, what came after the instant none of its lines.
    if (fact.time > asOf || (!isFill(fact) && fact.state === 'pending')) continue;
    if (isFill(fact) && instrumentOf(book, fact.instrument)?.type !== 'spot') {
      names.push({ what: 'position', key: fact.instrument, leg: fact.leg });
      names.push({ what: 'average-price', key: fact.instrument, leg: fact.leg });
    }
    for (const currency of currenciesOf(fact, book)) {
      names.push({ what: 'balance', key: currency, leg: null });
    }
  }
  return names;
}

/** A pair of an extra fact and the missing one it stands for is touched as a whole. */
function factsOf(gap: Gap): readonly ListedFact[] {
  switch (gap.kind) {
    case 'order':
      return [];
    case 'missing':
      return [gap.theirs];
    case 'extra':
      return gap.counterpart === null ? [gap.ours.fact] : [gap.ours.fact, gap.counterpart.theirs];
    default:
      return [gap.ours.fact, gap.theirs];
  }
}

function currenciesOf(fact: ListedFact, book: BookSide): readonly string[] {
  if (!isFill(fact)) {
    return fact.fee === null ? [fact.currency] : [fact.currency, fact.fee.currency];
  }
  const fees = (fact.fees ?? []).map((fee) => fee.currency);
  const instrument = instrumentOf(book, fact.instrument);
  if (instrument === null) return fees;
  return instrument.type === 'spot'
    ? [instrument.base, instrument.quote, ...fees]
    : [instrument.settle, ...fees];
}

/** The order that a gap's fills belong to, if they say. */
export function orderIdsOf(gap: Gap): readonly { instrument: string; orderId: string }[] {
  return factsOf(gap).flatMap((fact) =>
    isFill(fact) && fact.orderId !== null
      ? [{ instrument: fact.instrument, orderId: fact.orderId }]
      : [],
  );
}
