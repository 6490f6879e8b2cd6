/** Facts of every kind as bots and venues tell them: late, twice, at one instant, contradicted. */
import type { Fact, Fill } from '../../src/model/fact.ts';
import { type Instant, instant, instantText } from '../../src/model/instant.ts';
import { parseFact } from '../../src/model/parse-fact.ts';
import type { Random } from '../decimal/random.ts';

export interface SimulatedAccount {
  readonly name: string;
  readonly currency: string;
  readonly costMethod: string;
  readonly positionMode: 'net' | 'hedge';
  readonly feesInCost?: boolean;
  readonly instruments: readonly string[];
}

/** One of each: average, first in first out, hedge; reporting in a coin and in money. */
export const simulatedAccounts: readonly SimulatedAccount[] = [
  {
    name: 'alpha',
    currency: 'USDT',
    costMethod: 'average',
    positionMode: 'net',
    instruments: ['BTC/USDT', 'ETH/USDT', 'ETH/BTC', 'BTC/USDT:USDT', 'BNB/USDT'],
  },
  {
    name: 'beta',
    currency: 'USD',
    costMethod: 'fifo',
    positionMode: 'net',
    feesInCost: true,
    instruments: ['BTC/USD', 'ETH/USDT', 'BTC/USD:BTC', 'BTC/USDT:USDT', 'USDT/USD'],
  },
  {
    name: 'gamma',
    currency: 'USDT',
    costMethod: 'lifo',
    positionMode: 'hedge',
    instruments: ['BTC/USDT:USDT', 'ETH/USDT:USDT', 'ETH/USD:ETH', 'BTC/USDT'],
  },
];

const venue = 'sim';
const prices: Readonly<Record<string, number>> = { BTC: 60_000, ETH: 3_000, BNB: 500, USDT: 1 };
export const start = instant('2024-03-01T00:00:00Z');
const second = 1_000_000_000n;
const coins = ['USDT', 'USD', 'BTC', 'ETH', 'BNB'];
const signed = ['transfer', 'funding', 'interest', 'dividend', 'fee', 'tax', 'adjustment'];

export function fact(object: Readonly<Record<string, unknown>>): Fact {
  const parsed = parseFact(object, {}, { strict: true });
  if (parsed.fact === null) throw new Error(parsed.refusals.map((one) => one.message).join('; '));
  return parsed.fact;
}

export const accountFact = (account: SimulatedAccount): Fact => {
  const { name, instruments: _, ...settings } = account;
  return fact({ kind: 'account', account: name, venue, ...settings });
};

const shift = (at: Instant, random: Random): Instant =>
  at + BigInt(random.between(-999_999_999, 999_999_999));

/** How often each is drawn; every seed makes its own of it, and leaves some out. */
const weights = {
  fill: 38,
  cash: 12,
  order: 5,
  again: 13,
  contradiction: 5,
  reference: 8,
  heldBack: 3,
  units: 4,
  rename: 1,
  mark: 7,
  version: 2,
  unknown: 2,
} as const;
type Draw = keyof typeof weights;

export class RandomFacts {
  readonly accounts: readonly SimulatedAccount[];
  readonly #random: Random;
  readonly #drawn: readonly Draw[];
  #count = 0;
  #now = start;
  /** Fills told or held back, to be meant by busts, corrections and conflicts. */
  readonly #fills: Fill[] = [];
  readonly #heldBack: Fact[] = [];
  readonly #told: Fact[] = [];
  #renames = 0;

