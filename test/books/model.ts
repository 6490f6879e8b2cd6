/**
 * An independent model of average cost, from the accounting rules alone: nothing of src is used.
 * Money and quantities are bigints in units of 1e-18; inputs have at most nine digits behind the
 * point, so that a quantity times a price is exact.
 */
export interface ModelFill {
  readonly type: 'spot' | 'linear';
  readonly side: 'buy' | 'sell';
  /** In units of 1e-9. */
  readonly quantity: bigint;
  readonly price: bigint;
  readonly fee: bigint;
  readonly feeIn: 'quote' | 'base';
}

const nano = 1_000_000_000n;
const size = (n: bigint): bigint => (n < 0n ? -n : n);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** a / b to the nearest integer, halves to the even one; both positive or zero. */
function halfEven(a: bigint, b: bigint): bigint {
  const floor = a / b;
  const twice = 2n * (a - floor * b);
  return twice > b || (twice === b && floor % 2n === 1n) ? floor + 1n : floor;
}

/** Quantity in 1e-9, the rest in 1e-18; cost is that of the size held, never negative. */
export function model(fills: readonly ModelFill[]) {
  const book = { cash: 0n, realised: 0n, fees: 0n };
  const held = { spot: { quantity: 0n, cost: 0n }, linear: { quantity: 0n, cost: 0n } };
  const take = (pool: { quantity: bigint; cost: bigint }, part: bigint): bigint => {
    const whole = size(pool.quantity);
    const cost = part === whole ? pool.cost : halfEven(pool.cost * part, whole);
    pool.cost -= cost;
    pool.quantity += pool.quantity > 0n ? -part : part;
    return cost;
  };
  for (const { type, side, quantity, price, fee, feeIn } of fills) {
    const pool = held[type];
    const way = side === 'buy' ? 1n : -1n;
    const closed = pool.quantity * way < 0n ? least(size(pool.quantity), quantity) : 0n;
    if (closed > 0n) {
      const gain = -way * (closed * price - take(pool, closed));
      book.realised += gain;
      if (type === 'linear') book.cash += gain;
    }
    pool.quantity += way * (quantity - closed);
    pool.cost += (quantity - closed) * price;
    if (type === 'spot') book.cash -= way * quantity * price;
    if (feeIn === 'quote' || type === 'linear') {
      book.cash -= fee * nano;
      book.fees += fee * nano;
    } else {
      const part = least(pool.quantity > 0n ? pool.quantity : 0n, fee);
      book.fees += (part > 0n ? take(pool, part) : 0n) + (fee - part) * price;
      pool.quantity -= fee - part;
      pool.cost += (fee - part) * price;
    }
  }
  return { ...book, ...held };
}
