/** What holds of every source, whatever is in it. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  add,
  type Decimal,
  divideHalfEven,
  equals,
  fromInteger,
  isZero,
  subtract,
  zero,
} from '../../src/decimal/decimal.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import { addMilliseconds } from '../../src/model/instant.ts';
import type { SourceOrder } from '../../src/model/source.ts';
import { nearestBinary32 } from '../../src/reconcile/source/binary32.ts';
import { checkSource } from '../../src/reconcile/source/check-source.ts';
import { noPricing } from '../../src/reconcile/source/pricing.ts';
import { sheetsOf } from '../../src/reconcile/source/sheet.ts';
import { plainNumber } from '../../src/sources/plain-number.ts';
import {
  accountOf,
  checkedOf,
  historyOf,
  inputOf,
  looked,
  position,
  priced,
  record,
  snapshotOf,
} from './source-kit.ts';

/** A whole number of so many digits behind the point, as text. */
const scaled = (value: bigint, digits: number): string => {
  const size = String(value < 0n ? -value : value).padStart(digits + 1, '0');
  const text = `${size.slice(0, -digits)}.${size.slice(-digits)}`;
  return value < 0n ? `-${text}` : text;
};

type Value<Arbitrary> = Arbitrary extends fc.Arbitrary<infer One> ? One : never;

const amount = (max: bigint) => fc.bigInt({ min: -max, max });
const positions = fc.array(
  fc.record({
    quantity: fc.option(amount(10n ** 9n), { freq: 8 }),
    price: fc.option(amount(10n ** 7n), { freq: 8 }),
    entry: fc.option(amount(10n ** 7n), { freq: 4 }),
  }),
  { maxLength: 12 },
);
const accounts = fc.record({
  cash: fc.option(amount(10n ** 9n), { freq: 8 }),
  total: fc.option(amount(10n ** 9n), { freq: 4 }),
  positions,
  /** Stores the calculated total where it can. */
  isRight: fc.boolean(),
});

const textOf = (value: bigint | null, digits: number): string | null =>
  value === null ? null : scaled(value, digits);

function built({ cash, total, positions: held, isRight }: Value<typeof accounts>) {
  const parts = {
    cash: textOf(cash, 2),
    positions: held.map(({ quantity, price, entry }, index) =>
      position(`S${index}`, textOf(quantity, 4), textOf(price, 2), { entry: textOf(entry, 2) }),
    ),
    performance: [record(priced, '1', '1', '0')],
  };
  const { calculated } = sheetsOf(snapshotOf([accountOf(parts)]), noPricing).sheets[0]!;
  const stored = isRight && calculated !== null ? toText(calculated) : textOf(total, 2);
  return snapshotOf([accountOf({ ...parts, total: stored })], {
    totalStorage: { kind: 'exact' },
  });
}

/** The same by whole numbers of 10^-6; null where a part is unknown. */
function sumOf({ cash, positions: held }: Value<typeof accounts>): bigint | null {
  let sum = cash === null ? null : cash * 10_000n;
  for (const { quantity, price } of held) {
    if (quantity === 0n) continue;
    if (quantity === null || price === null || sum === null) return null;
    sum += quantity * price;
  }
  return sum;
}

test('H1 the sheet adds up, and is what whole numbers give', () => {
  fc.assert(
    fc.property(accounts, (one) => {
      const [sheet] = sheetsOf(built(one), noPricing).sheets;
      const { cash, positionsValue, calculated, rows, known } = sheet!;
      const worth = rows.reduce((sum, { value }) => add(sum, value ?? zero), zero);
      expect(equals(known, add(cash ?? zero, worth))).toBe(true);
      const sum = sumOf(one);
      expect(calculated === null).toBe(sum === null);
      if (calculated === null || cash === null || positionsValue === null || sum === null) return;
      expect(equals(calculated, add(cash, positionsValue))).toBe(true);
      expect(equals(calculated, known)).toBe(true);
      expect(equals(calculated, decimal(scaled(sum, 6)))).toBe(true);
    }),
  );
});

test('H15 never true while anything is unknown or different', () => {
  let trueCount = 0;
  fc.assert(
    fc.property(accounts, (one) => {
      const { sheet, reconciled } = checkedOf(built(one));
      const { verdict, unknown } = reconciled;
      const isRight = sheet.match === 'exact';
      expect(verdict === 'true').toBe(isRight && unknown.length === 0);
      if (sheet.calculated === null) expect(unknown.length).toBeGreaterThan(0);
      if (sheet.match === 'different') expect(verdict).toBe('break');
      trueCount += verdict === 'true' ? 1 : 0;
    }),
    { numRuns: 300 },
  );
  expect(trueCount).toBeGreaterThan(10);
});

const trades = fc.array(
  fc.record({
    symbol: fc.integer({ min: 0, max: 4 }),
    quantity: fc.bigInt({ min: 1n, max: 100_000n }),
    /** Of what is held, in percent, to sell at once; 0: nothing is. */
    sold: fc.bigInt({ min: 0n, max: 100n }),
    price: fc.bigInt({ min: 1n, max: 50_000n }),
  }),
  { minLength: 1, maxLength: 12 },
);
/** Every symbol is bought at one price, so that its average needs no division. */
const entryOf = (symbol: number): bigint => 1_000n + 777n * BigInt(symbol);

