import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import { instant } from '../../src/model/instant.ts';
import { parseJson } from '../../src/model/lossless-json.ts';
import { factFieldsOf, factKinds, parseFact } from '../../src/model/parse-fact.ts';
import * as example from './examples.ts';
import { factOf, refusedFields } from './examples.ts';

const { fill, deposit, transfer } = example;

describe('a good fact', () => {
  test('M2 a fill of required fields only takes the defaults', () => {
    expect(factOf(fill)).toEqual({
      kind: 'fill',
      account: 'main',
      instrument: 'BTC/USDT:USDT',
      leg: 'net',
      side: 'buy',
      quantity: decimal('0.5'),
      price: decimal('60000.1'),
      fees: null,
      liquidity: null,
      executionId: 'e1',
      orderId: null,
      clientOrderId: null,
      strategy: null,
      cause: 'trade',
      venueSequence: null,
      provisional: false,
      time: instant('2024-05-01T12:30:00Z'),
    });
  });

  test('M2 an account takes the defaults', () => {
    expect(factOf(example.accountFact)).toEqual({
      kind: 'account',
      account: 'main',
      venue: 'manual',
      currency: 'USDT',
      costMethod: 'average',
      feesInCost: false,
      mode: 'live',
      positionMode: 'net',
      time: null,
    });
  });

  test('M2 a deposit is booked unless it says pending', () => {
    expect(factOf(deposit)).toMatchObject({ state: 'booked', id: 'd1', fee: null, cost: null });
    expect(factOf({ ...deposit, state: 'pending' })).toMatchObject({ state: 'pending' });
  });

  test('M2 the id of a transfer is its transferId', () => {
    expect(factOf(transfer)).toMatchObject({ id: 't1', amount: decimal('-50') });
    const { transferId: id, ...rest } = transfer;
    expect(refusedFields({ ...rest, id })).toEqual([['transferId', 'field-missing']]);
  });

  test('M2 every kind is read', () => {
    expect(example.examples.map((one) => factOf(one).kind)).toEqual(
      example.examples.map((one) => one['kind']),
    );
    expect(new Set(example.examples.map((one) => one['kind']))).toEqual(new Set(factKinds));
  });

  test('M10 the fields a kind knows are the fields it reads', () => {
    for (const one of example.examples) {
      const read = new Set<string>();
      const watched = new Proxy(one, {
        get: (target, name) => {
          read.add(String(name));
          return target[String(name)];
        },
      });
      parseFact(watched, {}, { strict: false });
      const names = [...read].filter((name) => name !== 'Symbol(digits)');
      const known = factFieldsOf(String(one['kind']))!;
      expect([one['kind'], names.sort()]).toEqual([one['kind'], [...known].sort()]);
    }
  });
});

describe('what is no fact', () => {
  test.each([[null], [[]], ['fill'], [7], [true], [undefined]])('M2 %j is no object', (value) => {
    expect(refusedFields(value)).toEqual([['fact', 'not-an-object']]);
  });

  test.each([
    [{}, 'kind-missing'],
    [{ kind: null }, 'kind-missing'],
    [{ kind: 7 }, 'kind-unknown'],
    [{ kind: 'trade' }, 'kind-unknown'],
    [{ kind: 'constructor' }, 'kind-unknown'],
    [{ kind: 'Fill' }, 'kind-unknown'],
  ])('M2 %j has no known kind', (value, code) => {
    expect(refusedFields(value)).toEqual([['kind', code]]);
  });

  test('M2 an unknown kind is told what it may have meant, or all kinds', () => {
    const hintOf = (kind: string) => parseFact({ kind }, {}, { strict: false }).refusals[0]?.hint;
    expect(hintOf('Fill')).toBe('did you mean fill?');
    expect(hintOf('something else')).toContain('account, currency, instrument, opening, fill');
  });
});

