/**
 * The truth of the simulation: what the exchange did, summed naively from its executions and cash
 * flows. Numbers are bigints in units of 10^-30. It shares no code with the book, and knows nothing
 * of orders of arrival, pages, breaks or repairs.
 */

/** An execution in plain words. */
export interface ToldFill {
  readonly id: string;
  readonly instrument: string;
  readonly side: string;
  /** Of hedge mode: `long` or `short`. */
  readonly leg: string;
  readonly quantity: string;
  readonly price: string;
  readonly fees: readonly (readonly [currency: string, amount: string])[];
  readonly at: bigint;
}

export interface TrueFill extends ToldFill {
  /** Units of a contract. */
  readonly multiplier: string;
}

export interface TrueFlow {
  readonly id: string;
  readonly kind: string;
  readonly currency: string;
  readonly amount: string;
  readonly at: bigint;
}

export interface Held {
  readonly balances: ReadonlyMap<string, bigint>;
  /** By `placeName`. */
  readonly positions: ReadonlyMap<string, bigint>;
}

/** Of what is held in a contract. */
export const placeName = (instrument: string, leg: string): string =>
  leg === 'net' ? instrument : `${instrument} ${leg}`;

const digits = 30;
const unit = 10n ** BigInt(digits);
/** Cost is rounded half-even at 18 digits when a part of a position goes. */
const grain = 10n ** BigInt(digits - 18);

export function unitsOf(text: string): bigint {
  const match = text.match(/^(-?)(\d+)(?:\.(\d+))?$/);
  if (match === null) throw new Error(`no number: ${text}`);
  const [, sign, whole, fraction = ''] = match;
  const size = BigInt(whole + fraction.padEnd(digits, '0'));
  return sign === '-' ? -size : size;
}

export function textOfUnits(value: bigint): string {
  const text = String(sizeOf(value)).padStart(digits + 1, '0');
  const fraction = text.slice(-digits).replace(/0+$/, '');
  const whole = text.slice(0, -digits);
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

const times = (a: bigint, b: bigint): bigint => {
  const product = a * b;
  if (product % unit !== 0n) throw new Error('a product of more digits than the ledger has');
  return product / unit;
};

/** a x b / c, half-even at 18 digits; all of them positive. */
function share(a: bigint, b: bigint, c: bigint): bigint {
  const [numerator, denominator] = [a * b, c * grain];
  const [whole, rest] = [numerator / denominator, numerator % denominator];
  const twice = rest * 2n;
  const up = twice > denominator || (twice === denominator && whole % 2n === 1n);
  return (up ? whole + 1n : whole) * grain;
}

interface Open {
  quantity: bigint;
  cost: bigint;
}

const sizeOf = (value: bigint): bigint => (value < 0n ? -value : value);

export class Ledger {
  readonly fills: TrueFill[] = [];
  readonly flows: TrueFlow[] = [];
  /** When an execution was taken back. */
  readonly busted = new Map<string, bigint>();
  readonly #events: (TrueFill | TrueFlow)[] = [];
  readonly #byId = new Map<string, TrueFill | TrueFlow>();

  fill(fill: TrueFill): void {
    this.fills.push(fill);
    this.#add(fill);
  }

  flow(flow: TrueFlow): void {
    this.flows.push(flow);
    this.#add(flow);
  }

  bust(id: string, at: bigint): void {
    this.busted.set(id, at);
  }

  named(id: string): TrueFill | TrueFlow | null {
    return this.#byId.get(id) ?? null;
  }

  /** Everything that counts; before an instant, or at it, where one is named. */
  *inForce(upTo: bigint | null = null): Generator<TrueFill | TrueFlow> {
    for (const one of this.#events) {
      if (upTo !== null && one.at > upTo) continue;
      const bustedAt = this.busted.get(one.id);
      if (bustedAt === undefined || (upTo !== null && bustedAt > upTo)) yield one;
    }
  }

  held(upTo: bigint | null = null): Held {
    const balances = new Map<string, bigint>();
    const open = new Map<string, Open>();
    const move = (currency: string, by: bigint) =>
      balances.set(currency, (balances.get(currency) ?? 0n) + by);
    for (const one of this.inForce(upTo)) {
      if ('amount' in one) move(one.currency, flowOf(one));
      else {
        for (const [currency, amount] of one.fees) move(currency, -unitsOf(amount));
        const [, settle] = one.instrument.split(':');
        if (settle === undefined) swap(one, move);
        else move(settle, contract(open, one));
      }
    }
    const positions = [...open].map(([name, { quantity }]) => [name, quantity] as const);
    return { balances: present(balances), positions: present(positions) };
  }

  /** What each position in a contract came to that was opened and closed, before fees. */
  closedResults(instrument: string, upTo: bigint): readonly bigint[] {
    const results: bigint[] = [];
    let [held, sum] = [0n, 0n];
    for (const one of this.inForce(upTo)) {
      if ('amount' in one || one.instrument !== instrument) continue;
      const size = unitsOf(one.quantity);
      const isBought = one.side === 'buy';
      // What is bought is paid for, and of an inverse contract it is the other way round.
      const sign = isBought === isInverse(instrument) ? 1n : -1n;
      let [left, paid] = [isBought ? size : -size, sign * worthOf(one, size)];
      if (held !== 0n && held > 0n !== left > 0n && size >= sizeOf(held)) {
        const exit = sign * worthOf(one, sizeOf(held));
        results.push(sum + exit);
        [left, paid] = [left + held, paid - exit];
        [held, sum] = [0n, 0n];
      }
      held += left;
      sum += paid;
    }
    return results;
  }

  #add(one: TrueFill | TrueFlow): void {
    this.#events.push(one);
    this.#byId.set(one.id, one);
  }
}

