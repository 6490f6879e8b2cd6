/** The paper exchange behind the port: what a real venue would answer, without a network. */
import type { CashFact, Fill, OrderReport } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import { parseJson } from '../../model/lossless-json.ts';
import { parseFact } from '../../model/parse-fact.ts';
import type { Statement, StatementOrder, StatementSection } from '../../model/statement.ts';
import { factLine } from '../../model/write-fact.ts';
import type {
  Answer,
  FactPage,
  Interpreted,
  OrderChange,
  OrderReference,
  OrderRequest,
  Submitted,
  Ticker,
  Venue,
  VenueCapabilities,
  VenueEvent,
} from '../venue.ts';
import type { PaperEvent, PaperExchange, PaperOptions } from './paper-exchange.ts';
import { factOf } from './told-facts.ts';

/** Facts a page lists at most. */
const pageSize = 1000;

const whole = { complete: true, historyMs: null } as const;

const answered = <T>(value: T): Promise<Answer<T>> =>
  Promise.resolve({ status: 'answered', value });

const refused = (code: string, why: string): Answer<never> => ({ status: 'refused', code, why });

export class PaperVenue implements Venue {
  readonly name: string;
  readonly account: string;
  readonly capabilities: VenueCapabilities;
  readonly exchange: PaperExchange;
  readonly #instruments: readonly Instrument[];
  readonly #busted = new Set<string>();
  readonly #closed = new AbortController();

  constructor(exchange: PaperExchange, options: PaperOptions) {
    this.exchange = exchange;
    this.name = options.venue;
    this.account = options.account;
    this.#instruments = options.instruments;
    this.capabilities = {
      mode: 'paper',
      ...{ executions: whole, cashFlows: whole },
      streams: { executions: true, orders: true, positions: false, balances: false },
      ...{ trading: true, amend: true, triggers: true },
      hedge: options.positionMode === 'hedge',
    };
    exchange.listen((event) => {
      if (event.kind === 'bust') this.#busted.add(event.bust.executionId);
    });
  }

  instruments(): Promise<Answer<readonly Instrument[]>> {
    return answered(this.#instruments);
  }

  statement(): Promise<Answer<Statement>> {
    return answered(this.exchange.statement());
  }

  openOrders(): Promise<Answer<StatementSection<StatementOrder>>> {
    return answered(this.exchange.statement().orders!);
  }

  async executions(cursor: string | null, since: Instant | null): Promise<Answer<FactPage<Fill>>> {
    const page = this.#page(this.exchange.fills(), cursor, since);
    if (page.status !== 'answered') return page;
    const facts = page.value.facts.filter(({ executionId }) => !this.#busted.has(executionId));
    return { status: 'answered', value: { ...page.value, facts } };
  }

  async cashFlows(
    cursor: string | null,
    since: Instant | null,
  ): Promise<Answer<FactPage<CashFact>>> {
    return this.#page(this.exchange.cashFlows(), cursor, since);
  }

  /** The cursor counts what came before it: facts are only ever added. */
  #page<F extends Fill | CashFact>(
    all: readonly F[],
    cursor: string | null,
    since: Instant | null,
  ): Answer<FactPage<F>> {
    const isCursor = cursor === null || /^\d{1,15}$/.test(cursor);
    const first = all.findIndex(({ time }) => since === null || time >= since);
    const from = cursor === null ? (first < 0 ? all.length : first) : Number(cursor);
    if (!isCursor || from > all.length) {
      return refused('cursor-unknown', `${cursor} is no cursor of this exchange`);
    }
    const facts = all.slice(from, from + pageSize);
    const end = from + facts.length;
    const more = end < all.length;
    const through = more ? facts.at(-1)!.time : this.exchange.now();
    return { status: 'answered', value: { facts, cursor: String(end), through, more } };
  }

  ticker(instrument: string): Promise<Answer<Ticker>> {
    const ticker = this.exchange.ticker(instrument);
    if (ticker !== null) return answered(ticker);
    return Promise.resolve(refused('instrument-unknown', `${instrument} is not traded here`));
  }

  async place(request: OrderRequest): Promise<Submitted> {
    return this.exchange.submit(request);
  }

  async amend(order: OrderReference, change: OrderChange): Promise<Submitted> {
    return this.exchange.amend(order, change);
  }

  async cancel(order: OrderReference): Promise<Submitted> {
    return this.exchange.cancel(order);
  }

  order(order: OrderReference): Promise<Answer<OrderReport | null>> {
    return answered(this.exchange.order(order));
  }

  /** Hears from the moment of the call, whenever the first event is asked for. */
  events(signal: AbortSignal): AsyncIterable<VenueEvent> {
    const at = this.exchange.now();
    const why = 'the stream begins here; what came before has to be listed';
    const told: VenueEvent[] = [
      { kind: 'gap', stream, since: null, at, why },
      { kind: 'connected', stream, at },
    ];
    const ended = AbortSignal.any([signal, this.#closed.signal]);
    let wake: () => void = () => undefined;
    const end = this.exchange.listen((event) => {
      const message = messageOf(event);
      if (message === null) return;
      told.push(message);
      wake();
    });
    ended.addEventListener(
      'abort',
      () => {
        end();
        wake();
      },
      { once: true },
    );
    return eventsUntil(ended, told, end, (resolve) => {
      wake = resolve;
    });
  }

  interpret(name: string, raw: string): Interpreted {
    if (name !== stream) return { facts: [], faults: [`${name} is no stream of this exchange`] };
    const json = parseJson(raw);
    if (!json.ok) return { facts: [], faults: [json.refusal.message] };
    const { fact, refusals } = parseFact(json.value, {}, { strict: false });
    const faults = refusals.map(({ message }) => message);
    return { facts: fact === null ? [] : [fact], faults };
  }

  async close(): Promise<void> {
    this.#closed.abort();
  }
}

const stream = 'account';

async function* eventsUntil(
  ended: AbortSignal,
  told: VenueEvent[],
  end: () => void,
  whenWoken: (resolve: () => void) => void,
): AsyncGenerator<VenueEvent> {
  try {
    while (!ended.aborted) {
      const next = told.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>(whenWoken);
    }
  } finally {
    end();
  }
}

function messageOf(event: PaperEvent): VenueEvent | null {
  const fact = factOf(event);
  if (fact === null) return null;
  return { kind: 'message', stream, receivedAt: event.at, raw: factLine(fact) };
}
