/**
 * The order in which books are folded: a total order of facts by what they say of themselves,
 * never by when they reached us. effectiveAt, then kind, then the venue's own sequence (none
 * first), then id, then instrument, side (buy first) and leg.
 */
import type { BookedFact } from '../model/entry.ts';
import type { BookFact } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';

export interface OrderKey {
  readonly time: Instant;
  readonly rank: number;
  readonly venueSequence: string;
  readonly id: string;
  readonly instrument: string;
  readonly side: string;
  readonly leg: string;
}

export const fillRank = 3;

/** Opening, then what changes units, then cash flows, then fills, then deliveries. */
function rankOf(fact: BookFact): number {
  switch (fact.kind) {
    case 'opening':
      return 0;
    case 'split':
    case 'rename':
    case 'return-of-capital':
      return 1;
    case 'fill':
      return fillRank;
    case 'delivery':
      return 4;
    default:
      return 2;
  }
}

export function orderOf({ fact }: BookedFact): OrderKey {
  const time = fact.time;
  const rank = rankOf(fact);
  if (fact.kind === 'fill') {
    return {
      time,
      rank,
      venueSequence: fact.venueSequence ?? '',
      id: fact.executionId,
      instrument: fact.instrument,
      side: fact.side,
      leg: fact.leg,
    };
  }
  const id = 'id' in fact ? fact.id : '';
  const instrument = 'instrument' in fact ? (fact.instrument ?? '') : '';
  const venueSequence = 'venueSequence' in fact ? (fact.venueSequence ?? '') : '';
  const leg = 'leg' in fact ? (fact.leg ?? '') : '';
  return { time, rank, venueSequence, id, instrument, side: fact.kind, leg };
}

const digits = /^\d+$/;

/** All-digit ids first, by value then length; the rest by bytes. */
function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  const aDigits = digits.test(a);
  const bDigits = digits.test(b);
  if (aDigits !== bDigits) return aDigits ? -1 : 1;
  if (!aDigits) return compareBytes(a, b);
  const x = a.replace(/^0+(?=\d)/, '');
  const y = b.replace(/^0+(?=\d)/, '');
  if (x.length !== y.length) return x.length - y.length;
  return compareBytes(x, y) || a.length - b.length;
}

/** The order of UTF-8 bytes, from which that of UTF-16 departs at surrogates. */
function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === a.length || at === b.length) return a.length - b.length;
  return byteRank(a.charCodeAt(at)) - byteRank(b.charCodeAt(at));
}

/** Surrogates stand for what is beyond all other units. */
const byteRank = (unit: number): number =>
  unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;

/** Negative when a comes first, positive when b does, 0 only for the same identity. */
export function compareOrder(a: OrderKey, b: OrderKey): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.venueSequence !== b.venueSequence) {
    if (a.venueSequence === '') return -1;
    if (b.venueSequence === '') return 1;
    return compareIds(a.venueSequence, b.venueSequence);
  }
  return (
    compareIds(a.id, b.id) ||
    compareBytes(a.instrument, b.instrument) ||
    compareBytes(a.side, b.side) ||
    compareBytes(a.leg, b.leg)
  );
}

/** As stored beside a page of history. */
export const orderText = (key: OrderKey): string =>
  JSON.stringify([
    String(key.time),
    key.rank,
    key.venueSequence,
    key.id,
    key.instrument,
    key.side,
    key.leg,
  ]);

export function orderFromText(text: string): OrderKey {
  const [time, rank, venueSequence, id, instrument, side, leg] = JSON.parse(text) as [
    string,
    number,
    string,
    string,
    string,
    string,
    string,
  ];
  return { time: BigInt(time), rank, venueSequence, id, instrument, side, leg };
}
