/** Why a stored total is off, and what is wrong with a history: each cause planted by itself. */
import { describe, expect, test } from 'vitest';
import { decimal, toText, toTextOrNull } from '../../src/decimal/text.ts';
import { addMilliseconds, instant } from '../../src/model/instant.ts';
import type { SourceAccount, SourceOrder } from '../../src/model/source.ts';
import type { SourceAccountChecked } from '../../src/reconcile/source/check-source.ts';
import {
  accountOf,
  checkedOf,
  historyOf,
  incident,
  incidentOrders,
  looked,
  position,
  priced,
  record,
  snapshotOf,
  writeOf,
  wrote,
} from './source-kit.ts';

/** The break of the total, or of the history. */
const breakOf = ({ reconciled }: SourceAccountChecked, what: 'total' | 'performance') =>
  reconciled.breaks.find(({ lines }) => lines[0]!.what === what);

const day = 86_400_000;
/** A record as old as the prices: history is no matter where it is there. */
const fresh = record(priced, '1');

describe('H9 H10 the incident', () => {
  const orders = historyOf(incidentOrders());
  const checked = checkedOf(incident(), { orders });
  const total = breakOf(checked, 'total')!;

  test('H9 211.69 = prices -59.38 + realised 271.07 + cash that no order tells 0', () => {
    const { basis, parts, residual } = checked.drift!;
    const sumOf = (what: string) =>
      parts
        .filter((part) => part.what === what)
        .reduce((sum, { amount }) => sum + Number(toText(amount)) * 100, 0) / 100;
    expect(basis).toMatchObject({ kind: 'opening', at: instant('2025-11-25T21:05:00.318204Z') });
    // 1,058.70 + 9,212.37 - 10,000.00 = 271.07, and the orders note as much.
    expect([sumOf('price'), sumOf('realised'), sumOf('cash')]).toEqual([-59.38, 271.07, 0]);
    expect([parts.length, toText(residual)]).toEqual([11, '0']);
  });

  test('H10 it is proven, with the drift as evidence and every other idea ruled out', () => {
    expect(total).toMatchObject({
      reason: 'TOTAL_STALE',
      confidence: 'proven',
      state: 'EXPLAINED',
    });
    expect(total.explanation.sentence).toBe(
      'The stored total is still the 10,000.00 that the account began with at ' +
        '2025-11-25 21:05:00Z. Its row was last written 2026-01-10 21:05:12Z. Since then prices ' +
        'moved 9 open positions by −59.38, closed trades made +271.07: together +211.69, ' +
        'the whole difference.',
    );
    const { evidence, ruledOut, residual } = total.explanation;
    expect(evidence).toHaveLength(13);
    expect(toTextOrNull(residual)).toBe('0');
    // BAC, 937.89, is nearest to 211.69: it would leave -726.20 if it had been left out.
    const leftOut = ruledOut.find(({ reason }) => reason === 'MARK_MISSING')!;
    expect([leftOut.why, toTextOrNull(leftOut.residual)]).toEqual([
      'no position and no two fit; the nearest would be that the value of BAC was left out',
      '-726.2',
    ]);
    expect(new Set(ruledOut.map(({ reason }) => reason))).toEqual(
      new Set([
        ...['ROUNDING_ACCUMULATED', 'MARK_MISSING', 'FILL_DUPLICATED', 'SYMBOL_CONFUSED'],
        ...['FEE_MISSING', 'TRANSFER_MISSING', 'PERFORMANCE_STALE'],
      ]),
    );
  });

  test('H10 at stake is 211.69, gross and net', () => {
    expect([total.gross, total.net].map(toTextOrNull)).toEqual(['211.69', '211.69']);
    expect(checked.reconciled.verdict).toBe('break');
  });

  test('H13 48 days after the last record the history is stale, at no stake', () => {
    const stale = breakOf(checked, 'performance')!;
    expect(stale).toMatchObject({ reason: 'PERFORMANCE_STALE', confidence: 'proven' });
    expect(stale.explanation.sentence).toContain('nothing was recorded for 48 days');
    expect(stale.lines[0]).toMatchObject({ key: '1', ours: decimal('10000') });
    expect(toTextOrNull(stale.lines[0]!.theirs)).toBe('10211.69');
    expect(toTextOrNull(stale.gross)).toBe('0');
  });
});

