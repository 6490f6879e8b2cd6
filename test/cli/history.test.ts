import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { add, type Decimal, equals, zero } from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import { account, CommandLine, deposit, fill, mark } from './command-line.ts';

const cli = new CommandLine();
afterAll(() => cli.remove());

const perpetual = 'BTC/USDT:USDT';

beforeAll(async () => {
  await cli.book(first);
});

const first = [
  account,
  deposit,
  fill('e1'),
  { ...deposit, kind: 'funding', instrument: perpetual, amount: '-1.5', id: 'f1' },
  mark(perpetual, '60500', '2026-11-02T12:00:00Z'),
];
const second = [
  fill('e2', { side: 'sell', quantity: '0.2', price: '61000', time: '2026-11-03T09:00:00Z' }),
  mark(perpetual, '61200', '2026-11-03T12:00:00Z'),
];
/** It happened before the first record, and is told after it. */
const late = fill('e0', { quantity: '0.1', time: '2026-11-02T10:00:00Z' });

interface Entry {
  readonly kind: string;
  readonly what: string;
  readonly postings: readonly { ledger: string; currency: string; amount: string }[] | null;
}

describe('performance', () => {
  test('X16 records equity once per instant, with what changed since', async () => {
    expect(await cli.json('performance --record')).toMatchObject({
      recorded: { time: '2026-11-02T12:00:00Z' },
      records: [{ totalValue: '10232', change: null, changePercent: null, restated: '10232' }],
    });
    expect(await cli.json('performance --record')).toMatchObject({ recorded: null });
    await cli.book(second);
    expect(await cli.json('performance --record')).toMatchObject({
      records: [
        { totalValue: '10232' },
        { totalValue: '10525.5', change: '293.5', changePercent: '2.8685' },
      ],
    });
  });

  test('X16 keeps equity as it was stated, with the restated figure beside it', async () => {
    await cli.book([late]);
    expect(await cli.json('performance')).toMatchObject({
      records: [
        { totalValue: '10232', restated: '10265.5' },
        { totalValue: '10525.5', restated: '10629' },
      ],
    });
  });

  test('X16 bridges two instants without a remainder', async () => {
    const range = '--from 2026-11-03T00:00:00Z --to 2026-11-04T00:00:00Z';
    const { bridge } = await cli.json<{ bridge: { rows: Record<string, string> } }>(
      `performance ${range}`,
    );
    expect(bridge).toMatchObject({
      schema: 'trueup.bridge/1',
      opening: '10265.5',
      rows: { deposits: '0', realised: '200', unrealised: '180', fees: '-16.5' },
      unexplained: '0',
      closing: '10629',
    });
    const sum = Object.values(bridge.rows).reduce((all, row) => add(all, decimal(row)), zero);
    expect(equals(sum, decimal('363.5'))).toBe(true);
  });

  test('X16 records nothing where a part has no price', async () => {
    const xrp = { ...deposit, currency: 'XRP', amount: '7', id: 'd2' };
    await cli.book([...first, xrp], 'other.db');
    const before = await cli.json<{ sequence: number }>('book --book other.db');
    const { code, err } = await cli.run('performance --record --book other.db');
    expect(code).toBe(5);
    expect(err).toContain('XRP (no-mark)');
    expect(await cli.json('book --book other.db')).toEqual(before);
  });
});

describe('audit', () => {
  test('X15 refuses a kind that does not exist', async () => {
    const { code, err } = await cli.run('audit --kind fills');
    expect({ code, says: err.includes('there is no kind of entry "fills"') }).toEqual({
      ...{ code: 2, says: true },
    });
  });

  test('X15 lists entries with their postings, which add up to the books', async () => {
    const { entries } = await cli.json<{ entries: readonly Entry[] }>('audit --postings');
    const sums = new Map<string, Decimal>();
    for (const { ledger, currency, amount } of entries.flatMap((one) => one.postings ?? [])) {
      const key = ledger === 'units' ? currency : ledger;
      sums.set(key, add(sums.get(key) ?? zero, decimal(amount)));
    }
    const book = await cli.json<{ balances: readonly { total: string }[] }>('book');
    expect(equals(sums.get('cash')!, decimal(book.balances[0]!.total))).toBe(true);
    expect(equals(sums.get(perpetual)!, decimal('0.4'))).toBe(true);
    const causes = [...sums].filter(([name]) => !['cash', 'position', perpetual].includes(name));
    const caused = causes.reduce((all, [, amount]) => add(all, amount), zero);
    expect(equals(caused, add(sums.get('cash')!, sums.get('position') ?? zero))).toBe(true);
  });

  test('X15 the postings of a late fact hold what it changed in later results', async () => {
    const dearer = { price: '62000', quantity: '0.6', time: '2026-11-02T08:30:00Z' };
    await cli.book([fill('e9', dearer)]);
    const { entries } = await cli.json<{ entries: readonly Entry[] }>('audit --postings --limit 1');
    expect(entries[0]?.what).toBe('buy 0.6 BTC/USDT:USDT @ 62000, fee 16.5 USDT');
    expect(entries[0]?.postings).toContainEqual({
      ledger: 'realised',
      currency: 'USDT',
      amount: '-200',
    });
  });

  test('X15 keeps to a range, to kinds and to a limit', async () => {
    const kindsOf = async (words: string) => {
      const { entries } = await cli.json<{ entries: readonly Entry[] }>(`audit ${words}`);
      return entries.map(({ kind }) => kind);
    };
    expect(await kindsOf('--from 1 --to 3')).toEqual(['account', 'deposit']);
    expect(await kindsOf('--kind funding,performance')).toEqual([
      'funding',
      'performance',
      'performance',
    ]);
    expect(await kindsOf('--to 2000-01-01T00:00:00Z')).toEqual([]);
    expect((await cli.run('audit --limit 2')).err).toContain('older entries left out');
    expect((await cli.run('audit --from soon')).code).toBe(2);
  });
});
