/** Every phase and boundary of the rules for aged positions; the arithmetic stands beside. */
import { describe, expect, test } from 'vitest';
import { decimal, toText } from '../../src/decimal/text.ts';
import { planExits } from '../../src/exits/plan.ts';
import { exitRulesFault, phaseAt, toleratedLoss, usualExitRules } from '../../src/exits/rules.ts';
import { instant } from '../../src/model/instant.ts';
import { agi, before, factsOf, lineOf, now, order, planned } from './kit.ts';

const hours = (text: string) => now - before(text);

describe('phases', () => {
  test.each([
    ['0h', 'young', null],
    ['3h-1ns', 'young', null], // younger than the limit
    ['3h', 'grace', null], // at the limit it is aged
    ['6h-1ns', 'grace', null],
    ['6h', 'liquidation', '0'], // 0 h x 0.5 %
    ['7h', 'liquidation', '0.005'], // 1 h x 0.5 %
    ['16h', 'liquidation', '0.05'], // 10 h x 0.5 %: not faster yet
    ['17h', 'liquidation', '0.056'], // 11 x 0.005 + 1 x 0.005 x 0.2
    ['24h', 'liquidation', '0.098'], // 18 x 0.005 + 8 x 0.005 x 0.2
    ['24h20m', 'liquidation', '0.1'], // 18 1/3 x 0.005 + 8 1/3 x 0.001 = 0.091666... + 0.008333...
    ['25h', 'liquidation', '0.1'], // 19 x 0.005 + 9 x 0.001 = 0.104: capped
    ['26h-1ns', 'liquidation', '0.1'],
    ['26h', 'overdue', null], // 3 + 3 + 20 h
    ['900h', 'overdue', null],
  ])('EX1 EX2 at an age of %s: %s, loss %s', (age, phase, loss) => {
    const at = phaseAt(hours(age), usualExitRules);
    expect([at.phase, at.loss === null ? null : toText(at.loss)]).toEqual([phase, loss]);
  });

  test('EX2 a loss is rounded once, half-even, at 18 digits', () => {
    const twentyMinutes = hours('0h20m');
    // 1/3 h x 0.005 = 0.001666...
    expect(toText(toleratedLoss(twentyMinutes, usualExitRules))).toBe('0.001666666666666667');
    // 10 1/3 h: 10 1/3 x 0.005 + 1/3 x 0.001 = 0.051666... + 0.000333...: exactly 0.052
    expect(toText(toleratedLoss(hours('10h20m'), usualExitRules))).toBe('0.052');
  });

  test.each([
    [{ lossStep: decimal('1') }, 'lossStep'],
    [{ maximumLoss: decimal('-0.1') }, 'maximumLoss'],
    [{ acceleration: decimal('0.9') }, 'acceleration'],
    [{}, null],
  ])('EX1 rules that make no sense are told: %o', (changes, word) => {
    const fault = exitRulesFault({ ...usualExitRules, ...changes });
    if (word === null) expect(fault).toBeNull();
    else expect(fault).toContain(word);
  });
});