describe('H10 proven is what rows carry, and nothing less', () => {
  const likely = (
    change: (account: SourceAccount) => SourceAccount,
    told: readonly SourceOrder[] | null,
  ) => {
    const orders = told === null ? null : historyOf(told);
    const one = breakOf(checkedOf(incident(change), { orders }), 'total')!;
    return [one.reason, one.confidence, toTextOrNull(one.explanation.residual)];
  };
  const same = (account: SourceAccount): SourceAccount => account;
  const stale = ['TOTAL_STALE', 'likely', '0'];
  const told = incidentOrders();

  test('H10 orders that were not read prove nothing', () => {
    expect(likely(same, null)).toEqual(stale);
  });
  test('H10 a sale that notes no PnL leaves its gain to the cash', () => {
    const silent = told.map((order) => (order.id === '9' ? { ...order, pnl: null } : order));
    expect(likely(same, silent)).toEqual(stale);
  });
  test('H10 PnL that does not add up proves nothing, and leaves what trades made as it is', () => {
    const wrong = told.map((order) =>
      order.id === '9' ? { ...order, pnl: decimal('-26.20') } : order,
    );
    expect(likely(same, wrong)).toEqual(stale);
    const { drift } = checkedOf(incident(), { orders: historyOf(wrong) });
    const amountOf = (what: string) => drift!.parts.find((part) => part.what === what)!.amount;
    // The orders pay and take what they did: 271.07; their notes say 0.05 more.
    expect([amountOf('realised'), amountOf('cash')].map(toText)).toEqual(['271.07', '0']);
  });
  test('H10 orders that do not make the positions', () => {
    expect(likely(same, told.slice(0, -2))).toEqual(stale);
  });
  test('H10 orders whose PnL is right, though they do not make the positions', () => {
    const bought = told.filter(({ id }) => id !== '10');
    expect(likely(same, bought)).toEqual(stale);
  });
  test('H10 orders whose PnL is right, though they do not make the cash', () => {
    const dearer = told.map((one) => (one.id === '10' ? { ...one, price: decimal('71.30') } : one));
    expect(likely(same, dearer)).toEqual(stale);
  });
  test('H10 orders that may be of another account prove nothing', () => {
    const named = told.map((one) => (one.id === '10' ? { ...one, accountId: '1' } : one));
    expect(likely(same, named)).toEqual(stale);
    expect(historyOf(named).totalsOf('1', true)).toBeNull();
    expect(historyOf(told).totalsOf('1', false)).toBeNull();
    const all = told.map((one) => ({ ...one, accountId: '1' }));
    expect(historyOf(all).totalsOf('1', false)).toMatchObject({ count: 21 });
    expect(historyOf(all).totalsOf('2', false)).toMatchObject({ count: 0, pnl: null });
  });
  test('H10 a deposit that no order tells: 500 more cash is 500 of the drift', () => {
    const more = (account: SourceAccount) => ({ ...account, cash: decimal('1558.70') });
    expect(likely(more, told)).toEqual(stale);
    const { drift } = checkedOf(incident(more), { orders: historyOf(told) });
    expect(toText(drift!.parts.find(({ what }) => what === 'cash')!.amount)).toBe('500');
  });
  test('H10 an opening that only the orders give is as good', () => {
    const bare = (account: SourceAccount) => ({
      ...{ ...account, performance: [], performanceCount: 0, performanceFirst: null },
    });
    expect(likely(bare, told)).toEqual(['TOTAL_STALE', 'proven', '0']);
  });
  test('H10 without entry prices cash and positions move, and nothing finer is said', () => {
    const bare = (account: SourceAccount) => ({
      ...account,
      positions: account.positions.map((one) => ({ ...one, entryPrice: null })),
    });
    expect(likely(bare, told)).toEqual(stale);
    const { drift } = checkedOf(incident(bare), { orders: historyOf(told) });
    expect(drift!.parts.map(({ what, amount }) => [what, toText(amount)])).toEqual([
      ['positions', '9152.99'],
      ['cash', '-8941.3'],
    ]);
  });
  test('H10 a position that fits by chance leaves two explanations', () => {
    // Stored 10 = the opening; now cash 8 + A 2 + B 6 = 16, and B alone is the difference too.
    const account = accountOf({
      ...{ cash: '8', total: '10', performance: [record(priced, '10', '10', '0')] },
      positions: [position('A', '1', '2', { entry: '2' }), position('B', '1', '6', { entry: '0' })],
    });
    const bought = (symbol: string, price: string): SourceOrder => ({
      ...{ id: symbol, accountId: null, symbol, side: 'buy', at: priced, pnl: null },
      ...{ quantity: decimal('1'), price: decimal(price) },
    });
    const orders = historyOf([bought('A', '2'), bought('B', '0')]);
    const checked = checkedOf(snapshotOf([account]), { orders });
    const one = breakOf(checked, 'total')!;
    expect([one.reason, one.confidence]).toEqual(['TOTAL_STALE', 'likely']);
    // Without the chance it is proven: nothing but B's price moved, and by something else than B.
    const dearer = {
      ...account,
      positions: [account.positions[0]!, position('B', '1', '7', { entry: '1' })],
    };
    const other = checkedOf(snapshotOf([{ ...dearer, cash: decimal('7') }]), {
      orders: historyOf([bought('A', '2'), bought('B', '1')]),
    });
    expect(breakOf(other, 'total')!.confidence).toBe('proven');
  });
});

