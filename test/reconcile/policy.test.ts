/** What is done about a break: the table row by row, its limits, and what it never does. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromInteger } from '../../src/decimal/decimal.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import { instrumentFromName } from '../../src/model/instrument.ts';
import {
  Allowance,
  type Automatic,
  automaticByDefault,
  type PolicySettings,
  policyByDefault,
} from '../../src/reconcile/limits.ts';
import { type Decision, decisionOn, type PolicyFacts, policy } from '../../src/reconcile/policy.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { at, type Ledger, optionsAt, sidesOf } from './kit.ts';
import { ledgerOfStory, readStory, statementOf } from './scenario.ts';

/** A break that nobody can explain. */
const plain: PolicyFacts = {
  ...{ compared: true, settling: false, held: false, of: 'book', change: null },
  ...{ explained: false, proven: false, worsens: false, unfinal: false, adjust: false },
  ...{ rounding: false, stopped: false, beyond: null },
};
const facts = { change: 'facts', explained: true, proven: true } as const;
const back = { change: 'taking-back', explained: true, proven: true } as const;
const superseding = { change: 'superseding', explained: true, proven: true } as const;
const rows = { of: 'rows', change: 'rows', explained: true, proven: true } as const;

describe('the table', () => {
  const cases: readonly (readonly [string, Partial<PolicyFacts>, Decision])[] = [
    ['no answer, whatever else', { ...facts, compared: false, held: true }, 'wait'],
    ['too young, though its cause is known', { ...facts, settling: true }, 'watch'],
    ['too young, and snoozed', { settling: true, held: true }, 'watch'],
    ['accepted, though it could be booked', { ...facts, held: true }, 'leave'],
    ['a database against itself', { of: 'source', proven: true }, 'ask'],
    ['stopped: a missing fact', { ...facts, stopped: true }, 'approve'],
    ['stopped: a row', { ...rows, stopped: true }, 'approve'],
    ['stopped: a residue', { rounding: true, stopped: true }, 'ask'],
    ['stopped, and nothing known to do', { stopped: true }, 'ask'],
    ['a row, proven', rows, 'book'],
    ['a row, likely', { ...rows, proven: false }, 'approve'],
    ['a row, beyond a limit', { ...rows, beyond: 'it is 10, more than 9' }, 'approve'],
    ['a row that nothing sets right', { of: 'rows', explained: true, proven: true }, 'ask'],
    ['a missing fact, of any value', { ...facts, beyond: null }, 'book'],
    ['missing facts that explain a part', { ...facts, explained: false, proven: false }, 'book'],
    ['a missing fact that would make it worse', { ...facts, worsens: true }, 'approve'],
    ['what was inferred, proven, beyond any limit', { ...superseding, beyond: 'any' }, 'book'],
    ['what was inferred, proven, of a part', { ...superseding, explained: false }, 'book'],
    ['what was inferred, likely', { ...superseding, proven: false }, 'approve'],
    ['what was inferred, and a line gets worse', { ...superseding, worsens: true }, 'approve'],
    ['what was inferred, stopped', { ...superseding, stopped: true }, 'approve'],
    ['taking back, proven and within limits', back, 'book'],
    ['taking back, beyond a limit', { ...back, beyond: 'one was made' }, 'approve'],
    ['taking back, likely', { ...back, proven: false }, 'approve'],
    ['taking back what leaves something over', { ...back, explained: false, proven: false }, 'ask'],
    ['a number that is not final', { unfinal: true, adjust: true, rounding: true }, 'wait'],
    ['an adjustment that was asked for', { adjust: true, rounding: true }, 'approve'],
    ['one step of rounding', { rounding: true }, 'adjust'],
    ['nothing is known', {}, 'ask'],
  ];

  test.each(cases)('PO5 %s', (_, changes, decision) => {
    expect(decisionOn({ ...plain, ...changes }).decision).toBe(decision);
  });

  test('PO5 every row is reached by a case', () => {
    const reached = new Set(cases.map(([, changes]) => decisionOn({ ...plain, ...changes })));
    expect(policy.filter((row) => !reached.has(row)).map(({ when }) => when)).toEqual([]);
  });

  const any: fc.Arbitrary<PolicyFacts> = fc.record({
    ...{ compared: fc.boolean(), settling: fc.boolean(), held: fc.boolean() },
    of: fc.constantFrom('book', 'rows', 'source'),
    change: fc.constantFrom(null, 'facts', 'superseding', 'taking-back', 'rows'),
    ...{ explained: fc.boolean(), proven: fc.boolean(), worsens: fc.boolean() },
    ...{ unfinal: fc.boolean(), adjust: fc.boolean(), rounding: fc.boolean() },
    ...{ stopped: fc.boolean(), beyond: fc.constantFrom(null, 'a limit') },
  });

  test('PO5 something is decided about anything, by the first row that applies', () => {
    fc.assert(
      fc.property(any, (one) => {
        const row = decisionOn(one);
        expect(row.applies(one)).toBe(true);
        const before = policy.slice(0, policy.indexOf(row));
        expect(before.filter(({ applies }) => applies(one))).toEqual([]);
      }),
    );
  });

  test('PO5 nothing is done at once that is held, stopped, not compared, or merely likely', () => {
    fc.assert(
      fc.property(any, (one) => {
        const { decision } = decisionOn(one);
        if (decision !== 'book' && decision !== 'adjust') return;
        expect(one).toMatchObject({ compared: true, settling: false, held: false, stopped: false });
        if (one.change === 'facts' || decision === 'adjust') return;
        expect(one.proven).toBe(true);
        // Nothing that the venue said is taken back: no limit is of it.
        if (one.change !== 'superseding') expect(one.beyond).toBeNull();
      }),
    );
  });
});

