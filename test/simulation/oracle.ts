/**
 * What must hold of the book, said by the ledger. Safety: nothing untrue is ever in it but what
 * was planted, nothing acknowledged is lost, no verdict and no break is false. Liveness: see
 * liveness.ts.
 */
import { toText } from '../../src/decimal/text.ts';
import type { Break, Line } from '../../src/model/break.ts';
import type { BookFact } from '../../src/model/fact.ts';
import { isCashFact } from '../../src/model/fact.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Unknown } from '../../src/reconcile/sections.ts';
import type { Checked } from '../../src/service/checking.ts';
import type { BookReader } from '../../src/service/reading.ts';
import { type Ledger, placeName, type ToldFill, type TrueFlow, unitsOf } from './ledger.ts';

/** States of a break that somebody is told of. */
const toldStates = ['OPEN', 'EXPLAINED', 'PROPOSED', 'APPROVED', 'REPAIRED', 'REOPENED'];

interface Known {
  readonly text: string;
  readonly at: Instant;
  readonly sequence: number;
}

export class Oracle {
  readonly faults: string[] = [];
  /** Ids of what somebody told the book that is not true, with why. */
  readonly planted = new Map<string, string>();
  readonly verdicts = { true: 0, break: 0, 'cannot-say': 0 };
  readonly ledger: Ledger;
  /** As the last check left them; and what it could not say anything of. */
  breaks: readonly Break[] = [];
  unknown: readonly Unknown[] = [];
  /** What was in the book when it was last looked at. */
  #before = new Set<string>();

  constructor(ledger: Ledger) {
    this.ledger = ledger;
  }

  fault(rule: string, what: string): void {
    if (this.faults.length < 20) this.faults.push(`${rule}: ${what}`);
  }

  /** Every fact that is in force in the book, held against the ledger. */
  facts(reader: BookReader): ReadonlyMap<string, Known> {
    const facts = new Map<string, Known>();
    const account = reader.file.accountNamed('main');
    if (account === null) return facts;
    for (const { fact, sequence } of reader.factsInForce(account)) {
      const known = knownOf(fact);
      if (known === null) continue;
      const [id, text] = known;
      if (fact.kind === 'adjustment') this.fault('I8', `an adjustment was booked: ${text}`);
      if (facts.has(id)) this.fault('I2', `${id} counts twice`);
      facts.set(id, { text, at: fact.time, sequence });
      this.#held(id, text);
    }
    for (const id of this.#before) {
      if (facts.has(id) || this.ledger.busted.has(id) || this.planted.has(id)) continue;
      this.fault('I1', `${id} was in the book and is gone`);
    }
    this.#before = new Set(facts.keys());
    return facts;
  }

