/** A venue that answers by a script, beside a book that is checked against it. */

import type { CashFact, Fill, OrderReport } from '../../../src/model/fact.ts';
import { isCashFact } from '../../../src/model/fact.ts';
import { addMilliseconds, type Instant, instant, instantText } from '../../../src/model/instant.ts';
import type { Instrument } from '../../../src/model/instrument.ts';
import { parseFact } from '../../../src/model/parse-fact.ts';
import type { Checked } from '../../../src/service/checking.ts';
import {
  requestOf,
  type SyncChoice,
  type SyncResult,
  sync,
} from '../../../src/service/reconciling.ts';
import { checkAndNote } from '../../../src/service/syncing.ts';
import {
  type ComparedWithVenue,
  comparedWithVenue,
} from '../../../src/service/venue-check/comparing.ts';
import type { TakingTimes } from '../../../src/service/venue-check/taking.ts';
import type {
  Answer,
  FactPage,
  Interpreted,
  OrderReference,
  StatementQuestion,
  Submitted,
  Venue,
  VenueCapabilities,
  VenueStatement,
} from '../../../src/venues/venue.ts';
import { fact } from '../random-facts.ts';
import { type Desk, type Json, list, openDesk, sourceOf } from '../reconcile/desk.ts';

/** What it answers: a statement's sections at so many seconds past noon, or no answer. */
export type Said = Answer<never> | { readonly second: number; readonly says: Json };

export const said = (second: number, sections: Json): Said => ({ second, says: sections });

export const noAnswer = (why: string, credentials = false): Answer<never> => ({
  ...{ status: 'failed', why, retry: false, retryAfterMs: null, credentials },
});

const noon = instant('2026-11-20T12:00:00Z');
const at = (second: number): string => instantText(addMilliseconds(noon, second * 1_000));

export class ScriptedVenue implements Venue {
  readonly name: string = 'bybit';
  readonly account: string = 'main';
  capabilities: VenueCapabilities = {
    mode: 'live',
    executions: { complete: true, historyMs: null },
    cashFlows: { complete: true, historyMs: null },
    streams: { executions: false, orders: false, positions: false, balances: false },
    ...{ trading: false, amend: false, hedge: false, triggers: false },
  };
  clockAheadMs = 0;
  /** The last answer is given again and again. */
  script: Said[] = [];
  /** What it lists of the past when it is asked for more. */
  past: readonly Json[] = [];
  /** What is younger is not in its lists of the past yet. */
  lateMs = 0;
  /** What it knows of orders that it does not list; of others it knows nothing. */
  readonly orders = new Map<string, Json | Answer<never>>();
  readonly asked = { statement: 0, executions: 0, cashFlows: 0 };
  ordersAsked = 0;
  /** Coins that were named with the last question. */
  named: readonly string[] = [];
  /** From when on lists were wanted with the last question; null: nobody said. */
  wanted: Instant | null = null;
  readonly #clock: { now(): Instant; set(now: Instant): void };

  constructor(clock: { now(): Instant; set(now: Instant): void }) {
    this.#clock = clock;
  }

