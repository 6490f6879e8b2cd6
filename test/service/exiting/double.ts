/** A paper exchange whose answers get lost, and in front of which a process dies at any call. */
import { decimal, toText } from '../../../src/decimal/text.ts';
import type { HeldPosition } from '../../../src/exits/facts.ts';
import { type ExitRules, usualExitRules } from '../../../src/exits/rules.ts';
import type { Leg } from '../../../src/model/fact.ts';
import { addMilliseconds, type Clock, type Instant } from '../../../src/model/instant.ts';
import type { Pauses } from '../../../src/service/exiting/pauses.ts';
import type { ExitParts } from '../../../src/service/exiting/run.ts';
import { openPaperExchange } from '../../../src/venues/paper/exchange.ts';
import type { PaperExchange } from '../../../src/venues/paper/paper-exchange.ts';
import { PaperVenue } from '../../../src/venues/paper/paper-venue.ts';
import type { OrderRequest, Venue } from '../../../src/venues/venue.ts';
import { fees, listed, optionsOf, start } from '../../venues/paper/paper-kit.ts';
import { rememberedLog } from '../duties/duty-kit.ts';
import { FakeClock } from '../held-book.ts';

export const agi = 'AGI/USDT:USDT';

type Call = 'statement' | 'order' | 'ticker' | 'instruments' | 'place' | 'amend' | 'cancel';

/** Runs before the call, or in place of it: what it returns is the answer. */
export type Hook = (go: () => Promise<unknown>) => unknown;

const calls = ['statement', 'order', 'ticker', 'instruments', 'place', 'amend', 'cancel'] as const;

export interface GroundOptions {
  readonly amend?: boolean;
  readonly leg?: Leg;
  /** The exchange lives by this clock, and began so many hours ago. */
  readonly lives?: { readonly clock: Clock; readonly sinceHours: number };
}

export class Ground {
  readonly exchange: PaperExchange;
  readonly venue: Venue;
  readonly log = rememberedLog();
  readonly clock = new FakeClock();
  readonly calls: Call[] = [];
  readonly placed: OrderRequest[] = [];
  /** By the call and its number, from 1: `cancel 1`. */
  hooks: Record<string, Hook> = {};
  /** The call, counted from 1, at which the process dies, and whether it is sent before. */
  dies: { readonly at: number; readonly after: boolean } | null = null;
  pauses: Pauses = memoryPauses();
  rules: ExitRules = usualExitRules;
  /** Resolves when the process dies. */
  died: Promise<void> = new Promise(() => undefined);
  #die: () => void = () => undefined;
  readonly #paper: PaperVenue;
  readonly #leg: Leg;
  readonly #start: Instant;
  readonly #lives: Clock | null;

