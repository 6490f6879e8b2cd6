import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import { instant } from '../../src/model/instant.ts';
import { parseStatement, parseStatementText } from '../../src/model/parse-statement.ts';
import { deposit, type Example, factOf, fill, order as orderFact } from './examples.ts';

const head = {
  schema: 'trueup.statement/1',
  account: 'main',
  venue: 'bybit',
  asOf: '2024-05-01T12:00:00Z',
};
const position = { instrument: 'AGI/USDT:USDT', leg: 'net', quantity: '-3160' };
const balance = { currency: 'USDT', total: '10000.5' };
const order = {
  orderId: 'o1',
  instrument: 'AGI/USDT:USDT',
  side: 'buy',
  quantity: '4160',
  filled: '1000',
  status: 'open',
};
const range = { from: '2024-05-01T00:00:00Z', to: '2024-05-02T00:00:00Z' };
const { kind: _fill, account: _main, ...execution } = fill;

const read = (members: Example, strict = false) =>
  parseStatement({ ...head, ...members }, {}, { strict });
const refused = (members: Example) =>
  read(members).refusals.map(({ where, code }) => [where.field, code]);
const listed = (...items: readonly unknown[]) => ({ complete: true, items });

describe('a good statement', () => {
  test('M15 a section that is absent is null: nobody said anything', () => {
    expect(read({}).statement).toEqual({
      account: 'main',
      venue: 'bybit',
      asOf: instant('2024-05-01T12:00:00Z'),
      takenAt: null,
      positions: null,
      balances: null,
      orders: null,
      executions: null,
      cashFlows: null,
    });
  });

  test('M15 a section says its scope and what it lists', () => {
    const items = [{ ...position, averagePrice: '0.0475', unrealisedPnl: null }];
    const positions = { complete: true, scope: ['linear:USDT'], error: null, items };
    expect(read({ positions }).statement?.positions).toEqual({
      complete: true,
      scope: ['linear:USDT'],
      error: null,
      from: null,
      to: null,
      items: [
        {
          instrument: 'AGI/USDT:USDT',
          leg: 'net',
          quantity: decimal('-3160'),
          averagePrice: decimal('0.0475'),
          markPrice: null,
          unrealisedPnl: null,
        },
      ],
    });
  });

  test('M15 a section in error need not list anything, and is not complete', () => {
    const orders = { complete: false, error: 'timeout\nafter 10 s' };
    expect(read({ orders }).statement?.orders).toMatchObject({ error: orders.error, items: [] });
  });

  test('M16 balances and orders', () => {
    const { statement } = read({ balances: listed(balance), orders: listed(order) }, true);
    expect(statement?.balances?.items).toEqual([
      {
        currency: 'USDT',
        total: decimal('10000.5'),
        available: null,
        equity: null,
        borrowed: null,
      },
    ]);
    expect(statement?.orders?.items).toMatchObject([
      { orderId: 'o1', leg: 'net', type: null, filled: decimal('1000'), reduceOnly: false },
    ]);
  });

  test('M16 executions and cash flows are facts of the statement account', () => {
    const { account: _account, ...flow } = deposit;
    const executions = { ...listed(execution, fill), ...range };
    const cashFlows = { ...listed(flow), ...range };
    const { statement, refusals } = read({ executions, cashFlows }, true);
    expect(refusals).toEqual([]);
    expect(statement?.executions?.items).toEqual([factOf(fill), factOf(fill)]);
    expect(statement?.cashFlows?.items).toEqual([factOf(deposit)]);
    expect(statement?.executions).toMatchObject({ from: instant(range.from) });
  });

  test.each([
    ['spot'],
    ['linear'],
    ['inverse:BTC'],
    ['linear:USDT'],
    ['BTC/USDT:USDT'],
    ['BRK.B/USD'],
  ])('M15 %s is a scope', (scope) => {
    expect(refused({ balances: { ...listed(), scope: [scope] } })).toEqual([]);
  });
});

