/** What rows are held against, and how far that reaches: exchanges, scopes, and whose coins are. */
import { describe, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { section } from '../kit.ts';
import {
  breakOf,
  checked,
  fill,
  held,
  listed,
  repairOf,
  row,
  says,
  sinceAlways,
  snapshot,
  storedOrder,
  truth,
} from './kit.ts';

const hnt = 'HNT/USDT:USDT';
const coins = 'HNT/USDT';
const instruments = listed(hnt, coins);

const balance = (currency: string, total: string) => ({
  ...{ currency, total: decimal(total), available: null, equity: null, borrowed: null },
});

describe('SP63 rows of other exchanges', () => {
  const of = (exchange: string) => row('1', 'HNTUSDT', 'short', '60', '13:08:35', { exchange });

  test.each(['binance', 'bybit_linear', 'kraken'])('SP63 %s that no account is of', (name) => {
    const { reconciled } = checked([of(name)], truth(says([])));
    expect(reconciled.verdict).toBe('cannot-say');
    expect(reconciled.unknown).toMatchObject([{ section: 'source', scope: name }]);
    expect(reconciled.unknown[0]!.why).toBe(
      '1 active row: the book has no account of that exchange; ' +
        'name it in the settings as a venue, and run trueup update --venue NAME',
    );
  });

  test('SP63 those of another account of the book are its', () => {
    const found = checked([of('binance')], truth(says([])), {
      accounts: {
        asked: [{ account: 'main', names: ['bybit'] }],
        others: [{ account: 'far', names: ['binanceusdm'] }],
      },
    });
    expect(found.reconciled.verdict).toBe('true');
    expect(found.hints).toContain('1 active row of binance: not compared with bybit');
  });
});

describe('SP91 several accounts looked at together', () => {
  const two = {
    asked: [
      { account: 'main', names: ['bybit'] },
      { account: 'far', names: ['fast', 'binanceusdm'] },
    ],
    others: [{ account: 'old', names: ['okx'] }],
  };
  const of = (id: string, exchange: string | null) =>
    row(id, 'HNTUSDT', 'short', '60', '13:08:35', { exchange });
  const asked = (rows: readonly ReturnType<typeof of>[], account: string, accounts = two) =>
    checked(rows, truth(says([held(hnt, '-60')])), { account, accounts });

  test('SP91 each has the rows of its own exchange, in whatever letters', () => {
    const rows = [of('1', 'Bybit'), of('2', 'binance')];
    for (const account of ['main', 'far']) {
      const { counts, reconciled, hints } = asked(rows, account);
      expect([counts.stored, counts.verified, reconciled.verdict]).toEqual([1, 1, 'true']);
      expect(hints).toEqual([]);
    }
  });

  test('SP91 what is nobody’s, or of an account that is not asked, is told once', () => {
    const rows = [of('1', 'bybit'), of('2', 'binance'), of('3', 'kraken'), of('4', 'OKX')];
    const first = asked(rows, 'main');
    expect(first.reconciled.unknown).toMatchObject([{ scope: 'kraken' }]);
    expect(first.hints).toEqual(['1 active row of OKX: not compared with bybit']);
    const second = asked(rows, 'far');
    expect([second.reconciled.unknown, second.hints]).toEqual([[], []]);
  });

  test.each([
    ['a row without exchange', null, two],
    [
      'two accounts of one exchange',
      'bybit',
      { asked: two.asked.map((one) => ({ ...one, names: ['bybit'] })), others: [] },
    ],
  ])('SP91 %s is of none of them, and the leg is unknown', (_, exchange, accounts) => {
    for (const account of ['main', 'far']) {
      const { reconciled, counts } = asked([of('1', exchange)], account, accounts);
      expect(reconciled.verdict).toBe('cannot-say');
      expect(reconciled.unknown[0]!.why).toContain('--account NAME says whose it is');
      // The position is not missing in the store: it may be that row's.
      expect([reconciled.breaks, counts.missing]).toEqual([[], 0]);
    }
    const only = { asked: [accounts.asked[0]!], others: [accounts.asked[1]!] };
    expect(asked([of('1', exchange)], 'main', only).reconciled.verdict).toBe('true');
  });
});

describe('SP64 spot beside coins of somebody else', () => {
  const orders = [
    storedOrder('1', '1', 'HNT/USDT', { orderId: 'o-13:08:34' }),
    storedOrder('2', '1', 'HNT/USDT', { orderId: 'o-14:00:00' }),
  ];
  const rows = [row('1', coins, 'long', '60', '13:08:35')];
  const bought = fill('13:08:34', 'buy', '60', coins);
  const seen = (
    fills: readonly ReturnType<typeof fill>[],
    total: string,
    known = orders,
    more = {},
  ) =>
    checked(
      snapshot(rows, { orders: known }),
      truth(says([], { positions: null, balances: section([balance('HNT', total)]) }), {
        ...{ instruments, fills, ...sinceAlways },
      }),
      more,
    );

  test('SP64 sold by the bot itself: no coin of another covers it', () => {
    const found = seen([bought, fill('14:00:00', 'sell', '60', coins, '2.5')], '100');
    expect(breakOf(found, coins)).toMatchObject({
      ...{ reason: 'POSITION_PHANTOM', confidence: 'proven' },
    });
    expect(repairOf(found, coins)!.changes[0]!.close!.exitPrice).toEqual(decimal('2.5'));
  });

  test('SP64 of which the store knows the sale alone', () => {
    const fills = [bought, fill('14:00:00', 'sell', '60', coins)];
    const found = seen(fills, '100', orders.slice(1));
    expect(breakOf(found, coins)).toMatchObject({ reason: 'POSITION_PHANTOM' });
    const two = [fill('13:08:20', 'buy', '5', coins), ...fills];
    expect(seen(two, '100', orders.slice(1)).reconciled.verdict).toBe('cannot-say');
  });

  test('SP64 in part, while somebody bought more: 60 - 20 = 40', () => {
    const hers = fill('13:30:00', 'buy', '100', coins);
    const found = seen([bought, hers, fill('14:00:00', 'sell', '20', coins)], '140');
    const one = breakOf(found, coins)!;
    expect(toText(one.lines[0]!.theirs!)).toBe('40');
    expect(one.confidence).toBe('proven');
    expect(toText(repairOf(found, coins)!.changes[0]!.quantity!)).toBe('40');
  });

  test('SP64 by nobody knows whom, and enough is there: unknown', () => {
    const found = seen([bought, fill('14:00:00', 'sell', '60', coins)], '100', []);
    expect(found.reconciled.verdict).toBe('cannot-say');
    expect(found.reconciled.unknown[0]!.why).toContain('whose they were');
    expect(found.repairs).toEqual([]);
  });

  test('SP64 by somebody, beside orders of the bot: its own are still there', () => {
    const fills = [bought, fill('14:30:00', 'sell', '30', coins)];
    expect(seen(fills, '100').reconciled.verdict).toBe('cannot-say');
    // Where it is declared which orders are the bot's, that one is not.
    const found = seen(fills, '100', orders, { ownOrderPrefixes: ['bot-'] });
    expect(found.counts.verified).toBe(1);
    expect(found.reconciled.verdict).toBe('true');
  });

  test('SP64 nothing was sold: coins beyond that are nobody’s in particular', () => {
    expect(seen([bought], '100', []).reconciled.verdict).toBe('true');
  });
});

describe('SP65 what a list of executions is of', () => {
  const stored = [row('1', 'HNTUSDT', 'long', '60', '13:08:35')];
  const fills = [fill('13:08:34', 'buy', '60', hnt), fill('14:10:00', 'sell', '0.12', hnt)];
  const both = truth(says([held(hnt, '59.88')], { balances: section([balance('HNT', '60')]) }), {
    ...{ instruments, fills, ...sinceAlways },
  });

  test('SP65 coins in the balances are held: a symbol of both is not guessed', () => {
    const found = checked(stored, both);
    expect(found.reconciled.verdict).toBe('cannot-say');
    expect(found.repairs).toEqual([]);
  });

  test('SP65 nor where the list does not speak of spot', () => {
    const bare = { ...both, statement: { ...both.statement, balances: section([]) } };
    expect(checked(stored, bare).repairs).toHaveLength(1);
    expect(checked(stored, { ...bare, fillsScope: ['linear:USDT'] }).repairs).toEqual([]);
  });

  test('SP65 it proves nothing of what is outside of it', () => {
    const named = [row('1', hnt, 'long', '60', '13:08:35')];
    const of = (fillsScope: readonly string[]) => checked(named, { ...both, fillsScope });
    expect(breakOf(of(['linear:USDT']), hnt)!.confidence).toBe('proven');
    expect(breakOf(of(['spot']), hnt)!.confidence).toBe('likely');
  });
});

describe('SP67 a row that is closed nobody knows when', () => {
  test('SP67 has no time of closing', () => {
    const rows = [row('1', hnt, 'long', '60', '13:08:35')];
    const found = checked(rows, truth(says([held('AGI/USDT:USDT', '1')])));
    expect(repairOf(found, hnt)!.changes[0]!.close).toMatchObject({ at: null, exitPrice: null });
  });
});
