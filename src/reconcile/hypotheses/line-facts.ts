/** Everything that book and statement know of lines that no id explains, gathered in one pass. */
import { absolute, add, type Decimal, decimalOf, isZero, subtract } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { lineId, type Party } from '../../model/break.ts';
import type { Fill, Leg } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Statement, StatementSection } from '../../model/statement.ts';
import type { BookSide, Change, ListedFact, Refold } from '../book-side.ts';
import type { Comparison } from '../compare.ts';
import { factName } from '../compare-facts.ts';
import { timeDifferenceMax } from '../fact-content.ts';
import { isFill } from '../gap.ts';
import { type ComparedLine, differs } from '../judge.ts';
import { instrumentOf, isComplete, scopeOf } from '../scope.ts';
import { effectOn } from './effect.ts';
import type { DifferenceFacts, OtherLine } from './idea.ts';
import { type ByIds, namedLine, WholeBook } from './whole-book.ts';

export interface LineContext {
  readonly book: BookSide;
  readonly statement: Statement;
  readonly comparison: Comparison;
  readonly refold: Refold;
  readonly oursParty: Party;
  readonly theirsParty: Party;
}

/** A line with what is left of it once the facts of its case are booked. */
export interface LeftLine {
  readonly line: ComparedLine;
  readonly residual: Decimal;
  /** What the repair books, and facts of theirs that it leaves alone. */
  readonly change: Change;
  readonly unmatched: readonly ListedFact[];
}

export class LineFacts {
  readonly #context: LineContext;
  readonly #whole: WholeBook;
  readonly #booked: FactsByLine;
  readonly #unlisted: FactsByLine;
  readonly #byDifference: ReadonlyMap<string, readonly ComparedLine[]>;
  readonly #byKey: ReadonlyMap<string, readonly ComparedLine[]>;
  readonly #coins: readonly ComparedLine[];
  readonly #spot = new Map<string, Instrument>();

  /** `byIds`: what ids explain says nothing about other lines. */
  constructor(context: LineContext, lines: readonly ComparedLine[], byIds: ByIds) {
    const { explained } = byIds;
    const { book, comparison } = context;
    this.#context = context;
    this.#whole = new WholeBook(context, byIds);
    this.#booked = new FactsByLine(book, lines).addAll(this.#whole.facts());
    this.#unlisted = new FactsByLine(book, lines).addAll(comparison.unlisted);
    const off = comparison.lines.filter(
      (line) => canBeTakenFor(line) && !explained.has(lineId(line)),
    );
    this.#byDifference = Map.groupBy(off, ({ difference }) => sizeText(difference!));
    this.#byKey = Map.groupBy(off, ({ key }) => key);
    this.#coins = off.filter(({ what }) => what === 'balance').slice(0, othersMax);
    for (const one of book.instruments.values()) {
      if (one.type === 'spot' && !this.#spot.has(one.base)) this.#spot.set(one.base, one);
    }
  }

  of({ line, residual, change, unmatched }: LeftLine): DifferenceFacts {
    const { book, statement, oursParty, theirsParty } = this.#context;
    const { what, key, leg } = line as ComparedLine & { what: 'position' | 'balance' };
    const name = { what, key, leg };
    const booked = this.#bookedOn(name, change);
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
      unmatched: [...unmatched, ...this.#unlisted.of(name)],
      others: this.#othersOf(line),
      executionsComplete: listedSince !== null && start !== null && listedSince <= start,
      exitAfterMs: null,
      step: what === 'balance' ? stepOf(book.decimals.get(key)) : null,
      opening: book.openingAt === null ? null : { at: book.openingAt, quantity: began },
      agreeing: { has: (id) => this.#agrees(id) },
      listed: { has: (fact) => this.#isListed(fact) },
      whole: this.#whole.with(change),
    };
  }

  #bookedOn(name: LineName, { add: added, replace }: Change): readonly ListedFact[] {
    const after = new Map(
      replace.map(({ sequence, fact }) => [this.#whole.factAt(sequence), fact]),
    );
    const booked = [...this.#booked.of(name).map((fact) => after.get(fact) ?? fact), ...added];
    return booked.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  }

  #agrees(id: string): boolean {
    const line = this.#context.comparison.lineOf(id);
    return line !== undefined && line.theirs !== null && line.verdict === 'equal';
  }

  /** By any list of theirs, whole or not, just as it is booked. */
  #isListed(fact: ListedFact): boolean {
    return this.#context.comparison.verdictOf(namedLine(factName(fact))) === 'equal';
  }

  /** Since when everything that can move the line is listed completely, up to the statement. */
  #listedSince({ what, key }: LineName): Instant | null {
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
    const legs = this.#byKey.get(line.key) ?? [];
    const same = this.#byDifference.get(sizeText(line.difference!)) ?? [];
    // A fee in another coin is looked for among the balances.
    const coins = line.what === 'balance' ? this.#coins : [];
    return [...new Set([...legs, ...same.slice(0, othersMax), ...coins])]
      .filter((other) => other !== line && other.what === line.what)
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

/** Facts by the line that they move: one pass over all of them, however many lines are wanted. */
class FactsByLine {
  readonly #positions = new Map<string, Map<Leg | null, ListedFact[]>>();
  readonly #balances = new Map<string, ListedFact[]>();
  readonly #book: BookSide;

  constructor(book: BookSide, lines: readonly ComparedLine[]) {
    this.#book = book;
    for (const { what, key, leg } of lines) {
      if (what === 'balance') this.#balances.set(key, []);
      else this.#legsOf(key).set(leg, []);
    }
  }

  addAll(facts: Iterable<ListedFact>): this {
    for (const fact of facts) {
      if (!isFill(fact)) {
        this.#addCoin(fact.currency, fact);
        if (fact.fee !== null) this.#addCoin(fact.fee.currency, fact);
        continue;
      }
      this.#positions.get(fact.instrument)?.get(fact.leg)?.push(fact);
      if (this.#balances.size > 0) this.#addCoins(fact);
    }
    return this;
  }

  of({ what, key, leg }: LineName): readonly ListedFact[] {
    if (what === 'balance') return this.#balances.get(key) ?? [];
    return this.#positions.get(key)?.get(leg) ?? [];
  }

  #legsOf(instrument: string): Map<Leg | null, ListedFact[]> {
    const legs = this.#positions.get(instrument) ?? new Map<Leg | null, ListedFact[]>();
    this.#positions.set(instrument, legs);
    return legs;
  }

  #addCoins(fill: Fill): void {
    const instrument = instrumentOf(this.#book, fill.instrument);
    if (instrument?.type === 'spot') {
      this.#addCoin(instrument.base, fill);
      this.#addCoin(instrument.quote, fill);
    } else if (instrument !== null) this.#addCoin(instrument.settle, fill);
    for (const { currency } of fill.fees ?? []) this.#addCoin(currency, fill);
  }

  #addCoin(currency: string, fact: ListedFact): void {
    const own = this.#balances.get(currency);
    if (own !== undefined && own.at(-1) !== fact) own.push(fact);
  }
}

type LineName = Pick<DifferenceFacts, 'what' | 'key' | 'leg'>;
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