  async statement(how: StatementQuestion = {}): Promise<Answer<VenueStatement>> {
    this.asked.statement += 1;
    this.named = how.coins ?? [];
    this.wanted = how.since ?? null;
    const next = this.script.length > 1 ? this.script.shift()! : this.script[0]!;
    if ('status' in next) return next;
    const time = addMilliseconds(noon, next.second * 1_000);
    const ours = addMilliseconds(time, -this.clockAheadMs);
    if (ours > this.#clock.now()) this.#clock.set(ours);
    const from = at(next.second - 3_600);
    const to = at(next.second + 1);
    const lists = { executions: list([], { from, to }), cashFlows: list([], { from, to }) };
    const document = {
      ...{ schema: 'trueup.statement/1', account: this.account, venue: 'exchange' },
      ...{ asOf: at(next.second), takenAt: instantText(this.#clock.now()) },
      ...lists,
      ...next.says,
    };
    return { status: 'answered', value: sourceOf(document).statement };
  }

  #page<F extends Fill | CashFact>(since: Instant | null, belongs: (one: unknown) => one is F) {
    const facts = this.past.map(fact).filter(belongs);
    const through = addMilliseconds(this.#clock.now(), this.clockAheadMs - this.lateMs);
    const young = facts.filter(({ time }) => (since === null || time >= since) && time <= through);
    const value: FactPage<F> = { facts: young, cursor: 'end', through, more: false };
    return { status: 'answered', value } as const;
  }

  async executions(_cursor: string | null, since: Instant | null): Promise<Answer<FactPage<Fill>>> {
    this.asked.executions += 1;
    return this.#page(since, (one): one is Fill => (one as Fill).kind === 'fill');
  }

  async cashFlows(_cursor: string | null, since: Instant | null) {
    this.asked.cashFlows += 1;
    return this.#page(since, (one): one is CashFact => isCashFact(one as CashFact));
  }

  interpret(_stream: string, raw: string): Interpreted {
    const { fact: told, refusals } = parseFact(JSON.parse(raw), {}, { strict: false });
    return { facts: told === null ? [] : [told], faults: refusals.map(({ message }) => message) };
  }

  async order({ orderId }: OrderReference): Promise<Answer<OrderReport | null>> {
    this.ordersAsked += 1;
    const known = this.orders.get(orderId ?? '') ?? null;
    if (known !== null && 'status' in known && known.status === 'failed') {
      return known as Answer<never>;
    }
    const value = known === null ? null : (fact(known as Json) as OrderReport);
    return { status: 'answered', value };
  }

  async instruments(): Promise<Answer<readonly Instrument[]>> {
    return { status: 'answered', value: [] };
  }

  openOrders = (): never => unasked();
  ticker = (): never => unasked();
  events = (): never => unasked();
  place = (): Promise<Submitted> => unasked();
  amend = (): Promise<Submitted> => unasked();
  cancel = (): Promise<Submitted> => unasked();
  close = async (): Promise<void> => undefined;
}

const unasked = (): never => {
  throw new Error('nobody asks for this to compare');
};

/** Nothing is waited for: the script says what time it is. */
const times: Partial<TakingTimes> = { confirmMs: 1, tries: 1 };

export class Stand {
  readonly desk: Desk;
  readonly venue: ScriptedVenue;
  readonly times: Partial<TakingTimes>;
  believesEmpty = false;
  isBrief = false;

  constructor(desk: Desk, changes: Partial<TakingTimes> = {}) {
    this.desk = desk;
    this.venue = new ScriptedVenue(desk.clock);
    this.times = { ...times, ...changes };
  }

  compared(...script: readonly Said[]): Promise<ComparedWithVenue> {
    if (script.length > 0) this.venue.script = [...script];
    const { desk, venue } = this;
    const { signal } = new AbortController();
    const { times: usual, believesEmpty, isBrief } = this;
    const asking = { clock: desk.clock, signal, times: usual, believesEmpty, isBrief };
    const of = { account: desk.account(), venue };
    return comparedWithVenue(desk.reader, of, desk.options(), asking);
  }

  /** A message of a stream, kept at this moment and not read yet. */
  async keep(told: Json): Promise<void> {
    const { desk, venue } = this;
    const of = { venue: venue.name, account: venue.account, stream: 'execution' };
    const message = { ...of, receivedAt: desk.clock.now(), text: JSON.stringify(told) };
    await desk.writer.keep([], { messages: [message] });
  }

  /** As `check --venue` does it. */
  async check(...script: readonly Said[]): Promise<Checked> {
    const { desk } = this;
    const compared = await this.compared(...script);
    return await checkAndNote(desk.reader, desk.writer, requestOf(compared, desk.options()));
  }

  async sync(choice: Partial<SyncChoice>, ...script: readonly Said[]): Promise<SyncResult> {
    const { desk } = this;
    const compared = await this.compared(...script);
    const usual = { apply: false, auto: false, only: null, plans: null };
    const chosen = { ...usual, ...choice };
    return await sync(desk.reader, desk.writer, [compared], desk.options(), chosen);
  }
}

export async function openStand(...facts: readonly Json[]): Promise<Stand> {
  return new Stand(await openDesk(...facts));
}