describe('what is refused', () => {
  const { schema: _schema, account: _account, ...rest } = head;

  test.each([
    [null, [['statement', 'not-an-object']]],
    [
      rest,
      [
        ['schema', 'field-missing'],
        ['account', 'field-missing'],
      ],
    ],
    [{ ...head, schema: 'trueup.statement/2' }, [['schema', 'schema-unknown']]],
    [{ ...head, asOf: '2024-05-01' }, [['asOf', 'not-a-time']]],
    [{ ...head, takenAt: 5 }, [['takenAt', 'not-a-time']]],
  ])('M15 the document %j', (value, expected) => {
    const { statement, refusals } = parseStatement(value, {}, { strict: false });
    expect(statement).toBeNull();
    expect(refusals.map(({ where, code }) => [where.field, code])).toEqual(expected);
  });

  test.each([
    [[], 'balances', 'not-an-object'],
    [{ items: [] }, 'balances.complete', 'field-missing'],
    [{ complete: 'true', items: [] }, 'balances.complete', 'not-a-boolean'],
    [{ complete: true }, 'balances.items', 'field-missing'],
    [{ complete: false }, 'balances.items', 'field-missing'],
    [{ complete: true, items: {} }, 'balances.items', 'not-a-list'],
    [{ complete: true, items: [7] }, 'balances.items[0]', 'not-an-object'],
    [{ complete: true, items: [], error: 'x' }, 'balances.complete', 'complete-with-error'],
    [{ complete: false, error: 500 }, 'balances.error', 'not-a-text'],
    [{ complete: true, items: [], scope: 'spot' }, 'balances.scope', 'not-a-list'],
    [{ complete: true, items: [], scope: ['liner:USDT'] }, 'balances.scope[0]', 'scope-unknown'],
    [{ complete: true, items: [], scope: ['spot', null] }, 'balances.scope[1]', 'scope-unknown'],
  ])('M15 the section %j at %s: %s', (balances, field, code) => {
    const found = refused({ balances });
    expect(found[0]).toEqual([field, code]);
  });

  test.each([
    [{ ...listed(), from: range.from }, 'executions.to', 'range-missing'],
    [{ ...listed(), to: range.to }, 'executions.from', 'range-missing'],
    [{ ...listed(), from: range.to, to: range.from }, 'executions.to', 'range-reversed'],
    [{ ...listed(), ...range, from: 'then' }, 'executions.from', 'not-a-time'],
  ])('M15 the range %j at %s: %s', (executions, field, code) => {
    expect(refused({ executions })).toEqual([[field, code]]);
  });

  test('M15 an incomplete section needs no range', () => {
    expect(refused({ executions: { complete: false, items: [] } })).toEqual([]);
  });

  test.each([
    [{ positions: listed(position, position) }, 'positions.items[1].instrument', 'item-twice'],
    [{ balances: listed(balance, balance) }, 'balances.items[1].currency', 'item-twice'],
    [{ orders: listed(order, order) }, 'orders.items[1].orderId', 'item-twice'],
    [
      { positions: listed(position, position, { ...position, leg: 'long', quantity: 5 }) },
      'positions.items[1].instrument',
      'item-twice',
    ],
    [
      { positions: listed({ ...position, leg: 'long' }) },
      'positions.items[0].quantity',
      'leg-contradicts-sign',
    ],
    [
      { positions: listed({ ...position, quantity: -3160 }) },
      'positions.items[0].quantity',
      'number-not-text',
    ],
    [
      { balances: listed({ ...balance, borrowed: '-1' }) },
      'balances.items[0].borrowed',
      'negative',
    ],
    [{ orders: listed({ ...order, status: 'New' }) }, 'orders.items[0].status', 'not-one-of'],
  ])('M16 %j at %s: %s', (members, field, code) => {
    expect(refused(members)[0]).toEqual([field, code]);
  });

  test.each([
    ['executions', { ...fill, account: 'spot' }, 'account', 'account-differs'],
    ['executions', { ...execution, price: 1 }, 'price', 'number-not-text'],
    ['executions', orderFact, 'kind', 'kind-misplaced'],
    ['cashFlows', { ...deposit, kind: 'adjustment' }, 'kind', 'kind-misplaced'],
    ['cashFlows', fill, 'kind', 'kind-misplaced'],
    ['cashFlows', { ...deposit, kind: undefined }, 'kind', 'kind-missing'],
    ['cashFlows', { ...deposit, amount: '-1' }, 'amount', 'amount-not-positive'],
  ])('M16 in %s %j at %s: %s', (section, item, field, code) => {
    const found = refused({ [section]: { ...listed(item), ...range } });
    expect(found).toEqual([[`${section}.items[0].${field}`, code]]);
  });

  test('M16 a missing account is told once, not again for every item', () => {
    const executions = { ...listed(execution, execution), ...range };
    expect(refused({ account: '', executions })).toEqual([['account', 'text-empty']]);
  });

  test('M10 what no section has is warned of, by its path', () => {
    const items = [{ ...position, size: '1' }];
    const { warnings } = read({ positions: { complete: true, page: 1, items }, nonce: 1 });
    const fields = warnings.map((one) => one.where.field);
    expect(fields).toEqual(['nonce', 'positions.page', 'positions.items[0].size']);
  });
});

describe('the text of a statement', () => {
  const readText = (text: string) => parseStatementText(text, { file: 's.json' }, { strict: true });

  test('M15 is read with or without a byte order mark', () => {
    const text = JSON.stringify(head);
    expect(readText(text).statement).not.toBeNull();
    expect(readText(`\ufeff${text}`)).toEqual(readText(text));
  });

  test('M1 bad JSON and lost digits are refused', () => {
    expect(readText('{').refusals[0]).toMatchObject({
      code: 'json-bad',
      where: { file: 's.json' },
    });
    const balances = listed({ currency: 'BTC', total: '#' });
    const text = JSON.stringify({ ...head, balances }).replace('"#"', '0.10000000000000000001');
    expect(readText(text).refusals[0]).toMatchObject({
      code: 'number-not-text',
      where: { field: 'balances.items[0].total', value: '0.10000000000000000001' },
    });
  });

  test('M17 a scope that hides its text is refused, and does not throw', () => {
    const { statement, refusals } = read({ positions: { scope: [{ toString: false }] } });
    expect(statement).toBeNull();
    expect(refusals.map(({ code }) => code)).toContain('scope-unknown');
  });

  test('M17 no statement whatever makes the reading throw', () => {
    const section = fc.record(
      {
        complete: fc.boolean(),
        scope: fc.anything(),
        error: fc.anything(),
        items: fc.array(fc.oneof(fc.anything(), fc.constantFrom(position, balance, order, fill))),
      },
      { requiredKeys: [] },
    );
    const names = ['positions', 'balances', 'orders', 'executions', 'cashFlows'];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), section), (members) => {
        const { statement, refusals } = read(members);
        expect(statement === null).toBe(refusals.length > 0);
      }),
    );
  });
});
