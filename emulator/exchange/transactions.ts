/**
 * The transaction log: every change of a coin with the balance after it, so that
 * `change = cashFlow + funding - fee` and each balance is the one before plus the change.
 */
import { add, type Decimal, isZero, negate, subtract, zero } from '../../src/decimal/decimal.ts';
import type { CashFact, CashKind, Fill } from '../../src/model/fact.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Instrument } from '../../src/model/instrument.ts';
import { type Effect, PositionTally } from './position-tally.ts';
import { firstIndex } from './sorted.ts';

export type TransactionKind = 'trade' | 'bust' | CashKind;

export interface Transaction {
  readonly sequence: number;
  readonly kind: TransactionKind;
  readonly currency: string;
  readonly cashFlow: Decimal;
  readonly funding: Decimal;
  readonly fee: Decimal;
  readonly change: Decimal;
  readonly balance: Decimal;
  readonly fill: Fill | null;
  readonly flow: CashFact | null;
  /** The signed position after it; zero on spot. */
  readonly position: Decimal;
  /** When it happened, and when it could be known. */
  readonly time: Instant;
  readonly at: Instant;
}

/** From the newest back, in a span of time, before a sequence. */
export function* newestTransactions(
  list: readonly Transaction[],
  { from, to, before }: { from: Instant; to: Instant; before: number },
): Generator<Transaction> {
  const later = firstIndex(list, ({ time }) => time > to);
  for (let i = Math.min(later, before - 1) - 1; i >= 0; i--) {
    const row = list[i]!;
    if (row.time < from) return;
    yield row;
  }
}

type Movement = Pick<
  Transaction,
  'kind' | 'currency' | 'cashFlow' | 'funding' | 'fee' | 'fill' | 'flow' | 'position' | 'time'
>;

export class Transactions {
  readonly list: Transaction[] = [];
  #tally = new PositionTally();
  readonly #balances = new Map<string, Decimal>();
  readonly #facts: (Fill | CashFact)[] = [];
  readonly #instruments: ReadonlyMap<string, Instrument>;

  constructor(instruments: ReadonlyMap<string, Instrument>) {
    this.#instruments = instruments;
  }

  get tally(): PositionTally {
    return this.#tally;
  }

  balance(currency: string): Decimal {
    return this.#balances.get(currency) ?? zero;
  }

  fill(fill: Fill, at: Instant): Effect {
    this.#facts.push(fill);
    const effect = this.#applied(fill);
    for (const move of effect.moves) {
      if (isZero(move.cashFlow) && isZero(move.fee)) continue;
      const of = { kind: 'trade' as const, fill, flow: null, funding: zero, time: fill.time };
      this.#write({ ...of, ...move, position: effect.after }, at);
    }
    return effect;
  }

  flow(flow: CashFact, at: Instant): void {
    this.#facts.push(flow);
    const { cashFlow, funding, fee } = this.#flowParts(flow);
    const { kind, currency, time } = flow;
    const position = this.#positionOf(flow);
    const base = { kind, time, fill: null, flow, position };
    this.#write({ ...base, currency, cashFlow, funding, fee }, at);
    if (flow.fee !== null && flow.fee.currency !== currency) {
      const apart = { cashFlow: zero, funding: zero, fee: flow.fee.amount };
      this.#write({ ...base, ...apart, currency: flow.fee.currency }, at);
    }
  }

  /** Everything as if that fill had never been: one row for every coin it changes. */
  bust(fill: Fill, at: Instant): void {
    const index = this.#facts.indexOf(fill);
    if (index < 0) return;
    this.#facts.splice(index, 1);
    this.#tally = new PositionTally();
    const after = new Map<string, Decimal>();
    for (const fact of this.#facts)
      for (const [currency, change] of this.#changesOf(fact))
        after.set(currency, add(after.get(currency) ?? zero, change));
    const position = this.#tally.quantity(fill.instrument, fill.leg);
    for (const [currency, before] of [...this.#balances]) {
      const cashFlow = subtract(after.get(currency) ?? zero, before);
      if (isZero(cashFlow)) continue;
      const of = { kind: 'bust' as const, fill, flow: null, funding: zero, fee: zero };
      this.#write({ ...of, currency, cashFlow, position, time: at }, at);
    }
  }

  #changesOf(fact: Fill | CashFact): (readonly [string, Decimal])[] {
    if (fact.kind === 'fill') {
      const { moves } = this.#applied(fact);
      return moves.map((move) => [move.currency, subtract(move.cashFlow, move.fee)] as const);
    }
    const { cashFlow, funding, fee } = this.#flowParts(fact);
    const change = subtract(add(cashFlow, funding), fee);
    const apart = fact.fee !== null && fact.fee.currency !== fact.currency;
    return [
      [fact.currency, change],
      ...(apart ? [[fact.fee.currency, negate(fact.fee.amount)] as const] : []),
    ];
  }

  #flowParts(flow: CashFact) {
    const { kind, amount, instrument, leg } = flow;
    if (kind === 'funding') {
      if (instrument !== null) this.#tally.paid(instrument, leg ?? 'net', amount);
      return { cashFlow: zero, funding: amount, fee: zero };
    }
    const isCost = kind === 'withdrawal' || kind === 'fee' || kind === 'tax';
    const fee = flow.fee?.currency === flow.currency ? flow.fee.amount : zero;
    return { cashFlow: isCost ? negate(amount) : amount, funding: zero, fee };
  }

  #positionOf({ instrument, leg }: CashFact): Decimal {
    return instrument === null ? zero : this.#tally.quantity(instrument, leg ?? 'net');
  }

  #applied(fill: Fill): Effect {
    const instrument = this.#instruments.get(fill.instrument);
    if (instrument === undefined)
      throw new Error(`a fill of ${fill.instrument}, which is not one of the instruments`);
    return this.#tally.apply(fill, instrument);
  }

  #write(movement: Movement, at: Instant): void {
    const { currency, cashFlow, funding, fee } = movement;
    const change = subtract(add(cashFlow, funding), fee);
    const balance = add(this.balance(currency), change);
    this.#balances.set(currency, balance);
    this.list.push({ ...movement, sequence: this.list.length + 1, change, balance, at });
  }
}