describe('a refusal', () => {
  test('M17 names file, line, field, value, rule and what to do', () => {
    const json = parseJson(JSON.stringify({ ...fill, price: '#' }).replace('"#"', '60000.10'));
    const value = json.ok && json.value;
    expect(parseFact(value, { file: 'a.ndjson', line: 7 }, { strict: false })).toEqual({
      fact: null,
      refusals: [
        {
          code: 'number-not-text',
          message: 'price 60000.10 is a JSON number, whose digits other programs lose',
          where: { file: 'a.ndjson', line: 7, field: 'price', value: '60000.10' },
          rule: expect.stringMatching(/^M5: a number is decimal text/),
          hint: 'write it as text: "60000.10"',
        },
      ],
      warnings: [],
    });
  });

  test('M17 every fault of a fact is told at once', () => {
    const bad = { ...fill, side: 'BUY', quantity: '-1', price: 5, executionId: '', time: null };
    expect(refusedFields(bad)).toEqual([
      ['side', 'not-one-of'],
      ['quantity', 'quantity-not-positive'],
      ['price', 'number-not-text'],
      ['executionId', 'text-empty'],
      ['time', 'field-missing'],
    ]);
  });

  test('M17 a long value is shortened, a nested one is cut', () => {
    const bad = { ...fill, price: 'x'.repeat(1000), side: [[[[1]]]], orderId: { a: 1 } };
    const values = parseFact(bad, {}, { strict: false }).refusals.map((one) => one.where.value);
    expect(values).toEqual(['[[[...]]]', `${'x'.repeat(80)}...`, '{"a":1}']);
  });

  test('M17 no value whatever makes the reading throw', () => {
    const anything = fc.anything({ withBigInt: true, withNullPrototype: true, maxDepth: 4 });
    const field = fc.constantFrom(...factKinds.flatMap((kind) => [...factFieldsOf(kind)!]));
    const kind = fc.constantFrom(...factKinds);
    fc.assert(
      fc.property(kind, fc.dictionary(field, anything), (of, members) => {
        const { fact, refusals } = parseFact({ ...members, kind: of }, {}, { strict: true });
        expect(fact === null).toBe(refusals.length > 0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('required fields', () => {
  test.each(['account', 'instrument', 'side', 'quantity', 'price', 'executionId', 'time'])(
    'M3 a fill without %s is refused, and so is one with null',
    (name) => {
      const { [name]: _absent, ...rest } = fill;
      expect(refusedFields(rest)).toEqual([[name, 'field-missing']]);
      expect(refusedFields({ ...fill, [name]: null })).toEqual([[name, 'field-missing']]);
    },
  );

  test.each([
    ['account', ['account', 'currency']],
    ['currency', ['currency', 'decimals']],
    ['instrument', ['instrument', 'type', 'base', 'quote']],
    ['opening', ['account', 'time']],
    ['order', ['account', 'instrument', 'orderId', 'side', 'type', 'quantity', 'status', 'time']],
    ['deposit', ['account', 'currency', 'amount', 'id', 'time']],
    ['transfer', ['account', 'currency', 'amount', 'transferId', 'time']],
    ['funding', ['account', 'currency', 'amount', 'id', 'time']],
    ['bust', ['account', 'bustId', 'executionId', 'time']],
    ['split', ['account', 'instrument', 'ratio', 'id', 'time']],
    ['return-of-capital', ['account', 'instrument', 'amount', 'id', 'time']],
    ['rename', ['from', 'to', 'account', 'id', 'time']],
    ['delivery', ['account', 'instrument', 'price', 'id', 'time']],
    ['mark', ['instrument', 'price', 'time']],
  ])('M3 %s needs %j', (kind, fields) => {
    expect(refusedFields({ kind })).toEqual(fields.map((field) => [field, 'field-missing']));
  });
});

describe('unknown fields', () => {
  const misspelt = { ...fill, stratgy: 'grid' };

  test('M10 are warned of and read over', () => {
    const { fact, warnings } = parseFact(misspelt, { line: 2 }, { strict: false });
    expect(fact).toEqual(factOf(fill));
    expect(warnings).toEqual([
      {
        code: 'unknown-field',
        message: 'stratgy "grid" is no field of this kind',
        where: { line: 2, field: 'stratgy', value: 'grid' },
        rule: expect.stringMatching(/^M10: /),
        hint: 'did you mean strategy?',
      },
    ]);
  });

  test('M10 are refused when reading strictly', () => {
    const { fact, refusals, warnings } = parseFact(misspelt, {}, { strict: true });
    expect([fact, refusals.map((one) => one.code), warnings]).toEqual([
      null,
      ['unknown-field'],
      [],
    ]);
  });

  test('M10 are found in lists too', () => {
    const balances = [{ currency: 'BTC', total: '1', free: '1' }];
    const { warnings } = parseFact({ ...example.opening, balances }, {}, { strict: false });
    expect(warnings.map((one) => one.where.field)).toEqual(['balances[0].free']);
  });
});

describe('instruments', () => {
  const named = (instrument: string) => ({ kind: 'instrument', venue: 'bybit', instrument });

  test.each([
    ['BTC/USDT', { type: 'spot', base: 'BTC', quote: 'USDT', settle: 'USDT' }],
    ['BTC/USDT:USDT', { type: 'linear', base: 'BTC', quote: 'USDT', settle: 'USDT' }],
    ['BTC/USD:BTC', { type: 'inverse', base: 'BTC', quote: 'USD', settle: 'BTC' }],
    ['BTC/USD:USDC-240628', { type: 'linear', base: 'BTC', quote: 'USD', settle: 'USDC' }],
  ])('M11 %s says the rest by itself', (name, terms) => {
    const instrument = { ...terms, name, multiplier: decimal('1'), class: 'crypto' };
    expect(factOf(named(name))).toMatchObject({ instrument });
  });

  test('M11 a name that is no unified symbol needs its terms', () => {
    const es = { ...named('ESZ4'), type: 'linear', base: 'ES', quote: 'USD', multiplier: '50' };
    expect(factOf(es)).toMatchObject({ instrument: { settle: 'USD', multiplier: decimal('50') } });
    const inverse = { ...named('XBTUSD'), type: 'inverse', base: 'XBT', quote: 'USD' };
    expect(factOf(inverse)).toMatchObject({ instrument: { settle: 'XBT' } });
  });

  test.each([
    [{ ...named('BTC/USDT:USDT'), type: 'spot' }, 'type', 'type-contradicts-name'],
    [{ ...named('BTC/USDT'), settle: 'BTC' }, 'settle', 'settle-contradicts-type'],
    [{ ...named('BTC/USDT:USDT'), settle: 'BTC' }, 'settle', 'settle-contradicts-type'],
    [{ ...named('BTC/USDT:USDT'), type: 'inverse' }, 'type', 'settle-contradicts-type'],
    [{ ...named('BTC/USDT'), class: 'stock' }, 'class', 'not-one-of'],
  ])('M11 %j is refused at %s: %s', (value, field, code) => {
    expect(refusedFields(value)).toEqual([[field, code]]);
  });
});

describe('openings', () => {
  const balance = { currency: 'BTC', total: '1' };
  const position = { instrument: 'BTC/USDT:USDT', quantity: '-5' };
  const refused = (members: example.Example) => refusedFields({ ...example.opening, ...members });

  test.each([
    [[balance, balance], 'balances[1].currency', 'listed-twice'],
    [[{ ...balance, cost: '-1' }], 'balances[0].cost', 'cost-contradicts-sign'],
    [[{ ...balance, total: 1 }], 'balances[0].total', 'number-not-text'],
    [
      [{ ...balance, lots: [{ quantity: '0.5' }, { quantity: '0.4' }] }],
      'balances[0].total',
      'lots-do-not-add-up',
    ],
    [
      [{ ...balance, lots: [{ quantity: '2' }, { quantity: '-1' }] }],
      'balances[0].total',
      'lots-do-not-add-up',
    ],
    [
      [{ ...balance, lots: [{ quantity: '1', cost: 'x' }] }],
      'balances[0].lots[0].cost',
      'not-a-decimal',
    ],
    [{ BTC: '1' }, 'balances', 'not-a-list'],
  ])('M12 balances %j are refused at %s: %s', (balances, field, code) => {
    expect(refused({ balances })).toEqual([[field, code]]);
  });

  test.each([
    [[position, { ...position, leg: 'net' }], 'positions[1].instrument', 'listed-twice'],
    [[{ ...position, leg: 'long' }], 'positions[0].quantity', 'leg-contradicts-sign'],
    [
      [{ ...position, leg: 'short', quantity: '5' }],
      'positions[0].quantity',
      'leg-contradicts-sign',
    ],
    [[{ ...position, averagePrice: '0' }], 'positions[0].averagePrice', 'price-not-positive'],
    [[{ ...position, openedAt: 'then' }], 'positions[0].openedAt', 'not-a-time'],
  ])('M12 positions %j are refused at %s: %s', (positions, field, code) => {
    expect(refused({ positions })).toEqual([[field, code]]);
  });

  test('M12 both legs of an instrument, and lots of a short', () => {
    const lots = [{ quantity: '-2', cost: '-200' }, { quantity: '-3' }];
    const positions = [
      { ...position, leg: 'short', lots },
      { ...position, leg: 'long', quantity: '1' },
    ];
    expect(refused({ positions })).toEqual([]);
  });

  test('M12 an account may begin with nothing', () => {
    const { balances: _none, positions: _neither, ...empty } = example.opening;
    expect(factOf(empty)).toMatchObject({ balances: [], positions: [] });
  });
});

describe('changes to what was', () => {
  test('M13 a correction that changes nothing is refused', () => {
    const { price: _price, ...rest } = example.correction;
    expect(refusedFields(rest)).toEqual([['correctionId', 'correction-empty']]);
    expect(factOf({ ...rest, fee: '0' })).toMatchObject({ fees: [], price: null });
  });

  test('M13 a rename to the same name is refused', () => {
    const same = { ...example.rename, to: 'FB/USD' };
    expect(refusedFields(same)).toEqual([['to', 'rename-to-itself']]);
  });

  test('M13 a rename is one to one unless it says a ratio', () => {
    expect(factOf(example.rename)).toMatchObject({ numerator: decimal('1') });
    expect(factOf({ ...example.rename, ratio: '1/10' })).toMatchObject({
      denominator: decimal('10'),
    });
  });
});
