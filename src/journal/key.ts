/** The identity of a fact: what makes the same fact, told twice, the same entry. */
import type { EntryKind, EntryRow } from '../model/entry.ts';
import { isCashFact } from '../model/fact.ts';
import { instantText } from '../model/instant.ts';
import { canonicalJson } from './canonical-json.ts';
import { shortDigest } from './digest.ts';
import { contentOf, type JournalFact, timeOf } from './encode.ts';

/** Unique within an account; an absent part is ''. */
export interface FactKey {
  readonly kind: EntryKind;
  readonly id: string;
  /** Ids are unique per symbol only at some venues. */
  readonly instrument: string;
  /** A self-match has one id on both sides. */
  readonly side: string;
  readonly leg: string;
}

export function keyOf(fact: JournalFact): FactKey {
  if (fact.kind === 'fill') {
    const { kind, instrument, side, leg } = fact;
    return { kind, id: stored(fact.executionId), instrument: stored(instrument), side, leg };
  }
  if (isCashFact(fact)) return key(fact.kind, fact.id, fact.instrument ?? '');
  switch (fact.kind) {
    case 'account':
      return key(fact.kind, fact.account);
    case 'instrument':
      return key(fact.kind, `${fact.instrument.name}:${digestOf(fact)}`, fact.instrument.name);
    case 'opening':
      return key(fact.kind, instantText(fact.time));
    case 'order': {
      const { kind, instrument, side, leg } = fact;
      const id = stored(`${fact.orderId}:${digestOf(fact)}`);
      return { kind, id, instrument: stored(instrument), side, leg };
    }
    case 'bust':
      return key(fact.kind, fact.bustId);
    case 'correction':
      return key(fact.kind, fact.correctionId);
    case 'rename':
      return key(fact.kind, fact.id, fact.from);
    default:
      return key(fact.kind, fact.id, fact.instrument);
  }
}

const key = (kind: EntryKind, id: string, instrument = ''): FactKey => ({
  kind,
  id: stored(id),
  instrument: stored(instrument),
  side: '',
  leg: '',
});

/** Half a surrogate pair has no UTF-8 form: a file would hold another text than was hashed. */
export const stored = (text: string): string => text.toWellFormed();

/** Tells apart the reports of one order, and the versions of one instrument. */
function digestOf(fact: JournalFact): string {
  const time = timeOf(fact);
  return shortDigest(
    canonicalJson([{ ...contentOf(fact) }, time === null ? null : instantText(time)]),
  );
}

export const sameKey = (a: FactKey, b: FactKey): boolean =>
  a.id === b.id &&
  a.kind === b.kind &&
  a.instrument === b.instrument &&
  a.side === b.side &&
  a.leg === b.leg;

/** The same words, whichever entry they are of. Both were stored, or are about to be. */
export const sameContent = (a: EntryRow, b: EntryRow): boolean =>
  a.kind === b.kind &&
  a.id === b.id &&
  a.v === b.v &&
  a.effectiveAt === b.effectiveAt &&
  a.instrument === b.instrument &&
  a.side === b.side &&
  a.leg === b.leg &&
  a.quantity === b.quantity &&
  a.price === b.price &&
  a.amount === b.amount &&
  a.currency === b.currency &&
  a.orderId === b.orderId &&
  a.body === b.body &&
  a.causedBy === b.causedBy;
