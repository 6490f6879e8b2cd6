/** Everything that book and statement know of lines that no id explains, gathered in one pass. */
import { absolute, add, type Decimal, decimalOf, isZero, subtract } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { Party } from '../../model/break.ts';
import type { Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Statement, StatementSection } from '../../model/statement.ts';
import type { BookSide, ListedFact } from '../book-side.ts';
import type { Comparison } from '../compare.ts';
import { timeDifferenceMax } from '../fact-content.ts';
import { type ComparedLine, differs } from '../judge.ts';
import { instrumentOf, isComplete, scopeOf } from '../scope.ts';
import { heldId, touchedByFact } from '../touch.ts';
import { effectOn } from './effect.ts';
import type { DifferenceFacts, OtherLine } from './idea.ts';

export interface LineContext {
  readonly book: BookSide;
  readonly statement: Statement;
  readonly comparison: Comparison;
  readonly oursParty: Party;
  readonly theirsParty: Party;
}

/** A line with what is left of it once the facts of its case are booked. */
export interface LeftLine {
  readonly line: ComparedLine;
  readonly residual: Decimal;
  /** Facts that the repair books, and facts of theirs that it leaves alone. */
  readonly added: readonly ListedFact[];
  readonly unmatched: readonly ListedFact[];
}

export const canBeWeighed = (line: ComparedLine): boolean =>
  (line.what === 'position' || line.what === 'balance') &&
  line.verdict === 'different' &&
  line.theirs !== null;

export class LineFacts {
  readonly #context: LineContext;
  readonly #booked: ReadonlyMap<string, readonly ListedFact[]>;
  readonly #unlisted: ReadonlyMap<string, readonly ListedFact[]>;
  readonly #byDifference: ReadonlyMap<string, readonly ComparedLine[]>;
  readonly #byKey: ReadonlyMap<string, readonly ComparedLine[]>;
  readonly #spot = new Map<string, Instrument>();