describe('targets', () => {
  test.each([
    // age, quantity, entry, price, what is planned
    ['2h', '100', '1', '2', ['young']], // in profit, but young
    ['3h', '100', '1', '1.0011', ['due', 'create sell 100 @ market']], // above 1 x 1.001
    ['3h', '-100', '1', '0.9989', ['due', 'create buy 100 @ market']], // below 1 x 0.999
    ['3h', '100', '1', '0.99', ['due', 'create sell 100 @ 1.001']], // 1 x (1 + 2 x 0.0005)
    ['3h', '-100', '1', '1.01', ['due', 'create buy 100 @ 0.999']], // 1 x (1 - 2 x 0.0005)
    ['7h', '100', '1', '0.9', ['due', 'create sell 100 @ 0.995']], // 1 x (1 - 0.005)
    ['7h', '-100', '1', '1.1', ['due', 'create buy 100 @ 1.005']], // 1 x (1 + 0.005)
    ['17h', '100', '1', '0.9', ['due', 'create sell 100 @ 0.944']], // 1 x (1 - 0.056)
    ['25h', '-100', '1', '1.2', ['due', 'create buy 100 @ 1.1']], // 1 x (1 + 0.1)
    ['26h', '100', '1', '0.5', ['due', 'create sell 100 @ market']],
    ['26h', '-100', '1', '1.5', ['due', 'create buy 100 @ market']],
    ['26h', '-100', '1', null, ['due', 'create buy 100 @ market']], // overdue needs no price
    ['20h', '100', '1', '1.5', ['due', 'create sell 100 @ market']], // in profit, however late
  ])('EX3 %s, %s entered at %s, price %s', (age, quantity, entry, price, actions) => {
    expect(planned({ age, quantity, entry, price })).toEqual(actions);
  });

  test.each([
    // A limit sell at 1.001 is near where the market is at least 1.001 x 0.999 = 0.999999
    ['100', '0.999998', '1.001'],
    ['100', '0.999999', 'market'],
    ['100', '1.001', 'market'], // at break-even: no profit, and it would cross
    // A limit buy at 0.999 is near where the market is at most 0.999 x 1.001 = 0.999999
    ['-100', '0.999999', 'market'],
    ['-100', '1', '0.999'],
  ])('EX4 %s at a price of %s is left at %s', (quantity, price, at) => {
    expect(planned({ quantity, price })[1]).toMatch(new RegExp(` @ ${at}$`));
  });

  test.each([
    // Who sells takes the bid, who buys the ask; without them the last price, then the mark.
    ['100', '0.9/1.2', '1.001'],
    ['100', '1.2/1.3', 'market'],
    ['-100', '0.8/1.1', '0.999'],
    ['-100', '0.7/0.8', 'market'],
  ])('EX4 %s between %s is left at %s', (quantity, price, at) => {
    expect(planned({ quantity, price })[1]).toMatch(new RegExp(` @ ${at}$`));
  });

  test.each([
    // 0.0477 x 1.001 = 0.0477477: a seller up to the tick, a buyer (x 0.999 = 0.0476523) down
    ['100', '0.0477', '0.04', 'create sell 100 @ 0.04775'],
    ['-100', '0.0477', '0.06', 'create buy 100 @ 0.04765'],
    ['100.7', '0.0477', '0.04', 'create sell 100 @ 0.04775'], // lots of 1
  ])('EX5 %s at %s keeps ticks and lots', (quantity, entry, price, action) => {
    expect(planned({ quantity, entry, price, tick: '0.00001' })).toEqual(['due', action]);
  });

  test.each([
    [{ quantity: '0.7' }, 'less than one lot, 1'],
    [{ quantity: '4', rules: { minimumNotional: decimal('5') } }, 'worth 4.004, less than 5'],
  ])('EX5 dust is told, and no order: %o', (told, why) => {
    expect(lineOf(told)).toMatchObject({ standing: 'dust', why, actions: [] });
  });

  test('EX5 a price below the first tick is no price', () => {
    const told = { quantity: '-10', entry: '0.5', price: '0.6', tick: '1' };
    expect(lineOf(told)).toMatchObject({ standing: 'unknown', actions: [] });
  });
});