describe('H9 a total that is that of a record', () => {
  test('H9 cash and positions moved since then, and leave nothing over', () => {
    const account = accountOf({
      ...{ cash: '100', total: '1000', positions: [position('A', '10', '93')] },
      performance: [record(addMilliseconds(priced, -3_600_000), '1000', '200', '800')],
    });
    const { drift } = checkedOf(snapshotOf([account]));
    expect(drift!.basis.kind).toBe('record');
    expect(drift!.parts.map(({ what, amount }) => [what, toText(amount)])).toEqual([
      ['positions', '130'],
      ['cash', '-100'],
    ]);
    expect(toText(drift!.residual)).toBe('0');
  });
});

test('H9 a record that contradicts itself leaves over what it hides', () => {
  const account = accountOf({
    ...{ cash: '100', total: '1000', positions: [position('A', '8', '100')] },
    performance: [record(priced, '1000', '100', '800')],
  });
  const checked = checkedOf(snapshotOf([account]));
  expect(toText(checked.drift!.residual)).toBe('-100');
  const total = breakOf(checked, 'total')!;
  expect([total.confidence, total.state]).toEqual(['unexplained', 'OPEN']);
  expect(total.explanation.sentence).toContain('Since then nothing moved, which leaves −100.00.');
});

describe('H9 a total that we wrote', () => {
  /** Stored as we wrote it; then ACI, worth 1,000.00, rises by 1 %. */
  const risen = (account: SourceAccount): SourceAccount => ({
    ...{ ...account, total: decimal('10211.69'), performance: [fresh], performanceFirst: fresh },
    positions: account.positions.map((one) =>
      one.symbol === 'ACI' ? { ...one, price: decimal('16.16') } : one,
    ),
  });
  const lastWrite = writeOf('10000.0', '10211.69');

  test('H9 what moved since then is the whole difference: 10.00', () => {
    const checked = checkedOf({ ...incident(risen), ...wrote(lastWrite) });
    expect(checked.drift).toMatchObject({ basis: { kind: 'write', at: lastWrite.at } });
    const total = breakOf(checked, 'total')!;
    expect([total.reason, total.confidence]).toEqual(['TOTAL_STALE', 'likely']);
    expect(total.explanation.sentence).toBe(
      'The stored total was not updated since Trueup wrote it at 2026-01-12 20:00:00Z. Its row ' +
        'was last written 2026-01-10 21:05:12Z. Since then cash and positions moved by +10.00, ' +
        'the whole difference.',
    );
  });

  test('H9 that it is the opening, too, says less than that we wrote it', () => {
    const written = writeOf('9000.0', '10000.0');
    const checked = checkedOf({ ...incident(), ...wrote(written) });
    expect(checked.drift!.basis).toMatchObject({ kind: 'record' });
    const bare = incident((account) => ({ ...account, performance: [] }));
    expect(checkedOf({ ...bare, ...wrote(written) }).drift!.basis.kind).toBe('write');
  });

  test('H9 a record of that moment tells cash and positions apart', () => {
    const written = record(lastWrite.at, '10211.69', '1058.70', '9152.99');
    const { drift } = checkedOf({
      ...incident((account) => ({ ...risen(account), performance: [written] })),
      ...wrote(lastWrite),
    });
    expect(drift!.basis.kind).toBe('record');
    expect(drift!.parts.map(({ what, amount }) => [what, toText(amount)])).toEqual([
      ['positions', '10'],
      ['cash', '0'],
    ]);
  });
});