const automatic = (changes: Partial<PolicySettings>, more: Partial<Automatic> = {}): Automatic => ({
  ...automaticByDefault,
  settings: { ...policyByDefault, ...changes },
  ...more,
});

describe('limits', () => {
  const limited = {
    rows: { valuePerRepair: decimal('100'), valuePerDay: decimal('150'), repairsPerDay: 3 },
  };
  const spent = (value: string, count: number) => () => ({ value: decimal(value), count });

  test.each([
    ['0', 0, '100', null],
    ['0', 0, '100.01', 'it is 100.01, more than 100'],
    ['50', 2, '100', null], // 50 + 100 = 150
    ['50.01', 2, '100', 'with it 150.01 in the last 24 hours, more than 150'],
    ['0', 3, '1', '3 were made in the last 24 hours'],
    ['0', 0, null, 'its value is not known, and limited'],
  ] as const)('PO6 after %s in %i repairs one of %s: %s', (value, count, gross, why) => {
    const allowance = new Allowance(automatic(limited, { spent: spent(value, count) }));
    expect(allowance.beyond('rows', gross === null ? null : decimal(gross))).toBe(why);
  });

  test('PO6 without a limit of value, what has no price counts by number alone', () => {
    const rowsOnly = { rows: { valuePerRepair: null, valuePerDay: null, repairsPerDay: 1 } };
    const allowance = new Allowance(automatic(rowsOnly));
    expect(allowance.beyond('rows', null)).toBeNull();
    allowance.take('rows', null);
    expect(allowance.beyond('rows', null)).toMatch(/^1 were made/);
    expect(allowance.beyond('taking-back', decimal('1'))).toBe('none is made without a person');
  });

  test('PO6 no plan spends more than is left, whatever the order', () => {
    const values = fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 9 });
    fc.assert(
      fc.property(values, (grosses) => {
        const allowance = new Allowance(automatic(limited, { spent: spent('40', 1) }));
        let [sum, count] = [40, 1];
        for (const gross of grosses) {
          if (allowance.beyond('rows', fromInteger(gross)) !== null) continue;
          allowance.take('rows', fromInteger(gross));
          [sum, count] = [sum + gross, count + 1];
        }
        expect(sum).toBeLessThanOrEqual(150);
        expect(count).toBeLessThanOrEqual(3);
      }),
    );
  });
});

function planned(table: string, limits: Automatic, changes: Partial<Ledger> = {}) {
  const story = readStory(table);
  const ledger = { ...ledgerOfStory(story), ...changes };
  const statement = statementOf(story);
  const input = { options: optionsAt(statement.asOf), findings: [], known: [], strict: false };
  const { plan } = reconcile({
    ...{ ...sidesOf(ledger, statement.asOf), ...input, statement },
    ...{ adjust: new Set<string>(), automatic: limits },
  });
  return plan;
}

/** Two payments that nobody lists, of 5 and of 7 of value. */
const twoExtra = `
  both     deposit USDT 100 id a at 10
  book     funding USDT 5 of AGI/USDT:USDT id b at 10
  book     deposit USDC 7 id c at 10
  both     interest USDT 0 at 20
  mark     USDC/USDT 1 at 20
`;

/** A fill that was booked twice: 40 contracts at 100, with a fee of 2. */
const countedTwice = `
  both     deposit USDT 9000 id d at 10
  both     fill AGI/USDT:USDT buy 40 @ 100 fee 2 USDT id e1 at 20
  book     fill AGI/USDT:USDT buy 40 @ 100 fee 2 USDT id e1-again at 20
  both     interest USDT 0 at 30
  mark     AGI/USDT:USDT 100 at 30
`;

