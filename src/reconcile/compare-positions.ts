/** Contracts by instrument and leg: quantities, and average prices where quantities agree. */
import {
  absolute,
  type Decimal,
  equals,
  fromInteger,
  isZero,
  multiply,
  roundHalfEven,
  stripped,
  zero,
} from '../decimal/decimal.ts';
import type { Leg } from '../model/fact.ts';
import type { StatementPosition } from '../model/statement.ts';
import type { BookPosition } from './book-side.ts';
import { type ComparedLine, isWithin } from './judge.ts';
import { instrumentOf, isComplete, scopeOf, whyNotProven } from './scope.ts';
import { tellUnknown, type Work } from './sections.ts';

export interface PositionCounts {
  /** Not flat, in the book and at the venue. */
  stored: number;
  venue: number;
  equal: number;
  different: number;
  /** In the book, and not in a list that proves it. */
  phantom: number;
  /** Listed, flat in a book that once held it. */
  missing: number;
  /** Listed, of an instrument and leg that the book never held. */
  foreign: number;
}

/** The name itself where there are no legs: texts that exist need not be made and hashed again. */
const legKey = (instrument: string, leg: Leg): string =>
  leg === 'net' ? instrument : `${instrument}\n${leg}`;

export function comparePositions(work: Work): PositionCounts {
  const { book, statement, found } = work;
  const section = statement.positions;
  const scope = scopeOf(section?.scope ?? null, book);
  const complete = isComplete(section);
  const counts = {
    stored: 0,
    venue: 0,
    equal: 0,
    different: 0,
    phantom: 0,
    missing: 0,
    foreign: 0,
  };
  const listed = new Map<string, StatementPosition>();
  for (const item of section?.items ?? []) listed.set(legKey(item.instrument, item.leg), item);
  let unproven = false;
  let matched = 0;
  for (const ours of book.positions) {
    const theirs = listed.get(legKey(ours.instrument, ours.leg));
    if (theirs !== undefined) matched += 1;
    if (!isZero(ours.quantity)) counts.stored += 1;
    if (theirs !== undefined) compareOne(work, counts, ours, theirs);
    else if (isZero(ours.quantity)) continue;
    else if (complete && scope.coversInstrument(ours.instrument)) {
      compareOne(work, counts, ours, null);
    } else {
      unproven = true;
      const name = { what: 'position', key: ours.instrument, leg: ours.leg } as const;
      found.lines.push(work.judge.unproven(name, ours.quantity, whyNotProven(section)));
    }
  }
  const unmatched = matched === listed.size ? [] : notIn(book.positions, listed);
  for (const theirs of unmatched) {
    if (instrumentOf(book, theirs.instrument)?.type !== 'spot') {
      compareOne(work, counts, null, theirs);
    } else tellUnknown(work, 'positions', theirs.instrument, 'spot is compared by balances');
  }
  const missing = section === null && (unproven || book.positions.length > 0);
  if (missing || (section !== null && (unproven || !complete))) {
    tellUnknown(work, 'positions', section?.scope?.join(' ') ?? null, whyNotProven(section));
  }
  return counts;
}

function notIn(
  positions: readonly BookPosition[],
  listed: ReadonlyMap<string, StatementPosition>,
): readonly StatementPosition[] {
  const known = new Set(positions.map(({ instrument, leg }) => legKey(instrument, leg)));
  return [...listed.entries()]
    .filter(([key]) => !known.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, theirs]) => theirs);
}

function compareOne(
  work: Work,
  counts: PositionCounts,
  ours: BookPosition | null,
  theirs: StatementPosition | null,
): void {
  const { instrument, leg } = (ours ?? theirs)!;
  const held = ours ?? { quantity: zero, averagePrice: null };
  const stated = theirs ?? { quantity: zero, averagePrice: null };
  const line = work.judge.numbers({
    what: 'position',
    key: instrument,
    leg,
    ours: held.quantity,
    theirs: stated.quantity,
    tolerance: ours?.tolerance ?? toleranceOf(work, instrument),
    youngest: ours?.youngest ?? null,
    uncertain: ours?.uncertain ?? null,
    valueOf: () => work.valuer.position(instrument, held, stated),
  });
  (ours === null ? work.found.foreign : work.found.lines).push(line);
  count(counts, line, ours !== null);
  if (ours !== null && theirs !== null && line.verdict === 'equal') {
    comparePrices(work, ours, theirs);
  }
}

function count(counts: PositionCounts, line: ComparedLine, known: boolean): void {
  const oursFlat = isZero(line.ours!);
  const theirsFlat = isZero(line.theirs!);
  if (oursFlat && theirsFlat) return;
  if (!theirsFlat) counts.venue += 1;
  if (isWithin(line.verdict)) counts.equal += 1;
  else if (theirsFlat) counts.phantom += 1;
  else if (!oursFlat) counts.different += 1;
  else if (known) counts.missing += 1;
  else counts.foreign += 1;
}

function toleranceOf(work: Work, instrument: string): Decimal {
  const { toleranceSteps } = work.options;
  const lotSize = toleranceSteps === 0 ? null : instrumentOf(work.book, instrument)?.lotSize;
  return lotSize == null ? zero : multiply(lotSize, fromInteger(toleranceSteps));
}

function comparePrices(work: Work, ours: BookPosition, theirs: StatementPosition): void {
  if (ours.averagePrice === null || theirs.averagePrice === null || isZero(ours.quantity)) return;
  const rounded = equals(ours.averagePrice, theirs.averagePrice)
    ? theirs.averagePrice
    : roundHalfEven(ours.averagePrice, digitsOf(work, ours.instrument, theirs.averagePrice));
  work.found.lines.push(
    work.judge.numbers({
      what: 'average-price',
      key: ours.instrument,
      leg: ours.leg,
      // Printed in full where it differs: rounding is for comparing only.
      ours: equals(rounded, theirs.averagePrice) ? rounded : ours.averagePrice,
      theirs: theirs.averagePrice,
      tolerance: zero,
      youngest: ours.youngest,
      uncertain: ours.uncertain,
      valueOf() {
        const { net } = work.valuer.position(ours.instrument, ours, theirs);
        return { gross: net === null ? null : absolute(net), net };
      },
    }),
  );
}

/**
 * The digits to which the venue states an average. Zeros at its end are lost in reading, so it is
 * never taken to have fewer digits than the instrument's prices.
 */
function digitsOf(work: Work, instrument: string, stated: Decimal): number {
  const tickSize = instrumentOf(work.book, instrument)?.tickSize;
  return Math.max(stripped(stated).scale, tickSize == null ? 0 : stripped(tickSize).scale);
}