describe('H11 a total that is not stale', () => {
  const positions = [
    position('A', '2', '100'),
    position('B', '-1', '30'),
    position('C', '5', '7'),
    position('D', '4', '2.5'),
  ];
  // Cash 1,000 + 200 - 30 + 35 + 10 = 1,215.
  const totalBreak = (total: string, updatedAt = looked) => {
    const account = accountOf({ cash: '1000', total, positions, performance: [fresh], updatedAt });
    return breakOf(checkedOf(snapshotOf([account])), 'total');
  };
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['1015', 'MARK_MISSING', 'likely', 'the value of A was left out'],
    ['980', 'MARK_MISSING', 'likely', 'the value of A and C was left out'],
    ['1415', 'FILL_DUPLICATED', 'likely', 'A was counted twice'],
    ['1275', 'SIGN_WRONG', 'likely', 'the short B was counted as a long'],
    ['36180', 'SYMBOL_CONFUSED', 'likely', 'C was valued at 1000 times its price'],
    ['1015.2', 'SYMBOL_CONFUSED', 'likely', 'A was valued at a thousandth of its price'],
    ['1214', 'UNEXPLAINED', 'unexplained', 'no row says why'],
    ['1215.1', 'UNEXPLAINED', 'unexplained', 'would leave'],
  ];
  test.each(cases)('H11 stored %s is %s, %s: %s', (total, reason, confidence, words) => {
    const one = totalBreak(total)!;
    expect([one.reason, one.confidence]).toEqual([reason, confidence]);
    expect(one.explanation.sentence).toContain(words);
  });

  test('H11 several that fit explain nothing', () => {
    const twins = [position('A', '1', '50'), position('B', '2', '25')];
    const account = accountOf({ total: '50', positions: twins, performance: [fresh] });
    const one = breakOf(checkedOf(snapshotOf([{ ...account, updatedAt: looked }])), 'total')!;
    expect(one).toMatchObject({ reason: 'UNEXPLAINED', confidence: 'unexplained' });
    expect(one.explanation.sentence).toContain(
      'It fits if the value of A was left out, or if the value of B was left out.',
    );
  });

  test('H11 older than its prices, and made of nobody knows what: stale, and not explained', () => {
    const one = totalBreak('1214', addMilliseconds(priced, -day))!;
    expect([one.reason, one.confidence, one.state]).toEqual(['TOTAL_STALE', 'unexplained', 'OPEN']);
    expect(toTextOrNull(one.explanation.residual)).toBe('1');
  });

  test('H11 parts that were rounded to cents first: 0.335 + 0.335 is 0.67, rounded 0.68', () => {
    const rounded = [position('A', '1', '0.335'), position('B', '1', '0.335')];
    const account = accountOf({ total: '0.68', positions: rounded, performance: [fresh] });
    const one = breakOf(checkedOf(snapshotOf([account])), 'total')!;
    expect([one.reason, one.confidence]).toEqual(['ROUNDING_ACCUMULATED', 'likely']);
    expect(one.explanation.sentence).toContain('−0.01: it is the sum of parts that were rounded');
  });

  test('H11 parts that were added in binary floats: 0.1 + 0.2', () => {
    const floats = [position('A', '1', '0.1'), position('B', '1', '0.2')];
    const account = accountOf({ total: '0.30000000000000004', positions: floats });
    const one = breakOf(checkedOf(snapshotOf([account])), 'total')!;
    expect([one.reason, one.confidence]).toEqual(['ROUNDING_ACCUMULATED', 'likely']);
    expect(one.explanation.sentence).toContain('−0.00000000000000004');
  });
});