  #held(id: string, text: string): void {
    if (this.planted.has(id)) return;
    const truth = this.ledger.named(id);
    if (truth === null) this.fault('I1', `${text} never happened`);
    else if (textOf(truth) !== text) {
      this.fault('I6', `the book says ${text}, the exchange ${textOf(truth)}`);
    }
  }

  /**
   * Ids by which the book differs from what had happened by then. `seen`: the sequence of the book
   * that was looked at: an untruth that was planted after it is for the next look to find.
   */
  differences(
    reader: BookReader,
    upTo: Instant | null,
    seen: number | null = null,
  ): readonly string[] {
    const facts = this.facts(reader);
    const truth = new Map([...this.ledger.inForce(upTo)].map((one) => [one.id, textOf(one)]));
    const missing = [...truth].flatMap(([id, text]) =>
      facts.get(id)?.text === text ? [] : [`${id} is not as it happened: ${text}`],
    );
    const isLater = ({ at, sequence }: Known) =>
      (upTo !== null && at > upTo) || (seen !== null && sequence > seen);
    const extra = [...facts].flatMap(([id, known]) =>
      truth.has(id) || isLater(known) ? [] : [`${id} is too much: ${known.text}`],
    );
    return [...missing, ...extra];
  }

  /**
   * What a check said, at the moment at which it said it. `lagged`: a section of what the venue
   * answered lagged for longer than facts take to settle; then it contradicts the book in earnest.
   */
  checked(reader: BookReader, { reconciled, account }: Checked, lagged: boolean): void {
    const { verdict, changes, comparison } = reconciled;
    this.breaks = reconciled.breaks;
    this.unknown = reconciled.unknown;
    this.verdicts[verdict] += 1;
    const asOf = comparison === null ? null : (reconciled.believed?.asOf ?? null);
    const told = changes.filter(({ to, from }) => isNews(from, to));
    if (verdict !== 'true' && told.length === 0) return;
    const differences = this.differences(reader, asOf, account.sequence);
    if (verdict === 'true' && differences.length > 0) {
      this.fault('I7', `a check said TRUE, but ${differences[0]}`);
    }
    for (const change of differences.length > 0 ? [] : told) {
      const isOfAnswer = (what: string) =>
        what === 'order' || (lagged && (what === 'position' || what === 'balance'));
      const isUntrue = (line: Line) =>
        !isOfAnswer(line.what) && !this.planted.has(line.key) && !this.#isGap(reader, line);
      if (change.break.lines.some(isUntrue)) {
        this.fault('I7', `a false break: ${breakText(change.break)}`);
      }
    }
  }

  /** What a leg lacks the book finds in all that it has, also behind the statement's instant. */
  #isGap(reader: BookReader, { detail, key, leg }: Line): boolean {
    if (detail !== 'gap') return false;
    const place = ` ${placeName(key, leg ?? 'net')} @ `;
    return this.differences(reader, null).some((one) => one.includes(place));
  }

  /** Coins and contracts of which the book does not hold what the ledger sums up to. */
  wrong(reader: BookReader): readonly string[] {
    const account = reader.file.accountNamed('main')!;
    const { view } = reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs: 1 });
    const { balances, positions } = this.ledger.held();
    const contracts = view.positions.filter(({ type }) => type !== 'spot');
    const ours = new Map([
      ...view.balances.map(({ currency, total }) => [currency, unitsOf(toText(total))] as const),
      ...contracts.map(
        ({ instrument, leg, quantity }) =>
          [placeName(instrument, leg), unitsOf(toText(quantity))] as const,
      ),
    ]);
    const truth = new Map([...balances, ...positions]);
    return [...new Set([...truth.keys(), ...ours.keys()])].filter(
      (name) => (ours.get(name) ?? 0n) !== (truth.get(name) ?? 0n),
    );
  }
}

const isNews = (from: string | null, to: string): boolean =>
  toldStates.includes(to) && (from === null || !toldStates.includes(from));

export const breakText = ({ id, reason, state, lines, explanation }: Break): string =>
  `${id} ${reason} ${state}: ${explanation.sentence} (${lines
    .map(({ what, key, ours, theirs }) => {
      const [a, b] = [ours, theirs].map((one) => (one === null ? 'none' : toText(one)));
      return `${what} ${key} ${a} -> ${b}`;
    })
    .join('; ')})`;

/** Null: it moves nothing that the ledger sums. */
function knownOf(fact: BookFact): readonly [id: string, text: string] | null {
  if (fact.kind === 'fill') {
    const { executionId: id, instrument, side, leg, quantity, price, fees, time: at } = fact;
    const paid = (fees ?? []).map(({ currency, amount }) => [currency, toText(amount)] as const);
    const numbers = { quantity: toText(quantity), price: toText(price), fees: paid };
    return [id, textOf({ id, instrument, side, leg, at, ...numbers })];
  }
  if (!isCashFact(fact)) return null;
  const { id, kind, currency, amount, time: at } = fact;
  return [id, textOf({ id, kind, currency, amount: toText(amount), at })];
}

function textOf(one: ToldFill | TrueFlow): string {
  if ('amount' in one) return `${one.kind} ${one.amount} ${one.currency} at ${one.at}`;
  const fees = one.fees.map(([currency, amount]) => `${amount} ${currency}`).join(', ');
  const place = placeName(one.instrument, one.leg);
  return `${one.side} ${one.quantity} ${place} @ ${one.price}, ${fees} at ${one.at}`;
}