  constructor(random: Random) {
    this.#random = random;
    const chosen = simulatedAccounts.filter(() => random.chance(0.6));
    this.accounts = (chosen.length === 0 ? simulatedAccounts : chosen).map((account) => ({
      ...account,
      instruments: account.instruments.slice(0, random.between(1, account.instruments.length)),
    }));
    this.#drawn = (Object.keys(weights) as Draw[]).flatMap((name) => {
      const times = name === 'fill' ? 1 : random.pick([0, 0.5, 1, 1, 3]);
      return Array<Draw>(Math.ceil(weights[name] * times)).fill(name);
    });
  }

  /** A few facts about one thing, in the order in which they are told. */
  next(): readonly Fact[] {
    const drawn = this.#draw();
    this.#told.push(...drawn);
    return drawn;
  }

  #draw(): readonly Fact[] {
    const random = this.#random;
    const account = random.pick(this.accounts);
    const draws: Readonly<Record<Draw, () => readonly Fact[]>> = {
      fill: () => this.#fillOrPieces(account),
      cash: () => [this.#cash(account)],
      order: () => [this.#order(account)],
      again: () => this.#again(),
      contradiction: () => this.#contradiction(),
      reference: () => [this.#reference(account)],
      heldBack: () => this.#heldBack.splice(0, 1),
      units: () => [this.#unitsFact(account)],
      rename: () => [this.#rename(account)],
      mark: () => [this.#mark()],
      version: () => [this.#version()],
      unknown: () => [fact({ ...this.#fillObject(account), instrument: `what${random.below(3)}` })],
    };
    return draws[random.pick(this.#drawn)]();
  }

  /** Every fact that was held back, once more or for the first time. */
  rest(): readonly Fact[] {
    return this.#heldBack.splice(0);
  }

  #id(): string {
    this.#count += 1;
    return this.#random.chance(0.1) ? `0${this.#count}` : String(this.#count);
  }

  /** Mostly forward, often at the very same time, sometimes far back. */
  #time(): Instant {
    const random = this.#random;
    if (random.chance(0.6)) this.#now += BigInt(random.below(3)) * second;
    if (random.chance(0.15)) return start + BigInt(random.below(3_600)) * second;
    return random.chance(0.2) ? this.#now + BigInt(random.below(1_000)) : this.#now;
  }

  #price(coin: string): string {
    const around = (prices[coin] ?? 1) * (0.9 + this.#random.below(2_000) / 10_000);
    return String(Math.round(around * 10_000) / 10_000);
  }

  #quantity(): string {
    const random = this.#random;
    if (random.chance(0.5)) return String(random.between(1, 4));
    return `${random.below(3)}.${random.digits(random.between(1, 18))}1`.slice(0, 20);
  }

  #fee(account: SimulatedAccount, instrument: string): Record<string, unknown> {
    const random = this.#random;
    if (random.chance(0.15)) return { fee: null };
    if (random.chance(0.15)) return { fee: '0' };
    const [base, quote] = instrument.split(/[/:]/) as [string, string];
    const fee = (feeCurrency: string) => ({
      amount: `${random.chance(0.1) ? '-' : ''}0.00${random.digits(4)}1`,
      currency: feeCurrency,
    });
    const one = random.pick([account.currency, base, quote, 'BNB']);
    if (random.chance(0.1)) return { fees: [fee(one), fee(random.pick(coins))] };
    const { amount, currency } = fee(one);
    return { fee: amount, feeCurrency: currency };
  }

  #fillObject(account: SimulatedAccount): Record<string, unknown> {
    const random = this.#random;
    const instrument = random.pick(account.instruments);
    const hedges = account.positionMode === 'hedge' && instrument.includes(':');
    return {
      kind: 'fill',
      account: account.name,
      instrument,
      side: random.pick(['buy', 'sell']),
      ...(hedges ? { leg: random.pick(['long', 'short']) } : {}),
      quantity: this.#quantity(),
      price: this.#price(instrument.split('/')[0]!),
      ...this.#fee(account, instrument),
      executionId: this.#id(),
      orderId: random.chance(0.5) ? `o${random.below(40)}` : null,
      liquidity: random.pick(['maker', 'taker', null]),
      venueSequence: random.chance(0.3) ? String(random.below(50)) : null,
      time: instantText(this.#time()),
    };
  }

  #fillOrPieces(account: SimulatedAccount): readonly Fact[] {
    const random = this.#random;
    const one = fact(this.#fillObject(account)) as Fill;
    this.#fills.push(one);
    if (random.chance(0.08)) {
      // A self-match: one id on both sides.
      const other: Fill = { ...one, side: one.side === 'buy' ? 'sell' : 'buy' };
      this.#fills.push(other);
      return [one, other];
    }
    if (!random.chance(0.1)) return [one];
    this.#heldBack.push(one);
    return [];
  }

  #cash(account: SimulatedAccount): Fact {
    const random = this.#random;
    const kind = random.pick(['deposit', 'withdrawal', 'deposit', ...signed]);
    const instrument = kind === 'funding' ? random.pick(account.instruments) : null;
    const amount = `${random.below(2_000)}.${random.digits(3)}1`;
    const negative = signed.includes(kind) && random.chance(0.5);
    const fee = random.chance(0.2) ? { fee: '0.01', feeCurrency: random.pick(coins) } : {};
    return fact({
      kind,
      account: account.name,
      currency: random.pick([account.currency, account.currency, ...coins]),
      amount: negative ? `-${amount}` : amount,
      [kind === 'transfer' ? 'transferId' : 'id']: this.#id(),
      instrument,
      ...(random.chance(0.3) ? { cost: String(random.below(500)) } : {}),
      ...fee,
      ...(random.chance(0.1) ? { state: 'pending' } : {}),
      time: instantText(this.#time()),
    });
  }

  #order(account: SimulatedAccount): Fact {
    const random = this.#random;
    return fact({
      kind: 'order',
      account: account.name,
      instrument: random.pick(account.instruments),
      orderId: `o${random.below(40)}`,
      side: random.pick(['buy', 'sell']),
      type: 'limit',
      quantity: '4',
      price: '100',
      filled: random.chance(0.5) ? String(random.below(5)) : null,
      status: random.pick(['new', 'open', 'filled', 'cancelled']),
      time: instantText(this.#time()),
    });
  }

  /** Told again: as it was, within a second, or with what was missing. */
  #again(): readonly Fact[] {
    const random = this.#random;
    if (this.#told.length === 0) return [];
    const known = random.pick(this.#told);
    if (known.kind !== 'fill') return [known];
    const account = simulatedAccounts.find(({ name }) => name === known.account)!;
    const completed = fact({ ...this.#fillObject(account), executionId: known.executionId });
    const { fees, orderId } = completed as Fill;
    return [
      {
        ...known,
        time: random.chance(0.4) ? shift(known.time, random) : known.time,
        fees: known.fees === null && random.chance(0.7) ? fees : known.fees,
        orderId: known.orderId ?? orderId,
        strategy: random.chance(0.2) ? 'trend' : known.strategy,
      },
    ];
  }

  #contradiction(): readonly Fact[] {
    const random = this.#random;
    if (this.#fills.length === 0) return [];
    const known = random.pick(this.#fills);
    const { quantity, price } = fact({
      ...this.#fillObject(simulatedAccounts[0]!),
      price: String(random.between(1, 9)),
    }) as Fill;
    return [random.chance(0.5) ? { ...known, quantity } : { ...known, price }];
  }

  /** A bust or correction of a fill that was told, that comes later, or that never comes. */
  #reference(account: SimulatedAccount): Fact {
    const random = this.#random;
    const meant = this.#fills.length > 0 && random.chance(0.9) ? random.pick(this.#fills) : null;
    const exact = random.chance(0.5) && meant !== null;
    const common = {
      account: meant?.account ?? account.name,
      executionId: meant?.executionId ?? `never${random.below(5)}`,
      ...(exact ? { instrument: meant.instrument, side: meant.side, leg: meant.leg } : {}),
      time: instantText(this.#time()),
    };
    if (random.chance(0.5)) return fact({ kind: 'bust', bustId: `b${this.#id()}`, ...common });
    const fees = random.chance(0.4) ? this.#fee(account, meant?.instrument ?? 'BTC/USDT') : {};
    return fact({
      kind: 'correction',
      correctionId: `c${this.#id()}`,
      ...common,
      ...(random.chance(0.7) ? { price: this.#price('ETH') } : { quantity: this.#quantity() }),
      ...(fees['fee'] === null ? {} : fees),
    });
  }

  #unitsFact(account: SimulatedAccount): Fact {
    const random = this.#random;
    const instrument = random.pick(account.instruments);
    const common = { account: account.name, id: this.#id(), time: instantText(this.#time()) };
    if (random.chance(0.5)) {
      const ratio = random.pick(['2/1', '1/3', '7/5']);
      return fact({ kind: 'split', instrument, ratio, ...common });
    }
    if (!instrument.includes(':')) {
      const amount = String(random.between(-50, 500));
      return fact({ kind: 'return-of-capital', instrument, amount, ...common });
    }
    const price = this.#price(instrument.split('/')[0]!);
    return fact({ kind: 'delivery', instrument, price, ...common });
  }

  #rename(account: SimulatedAccount): Fact {
    const random = this.#random;
    const instrument = random.pick(account.instruments);
    const common = { account: account.name, id: this.#id(), time: instantText(this.#time()) };
    this.#renames += 1;
    const [from, to] = instrument.includes(':')
      ? [instrument, `NEW${this.#renames}/${instrument.split('/')[1]}`]
      : [instrument.split('/')[0]!, `NEW${this.#renames}`];
    return fact({ kind: 'rename', from, to, ...common });
  }

  #mark(): Fact {
    const random = this.#random;
    const coin = random.pick(['BTC', 'ETH', 'BNB', 'USDT']);
    const instrument = `${coin}/${random.pick(['USDT', 'USD'])}`;
    const time = instantText(this.#time());
    return fact({ kind: 'mark', instrument, price: this.#price(coin), time });
  }

  /** What a venue says of an instrument by and by: rules first, then another contract size. */
  #version(): Fact {
    const random = this.#random;
    const instrument = random.pick(['BTC/USDT:USDT', 'ETH/USDT:USDT', 'BTC/USDT', 'BTC/USD:BTC']);
    const contract = instrument.includes(':');
    return fact({
      kind: 'instrument',
      venue,
      instrument,
      ...(contract && random.chance(0.5) ? { multiplier: random.pick(['1', '0.1', '10']) } : {}),
      tickSize: random.pick(['0.1', '0.01']),
      ...(random.chance(0.5) ? { validFrom: instantText(this.#time()) } : {}),
    });
  }
}
