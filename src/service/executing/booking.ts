/**
 * Everything that the exchange tells becomes a fact of our book, in the order in which it was told
 * and before anybody decides anything by it. A fill carries the strategy that its order is named
 * after. What the book does not take ends the run: a book with a hole in it proves nothing.
 */
import { type Fact, type Fill, isCashFact, type Mark } from '../../model/fact.ts';
import type { PaperEvent, PaperExchange } from '../../venues/paper/paper-exchange.ts';
import type { BookWriter } from '../book.ts';
import type { Outcome } from '../outcome.ts';
import { strategyOf } from './order-name.ts';
import { PaperRefused } from './paper-refused.ts';

const reportsMax = 100;

export class Booking {
  readonly #writer: BookWriter;
  readonly #stop: () => void;
  #waiting: Fact[] = [];
  #moved = false;

  constructor(writer: BookWriter, exchange: Pick<PaperExchange, 'listen'>) {
    this.#writer = writer;
    this.#stop = exchange.listen((event) => this.#hear(event));
  }

  /**
   * Whether something waits that moved money. Reports of orders alone wait for it, a hundred at
   * most: nobody decides by them, and every commit waits for the disk.
   */
  get isUrgent(): boolean {
    return this.#moved || this.#waiting.length >= reportsMax;
  }

  /** Durable when it resolves; marks go first, so that what needs a rate finds one. */
  async book(marks: readonly Mark[] = []): Promise<void> {
    const facts = [...marks, ...this.#waiting];
    this.#waiting = [];
    this.#moved = false;
    if (facts.length === 0) return;
    const { outcomes } = await this.#writer.recordAll(facts);
    for (const [index, outcome] of outcomes.entries()) expectBooked(facts[index]!, outcome);
  }

  /** Hears no more. */
  end(): void {
    this.#stop();
  }

  #hear(event: PaperEvent): void {
    this.#moved ||= event.kind === 'fill' || event.kind === 'cash-flow';
    if (event.kind === 'fill') this.#waiting.push(labelled(event.fill));
    else if (event.kind === 'cash-flow') this.#waiting.push(event.flow);
    else if (event.kind === 'order') this.#waiting.push(event.order);
  }
}

const labelled = (fill: Fill): Fill => ({
  ...fill,
  strategy: fill.strategy ?? strategyOf(fill.clientOrderId),
});

function expectBooked(fact: Fact, outcome: Outcome): void {
  const { status } = outcome;
  if (status === 'booked' || status === 'duplicate' || status === 'enriched') return;
  const why = status === 'refused' ? outcome.refusal.message : `it is ${status}`;
  const id = fact.kind === 'fill' ? fact.executionId : isCashFact(fact) ? fact.id : '';
  throw new PaperRefused({
    code: 'fact-not-booked',
    message: `the book did not take a ${fact.kind} ${id} of the exchange: ${why}`,
    where: { field: fact.kind, value: id },
    rule: 'everything that the exchange did is in the book',
    hint: 'run paper on a book of its own',
  });
}
