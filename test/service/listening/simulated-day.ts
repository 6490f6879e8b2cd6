/**
 * Hours of trading at a fake venue that drops, repeats, delays and reorders frames, disconnects,
 * goes deaf, fails and cuts listings short, takes executions back and changes them. Everything
 * follows from the seed.
 */
import { type Decimal, isNegative, isZero, negate } from '../../../src/decimal/decimal.ts';
import { decimal } from '../../../src/decimal/text.ts';
import type { Fill } from '../../../src/model/fact.ts';
import type { Random } from './fake-parts.ts';
import { noFaults, randomOf } from './fake-venue.ts';
import { depositAt, fillAt, Ground } from './ground.ts';

const minute = 60_000;
const perpetual = 'BTC/USDT:USDT';
const lateInstrument = 'NEW/USDT:USDT';

export interface Simulated {
  readonly ground: Ground;
  readonly executions: number;
  readonly disconnects: number;
}

export async function simulate(seed: number, hours: number): Promise<Simulated> {
  const random = randomOf(seed);
  const ground = new Ground({
    random: randomOf(seed + 1),
    pageLength: 10 + Math.floor(random() * 90),
    settings: { inboxMax: 50, batchMax: 20, overlapMs: 30 * minute },
  });
  const day = new Day(ground, random);
  ground.venue.cashFlow(depositAt('d0', ground.clock.now(), '10000000'));
  await ground.start();
  for (let n = 0; n < hours * 60; n += 1) await day.minute(n, hours * 60);
  await day.end();
  return { ground, executions: day.executions, disconnects: day.disconnects };
}

class Day {
  executions = 0;
  disconnects = 0;
  readonly #ground: Ground;
  readonly #random: Random;
  readonly #changed = new Set<string>();
  /** Minutes until the socket is sound again. */
  #away = 0;
  #deaf = 0;
  #orders = 0;

  constructor(ground: Ground, random: Random) {
    this.#ground = ground;
    this.#random = random;
    const share = (most: number) => random() * most;
    ground.venue.faults = {
      ...{ drop: share(0.3), duplicate: share(0.5), delay: share(0.5) },
      delayMs: Math.floor(share(30_000)) + 1,
      ...{ fail: share(0.3), truncate: share(0.2), lagMs: Math.floor(share(10_000)) },
    };
  }

  async minute(n: number, count: number): Promise<void> {
    const { venue } = this.#ground;
    if (n === Math.floor(count / 2)) venue.list(lateInstrument);
    this.#socket();
    const fills = Math.floor(this.#random() * 5);
    for (let one = 0; one < fills; one += 1) {
      this.#fill(n > count / 2);
      await this.#ground.pass(1 + Math.floor(this.#random() * 8_000));
    }
    if (this.#random() < 0.1) this.#change();
    if (this.#random() < 0.02) this.#fund();
    if (this.#random() < 0.01) await this.#restart();
    await this.#ground.pass(20_000);
  }

  /** The faults end, contracts are closed, and the listener has a while. */
  async end(): Promise<void> {
    const { venue } = this.#ground;
    venue.faults = { ...noFaults };
    venue.halfOpen(false);
    if (this.#away > 0) venue.reconnect();
    await this.#ground.pass(2 * minute);
    for (const [instrument, quantity] of venue.positions()) {
      this.#close(instrument, decimal(quantity));
    }
    // In steps: where nobody waits for a time yet, a long one is over at once.
    for (let n = 0; n < 40; n += 1) await this.#ground.pass(minute);
  }

  #socket(): void {
    const { venue } = this.#ground;
    if (this.#away > 0) {
      this.#away -= 1;
      if (this.#away === 0) venue.reconnect();
    } else if (this.#random() < 0.03) {
      venue.disconnect();
      this.disconnects += 1;
      this.#away = 1 + Math.floor(this.#random() * 15);
    }
    if (this.#deaf > 0) this.#deaf -= 1;
    else if (this.#random() < 0.03) this.#deaf = 1 + Math.floor(this.#random() * 15);
    venue.halfOpen(this.#deaf > 0);
  }

  #fill(withLate: boolean): void {
    const { venue, clock } = this.#ground;
    const names = ['BTC/USDT', 'ETH/USDT', perpetual, ...(withLate ? [lateInstrument] : [])];
    const instrument = names[Math.floor(this.#random() * names.length)]!;
    if (this.#random() < 0.3) this.#orders += 1;
    const changes: Partial<Fill> = {
      instrument,
      side: this.#random() < 0.5 ? 'buy' : 'sell',
      quantity: decimal(this.#number(3)),
      price: decimal(this.#number(2)),
      fees: [{ currency: this.#feeCoin(instrument), amount: decimal(this.#number(9, 0.1)) }],
      orderId: `o${this.#orders}-${instrument}`,
    };
    this.executions += 1;
    venue.fill(fillAt(`e${this.executions}`, clock.now(), changes));
  }

  #feeCoin(instrument: string): string {
    const coins = instrument.includes(':')
      ? ['USDT', 'BNB']
      : ['USDT', 'BNB', instrument.slice(0, 3)];
    return coins[Math.floor(this.#random() * coins.length)]!;
  }

  /** Positive, with so many digits behind the point. */
  #number(digits: number, scale = 100): string {
    return (this.#random() * scale + 10 ** -digits).toFixed(digits);
  }

  /** One of the youngest executions is taken back, or corrected, once. */
  #change(): void {
    const { venue } = this.#ground;
    const young = venue.inForce().slice(-20);
    const fill = young[Math.floor(this.#random() * young.length)];
    if (fill === undefined || this.#changed.has(fill.executionId)) return;
    this.#changed.add(fill.executionId);
    if (this.#random() < 0.5) venue.bust(fill.executionId);
    else venue.correct(fill.executionId, this.#number(2));
  }

  #fund(): void {
    const { venue, clock } = this.#ground;
    const amount = decimal(this.#number(8, 1));
    const time = clock.now();
    const base = depositAt('', time);
    // Two in the same millisecond.
    for (const [id, instrument] of [
      ['f', perpetual],
      ['g', 'ETH/USDT:USDT'],
    ] as const) {
      const flow = { ...base, kind: 'funding' as const, id: `${id}${time}`, instrument, amount };
      venue.cashFlow(flow, this.#random() < 0.5);
    }
  }

  async #restart(): Promise<void> {
    await this.#ground.stop();
    await this.#ground.pass(Math.floor(this.#random() * 10 * minute));
    this.#ground.renew();
    await this.#ground.start();
  }

  #close(instrument: string, quantity: Decimal): void {
    if (isZero(quantity)) return;
    const { venue, clock } = this.#ground;
    const isShort = isNegative(quantity);
    this.executions += 1;
    venue.fill(
      fillAt(`e${this.executions}`, clock.now(), {
        ...{ instrument, side: isShort ? 'buy' : 'sell', price: decimal('61234.5') },
        quantity: isShort ? negate(quantity) : quantity,
      }),
    );
  }
}