describe('plans', () => {
  test('PO6 what is proven is taken back at once as far as the settings let it', () => {
    const of = (repairsPerDay: number, more: Partial<Automatic> = {}) =>
      planned(
        twoExtra,
        automatic(
          { takingBack: { valuePerRepair: decimal('6'), valuePerDay: null, repairsPerDay } },
          more,
        ),
      ).repairs.map(({ needsApproval, kind }) => [kind, needsApproval]);
    expect(of(0)).toEqual([
      ['taking-back', true],
      ['taking-back', true],
    ]);
    // 5 is within 6, 7 is not.
    expect(of(2).filter(([, needsApproval]) => !needsApproval)).toHaveLength(1);
    const stop = { since: at(1), reason: 'drill', by: null };
    expect(of(2, { stop }).every(([, needsApproval]) => needsApproval)).toBe(true);
  });

  const upTo = (value: string) =>
    automatic({
      takingBack: { valuePerRepair: decimal(value), valuePerDay: null, repairsPerDay: 9 },
    });

  // 40 x 100 of contracts, and 2 of fee: what is moved counts, whatever of it was compared.
  test.each([
    ['', '4002', true, null],
    ['', '4001', false, 'it is 4002, more than 4001'],
    ['partial positions why 503', '4001', false, 'it is 4002, more than 4001'],
    [
      'without positions',
      '9999',
      false,
      'its value is limited, and AGI/USDT:USDT was not compared',
    ],
    ['without balances', '9999', false, 'its value is limited, and USDT was not compared'],
    [
      'without positions balances',
      '9999',
      false,
      'its value is limited, and AGI/USDT:USDT, USDT was not compared',
    ],
  ])('PO14 with %o, within %s: at once %s, %s', (section, limit, isAtOnce, why) => {
    const [one] = planned(`${countedTwice}\n${section}`, upTo(limit)).repairs;
    expect([one!.kind, !one!.needsApproval]).toEqual(['taking-back', isAtOnce]);
    if (why !== null) expect(one!.because).toContain(`(${why})`);
  });

  test('PO14 what has no price, or moves a price alone, is valued too', () => {
    const unpriced = countedTwice.replace(/ mark .*/, '');
    const [one] = planned(unpriced, upTo('9999')).repairs;
    expect(one).toMatchObject({
      needsApproval: true,
      because: expect.stringContaining('its value is not known, and limited'),
    });
    // Booked at 90 and listed at 100: 40 x 100 of a fill that is corrected, and 2 of its fee.
    const corrected = `
      both   deposit USDT 9000 id d at 10
      book   fill AGI/USDT:USDT buy 40 @ 90 fee 2 USDT id e1 at 20
      venue  fill AGI/USDT:USDT buy 40 @ 100 fee 2 USDT id e1 at 20
      mark   AGI/USDT:USDT 100 at 30
      without positions
    `;
    const [other] = planned(corrected, upTo('4001')).repairs;
    expect(other).toMatchObject({ kind: 'taking-back', needsApproval: true });
    expect(other!.because).toContain('it is 4002, more than 4001');
  });

  /** Both booked twice, of opposite sides and one size: what is left of 16,000 is 4 of fees. */
  const cancelling = `
    both     deposit USDT 9000 id d at 10
    both     fill AGI/USDT:USDT buy 40 @ 100 fee 2 USDT id e1 at 20
    both     fill AGI/USDT:USDT sell 40 @ 100 fee 2 USDT id e2 at 25
    book     fill AGI/USDT:USDT buy 40 @ 100 fee 2 USDT id e1-again at 20
    book     fill AGI/USDT:USDT sell 40 @ 100 fee 2 USDT id e2-again at 25
    both     interest USDT 0 at 30
    mark     AGI/USDT:USDT 100 at 30
  `;
  /** They cancel to the last digit: no line of money differs. */
  const payments = `
    both     deposit USDT 9000 id d at 10
    both     funding USDT 500 of AGI/USDT:USDT id f1 at 20
    both     funding USDT -500 of AGI/USDT:USDT id f2 at 25
    book     funding USDT 500 of AGI/USDT:USDT id f1-again at 20
    book     funding USDT -500 of AGI/USDT:USDT id f2-again at 25
    both     interest USDT 0 at 30
  `;
  test.each([
    ['two fills', cancelling, '8003', 'it is 8004, more than 8003'], // 2 x (40 x 100 + 2)
    ['two fills', cancelling, '8004', null],
    ['two payments', payments, '999', 'it is 1000, more than 999'],
    ['two payments', payments, '1000', null],
  ] as const)(
    'PO14 %s booked twice that cancel count by themselves, with %s up to %s',
    (...row) => {
      const [, table, limit, why] = row;
      const { repairs } = planned(table, upTo(limit));
      expect(repairs.map(({ needsApproval }) => needsApproval)).toEqual([why !== null]);
      expect(repairs[0]!.entries).toHaveLength(2);
      if (why !== null) expect(repairs[0]!.because).toContain(`(${why})`);
    },
  );

  test('PO14 what cancels counts by the units of a contract, an inverse one in its coin', () => {
    const one = (name: string) => instrumentFromName('venue', name)!;
    const tens = { ...one('AGI/USDT:USDT'), multiplier: decimal('10') };
    // 2 x (40 x 10 x 100 + 2).
    const [linear] = planned(cancelling, upTo('80003'), { instruments: [tens] }).repairs;
    expect(linear!.because).toContain('(it is 80004, more than 80003)');
    // 40 contracts of 10 at 100 are 4 AGI, and its fee of 2 is in USDT: 2 x (4 x 25 + 2).
    const table = `${cancelling.replaceAll('USDT:USDT', 'USDT:AGI')}\nmark AGI/USDT 25 at 30`;
    const coins = { ...one('AGI/USDT:AGI'), multiplier: decimal('10') };
    const [inverse] = planned(table, upTo('203'), { instruments: [coins] }).repairs;
    expect(inverse!.because).toContain('(it is 204, more than 203)');
    // Nobody said what AGI is worth.
    const [unpriced] = planned(table.replace(/mark .*25.*/, ''), upTo('9999')).repairs;
    expect(unpriced!.because).toContain('its value is not known, and limited');
  });

  test('PO14 without a limit of value, what was not compared counts by number alone', () => {
    const free = { valuePerRepair: null, valuePerDay: null, repairsPerDay: 1 };
    const { repairs } = planned(
      `${countedTwice}\nwithout positions`,
      automatic({ takingBack: free }),
    );
    expect(repairs).toMatchObject([{ kind: 'taking-back', needsApproval: false }]);
  });

  test('PO6 limits move no plan: what was looked at is what is approved', () => {
    const takingBack = { valuePerRepair: null, valuePerDay: null, repairsPerDay: 9 };
    const free = planned(twoExtra, automatic({ takingBack }));
    expect(planned(twoExtra, automaticByDefault).hash).toBe(free.hash);
  });

  test('PO7 a large missing fact is booked all the same, and told', () => {
    const table = 'both deposit USDT 1 at 10\nvenue funding USDT -1000.01 id f1 at 20';
    expect(planned(table, automaticByDefault).repairs).toMatchObject([
      { kind: 'facts', needsApproval: false, large: true },
    ]);
    const at1000 = automatic({ alertAbove: decimal('1000.01') });
    expect(planned(table, at1000).repairs[0]).not.toHaveProperty('large');
  });

  const cents = { decimals: new Map([['USDT', 2]]) };
  const off = (total: string) => `both deposit USDT 100 at 10\nsays balance USDT ${total}`;

  test.each([
    ['100.01', cents, 0, 'adjusted'],
    ['99.99', cents, 9, 'adjusted'],
    ['100.001', cents, 0, 'adjusted'],
    ['99.99', cents, 10, 'ask'], // ten steps in 30 days
    ['99.989', cents, 0, 'ask'],
    ['99.99', {}, 0, 'ask'], // nobody told the step of USDT
  ] as const)(
    'PO8 %s where 100 is booked, with %o after %i steps: %s',
    (total, known, count, what) => {
      const { repairs, leftAlone } = planned(
        off(total),
        automatic({}, { roundingSteps: () => count }),
        known,
      );
      if (what === 'ask') return expect(leftAlone).toMatchObject([{ decision: 'ask' }]);
      expect(repairs).toMatchObject([
        { kind: 'rounding', needsApproval: false, entries: [{ action: 'adjust' }] },
      ]);
      const [entry] = repairs[0]!.entries;
      const amount = entry!.fact?.kind === 'adjustment' ? toText(entry!.fact.amount) : null;
      expect(Number(amount)).toBeCloseTo(Number(total) - 100, 9);
    },
  );

  test('PO14 a missing fill is as large as what it moves, though no position was compared', () => {
    const table = `
      both     deposit USDT 9000 id d at 10
      venue    fill AGI/USDT:USDT buy 40 @ 100 fee 2 USDT id e1 at 20
      mark     AGI/USDT:USDT 100 at 30
      partial  positions why 503
    `;
    const of = (alertAbove: string) =>
      planned(table, automatic({ alertAbove: decimal(alertAbove) })).repairs;
    expect(of('4001')).toMatchObject([{ kind: 'facts', needsApproval: false, large: true }]);
    expect(of('4002')[0]).not.toHaveProperty('large');
  });

  test('PO8 a position is never rounded, nor a balance beside one', () => {
    const table = `
      both     deposit USDT 100 at 10
      both     fill AGI/USDT:USDT buy 1 @ 1 at 10
      says     position AGI/USDT:USDT 1.01
    `;
    const known = {
      decimals: new Map([
        ['USDT', 2],
        ['AGI', 2],
      ]),
    };
    expect(planned(table, automaticByDefault, known).repairs).toEqual([]);
  });
});
