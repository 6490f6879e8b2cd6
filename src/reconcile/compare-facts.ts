/**
 * Fills and cash flows by identity. Listed and not booked is missing; booked and not listed is
 * extra, but only where a complete section's range holds it; one identity with two contents is a
 * conflict. Passes go from the strongest match to the weakest, and each consumes what it matched.
 */

import { signedAmount } from '../books/apply-cash.ts';
import { type Decimal, negate, zero } from '../decimal/decimal.ts';
import type { Instant } from '../model/instant.ts';
import type { StatementSection } from '../model/statement.ts';
import type { BookedItem, ListedFact } from './book-side.ts';
import { differencesOf, knowsMore, timeDifferenceMax } from './fact-content.ts';
import {
  type ExtraFact,
  type FieldDifference,
  identityOf,
  idOf,
  isCash,
  isFill,
  looseIdentityOf,
  type MissingFact,
} from './gap.ts';
import { type ComparedLine, differenceOf } from './judge.ts';
import { isComplete, type Scope, scopeOf, whyNotProven } from './scope.ts';
import { type SectionName, tellUnknown, type Work } from './sections.ts';
import { Counterparts, Twins } from './twins.ts';

export interface FactCounts {
  listed: number;
  /** Listed and booked with the same content. */
  equal: number;
  missing: number;
  extra: number;
  conflicting: number;
  incomplete: number;
  withdrawn: number;
  /** Listed, and contained in the opening. */
  beforeOpening: number;
}

export function compareFacts(work: Work): FactCounts {
  const counts: FactCounts = {
    ...{ listed: 0, equal: 0, missing: 0, extra: 0, conflicting: 0, incomplete: 0 },
    ...{ withdrawn: 0, beforeOpening: 0 },
  };
  const { executions, cashFlows } = work.statement;
  new FactSection(work, counts, 'executions', executions, isFill).compare();
  new FactSection(work, counts, 'cashFlows', cashFlows, isCash).compare();
  return counts;
}

class FactSection {
  readonly #work: Work;
  readonly #counts: FactCounts;
  readonly #section: StatementSection<ListedFact> | null;
  readonly #name: SectionName;
  readonly #booked = new Map<string, BookedItem>();
  readonly #withdrawn: ReadonlyMap<string, BookedItem>;
  readonly #missing: MissingFact[] = [];
  /** Booked and listed: what a duplicate may be a twin of. */
  readonly #matched: BookedItem[] = [];

