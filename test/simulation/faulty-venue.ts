/**
 * The paper exchange as a bad network and a bad day show it: frames that are lost, doubled, late,
 * out of order or broken; sockets that break or go deaf; answers that fail, come late, are cut
 * short, old, torn or empty. The exchange behind it goes on undisturbed.
 */
import type { CashFact, Fill, OrderReport } from '../../src/model/fact.ts';
import { addMilliseconds, type Instant } from '../../src/model/instant.ts';
import type { Statement, StatementOrder, StatementSection } from '../../src/model/statement.ts';
import { factLine } from '../../src/model/write-fact.ts';
import { usualTimes } from '../../src/service/venue-check/taking.ts';
import type { PaperEvent, PaperExchange } from '../../src/venues/paper/paper-exchange.ts';
import type { PaperVenue } from '../../src/venues/paper/paper-venue.ts';
import { factOf } from '../../src/venues/paper/told-facts.ts';
import type {
  Answer,
  FactPage,
  OrderReference,
  OrderRequest,
  Submitted,
  Venue,
  VenueEvent,
} from '../../src/venues/venue.ts';
import type { SimClock } from './sim-clock.ts';
import type { AnswerFault, frameFaults, Question, Step } from './step.ts';

type FrameFault = (typeof frameFaults)[number];

interface Ailing {
  readonly fault: AnswerFault;
  readonly until: Instant;
  /** What was so when it began. */
  readonly before: Statement;
  readonly b: number;
}

const stream = 'account';
const pageLength = 40;
const overlap = 3;
const { settleMs } = usualTimes;

const failed = (why: string): Answer<never> => ({
  ...{ status: 'failed', why, retry: true, retryAfterMs: null, credentials: false },
});

export class FaultyVenue implements Venue {
  readonly name;
  readonly account;
  readonly capabilities;
  /** Frames that nobody can read. */
  garbled = 0;
  /** Answers with a section that lagged for longer than facts take to settle. */
  laggards = 0;
  readonly #paper: PaperVenue;
  readonly #exchange: PaperExchange;
  readonly #clock: SimClock;
  readonly #busted = new Set<string>();
  /** What happens to the next frames, the first of them first. */
  #frames: { readonly fault: FrameFault; left: number; readonly ms: number }[] = [];
  #heldBack: string[] = [];
  readonly #ailing = new Map<Question, Ailing>();
  #submits: ('submit-unknown' | 'submit-lost')[] = [];
  /** Null: nobody listens. */
  #session: Session | null = null;
  #lostSince: Instant | null = null;
  #deafUntil: Instant = 0n;

  constructor(paper: PaperVenue, clock: SimClock) {
    this.#paper = paper;
    this.#exchange = paper.exchange;
    this.#clock = clock;
    this.name = paper.name;
    this.account = paper.account;
    this.capabilities = paper.capabilities;
    this.#exchange.listen((event) => this.#told(event));
  }

  // What goes wrong.

  spoilFrames(fault: FrameFault, { a, b }: Step): void {
    this.#frames.push({ fault, left: 1 + (a % 8), ms: 1 + b * 40 });
  }

