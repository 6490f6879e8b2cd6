/**
 * Orders that the book holds open, against those that rest at the venue. A frame that says how an
 * order ended can be lost like any other: such an order is asked for by its id, and what the venue
 * answers is booked. What it does not answer stays as it was, and is told as unknown.
 */
import { compare as compareDecimals, equals } from '../../decimal/decimal.ts';
import { parseDecimal } from '../../decimal/text.ts';
import type { Fact, OrderReport, OrderStatus } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { StatementOrder, StatementSection } from '../../model/statement.ts';
import type { OrderRow } from '../../store/query-tables.ts';
import type { Venue } from '../../venues/venue.ts';
import type { Kept } from '../book.ts';
import type { Log } from '../log.ts';
import type { BookReader } from '../reading.ts';
import { asked, type Patience } from './asking.ts';
import { askedOrders, endAfter, type OrderName, orderKey, unheardWhy } from './asking-orders.ts';
import type { OrderProgress } from './order-progress.ts';

export interface UnknownOrder {
  readonly instrument: string;
  readonly orderId: string;
  readonly why: string;
}

export interface OrdersCompared {
  /** Null: the venue said which orders rest there, all of them. */
  readonly why: string | null;
  /** Orders that rest there, and that the book did not have, or had otherwise. */
  readonly found: number;
  /** Orders that the book held open, whose end is booked now. */
  readonly ended: number;
  /** Open in the book, not at the venue, and nobody says what became of them. */
  readonly unknown: readonly UnknownOrder[];
}

export const ordersUnasked: OrdersCompared = {
  ...{ why: 'it was not asked', found: 0, ended: 0, unknown: [] },
};

export interface OpenOrdersParts {
  readonly venue: Venue;
  readonly reader: BookReader;
  readonly log: Log;
  readonly progress: OrderProgress;
  readonly book: (reports: readonly OrderReport[]) => Promise<Kept>;
}

const resting: readonly OrderStatus[] = ['new', 'open', 'unknown'];

export class OpenOrders {
  readonly #parts: OpenOrdersParts;
  /** Open by the last report that the book has. */
  readonly #open = new Map<string, OrderRow>();
  /** Orders that were told of since they were last looked at. */
  readonly #heard = new Map<string, OrderName>();
  /** The venue knew nothing of them: they are not asked for again at every comparison. */
  readonly #unheard = new Set<string>();
  readonly #told = new Map<string, string>();
  #unread: string | null = null;
  /** The last entry that was looked through for orders. */
  #seen = 0;

  constructor(parts: OpenOrdersParts) {
    this.#parts = parts;
  }

  /** Takes up what the book holds open; what was not answered is asked for again. */
  load(): void {
    const { reader, venue } = this.#parts;
    const account = reader.file.accountNamed(venue.account)!;
    this.#open.clear();
    this.#unheard.clear();
    this.#seen = reader.file.head(account.account).sequence;
    for (const status of resting) {
      for (const row of reader.file.orders(account.account, { status })) {
        this.#open.set(orderKey(row), row);
      }
    }
  }

  /** Facts that were just booked: their orders are looked up at the next comparison. */
  heard(facts: readonly Fact[]): void {
    for (const fact of facts) {
      if (fact.kind !== 'order') continue;
      const { instrument, orderId } = fact;
      this.#heard.set(orderKey(fact), { instrument, orderId });
    }
  }

  /** A repair, or whoever else writes into the book, books orders that nobody told us of. */
  #hearOthers(): void {
    const { reader, venue } = this.#parts;
    const account = reader.file.accountNamed(venue.account)!;
    const { file } = reader;
    const { sequence } = file.head(account.account);
    for (const row of file.entriesOf(account.account, ['order'], this.#seen, sequence)) {
      const { instrument, orderId } = row;
      if (instrument === null || orderId === null) continue;
      const name = { instrument, orderId };
      this.#heard.set(orderKey(name), name);
    }
    this.#seen = sequence;
  }