function botOf(steps: Value<typeof trades>, opening: bigint, marks: readonly bigint[]) {
  const held = new Map<number, bigint>();
  const orders: SourceOrder[] = [];
  let cash = opening * 10_000n;
  const trade = (symbol: number, side: 'buy' | 'sell', quantity: bigint, price: bigint) => {
    const sign = side === 'buy' ? 1n : -1n;
    held.set(symbol, (held.get(symbol) ?? 0n) + sign * quantity);
    cash -= sign * quantity * price;
    const pnl = side === 'buy' ? null : scaled(quantity * (price - entryOf(symbol)), 6);
    orders.push({
      ...{ id: String(orders.length), accountId: null, symbol: `S${symbol}`, side },
      ...{ quantity: decimal(scaled(quantity, 4)), price: decimal(scaled(price, 2)) },
      ...{ at: priced, pnl: pnl === null ? null : decimal(pnl) },
    });
  };
  for (const { symbol, quantity, sold, price } of steps) {
    trade(symbol, 'buy', quantity, entryOf(symbol));
    const part = (held.get(symbol)! * sold) / 100n;
    if (part > 0n) trade(symbol, 'sell', part, price);
  }
  const account = accountOf({
    ...{ cash: scaled(cash, 6), total: scaled(opening, 2) },
    positions: Array.from(held, ([symbol, quantity]) =>
      position(`S${symbol}`, scaled(quantity, 4), scaled(marks[symbol]!, 2), {
        entry: scaled(entryOf(symbol), 2),
      }),
    ),
    performance: [record(priced, scaled(opening, 2), scaled(opening, 2), '0')],
  });
  return { snapshot: snapshotOf([account]), orders };
}

const marks = fc.array(fc.bigInt({ min: 1n, max: 50_000n }), { minLength: 5, maxLength: 5 });

test('H9 H10 a planted drift is split to the last digit, and proven by the orders', () => {
  let provenCount = 0;
  fc.assert(
    fc.property(trades, fc.bigInt({ min: 1n, max: 10n ** 8n }), marks, (steps, opening, prices) => {
      const { snapshot, orders } = botOf(steps, opening, prices);
      const { drift, sheet, reconciled } = checkedOf(snapshot, { orders: historyOf(orders) });
      expect(drift === null).toBe(isZero(sheet.difference!));
      if (drift === null) return;
      const total = drift.parts.reduce((sum, part) => add(sum, part.amount), zero);
      expect(equals(total, sheet.difference!)).toBe(true);
      expect(toText(drift.residual)).toBe('0');
      const cash = drift.parts.filter(({ what }) => what === 'cash');
      expect(cash.every((part) => isZero(part.amount))).toBe(true);
      const [one] = reconciled.breaks;
      if (one!.confidence === 'proven') provenCount += 1;
      expect(['proven', 'likely']).toContain(one!.confidence);
    }),
  );
  expect(provenCount).toBeGreaterThan(20);
});

test('H9 money that no order tells is exactly the cash part', () => {
  fc.assert(
    fc.property(trades, marks, amount(10n ** 6n), (steps, prices, planted) => {
      const { snapshot, orders } = botOf([...steps, finalSale], 10n ** 7n, prices);
      const [account] = snapshot.accounts;
      const extra: Decimal = decimal(scaled(planted, 2));
      const moved = { ...account!, cash: add(account!.cash!, extra) };
      const { drift, reconciled } = checkedOf(
        { ...snapshot, accounts: [moved] },
        { orders: historyOf(orders) },
      );
      if (drift === null) return;
      const cash = drift.parts.find(({ what }) => what === 'cash')!;
      expect(equals(cash.amount, extra)).toBe(true);
      if (planted !== 0n) expect(reconciled.breaks[0]!.confidence).toBe('likely');
    }),
  );
});

/** At least one order notes PnL. */
const finalSale = { symbol: 0, quantity: 100n, sold: 100n, price: 2_000n };

test('H16 looking twice changes nothing', () => {
  fc.assert(
    fc.property(accounts, (one) => {
      const snapshot = built(one);
      const first = checkSource(inputOf(snapshot)).accounts[0]!.reconciled;
      const later = addMilliseconds(looked, 1000);
      const known = first.breaks;
      const next = checkSource(inputOf(snapshot, { known, now: later })).accounts[0]!.reconciled;
      expect(next.changes).toEqual([]);
      expect(next.verdict).toBe(first.verdict);
    }),
  );
});

test('H9 what is added to a stored total by its difference is the truth', () => {
  fc.assert(
    fc.property(accounts, (one) => {
      const [sheet] = sheetsOf(built(one), noPricing).sheets;
      const { stored, difference, calculated } = sheet!;
      if (stored === null || difference === null || calculated === null) return;
      expect(equals(subtract(calculated, difference), stored)).toBe(true);
    }),
  );
});

test('H7 a float of four bytes that is nearest has none nearer, and is found by its text', () => {
  const off = (float: number, exact: bigint) => Math.abs(float * 2 ** 30 - Number(exact));
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n }), (parts) => {
      // So many 2^-30: doubles hold all of these, and the distances of all floats from them.
      const exact = divideHalfEven(fromInteger(parts), fromInteger(2n ** 30n), 30);
      const nearest = nearestBinary32(exact);
      expect(nearest).toBe(Math.fround(nearest) + 0);
      expect(off(nearest, parts)).toBe(off(Math.fround(Number(parts) / 2 ** 30), parts));
      const text = plainNumber(String(nearest))!;
      expect(nearestBinary32(decimal(text))).toBe(nearest);
    }),
  );
});
