/**
 * A bot as its author would write it, over HTTP: before each order it asks the gate, it reads what
 * it holds from the service, and places orders there. It keeps nothing of its own that could drift.
 */
import {
  compare,
  type Decimal,
  isNegative,
  negate,
  subtract,
  zero,
} from '../../decimal/decimal.ts';
import { decimal, toText } from '../../decimal/text.ts';
import type { Instant } from '../../model/instant.ts';
import { valuesOf } from '../../strategies/built-in.ts';
import { movingAverageCross } from '../../strategies/moving-average-cross.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import type { Log } from '../log.ts';
import { Bars } from './bars.ts';
import type { DemoInstrument } from './market.ts';

export interface BotOptions {
  readonly address: string;
  readonly token: string;
  readonly account: string;
  readonly instruments: readonly DemoInstrument[];
  readonly log: Log;
  /** Of no other run on the same book. */
  readonly run: string;
  /** Moves of a bar, and bars of its two averages. */
  readonly pace: { readonly moves: number; readonly fast: number; readonly slow: number };
}

export interface BotTally {
  orders: number;
  /** Orders that the gate denied, or the service refused. */
  denied: number;
  /** Of which it does not know what became of them. */
  unknown: number;
}

interface Shown {
  readonly symbol: string;
  readonly quantity: string;
}

const againPrefix = 'again-';

export class DemoBot {
  readonly tally: BotTally = { orders: 0, denied: 0, unknown: 0 };
  readonly #options: BotOptions;
  readonly #bars: ReadonlyMap<string, Bars>;
  readonly #strategy: Strategy;
  /** Instruments of which an answer is waited for. */
  readonly #acting = new Set<string>();
  /** Bought, and not thought of any more. */
  readonly #forgotten = new Set<string>();
  /** Each write has a key of its own: of this run, and which one it is. */
  readonly #run: string;
  #asked = 0;
  /** Fills that were reported once more. */
  readonly #repeated = new Set<string>();

  constructor(options: BotOptions) {
    this.#options = options;
    this.#run = options.run;
    const { moves, fast, slow } = options.pace;
    this.#bars = new Map(options.instruments.map((one) => [one.instrument.name, new Bars(moves)]));
    const given = { fast: decimal(String(fast)), slow: decimal(String(slow)) };
    const values = valuesOf(movingAverageCross, given);
    if (!values.ok) throw new RangeError(values.refusal.message);
    this.#strategy = movingAverageCross.of(values.value);
  }

  /** A move of the market. What it does about it goes on by itself. */
  see(instrument: string, price: Decimal, at: Instant): void {
    const bars = this.#bars.get(instrument)!;
    const own = this.#options.instruments.find(({ instrument: { name } }) => name === instrument)!;
    if (!bars.add(price, at) || this.#acting.has(instrument)) return;
    this.#acting.add(instrument);
    this.#act(own, bars)
      .catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        this.#options.log.warn({ event: 'bot.failed', msg: `The bot could not act: ${why}` });
      })
      .finally(() => void this.#acting.delete(instrument));
  }

  async #act(one: DemoInstrument, bars: Bars): Promise<void> {
    const { account } = this.#options;
    const { name } = one.instrument;
    if (this.#forgotten.has(name)) return;
    const change = await this.#wanted(one, bars);
    if (compare(change, zero) === 0) return;
    const gate = await this.#get(`/api/v1/gate/${account}`);
    if (gate['gate'] !== 'allow') {
      this.tally.denied += 1;
      return;
    }
    const side = isNegative(change) ? 'sell' : 'buy';
    const quantity = toText(isNegative(change) ? negate(change) : change);
    const order = { account, symbol: name, side, quantity, type: 'market' };
    const { status, body } = await this.#post('/api/order', order);
    this.tally.orders += status === 200 ? 1 : 0;
    this.tally.denied += status === 400 ? 1 : 0;
    this.tally.unknown += body['status'] === 'unknown' ? 1 : 0;
    if (status === 200 && one.forgotten) this.#forgotten.add(name);
    if (status === 200) return;
    const msg = `${side} ${quantity} ${name}: ${status} ${String(body['detail'])}`;
    this.#options.log.warn({ event: 'bot.refused', account, instrument: name, msg });
  }

  /** What it would buy, below zero sell, to hold what it wants. */
  async #wanted({ instrument: { name }, size, forgotten }: DemoInstrument, bars: Bars) {
    const held = await this.#held(name);
    if (forgotten) return subtract(size, held);
    const signal = this.#strategy({
      instrument: name,
      bars: bars.closed,
      held: { quantity: held, averagePrice: null },
    });
    if (signal === null || signal.want === 'as-is') return zero;
    return subtract({ long: size, short: negate(size), flat: zero }[signal.want], held);
  }

  async #held(symbol: string): Promise<Decimal> {
    const { account } = this.#options;
    const positions = (await this.#get(`/api/positions?account=${account}`)) as unknown;
    const own = (positions as readonly Shown[]).find((one) => one.symbol === symbol);
    return own === undefined ? zero : decimal(own.quantity);
  }

  /**
   * Somebody's script, with the bot's token, that reports a fill once more, under another form of
   * its id; false: there is none, or something else is wrong with the account already.
   */
  async reportAgain(): Promise<boolean> {
    const { account } = this.#options;
    const gate = await this.#get(`/api/v1/gate/${account}`);
    if (gate['gate'] !== 'allow') return false;
    const listed = await this.#get(`/api/v1/accounts/${account}/fills?limit=20`);
    const fills = listed['items'] as readonly Readonly<Record<string, unknown>>[];
    const fill = fills.find(({ executionId }) => this.#isOnce(String(executionId)));
    if (fill === undefined) return false;
    const { sequence: _sequence, fee: _fee, feeCurrency: _currency, ...rest } = fill;
    const id = String(fill['executionId']);
    const again = { kind: 'fill', account, ...rest, executionId: againPrefix + id };
    const { status, body } = await this.#post('/api/v1/facts', [again]);
    if (status !== 200) throw new Error(`the fact was refused: ${JSON.stringify(body)}`);
    this.#repeated.add(id);
    return true;
  }

  #isOnce(id: string): boolean {
    return !id.startsWith(againPrefix) && !this.#repeated.has(id);
  }

  async #get(path: string): Promise<Readonly<Record<string, unknown>>> {
    const { address, token } = this.#options;
    const answer = await fetch(address + path, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return (await answer.json()) as Record<string, unknown>;
  }

  async #post(path: string, body: object | readonly object[]) {
    const { address, token } = this.#options;
    this.#asked += 1;
    const answer = await fetch(address + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': `${this.#run}-${this.#asked}`,
      },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: JSON.parse(text) as Record<string, unknown> };
  }
}