  async compare(patience: Patience): Promise<OrdersCompared> {
    this.#hearOthers();
    this.#refresh();
    const before = new Map(this.#open);
    const answer = await asked(() => this.#parts.venue.openOrders(), patience);
    const why = answer.ok ? whyUnproven(answer.value) : answer.why;
    this.#tellUnread(why);
    if (why !== null || !answer.ok) return { ...ordersUnasked, why };
    const listed = answer.value.items.filter(isResting);
    const names = new Set(listed.map(orderKey));
    const missing = [...before.values()].filter((row) => !names.has(orderKey(row)));
    const found = await this.#bookListed(listed, patience.clock.now());
    const { ended, unknown } = await this.#bookEnded(missing, patience);
    this.#tellUnknown(unknown);
    return { why: null, found, ended, unknown };
  }

  /** What rests there is booked where the book has it otherwise, or not at all. */
  async #bookListed(listed: readonly StatementOrder[], now: Instant): Promise<number> {
    const { venue, log } = this.#parts;
    const reports = listed.flatMap((order) => {
      const known = this.#open.get(orderKey(order)) ?? this.#rowOf(order);
      return known === null || isNews(order, known)
        ? [{ ...reportOf(order, venue.account, now), known }]
        : [];
    });
    const outcomes = await this.#book(reports.map(({ known: _, ...report }) => report));
    let found = 0;
    for (const [index, { known, ...report }] of reports.entries()) {
      if (outcomes[index]?.status !== 'booked') continue;
      found += 1;
      const how = known === null ? 'did not have it' : 'had it otherwise';
      const { account, instrument } = report;
      const msg = `Booked order ${report.orderId}: it rests at the venue, and the book ${how}`;
      log.info({ event: 'order.found', account, instrument, msg });
    }
    return found;
  }

  /** Each is asked for by its id. */
  async #bookEnded(missing: readonly OrderRow[], patience: Patience) {
    const unknown: UnknownOrder[] = [];
    let ended = 0;
    const leave = (row: OrderRow, why: string) => {
      const { instrument, orderId } = row;
      if (!this.#isFilled(row)) unknown.push({ instrument, orderId, why });
    };
    const isUnheard = (row: OrderRow) => this.#unheard.has(orderKey(row));
    for (const row of missing.filter(isUnheard)) leave(row, unheardWhy);
    const due = missing.filter((row) => !isUnheard(row));
    for await (const [row, said] of askedOrders(this.#parts.venue, due, patience)) {
      if (said.report === null && said.unheard) this.#unheard.add(orderKey(row));
      const why = said.report === null ? said.why : await this.#end(row, said.report);
      if (why === null) ended += 1;
      else if (why !== restingWhy) leave(row, why);
    }
    return { ended, unknown };
  }

  /** Null: its end is booked; else why it is not. */
  async #end(row: OrderRow, report: OrderReport): Promise<string | null> {
    const { log } = this.#parts;
    const hasEnded = !resting.includes(report.status);
    const [outcome] = await this.#book([hasEnded ? endAfter(report, row) : report]);
    if (outcome?.status === 'refused') return outcome.refusal.message;
    if (report.status === 'unknown') return 'the venue does not say what became of it';
    if (!hasEnded) return restingWhy;
    const { account, instrument, orderId, status } = report;
    const msg = `Order ${orderId} is ${status}: the venue says so when asked, nobody told before`;
    log.info({ event: 'order.ended', account, instrument, msg });
    return null;
  }

  async #book(reports: readonly OrderReport[]): Promise<Kept['outcomes']> {
    if (reports.length === 0) return [];
    const { outcomes } = await this.#parts.book(reports);
    this.heard(reports);
    this.#refresh();
    return outcomes;
  }

  /** Filled as far as it was ordered: whatever its status says, it rests no more. */
  #isFilled({ instrument, orderId, quantity }: OrderRow): boolean {
    const filled = this.#parts.progress.of(instrument, orderId)?.filled;
    const ordered = parseDecimal(quantity);
    return filled !== undefined && ordered.ok && compareDecimals(filled, ordered.value) >= 0;
  }

  #refresh(): void {
    for (const [key, name] of this.#heard) {
      const row = this.#rowOf(name);
      this.#unheard.delete(key);
      if (row !== null && resting.includes(row.status as OrderStatus)) this.#open.set(key, row);
      else this.#open.delete(key);
    }
    this.#heard.clear();
  }

  #rowOf({ instrument, orderId }: OrderName): OrderRow | null {
    const { reader, venue } = this.#parts;
    const account = reader.file.accountNamed(venue.account)!;
    const rows = reader.file.ordersWithId(account.account, orderId);
    return rows.find((row) => row.instrument === instrument) ?? null;
  }

  #tellUnread(why: string | null): void {
    if (why !== null && why !== this.#unread) {
      const msg = `Open orders cannot be compared: ${why}`;
      this.#parts.log.warn({ event: 'orders.unread', account: this.#parts.venue.account, msg });
    }
    this.#unread = why;
  }

  /** Each once, and again when the reason changes. */
  #tellUnknown(unknown: readonly UnknownOrder[]): void {
    const now = new Map(unknown.map((one) => [orderKey(one), one]));
    for (const key of this.#told.keys()) if (!now.has(key)) this.#told.delete(key);
    for (const [key, { instrument, orderId, why }] of now) {
      if (this.#told.get(key) === why) continue;
      this.#told.set(key, why);
      const { log, venue } = this.#parts;
      const msg = `What became of order ${orderId} is not known: ${why}`;
      log.warn({ event: 'order.unknown', account: venue.account, instrument, msg });
    }
  }
}

/** Null: what the list leaves out does not rest. */
const whyUnproven = ({ complete, error }: StatementSection<StatementOrder>): string | null =>
  complete ? null : (error ?? 'the venue lists a part of them');

/** The list was older than the answer, or leaves out orders of its kind. */
const restingWhy = 'it rests';

const isResting = ({ filled, quantity }: StatementOrder): boolean =>
  filled === null || compareDecimals(filled, quantity) < 0;

/** Whether the listing says anything that the book does not, whose report may be the newer one. */
function isNews({ time, quantity, price, side }: StatementOrder, known: OrderRow): boolean {
  if (time !== null && time < known.time) return false;
  const same = (text: string | null, number: typeof price) => {
    const parsed = text === null ? null : parseDecimal(text);
    return number === null || (parsed?.ok === true && equals(parsed.value, number));
  };
  const isOpen = resting.includes(known.status as OrderStatus) && known.status !== 'unknown';
  return (
    !isOpen || known.side !== side || !same(known.quantity, quantity) || !same(known.price, price)
  );
}

const reportOf = (order: StatementOrder, account: string, now: Instant): OrderReport => ({
  kind: 'order',
  ...order,
  ...{ account, type: order.type ?? 'unknown', time: order.time ?? now },
});