  constructor(context: LineContext, lines: readonly ComparedLine[]) {
    const { book, comparison } = context;
    this.#context = context;
    const wanted = new Set(lines.map(heldId));
    this.#booked = byLine(book.history?.() ?? [], wanted, book);
    this.#unlisted = byLine(comparison.unlisted, wanted, book);
    const off = comparison.lines.filter(canBeTakenFor);
    this.#byDifference = Map.groupBy(off, ({ difference }) => sizeText(difference!));
    this.#byKey = Map.groupBy(off, ({ key }) => key);
    for (const one of book.instruments.values()) {
      if (one.type === 'spot' && !this.#spot.has(one.base)) this.#spot.set(one.base, one);
    }
  }

  of({ line, residual, added, unmatched }: LeftLine): DifferenceFacts {
    const { book, statement, oursParty, theirsParty } = this.#context;
    const { what, key, leg } = line as ComparedLine & { what: 'position' | 'balance' };
    const name = { what, key, leg };
    const booked = this.#bookedOn(heldId(name), added);
    const instrument =
      what === 'position' ? instrumentOf(book, key) : (this.#spot.get(key) ?? null);
    const theirs = line.theirs!;
    const ours = subtract(theirs, residual);
    const held = { ...name, instrument };
    const began = beganWith(ours, booked, held, statement.asOf);
    const listedSince = this.#listedSince(name);
    const start = book.openingAt ?? booked[0]?.time ?? null;
    return {
      ...held,
      ...{ oursParty, ours, theirsParty, theirs, asOf: statement.asOf, booked, listedSince },
      openedAt: what === 'position' ? openedAt(began, booked, held, statement.asOf) : null,
      unmatched: [...unmatched, ...(this.#unlisted.get(heldId(name)) ?? [])],
      others: this.#othersOf(line),
      executionsComplete: listedSince !== null && start !== null && listedSince <= start,
      exitAfterMs: null,
      step: what === 'balance' ? stepOf(book.decimals.get(key)) : null,
      opening: book.openingAt === null ? null : { at: book.openingAt, quantity: began },
      agreeing: { has: (id) => this.#agrees(id) },
    };
  }

  #bookedOn(id: string, added: readonly ListedFact[]): readonly ListedFact[] {
    const booked = [...(this.#booked.get(id) ?? []), ...added];
    return booked.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  }

  #agrees(id: string): boolean {
    const line = this.#context.comparison.lineOf(id);
    return line !== undefined && line.theirs !== null && line.verdict === 'equal';
  }

  /** Since when everything that can move the line is listed completely, up to the statement. */
  #listedSince({ what, key }: Pick<DifferenceFacts, 'what' | 'key'>): Instant | null {
    const { statement, book } = this.#context;
    const { executions, cashFlows, asOf } = statement;
    const sections = what === 'position' ? [executions] : [executions, cashFlows];
    let since: Instant | null = null;
    for (const section of sections) {
      if (section === null || !reachesEnd(section, asOf)) return null;
      const scope = scopeOf(section.scope, book);
      const covered = what === 'position' ? scope.coversInstrument(key) : scope.coversCurrency(key);
      if (!covered) return null;
      if (since === null || section.from! > since) since = section.from!;
    }
    return since;
  }

  #othersOf(line: ComparedLine): readonly OtherLine[] {
    const same = this.#byDifference.get(sizeText(line.difference!)) ?? [];
    const legs = this.#byKey.get(line.key) ?? [];
    // Fees in another coin are looked for among balances, of which there are few.
    const coins = line.what === 'balance' ? [...this.#byKey.values()].flat() : [];
    return [...new Set([...legs, ...same, ...coins])]
      .filter((other) => other !== line && other.what === line.what)
      .slice(0, othersMax)
      .map(({ key, leg, ours, theirs }) => ({ key, leg, ours: ours!, theirs: theirs! }));
  }
}

/** Of more lines that are off by the same, none says anything about another. */
const othersMax = 50;

const canBeTakenFor = (line: ComparedLine): boolean =>
  (line.what === 'position' || line.what === 'balance') &&
  differs(line.verdict) &&
  line.ours !== null &&
  line.theirs !== null;

const sizeText = (difference: Decimal): string => toText(absolute(difference));

/** One pass over all facts, however many lines are wanted. */
function byLine(
  facts: Iterable<ListedFact>,
  wanted: ReadonlySet<string>,
  book: BookSide,
): ReadonlyMap<string, readonly ListedFact[]> {
  const lines = new Map<string, ListedFact[]>();
  if (wanted.size === 0) return lines;
  for (const fact of facts) {
    for (const name of touchedByFact(fact, book, fact.time)) {
      const id = heldId(name);
      if (!wanted.has(id)) continue;
      const own = lines.get(id);
      if (own === undefined) lines.set(id, [fact]);
      else if (own.at(-1) !== fact) own.push(fact);
    }
  }
  return lines;
}

type Held = Pick<DifferenceFacts, 'what' | 'key' | 'leg' | 'instrument'>;

/** What was held before the first fact; null where a fact moves the line by an unknown amount. */
function beganWith(
  ours: Decimal,
  booked: readonly ListedFact[],
  held: Held,
  asOf: Instant,
): Decimal | null {
  let left = ours;
  for (const fact of booked) {
    if (fact.time > asOf) continue;
    const effect = effectOn(fact, held);
    if (effect === null) return null;
    left = subtract(left, effect);
  }
  return left;
}

/** When the position last left zero; null where it did so before anything that is known. */
function openedAt(
  began: Decimal | null,
  booked: readonly ListedFact[],
  held: Held,
  asOf: Instant,
): Instant | null {
  if (began === null) return null;
  let quantity = began;
  let since: Instant | null = null;
  for (const fact of booked) {
    if (fact.time > asOf) continue;
    const effect = effectOn(fact, held);
    if (effect === null) return null;
    if (isZero(quantity)) since = fact.time;
    quantity = add(quantity, effect);
  }
  return since;
}

/** A second at its end is left out: the venue may list what came last a moment later. */
const reachesEnd = (section: StatementSection<unknown>, asOf: Instant): boolean =>
  isComplete(section) &&
  section.from !== null &&
  section.to !== null &&
  section.to >= asOf - timeDifferenceMax;

const stepOf = (digits: number | undefined): Decimal | null =>
  digits === undefined ? null : decimalOf(1, digits);