  /** Opens a position at 0.05 of the first second: short unless it is positive. */
  constructor(quantity = '-4160', how: GroundOptions = {}) {
    const { amend = true, leg = 'net', lives = null } = how;
    const ago = (lives?.sinceHours ?? 0) * 3_600_000;
    this.#start = lives === null ? start : addMilliseconds(lives.clock.now(), -ago);
    this.#lives = lives?.clock ?? null;
    this.#leg = leg;
    const instruments = [listed(agi, '0.00001', '1')];
    const positionMode = leg === 'net' ? 'net' : 'hedge';
    const options = optionsOf({
      ...{ instruments, positionMode, fees: fees('0.0002', '0.0005'), startAt: this.#start },
    });
    this.exchange = openPaperExchange(options);
    this.exchange.deposit('USDT', decimal('100000'));
    this.#paper = new PaperVenue(this.exchange, options);
    this.touch('0.05', '0.05001');
    const side = quantity.startsWith('-') ? 'sell' : 'buy';
    this.exchange.submit({
      ...{ clientOrderId: 'entry', instrument: agi, leg, side, type: 'market', price: null },
      ...{ quantity: decimal(quantity.replace('-', '')), timeInForce: 'ioc', reduceOnly: false },
      trigger: null,
    });
    const capabilities = { ...this.#paper.capabilities, amend };
    this.venue = this.#hooked(capabilities);
  }

  /** Nothing comes back to a process that is dead. */
  #death(): Promise<never> {
    this.#die();
    return new Promise(() => undefined);
  }

  dying(at: number, after: boolean): void {
    this.calls.length = 0;
    this.dies = { at, after };
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  touch(bid: string, ask: string, size = '100000'): void {
    const sizes = { bidSize: decimal(size), askSize: decimal(size) };
    const at = this.exchange.now();
    const prices = { bid: decimal(bid), ask: decimal(ask) };
    this.exchange.advance({ kind: 'touch', instrument: agi, at, ...prices, ...sizes });
    this.exchange.advance({ kind: 'mark', instrument: agi, at, price: prices.bid });
  }

  /** Somebody trades at that price: what rests there fills. */
  trade(price: string, quantity: string, side: 'buy' | 'sell'): void {
    const amounts = { price: decimal(price), quantity: decimal(quantity) };
    this.exchange.advance({
      ...{ kind: 'trade', instrument: agi, at: this.exchange.now(), ...amounts, side },
    });
  }

  /** So many hours pass, and the market is where it is told. */
  wait(hours: number, bid = '0.0505', ask = '0.05051'): void {
    this.exchange.elapse(addMilliseconds(this.exchange.now(), hours * 3_600_000));
    this.touch(bid, ask);
  }

  parts(): ExitParts {
    const { venue, rules, pauses, log, clock } = this;
    const patience = { clock, signal: new AbortController().signal, tries: 4 };
    const held = () => this.held();
    return { venue, rules, held, pauses, patience, log };
  }

  /** As a book that heard of no fill since the opening. */
  held(): readonly HeldPosition[] {
    const [first] = this.exchange.fills();
    const quantity =
      first!.side === 'buy' ? first!.quantity : decimal(`-${toText(first!.quantity)}`);
    const of = { instrument: agi, leg: this.#leg, quantity, averagePrice: null };
    return [{ ...of, openedAt: this.#start }];
  }

  /** Signed; 0 where it is flat. */
  left(): string {
    const [position] = this.exchange.holdings().positions;
    return position === undefined ? '0' : toText(position.quantity);
  }

  /** `buy 3160 of 4160 @ 0.04995`, for each open order. */
  open(): readonly string[] {
    return this.exchange.openOrders().map(({ side, quantity, filled, price }) => {
      const left = Number(toText(quantity)) - Number(toText(filled!));
      return `${side} ${left} of ${toText(quantity)} @ ${toText(price!)}`;
    });
  }

  #hooked(capabilities: Venue['capabilities']): Venue {
    const own = this.#paper as unknown as Record<string, unknown>;
    return new Proxy(own, {
      get: (_paper, key) => {
        const name = String(key);
        const member = own[name];
        if (name === 'capabilities') return capabilities;
        // It is there for as long as the test.
        if (name === 'close') return async () => undefined;
        if (typeof member !== 'function') return member;
        return (...given: readonly unknown[]) => {
          if (this.#lives !== null) this.exchange.elapse(this.#lives.now());
          const through = () => member.apply(own, given) as Promise<unknown>;
          const isCall = (calls as readonly string[]).includes(name);
          return isCall ? this.#called(name as Call, given, through) : through();
        };
      },
    }) as unknown as Venue;
  }

  async #called(
    name: Call,
    given: readonly unknown[],
    go: () => Promise<unknown>,
  ): Promise<unknown> {
    this.calls.push(name);
    const count = this.calls.filter((one) => one === name).length;
    const isLast = this.dies?.at === this.calls.length;
    if (isLast && this.dies?.after === false) return this.#death();
    if (name === 'place') this.placed.push(given[0] as OrderRequest);
    const hook = this.hooks[`${name} ${count}`];
    const answer = await (hook === undefined ? go() : hook(go));
    return isLast ? this.#death() : answer;
  }
}

function memoryPauses(): Pauses {
  let kept: ReturnType<Pauses['at']> = [];
  return {
    at: (now) => kept.filter(({ until }) => now < until),
    add: (pause) => {
      kept = [...kept, pause];
    },
  };
}

export const allowed = async (): Promise<null> => null;

/** The answer never came; `done`: it was carried out all the same. */
export const lost =
  (done: boolean): Hook =>
  async (go) => {
    if (done) await go();
    return { status: 'unknown', why: 'no answer in time' };
  };

export const refuses =
  (code: string, why: string): Hook =>
  () => ({ status: 'refused', code, why });