  constructor(
    work: Work,
    counts: FactCounts,
    name: SectionName,
    section: StatementSection<ListedFact> | null,
    belongs: (fact: ListedFact) => boolean,
  ) {
    this.#work = work;
    this.#counts = counts;
    this.#name = name;
    this.#section = section;
    const { facts, withdrawn } = work.book;
    for (const item of facts) if (belongs(item.fact)) this.#booked.set(identityOf(item.fact), item);
    this.#withdrawn = new Map(
      withdrawn.flatMap((item) => (belongs(item.fact) ? [[identityOf(item.fact), item]] : [])),
    );
  }

  compare(): void {
    const section = this.#section;
    if (section === null) return;
    if (!isComplete(section)) {
      tellUnknown(this.#work, this.#name, section.scope?.join(' ') ?? null, whyNotProven(section));
    }
    const listed = this.#listed(section);
    const unmatched = this.#matchByIdentity(listed);
    // What follows must not depend on the order in which the statement lists its items.
    unmatched.sort((a, b) => (identityOf(a) < identityOf(b) ? -1 : 1));
    this.#matched.sort((a, b) => a.sequence - b.sequence);
    for (const theirs of this.#matchWithoutInstrument(unmatched)) this.#addMissing(theirs);
    if (isComplete(section)) this.#findExtra(section);
    else this.#findUnlisted(section);
    for (const [identity, item] of this.#withdrawn) {
      if (!listed.has(identity) && isComplete(section)) this.#work.found.agreed.push(item.fact);
    }
    for (const gap of this.#missing) this.#work.found.gaps.push(gap);
  }

  /** Items listed twice alike are one; two contents of one identity prove neither. */
  #listed(section: StatementSection<ListedFact>): ReadonlyMap<string, ListedFact> {
    const listed = new Map<string, ListedFact>();
    const contradictory = new Set<string>();
    for (const theirs of section.items) {
      const identity = identityOf(theirs);
      const first = listed.get(identity);
      if (first === undefined) listed.set(identity, theirs);
      else if (differencesOf(first, theirs).length > 0) contradictory.add(identity);
    }
    for (const identity of contradictory) {
      const id = idOf(listed.get(identity)!);
      tellUnknown(this.#work, this.#name, id, 'listed twice with different content');
      listed.delete(identity);
      this.#booked.delete(identity);
    }
    this.#counts.listed += listed.size;
    return listed;
  }

  #matchByIdentity(listed: ReadonlyMap<string, ListedFact>): ListedFact[] {
    const { openingAt } = this.#work.book;
    const unmatched: ListedFact[] = [];
    for (const [identity, theirs] of listed) {
      const ours = this.#booked.get(identity);
      const withdrawn = this.#withdrawn.get(identity);
      if (ours !== undefined) {
        this.#booked.delete(identity);
        this.#match(ours, theirs);
      } else if (withdrawn !== undefined) this.#addWithdrawn(withdrawn, theirs);
      else if (openingAt !== null && theirs.time <= openingAt) this.#counts.beforeOpening += 1;
      else unmatched.push(theirs);
    }
    return unmatched;
  }

  /** One id of one kind, where one of the two does not name the instrument. */
  #matchWithoutInstrument(unmatched: readonly ListedFact[]): readonly ListedFact[] {
    if (this.#name !== 'cashFlows' || unmatched.length === 0) return unmatched;
    const loose = new Map<string, BookedItem | null>();
    for (const item of this.#booked.values()) {
      const key = looseIdentityOf(item.fact);
      loose.set(key, loose.has(key) ? null : item);
    }
    return unmatched.filter((theirs) => {
      const ours = loose.get(looseIdentityOf(theirs)) ?? null;
      if (ours === null || (theirs.instrument !== null && ours.fact.instrument !== null)) {
        return true;
      }
      if (!this.#booked.delete(identityOf(ours.fact))) return true;
      this.#match(ours, theirs);
      return false;
    });
  }

  #match(ours: BookedItem, theirs: ListedFact): void {
    const { gaps } = this.#work.found;
    this.#matched.push(ours);
    const fields = differencesOf(ours.fact, theirs);
    if (fields.length > 0) {
      this.#counts.conflicting += 1;
      const line = this.#conflictLine(ours, theirs, fields);
      gaps.push({ kind: 'conflict', line, ours, theirs, fields });
    } else if (knowsMore(theirs, ours.fact)) {
      this.#counts.incomplete += 1;
      const line = this.#incompleteLine(theirs);
      gaps.push({ kind: 'incomplete', line, ours, theirs });
    } else {
      this.#counts.equal += 1;
      this.#work.found.agreed.push(theirs);
    }
  }

  #conflictLine(ours: BookedItem, theirs: ListedFact, fields: readonly FieldDifference[]) {
    const [first] = fields;
    const texts = (side: 'oursText' | 'theirsText') =>
      fields.map((one) => `${one.field} ${one[side]}`).join(', ');
    const { ours: a, theirs: b } = first!;
    return this.#work.judge.differing({
      ...factName(theirs),
      ...{ ours: a, oursText: texts('oursText'), theirs: b, theirsText: texts('theirsText') },
      difference: a === null || b === null ? null : differenceOf(a, b),
      youngest: ours.fact.time > theirs.time ? ours.fact.time : theirs.time,
    });
  }

  #incompleteLine(theirs: ListedFact) {
    if (isCash(theirs)) return this.#line(theirs, null, 'not complete', amountOf(theirs), null);
    const fees = theirs.fees ?? [];
    const sides = { ours: null, oursText: 'fee not known', theirs: fees[0]?.amount ?? zero };
    const texts = { theirsText: 'fee', difference: null, youngest: theirs.time };
    return this.#work.judge.differing({ ...factName(theirs), ...sides, ...texts });
  }

  #addMissing(theirs: ListedFact): void {
    this.#counts.missing += 1;
    const line = this.#line(theirs, null, 'not booked', amountOf(theirs), null);
    this.#missing.push({ kind: 'missing', line, theirs });
  }

  #addWithdrawn(ours: BookedItem, theirs: ListedFact): void {
    this.#counts.withdrawn += 1;
    const line = this.#line(theirs, null, 'busted or reversed', amountOf(theirs), null);
    this.#work.found.gaps.push({ kind: 'withdrawn', line, ours, theirs });
  }

  #findExtra(section: StatementSection<ListedFact>): void {
    const scope = scopeOf(section.scope, this.#work.book);
    const { asOf } = this.#work.statement;
    const left = [...this.#booked.values()]
      .filter(({ fact }) => isProvenAbsent(fact, section, asOf, scope))
      .sort((a, b) => a.sequence - b.sequence);
    if (left.length === 0) return;
    const inferred = this.#missing.map(({ theirs }) => ({ sequence: 0, fact: theirs }));
    const twins = new Twins([...this.#matched, ...inferred]);
    const missing = new Counterparts(this.#missing);
    for (const ours of left) {
      this.#counts.extra += 1;
      const amount = amountOf(ours.fact);
      const counterpart = missing.take(ours.fact);
      const gap: ExtraFact = {
        kind: 'extra',
        line: this.#line(ours.fact, amount, null, null, 'not listed'),
        ours,
        twin: counterpart === null ? twins.find(ours.fact) : null,
        counterpart,
      };
      this.#work.found.gaps.push(gap);
    }
  }

  /** Inside the span of what is listed: outside of it the list was cut, and tells nothing. */
  #findUnlisted(section: StatementSection<ListedFact>): void {
    const { items } = section;
    if (section.error !== null || items.length === 0) return;
    const times = items.map(({ time }) => time);
    const first = times.reduce((a, b) => (b < a ? b : a));
    const last = times.reduce((a, b) => (b > a ? b : a));
    for (const { fact } of this.#booked.values()) {
      const isInside = fact.time > first && fact.time < last;
      if (isInside && isEverListed(fact)) this.#work.found.unlisted.push(fact);
    }
  }

  #line(
    fact: ListedFact,
    ours: Decimal | null,
    oursText: string | null,
    theirs: Decimal | null,
    theirsText: string | null,
  ) {
    const difference = differenceOf(ours, theirs);
    const sides = { ours, oursText, theirs, theirsText, difference, youngest: fact.time };
    return this.#work.judge.differing({ ...factName(fact), ...sides });
  }
}

/**
 * Whether the section would list the fact if the venue had it. No list knows what came after its
 * statement, whatever its range; and a second at either end is left out, for the venue may have
 * the fact at a time just outside. Nothing inferred or pending, and no decree of ours, is listed.
 */
function isProvenAbsent(
  fact: ListedFact,
  section: StatementSection<ListedFact>,
  asOf: Instant,
  scope: Scope,
): boolean {
  if (!isInRange(fact.time, section, asOf)) return false;
  if (!isEverListed(fact)) return false;
  if (isFill(fact)) return scope.coversInstrument(fact.instrument);
  return (
    scope.coversCurrency(fact.currency) ||
    (fact.instrument !== null && scope.coversInstrument(fact.instrument))
  );
}

export function isInRange(
  time: Instant,
  { from, to }: StatementSection<ListedFact>,
  asOf: Instant,
): boolean {
  if (from === null || to === null) return false;
  const end = to < asOf ? to : asOf;
  return time >= from + timeDifferenceMax && time < end - timeDifferenceMax;
}

const isEverListed = (fact: ListedFact): boolean =>
  isFill(fact) ? !fact.provisional : fact.kind !== 'adjustment' && fact.state !== 'pending';

/** The name of a fact's own line. */
export function factName(fact: ListedFact): FactName {
  const { instrument } = fact;
  return isFill(fact)
    ? { what: 'fill', key: fact.executionId, instrument, leg: fact.leg, detail: fact.side }
    : { what: 'cash-flow', key: fact.id, instrument, leg: null, detail: fact.kind };
}

type FactName = Pick<ComparedLine, 'what' | 'key' | 'instrument' | 'leg' | 'detail'>;

/** Signed: units of a fill, the effect of a cash flow on its balance. */
export function amountOf(fact: ListedFact): Decimal {
  if (!isFill(fact)) return signedAmount(fact);
  return fact.side === 'buy' ? fact.quantity : negate(fact.quantity);
}
