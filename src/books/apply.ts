/**
 * Books are a fold: the one switch in which a fact changes a group's state. A fact is applied to
 * every group that `groupsOf` names, and each application moves only its own group.
 */
import type { BookedFact } from '../model/entry.ts';
import type {
  BookFact,
  CashFact,
  Delivery,
  Fill,
  Opening,
  Rename,
  ReturnOfCapital,
  Split,
} from '../model/fact.ts';
import { applyCash } from './apply-cash.ts';
import { applyContractFill } from './apply-contract-fill.ts';
import { applySpotFill } from './apply-spot-fill.ts';
import {
  applyDelivery,
  applyOpening,
  applyRename,
  applyReturnOfCapital,
  applySplit,
} from './apply-units.ts';
import type { Group } from './group.ts';
import type { FoldContext } from './settings.ts';

type Booked<F extends BookFact> = BookedFact & { readonly fact: F };

export function apply(group: Group, booked: BookedFact, context: FoldContext): void {
  const { fact } = booked;
  switch (fact.kind) {
    case 'fill': {
      const instrument = context.instrumentAt(fact.instrument, fact.time);
      const fill = booked as Booked<Fill>;
      if (instrument.type === 'spot') applySpotFill(group, fill, instrument, context);
      else applyContractFill(group, fill, instrument, context);
      return;
    }
    case 'opening':
      return applyOpening(group, booked as Booked<Opening>, context);
    case 'split':
      return applySplit(group, booked as Booked<Split>, context);
    case 'rename':
      return applyRename(group, booked as Booked<Rename>, context);
    case 'return-of-capital':
      return applyReturnOfCapital(group, booked as Booked<ReturnOfCapital>);
    case 'delivery':
      return applyDelivery(group, booked as Booked<Delivery>, context);
    default:
      return applyCash(group, booked as Booked<CashFact>, context);
  }
}
