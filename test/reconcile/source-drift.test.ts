/** Trades and money that came or went: told apart by what the orders bought and sold. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../src/decimal/decimal.ts';
import { decimal, toText, toTextOrNull } from '../../src/decimal/text.ts';
import type { SourceOrder } from '../../src/model/source.ts';
import type { SourceAccountChecked } from '../../src/reconcile/source/check-source.ts';
import type { DriftKind } from '../../src/reconcile/source/drift.ts';
import {
  accountOf,
  checkedOf,
  historyOf,
  position,
  priced,
  record,
  snapshotOf,
} from './source-kit.ts';

const order = (
  side: 'buy' | 'sell',
  quantity: string,
  price: string,
  pnl: string | null = null,
): SourceOrder => ({
  ...{ id: `${side} ${quantity}`, accountId: null, symbol: 'A', side, at: priced },
  ...{ quantity: decimal(quantity), price: decimal(price) },
  pnl: pnl === null ? null : decimal(pnl),
});

interface Case {
  readonly opening: string;
  readonly cash: string;
  /** Of A, at 10 each. */
  readonly held?: string;
  readonly orders: readonly SourceOrder[];
}

/** A stored total that is still the opening, which a record of all cash says. */
function checked({ opening, cash, held = '0', orders }: Case): SourceAccountChecked {
  const account = accountOf({
    ...{ cash, total: opening, performance: [record(priced, opening, opening, '0')] },
    positions: [position('A', held, '10', { entry: '10' })],
  });
  return checkedOf(snapshotOf([account]), { orders: historyOf(orders) });
}

const partOf = ({ drift }: SourceAccountChecked, what: DriftKind): string | null =>
  toTextOrNull(drift!.parts.find((part) => part.what === what)?.amount ?? null);

const ruledOut = ({ reconciled }: SourceAccountChecked) =>
  reconciled.breaks[0]!.explanation.ruledOut.map(({ reason }) => reason);

const moneyReasons = ['FEE_MISSING', 'TRANSFER_MISSING'];

describe('H22 what trades made and what came or went otherwise', () => {
  test('H22 without an order no trade made anything: 500 of 500 is cash nobody told of', () => {
    const one = checked({ opening: '1000', cash: '1500', orders: [] });
    expect([partOf(one, 'realised'), partOf(one, 'cash')]).toEqual([null, '500']);
    const [total] = one.reconciled.breaks;
    expect(total!.confidence).toBe('likely');
    expect(total!.explanation.sentence).toContain(
      'cash moved by +500.00 that no order accounts for, the whole difference',
    );
    expect(ruledOut(one)).not.toEqual(expect.arrayContaining(moneyReasons));
  });

  // 20 bought at 10, 10 sold at 12: the trades made 20, and 1,520 + 200 - 120 - 1,000 = 600.
  const traded = (pnl: string | null) => [order('buy', '20', '10'), order('sell', '10', '12', pnl)];

  test('H22 a sale that notes no PnL made what it made: 20, and 600 came otherwise', () => {
    const orders = traded(null);
    const one = checked({ opening: '1000', cash: '1520', held: '10', orders });
    expect([partOf(one, 'realised'), partOf(one, 'cash')]).toEqual(['20', '600']);
  });

  test('H22 a PnL that is noted wrong moves no money: 20, whatever it says', () => {
    const one = checked({ opening: '1000', cash: '920', held: '10', orders: traded('25') });
    expect([partOf(one, 'realised'), partOf(one, 'cash')]).toEqual(['20', '0']);
    const realised = one.drift!.parts.find(({ what }) => what === 'realised')!;
    expect(realised.how).toContain('the PnL that they note is 25.00');
    expect(one.reconciled.breaks[0]!.confidence).toBe('likely');
  });

  test('H22 a PnL net of a fee that cash lacks: the fee is not ruled out', () => {
    // The orders make 10,000 - 100 + 60 = 9,960 of the opening; cash is 9,959.
    const orders = [order('buy', '10', '10'), order('sell', '5', '12', '9')];
    const one = checked({ opening: '10000', cash: '9959', held: '5', orders });
    expect([partOf(one, 'realised'), partOf(one, 'cash')]).toEqual(['10', '-1']);
    expect(ruledOut(one)).not.toEqual(expect.arrayContaining(moneyReasons));
    expect(one.reconciled.breaks[0]!.confidence).toBe('likely');
  });

  test('H22 cash that the orders make: nothing is missing from it', () => {
    const orders = [order('buy', '10', '10'), order('sell', '5', '12', '10')];
    const one = checked({ opening: '10000', cash: '9960', held: '5', orders });
    expect(ruledOut(one)).toEqual(expect.arrayContaining(moneyReasons));
    expect(one.reconciled.breaks[0]!.confidence).toBe('proven');
  });

  test('H22 orders that do not make what is held claim neither, and rule out neither', () => {
    const orders = [order('buy', '10', '10'), order('sell', '5', '12', '10')];
    const one = checked({ opening: '10000', cash: '9960', held: '6', orders });
    // 9,960 + 60 - 10,000
    expect([partOf(one, 'gained'), partOf(one, 'realised'), partOf(one, 'cash')]).toEqual([
      ...['20', null, null],
    ]);
    expect(one.reconciled.breaks[0]!.explanation.sentence).toContain(
      'cash and the cost of positions moved by +20.00, by trades or by money that came or went',
    );
    expect(ruledOut(one)).not.toEqual(expect.arrayContaining(moneyReasons));
  });
});

test('H22 planted deposits and planted trades are told apart to the last digit', () => {
  const cents = fc.bigInt({ min: -100_000n, max: 100_000n });
  const trade = fc.record({
    quantity: fc.bigInt({ min: 1n, max: 1_000n }),
    /** Gained by each unit, in cents. */
    gain: fc.bigInt({ min: -900n, max: 900n }),
    noted: fc.constantFrom('right', 'wrong', 'none'),
  });
  let apart = 0;
  fc.assert(
    fc.property(fc.array(trade, { maxLength: 6 }), cents, (trades, deposit) => {
      const text = (amount: bigint) => toText(decimalOf(Number(amount), 2));
      // Everything is bought at 10.00, and sold but for one unit of each.
      const made = trades.reduce((sum, { quantity, gain }) => sum + quantity * gain, 0n);
      const held = BigInt(trades.length);
      const orders = trades.flatMap(({ quantity, gain, noted }) => {
        const pnl = quantity * gain + (noted === 'wrong' ? 1n : 0n);
        return [
          order('buy', String(quantity + 1n), '10'),
          order('sell', String(quantity), text(1_000n + gain), noted === 'none' ? null : text(pnl)),
        ];
      });
      const cash = 10_000_000n + made - held * 1_000n + deposit;
      const one = checked({
        ...{ opening: '100000', cash: text(cash), held: String(held), orders },
      });
      if (one.drift === null) {
        expect(made + deposit).toBe(0n);
        return;
      }
      expect(partOf(one, 'cash')).toBe(text(deposit));
      expect(partOf(one, 'realised')).toBe(trades.length === 0 ? null : text(made));
      if (deposit !== 0n) expect(one.reconciled.breaks[0]!.confidence).toBe('likely');
      if (made !== 0n && deposit !== 0n) apart += 1;
    }),
  );
  expect(apart).toBeGreaterThan(20);
});
