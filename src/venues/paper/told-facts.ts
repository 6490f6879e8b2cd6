/** What the exchange tells, as the fact that a book takes. */
import type { AccountedFact } from '../../model/fact.ts';
import type { PaperEvent } from './paper-exchange.ts';

/** Null for what is no fact: a position or a balance changed, by facts that are told. */
export function factOf(event: PaperEvent): AccountedFact | null {
  switch (event.kind) {
    case 'order':
      return event.order;
    case 'fill':
      return event.fill;
    case 'bust':
      return event.bust;
    case 'cash-flow':
      return event.flow;
    default:
      return null;
  }
}