const present = (all: Iterable<readonly [string, bigint]>): ReadonlyMap<string, bigint> =>
  new Map([...all].filter(([, value]) => value !== 0n).toSorted(([a], [b]) => (a < b ? -1 : 1)));

const flowOf = ({ kind, amount }: TrueFlow): bigint => {
  const size = unitsOf(amount);
  return kind === 'withdrawal' || kind === 'fee' || kind === 'tax' ? -size : size;
};

function swap(fill: TrueFill, move: (currency: string, by: bigint) => void): void {
  const [base, quote] = fill.instrument.split('/');
  const [quantity, price] = [unitsOf(fill.quantity), unitsOf(fill.price)];
  const sign = fill.side === 'buy' ? 1n : -1n;
  move(base!, sign * quantity);
  move(quote!, -sign * times(quantity, price));
}

/** Settled in its base, it is worth its units divided by the price, at 18 digits. */
const isInverse = (instrument: string): boolean =>
  instrument.split(/[/:]/)[2] === instrument.split('/')[0];

function worthOf({ instrument, multiplier, price }: TrueFill, size: bigint): bigint {
  const [units, each] = [unitsOf(multiplier), unitsOf(price)];
  return isInverse(instrument) ? share(size, units, each) : times(times(size, units), each);
}

/** Moves the position, and says what was realised, at average cost. */
function contract(open: Map<string, Open>, fill: TrueFill): bigint {
  const place = placeName(fill.instrument, fill.leg);
  const one = open.get(place) ?? { quantity: 0n, cost: 0n };
  open.set(place, one);
  const size = unitsOf(fill.quantity);
  const signed = fill.side === 'buy' ? size : -size;
  if (one.quantity === 0n || one.quantity > 0n === signed > 0n) {
    one.quantity += signed;
    one.cost += worthOf(fill, size);
    return 0n;
  }
  const held = sizeOf(one.quantity);
  const closed = size < held ? size : held;
  const cost = closed === held ? one.cost : share(one.cost, closed, held);
  const exit = worthOf(fill, closed);
  // Of an inverse contract fewer coins buy it back when the price is higher.
  const isGain = one.quantity > 0n !== isInverse(fill.instrument);
  const realised = isGain ? exit - cost : cost - exit;
  one.quantity += signed;
  one.cost = size > held ? worthOf(fill, size) - exit : one.cost - cost;
  return realised;
}