  spoilAnswers(question: Question, fault: AnswerFault, { a, b }: Step): void {
    const until = addMilliseconds(this.#clock.now(), 2_000 + a * 120);
    this.#ailing.set(question, { fault, until, before: this.#exchange.statement(), b });
  }

  spoilSubmits(fault: 'submit-unknown' | 'submit-lost', { a }: Step): void {
    for (let count = 1 + (a % 3); count > 0; count -= 1) this.#submits.push(fault);
  }

  disconnect(ms: number): void {
    if (this.#lostSince !== null) return;
    this.#lostSince = this.#clock.now();
    this.#clock.after(ms, () => this.#reconnect());
  }

  deafen(ms: number): void {
    this.#deafUntil = addMilliseconds(this.#clock.now(), ms);
  }

  breakStream(): void {
    this.#session?.break();
  }

  /** From now on nothing goes wrong. */
  heal(): void {
    this.#frames = [];
    for (const raw of this.#heldBack.splice(0)) this.#send(raw);
    this.#ailing.clear();
    this.#submits = [];
    this.#deafUntil = 0n;
    if (this.#lostSince !== null) this.#reconnect();
  }

  #reconnect(): void {
    if (this.#lostSince === null) return;
    const [since, at] = [this.#lostSince, this.#clock.now()];
    this.#lostSince = null;
    this.#session?.put({ kind: 'gap', stream, since, at, why: 'reconnected' });
    this.#session?.put({ kind: 'connected', stream, at });
  }

  // What is pushed.

  #told(event: PaperEvent): void {
    if (event.kind === 'bust') this.#busted.add(event.bust.executionId);
    const fact = factOf(event);
    if (fact !== null) this.#frame(factLine(fact));
  }

  #frame(raw: string): void {
    const [next] = this.#frames;
    if (next === undefined) return this.#send(raw);
    next.left -= 1;
    if (next.left === 0) this.#frames.shift();
    switch (next.fault) {
      case 'drop':
        return;
      case 'duplicate':
        this.#clock.after(next.ms, () => this.#send(raw));
        return this.#send(raw);
      case 'delay':
        this.#clock.after(next.ms, () => this.#send(raw));
        return;
      case 'garble':
        this.garbled += 1;
        return this.#send(raw.slice(0, -2 - (next.ms % (raw.length - 2))));
      case 'reorder':
        this.#heldBack.push(raw);
        if (next.left > 0) return;
        for (const one of this.#heldBack.splice(0).toReversed()) this.#send(one);
    }
  }

  #send(raw: string): void {
    const receivedAt = this.#clock.now();
    if (this.#lostSince !== null || receivedAt < this.#deafUntil) return;
    this.#session?.put({ kind: 'message', stream, receivedAt, raw });
  }

  events(signal: AbortSignal): AsyncIterable<VenueEvent> {
    const session = new Session();
    this.#session = session;
    const at = this.#clock.now();
    const why = 'the stream begins here; what came before has to be listed';
    session.put({ kind: 'gap', stream, since: null, at, why });
    session.put({ kind: 'connected', stream, at });
    return session.events(signal);
  }

  interpret(name: string, raw: string) {
    return this.#paper.interpret(name, raw);
  }

  // What is answered.

  async #answer<T>(
    question: Question,
    work: () => Answer<T>,
    spoilt: (answer: T, ailing: Ailing) => T,
  ): Promise<Answer<T>> {
    const ailing = this.#ailing.get(question);
    if (ailing === undefined || ailing.until < this.#clock.now()) return work();
    switch (ailing.fault) {
      case 'fail':
        return failed('HTTP 503');
      case 'refuse':
        return { status: 'refused', code: '10001', why: 'no such parameter' };
      case 'throw':
        throw new Error('socket hang up');
    }
    const answer = work();
    if (ailing.fault === 'late') await this.#wait(500 + ailing.b * 45);
    if (answer.status !== 'answered') return answer;
    return { status: 'answered', value: spoilt(answer.value, ailing) };
  }

  #wait = (ms: number): Promise<void> =>
    new Promise((resolve) => void this.#clock.after(ms, resolve));

  instruments() {
    return this.#paper.instruments();
  }

  ticker(instrument: string) {
    return this.#paper.ticker(instrument);
  }

  statement(): Promise<Answer<Statement>> {
    const now = () => answered(this.#exchange.statement());
    return this.#answer('statement', now, (whole, ailing) => {
      const isTorn = ailing.fault === 'torn-positions' || ailing.fault === 'torn-money';
      if (isTorn && addMilliseconds(ailing.before.asOf, settleMs) < whole.asOf) this.laggards += 1;
      return spoiltStatement(whole, ailing);
    });
  }

  openOrders(): Promise<Answer<StatementSection<StatementOrder>>> {
    const now = () => answered(this.#exchange.statement().orders!);
    return this.#answer('openOrders', now, (value) => value);
  }

  order(order: OrderReference): Promise<Answer<OrderReport | null>> {
    return this.#answer(
      'order',
      () => answered(this.#exchange.order(order)),
      (value) => value,
    );
  }

  executions(cursor: string | null, since: Instant | null): Promise<Answer<FactPage<Fill>>> {
    return this.#page('executions', this.#exchange.fills(), cursor, since);
  }

  cashFlows(cursor: string | null, since: Instant | null): Promise<Answer<FactPage<CashFact>>> {
    return this.#page('cashFlows', this.#exchange.cashFlows(), cursor, since);
  }

  /** The cursor counts what came before it; pages overlap by a few. */
  #page<F extends Fill | CashFact>(
    question: 'executions' | 'cashFlows',
    all: readonly F[],
    cursor: string | null,
    since: Instant | null,
  ): Promise<Answer<FactPage<F>>> {
    const ailing = this.#ailing.get(question);
    const isLate = ailing?.fault === 'list-late' && ailing.until >= this.#clock.now();
    const through = addMilliseconds(this.#clock.now(), isLate ? -20 * ailing.b : 0);
    const first = all.findIndex(({ time }) => since === null || time >= since);
    const from = cursor === null ? (first < 0 ? all.length : first) : Number(cursor);
    const known = all.findIndex(({ time }) => time > through);
    const listed = known < 0 ? all.length : known;
    const end = Math.max(from, Math.min(from + pageLength, listed));
    const more = end < listed;
    const facts = all
      .slice(cursor === null ? from : Math.max(0, from - overlap), end)
      .filter((fact) => fact.kind !== 'fill' || !this.#busted.has(fact.executionId));
    const value = {
      ...{ facts, cursor: String(end), more },
      through: more ? all[end]!.time - 1n : through,
    };
    return this.#answer(
      question,
      () => answered(value),
      (page, { fault, b }) => {
        if (fault === 'truncate') return { ...page, facts: page.facts.slice(0, b % 10) };
        if (fault !== 'same-page' || cursor === null) return page;
        return { ...page, cursor, more: true };
      },
    );
  }

  // What is sent.

  async place(request: OrderRequest): Promise<Submitted> {
    const fault = this.#submits.shift();
    if (fault === 'submit-lost') return { status: 'unknown', why: 'no answer' };
    const submitted = this.#exchange.submit(request);
    return fault === undefined ? submitted : { status: 'unknown', why: 'no answer' };
  }

  amend(...change: Parameters<Venue['amend']>): Promise<Submitted> {
    return this.#paper.amend(...change);
  }

  cancel(order: OrderReference): Promise<Submitted> {
    return this.#paper.cancel(order);
  }

  async close(): Promise<void> {
    this.#session = null;
  }
}

const answered = <T>(value: T): Answer<T> => ({ status: 'answered', value });

/** Sections of another time keep the lists of now: so do venues whose caches lag. */
function spoiltStatement(now: Statement, { fault, before, b }: Ailing): Statement {
  const cut = <T>(section: StatementSection<T> | null): StatementSection<T> | null =>
    section && { ...section, complete: false, error: 'cut off', items: section.items.slice(0, 1) };
  const none = <T>(section: StatementSection<T> | null): StatementSection<T> | null =>
    section && { ...section, items: [] };
  switch (fault) {
    case 'stale':
      return { ...before, takenAt: now.takenAt };
    case 'torn-positions':
      return { ...now, positions: before.positions };
    case 'torn-money':
      return { ...now, balances: before.balances };
    case 'empty':
      return { ...now, positions: none(now.positions), balances: none(now.balances) };
    case 'cut':
      return b % 2 === 0
        ? { ...now, positions: cut(now.positions) }
        : { ...now, balances: cut(now.balances), executions: cut(now.executions) };
    default:
      return now;
  }
}

/** What one listener was sent and has not taken. */
class Session {
  readonly #queue: VenueEvent[] = [];
  #wake: () => void = () => undefined;
  #isBroken = false;

  put(event: VenueEvent): void {
    this.#queue.push(event);
    this.#wake();
  }

  break(): void {
    this.#isBroken = true;
    this.#wake();
  }

  async *events(signal: AbortSignal): AsyncGenerator<VenueEvent> {
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    while (!signal.aborted) {
      const next = this.#queue.shift();
      if (next !== undefined) yield next;
      else if (this.#isBroken) throw new Error('the socket broke');
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