describe('orders', () => {
  const rests = (price: string | null, quantity = '100', filled = '0') =>
    order('tux-a-g-0', 'sell', quantity, price, { filled: decimal(filled) });

  test.each([
    // what rests, the target being 0.995 x 1
    ['0.995', '100', '0', ['quoted']],
    ['1', '100', '0', ['quoted']], // moved by 0.005 of 1: not more than 0.5 %
    ['1.0001', '100', '0', ['due', 'amend tux-a-g-0 @ 0.995']], // 0.0051 > 1.0001 x 0.005
    ['0.99', '100', '0', ['due', 'amend tux-a-g-0 @ 0.995']], // 0.005 > 0.99 x 0.005
    ['0.9901', '100', '0', ['quoted']], // 0.0049 <= 0.0049505
    ['0.995', '130', '30', ['quoted']], // 130 - 30 = 100 are left
    ['0.995', '130', '10', ['due', 'amend tux-a-g-0 quantity 110']], // 10 filled + 100 left
    ['0.995', '80', '0', ['due', 'amend tux-a-g-0 quantity 100']],
    ['1.2', '130', '10', ['due', 'amend tux-a-g-0 @ 0.995 quantity 110']],
  ])('EX6 EX7 resting at %s, %s of which %s filled', (price, quantity, filled, actions) => {
    expect(planned({ age: '7h', orders: [rests(price, quantity, filled)] })).toEqual(actions);
  });

  test('EX7 where orders cannot be amended, or what filled is not told, one is made anew', () => {
    const replaced = ['due', 'cancel tux-a-g-0', 'create sell 100 @ 0.995'];
    const told = { age: '7h', orders: [rests('1.2')] };
    expect(planned({ ...told, facts: { canAmend: false } })).toEqual(replaced);
    expect(planned({ ...told, orders: [{ ...rests('1.2'), filled: null }] })).toEqual(replaced);
  });

  test('EX7 a limit gives way to the market, and a market order on its way is left to end', () => {
    const gone = ['due', 'cancel tux-a-g-0', 'create sell 100 @ market'];
    expect(planned({ age: '26h', orders: [rests('0.995')] })).toEqual(gone);
    expect(planned({ age: '26h', orders: [rests(null)] })).toEqual(['quoted']);
  });

  test('EX7 the book may be behind: the size is what is left at the venue', () => {
    const told = { quantity: '-3160', booked: '-4160', entry: '0.0475', price: '0.05' };
    // 0.0475 x 0.999 = 0.0474525
    expect(planned(told)).toEqual(['due', 'create buy 3160 @ 0.0474']);
  });

  test('EX8 of several of ours the nearest stays; all others stay out of it', () => {
    const orders = [
      order('tux-a-g-0', 'sell', '100', '1.2'),
      order('tux-a-p0-0', 'sell', '100', '0.996'),
      order('tux-b-g-0', 'buy', '100', '0.5'),
      order('mine', 'sell', '100', '0.999'),
      order('stop', 'sell', '100', null, { type: 'trigger-market' }),
    ];
    const line = lineOf({ age: '7h', orders });
    expect(planned({ age: '7h', orders })).toEqual(['due', 'cancel tux-a-g-0', 'cancel tux-b-g-0']);
    expect([line.order?.clientOrderId, line.beside]).toEqual(['tux-a-p0-0', 1]);
  });

  test('EX8 a stop is never taken over, whatever its name; an exit left to us by name is', () => {
    const rules = { adopts: ['aged_'] };
    const orders = [order('aged_1', 'sell', '4160', '1.2'), order('aged_2', 'sell', '9', '0.7')];
    const facts = { conditional: new Set(['id-aged_2']) };
    const told = { age: '7h', orders, rules, facts };
    expect(planned(told)).toEqual(['due', 'amend aged_1 @ 0.995 quantity 100']);
    expect(planned({ ...told, rules: {} })).toEqual(['due', 'create sell 100 @ 0.995']);
    const entry = order('aged_3', 'buy', '5', '0.5', { reduceOnly: false });
    expect(planned({ ...told, orders: [entry] })).toEqual(['due', 'create sell 100 @ 0.995']);
  });

  test('EX8 an order of ours goes where the position is young, trails, or is gone', () => {
    const orders = [rests('1.001')];
    expect(planned({ age: '1h', orders })).toEqual(['young', 'cancel tux-a-g-0']);
    const trailing = new Set([`${agi}|net`]);
    const trails = { age: '9h', orders, facts: { trailing } };
    expect(planned(trails)).toEqual(['trailing', 'cancel tux-a-g-0']);
    const closed = { quantity: '0', booked: null, orders };
    expect(planned(closed)).toEqual(['closed', 'cancel tux-a-g-0']);
    const none = { positions: [] };
    expect(planned({ ...closed, facts: none })).toEqual(['closed', 'cancel tux-a-g-0']);
  });

  test('EX8 legs of hedge mode are positions of their own', () => {
    const facts = factsOf({ leg: 'long', age: '7h' });
    const short = { ...facts.positions![0]!, leg: 'short', quantity: decimal('-40') } as const;
    const held = { ...short, openedAt: before('7h') };
    const prices = new Map([[agi, { ...facts.prices.get(agi)!, last: decimal('1.0') }]]);
    const ours = order('tux-a-g-0', 'buy', '40', '1.005', { leg: 'short' });
    const { lines } = planExits({
      ...facts,
      ...{ positions: [...facts.positions!, short], held: [...facts.held, held], prices },
      orders: [ours],
    });
    // Long at 0.995 and short at 1.005 are both left at market: the price is 1.
    expect(lines.map(({ leg, actions }) => [leg, actions.map((one) => one.do)])).toEqual([
      ['long', ['create']],
      ['short', ['cancel', 'create']],
    ]);
    expect(lines[0]!.actions[0]).toMatchObject({ side: 'sell', price: null });
    expect(lines[1]!.actions[1]).toMatchObject({ side: 'buy', quantity: decimal('40') });
  });
});

describe('what is not done', () => {
  const pause = (until: string) => ({
    facts: {
      pauses: [{ position: `${agi}|net|2026-11-20T05:00:00Z`, until: instant(until), why: 'x' }],
    },
  });

  test('EX9 a paused position is left alone until the very instant, and no other one is', () => {
    const told = { age: '7h', orders: [order('tux-a-g-0', 'sell', '100', '1.2')] };
    expect(planned({ ...told, ...pause('2026-11-20T12:00:00.000000001Z') })).toEqual(['paused']);
    const acts = ['due', 'amend tux-a-g-0 @ 0.995'];
    expect(planned({ ...told, ...pause('2026-11-20T12:00:00Z') })).toEqual(acts);
    // Flat and opened again, it is another position.
    const other = { ...told, age: '8h', ...pause('2026-11-21T12:00:00Z') };
    expect(planned(other)[0]).toBe('due');
  });

  test.each([
    ['no price', { price: null }],
    ['an old price', { pricesAt: now - 300_000_000_001n }],
    ['no entry price', { entry: null }],
    ['no orders', { orders: null }],
    ['the other side in the book', { booked: '-5' }],
    ['no opening in the book', { openedAt: null }],
    ['opened in the future: two clocks differ', { openedAt: now + 14_400_000_000_000n }],
    ['no steps', { facts: { instruments: new Map() } }],
  ])('EX10 %s: unknown, nothing is done, and the plan says so', (_what, told) => {
    const facts = factsOf(told);
    const { lines, unknown } = planExits(facts);
    expect(lines[0]).toMatchObject({ standing: 'unknown', actions: [] });
    expect(unknown.length).toBeGreaterThan(0);
  });

  test('EX10 a list of positions that failed is not an empty one', () => {
    const orders = [order('tux-a-g-0', 'sell', '100', '1.2')];
    const { lines, unknown } = planExits(factsOf({ orders, facts: { positions: null } }));
    expect(lines).toEqual([]);
    expect(unknown).toEqual([{ what: 'positions', why: 'the venue gave no whole list of them' }]);
  });

  test('EX10 a position that only the book holds is missing: not even a cancel is sent', () => {
    const orders = [order('tux-a-g-0', 'sell', '100', '1.2')];
    const facts = factsOf({ orders, facts: { positions: [] } });
    const { lines, unknown } = planExits(facts);
    expect(lines).toMatchObject([{ standing: 'missing', actions: [] }]);
    const why = 'the book holds 100, and the venue lists none of it';
    expect(unknown).toEqual([{ what: 'AGI/USDT:USDT net', why }]);
  });

  test('EX11 what the book does not hold is somebody else’s', () => {
    expect(planned({ age: '90h', booked: null })).toEqual(['foreign']);
    expect(planned({ age: '90h', booked: '0', openedAt: null })).toEqual(['foreign']);
    const { held } = factsOf({ age: '90h' });
    const theirs = held.map((one) => ({ ...one, isOurs: false }));
    expect(planned({ age: '90h', facts: { held: theirs } })).toEqual(['foreign']);
    const gone = planExits(factsOf({ facts: { held: theirs, positions: [] } }));
    expect([gone.lines, gone.unknown]).toEqual([[], []]);
  });

  test('EX8 EX11 an order of ours at a foreign position is cancelled, others stay', () => {
    const { held } = factsOf({ age: '90h' });
    const theirs = held.map((one) => ({ ...one, isOurs: false }));
    const orders = [order('tux-a-g-0', 'sell', '100', '1.2'), order('exit-1', 'sell', '9', '1.2')];
    const rules = { ...usualExitRules, adopts: ['exit-'] };
    const { lines } = planExits(factsOf({ age: '90h', orders, facts: { held: theirs, rules } }));
    const cancel = { do: 'cancel', order: { clientOrderId: 'tux-a-g-0' } };
    expect(lines).toMatchObject([{ standing: 'foreign', order: null, actions: [cancel] }]);
    expect(lines[0]!.actions).toHaveLength(1);
  });

  test('EX10 EX11 where nobody says whose order opened it, nothing is done', () => {
    const { held } = factsOf({ age: '90h' });
    const asked = held.map((one) => ({ ...one, isOurs: null }));
    const { lines, unknown } = planExits(factsOf({ age: '90h', facts: { held: asked } }));
    expect(lines).toMatchObject([{ standing: 'unknown', actions: [] }]);
    expect(unknown).toHaveLength(1);
  });
});
