/** The conformance suite, reading: what a snapshot says of a database. */
import { expect } from 'vitest';
import { toTextOrNull } from '../../src/decimal/text.ts';
import { instant, instantText, instantTextOrNull } from '../../src/model/instant.ts';
import type { SourcePosition, SourceSnapshot } from '../../src/model/source.ts';
import { newer, older } from './ground.ts';
import type { PortableTables } from './portable.ts';
import { type Scenario, scenario } from './scenario.ts';
import { type MakeWorld, sourceOn, TestClock } from './worlds.ts';

async function snapshotOf(make: MakeWorld, tables: PortableTables): Promise<SourceSnapshot> {
  const source = await sourceOn(await make(tables));
  const snapshot = await source.snapshot();
  await source.close();
  return snapshot;
}

/** `ACI 62.5 @ 16, cost 16.88`: unknown is `-`. */
const shown = ({ symbol, quantity, price, entryPrice }: SourcePosition): string =>
  `${symbol} ${toTextOrNull(quantity) ?? '-'} @ ${toTextOrNull(price) ?? '-'}, cost ${
    toTextOrNull(entryPrice) ?? '-'
  }`;

const money = (one: SourceSnapshot, account = 0) => {
  const { id, cash, total } = one.accounts[account]!;
  return [id, toTextOrNull(cash), toTextOrNull(total)];
};

export const readingCases: readonly Scenario[] = [
  scenario('Q1 the older generation keeps a total and prices', async (make) => {
    const one = await snapshotOf(make, older);
    expect(one.identity).toMatchObject({ schema: 'falcon', generation: 'stored-total' });
    expect(money(one)).toEqual(['1', '8000', '10000']);
    expect(one.keepsPrices).toBe(true);
    expect(one.accounts[0]!.positions.map(shown)).toEqual([
      'ACI 62.5 @ 16, cost 16.88',
      'INTC 22 @ 44.06, cost 43.54',
    ]);
    expect(instantTextOrNull(one.accounts[0]!.updatedAt)).toBe('2026-01-10T16:05:12Z');
    expect(instantText(one.takenAt)).toBe('2026-01-12T21:00:00Z');
    expect([one.faults, one.unattributed, one.lastWrite]).toEqual([[], [], null]);
  }),

  scenario('Q1 Q9 the newer one keeps neither, and the newest trade prices', async (make) => {
    const one = await snapshotOf(make, newer);
    expect(one.identity.generation).toBe('cash-only');
    expect([one.totalStorage, one.keepsPrices]).toEqual([null, false]);
    expect(money(one)).toEqual(['1', '8000', null]);
    const traded = one.accounts[0]!.positions.map(({ symbol, price, traded: last }) => [
      symbol,
      price,
      toTextOrNull(last!.price),
      instantTextOrNull(last!.at),
    ]);
    expect(traded).toEqual([
      ['ACI', null, '16.88', '2025-12-17T09:52:20Z'],
      ['INTC', null, '46.1', '2026-01-07T13:18:42Z'],
    ]);
  }),

  scenario('Q1 names differ in case and are found under synonyms', async (make) => {
    const one = await snapshotOf(make, {
      Accounts: [
        'ID:id! Cash:money Total_Value:money Updated_At:time',
        '7 1 2 2026-01-10T00:00:00',
      ],
      POSITIONS: [
        'ticker:text! size:quantity avg_price:money mark_price:money note:text',
        'ACI 1 2 3 mine',
      ],
      strategy_state: ['key:text! value:text', 'a b'],
    });
    expect(money(one)).toEqual(['7', '1', '2']);
    expect(one.accounts[0]!.positions.map(shown)).toEqual(['ACI 1 @ 3, cost 2']);
    expect(one.orders).toEqual({ count: 0, newestAt: null, upTo: null });
    expect(one.accounts[0]!.performance).toEqual([]);
  }),

  scenario('Q2 another schema is told by what is there and what is missing', async (make) => {
    const world = await make({
      account: ['id:id! csh:money', '1 5'],
      position_history: ['symbol:text', 'ACI'],
    });
    await expect(sourceOn(world)).rejects.toMatchObject({
      code: 'source-unrecognised',
      message: expect.stringMatching(
        /account has no column cash \(csh is near\); there is no table.*account\(id, csh\)/,
      ),
    });
  }),

  scenario('Q3 binary floats come as their shortest text, with all digits', async (make) => {
    const one = await snapshotOf(make, {
      account: ['id:id! cash:float total_value:float', '1 0.30000000000000004 1e-7'],
      positions: [
        'symbol:text! quantity:float current_price:float',
        'A 1e21 123456789.123456789',
        'B 5e-324 -0.0',
        'C 0.1 9007199254740993',
      ],
    });
    expect(money(one)).toEqual(['1', '0.30000000000000004', '0.0000001']);
    expect(one.accounts[0]!.positions.map(shown)).toEqual([
      'A 1000000000000000000000 @ 123456789.12345679, cost -',
      `B 0.${'0'.repeat(323)}5 @ 0, cost -`,
      'C 0.1 @ 9007199254740992, cost -',
    ]);
    expect(one.totalStorage).toEqual({ kind: 'binary64' });
  }),

  scenario('Q4 Q5 unknown is unknown, and zero is zero', async (make) => {
    const one = await snapshotOf(make, {
      account: ['id:id! cash:money total_value:money last_updated:time', '1 - - -'],
      positions: [
        'symbol:text! quantity:quantity current_price:money',
        'ACI  62.5 -',
        'FLAT 0    5',
        'LOST -    5',
        'ZERO 3    0',
      ],
    });
    expect(money(one)).toEqual(['1', null, null]);
    expect(one.accounts[0]!.updatedAt).toBeNull();
    expect(one.accounts[0]!.positions.map(shown)).toEqual([
      'ACI 62.5 @ -, cost -',
      'FLAT 0 @ 5, cost -',
      'LOST - @ 5, cost -',
      'ZERO 3 @ 0, cost -',
    ]);
    expect(one.faults).toEqual([]);
  }),

  scenario('Q4 what is no number or no time is unknown and named', async (make) => {
    const one = await snapshotOf(make, {
      account: ['id:id! cash:text total_value:float last_updated:text', '1 1,058.70 5 yesterday'],
      positions: ['symbol:text! quantity:text current_price:text', 'ACI many Infinity'],
    });
    expect(money(one)).toEqual(['1', null, '5']);
    expect(one.accounts[0]!.positions.map(shown)).toEqual(['ACI - @ -, cost -']);
    const told = one.faults.map((f) => [f.table, f.key, f.column, f.value, f.why].join(' | '));
    expect(told.sort()).toEqual([
      'account | 1 | cash | 1,058.70 | is no number',
      'account | 1 | last_updated | yesterday | is no time',
      'positions | ACI | current_price | Infinity | is not finite',
      'positions | ACI | quantity | many | is no number',
    ]);
  }),

  scenario(
    'Q27 such a cell says what it keeps and whose it is, whatever its name',
    async (make) => {
      const one = await snapshotOf(make, {
        accounts: ['account_id:id! cash_balance:text', '1 much', '2 5'],
        positions: [
          'account:id ticker:text size:text direction:text avg_price:text last_price:text',
          '1 ACI few long x y',
          '2 ACI 1 both 3 4',
          '9 ACI 1 long 3 z',
        ],
        trades: ['symbol:text action:text qty:text fill_price:text time:text', 'ACI buy 1 q later'],
      });
      const told = one.faults.map((f) => [f.accountId, f.column, f.role].join(' '));
      expect(told.sort()).toEqual([
        ' last_price price',
        ' time time',
        '1 avg_price entry',
        '1 cash_balance cash',
        '1 last_price price',
        '1 size quantity',
        '2 direction quantity',
      ]);
      expect(one.faults.filter(({ accountId }) => accountId === null)).toHaveLength(1);
    },
  ),

  scenario('Q5 no positions, no orders and no records are none of each', async (make) => {
    const one = await snapshotOf(make, {
      ...older,
      positions: [older.positions[0]],
      orders: [older.orders[0]],
      performance: [older.performance[0]],
    });
    expect(one.accounts[0]).toMatchObject({
      positions: [],
      performance: [],
      performanceCount: 0,
      performanceFirst: null,
    });
    expect(one.orders).toEqual({ count: 0, newestAt: null, upTo: null });
  }),

  scenario('Q6 shorts and debts are negative, whichever way they are written', async (make) => {
    const one = await snapshotOf(make, {
      account: ['id:id! cash:money total_value:money', '1 -250.75 0'],
      positions: [
        'symbol:text! side:text quantity:quantity current_price:money',
        'A long  2  1',
        'B SHORT 3  1',
        'C short -4 1',
        'D both  5  1',
      ],
    });
    expect(money(one)).toEqual(['1', '-250.75', '0']);
    const quantities = one.accounts[0]!.positions.map(({ quantity }) => toTextOrNull(quantity));
    expect(quantities).toEqual(['2', '-3', '-4', null]);
    expect(one.faults).toMatchObject([
      { key: 'D', value: 'both', why: 'is neither long nor short' },
    ]);
  }),

  scenario("Q7 positions are their account's, where a column says whose", async (make) => {
    const one = await snapshotOf(make, {
      account: ['id:id! cash:money total_value:money', '1 10 10', '2 20 20'],
      positions: [
        'account_id:id symbol:text quantity:quantity current_price:money',
        '1 ACI 1 16',
        '2 ACI 2 16',
        '3 BAC 3 5',
        '- CAT 4 5',
      ],
      performance: [
        'timestamp:time! account_id:id total_value:money',
        '2026-01-01T00:00:00 1 11',
        '2026-01-02T00:00:00 2 22',
      ],
    });
    expect(one.accounts.map(({ positions }) => positions.map(shown))).toEqual([
      ['ACI 1 @ 16, cost -'],
      ['ACI 2 @ 16, cost -'],
    ]);
    expect(one.unattributed.map(({ symbol }) => symbol)).toEqual(['BAC', 'CAT']);
    const totals = one.accounts.map((a) => a.performance.map(({ total }) => toTextOrNull(total)));
    expect(totals).toEqual([['11'], ['22']]);
  }),

  scenario("Q7 with several accounts and no such column they are nobody's", async (make) => {
    const accounts = ['id:id! cash:money total_value:money', '1 10 10', '2 20 20'] as const;
    const one = await snapshotOf(make, { ...older, account: accounts });
    expect(one.accounts.map(({ positions }) => positions.length)).toEqual([0, 0]);
    expect(one.unattributed.map(({ symbol }) => symbol)).toEqual(['ACI', 'INTC']);
    expect(one.accounts.map(({ performanceCount }) => performanceCount)).toEqual([0, 0]);
  }),

  scenario(
    'Q8 records are the newest hundred as they stand, counted, with the first',
    async (make) => {
      // 130 records, a minute apart; one in the middle is falsified, one has no total.
      const records = Array.from({ length: 130 }, (_, i) => {
        const time = instantText(instant('2026-01-01T00:00:00Z') + BigInt(i) * 60_000_000_000n);
        const total = i === 100 ? '99999' : i === 101 ? '-' : String(1000 + i);
        return `${time.slice(0, -1)} ${total} 1000 ${i}`;
      });
      const source = await sourceOn(
        await make({ ...older, performance: [older.performance[0], ...records] }),
      );
      const [account] = (await source.snapshot()).accounts;
      expect(account!.performanceCount).toBe(130);
      expect(account!.performance).toHaveLength(100);
      const totals = account!.performance.map(({ total }) => toTextOrNull(total));
      expect([totals[0], totals[70], totals[71], totals[99]]).toEqual([
        '1030',
        '99999',
        null,
        '1129',
      ]);
      expect(toTextOrNull(account!.performanceFirst!.total)).toBe('1000');
      const asked = await source.performance('1', 2);
      expect(asked.map(({ total }) => toTextOrNull(total))).toEqual(['1128', '1129']);
      await source.close();
    },
  ),

  scenario(
    'Q9 orders that did not trade price nothing, and the last of equals does',
    async (make) => {
      const source = await sourceOn(
        await make({
          ...newer,
          orders: [
            'id:id! symbol:text side:text quantity:quantity price:money timestamp:time status:text',
            '1 ACI  buy 1 15 2026-01-02T00:00:00 filled',
            '2 ACI  buy 1 17 2026-01-03T00:00:00 filled',
            '3 ACI  buy 1 18 2026-01-03T00:00:00 -',
            '4 ACI  buy 1 19 2026-01-04T00:00:00 Cancelled',
            '5 INTC buy 1 40 2026-01-04T00:00:00 rejected',
          ],
        }),
      );
      const { accounts, orders } = await source.snapshot();
      const traded = accounts[0]!.positions.map((one) => toTextOrNull(one.traded?.price ?? null));
      expect(traded).toEqual(['18', null]);
      expect(orders.count).toBe(5);
      const listed: string[] = [];
      for await (const { id, side, price } of source.orders()) {
        listed.push(`${id} ${side} ${toTextOrNull(price)}`);
      }
      expect(listed).toEqual(['1 buy 15', '2 buy 17', '3 buy 18']);
      await source.close();
    },
  ),

  scenario(
    'Q9 a price that is missing is looked for in the orders, one that is there is not',
    async (make) => {
      const world = await make(older);
      await world.bot(`UPDATE positions SET current_price = NULL WHERE symbol = 'ACI'`);
      const source = await sourceOn(world);
      const [aci, intc] = (await source.snapshot()).accounts[0]!.positions;
      expect([aci!.price, toTextOrNull(aci!.traded!.price)]).toEqual([null, '16.88']);
      expect([toTextOrNull(intc!.price), intc!.traded]).toEqual(['44.06', null]);
      await source.close();
    },
  ),

  scenario(
    'Q10 orders are counted, dated, and handed out in the order of the table',
    async (make) => {
      const source = await sourceOn(await make(older));
      const { orders } = await source.snapshot();
      expect([orders.count, instantTextOrNull(orders.newestAt)]).toEqual([
        3,
        '2026-01-07T13:18:42Z',
      ]);
      const listed: string[] = [];
      for await (const one of source.orders()) {
        const { id, symbol, side, quantity, price, pnl, at, accountId } = one;
        const figures = [quantity, price, pnl].map(toTextOrNull).join(' ');
        listed.push(`${id} ${symbol} ${side} ${figures} ${instantTextOrNull(at)} ${accountId}`);
      }
      expect(listed).toEqual([
        '1 ACI buy 62.5 16.88  2025-12-17T09:52:20Z null',
        '2 INTC buy 34 43.54  2025-12-04T13:35:09Z null',
        '3 INTC sell 12 46.1 30.72 2026-01-07T13:18:42Z null',
      ]);
      await source.close();
    },
  ),

  scenario('Q11 naive times are of the declared zone', async (make) => {
    const world = await make(older);
    const source = await sourceOn(world, new TestClock(), 'America/New_York');
    const one = await source.snapshot();
    expect(instantTextOrNull(one.accounts[0]!.updatedAt)).toBe('2026-01-10T21:05:12Z');
    expect(one.zone).toMatchObject({ name: 'America/New_York', known: 'declared' });
    await source.close();
    await expect(sourceOn(world, new TestClock(), 'Mars/Olympus')).rejects.toMatchObject({
      code: 'source-unsupported',
      hint: expect.stringContaining('Europe/Berlin'),
    });
  }),

  scenario('Q20 the preflight proves what an update needs and leaves no trace', async (make) => {
    const world = await make(older);
    const source = await sourceOn(world);
    const before = await source.snapshot();
    const steps = await source.preflight();
    const failed = steps.filter(({ outcome }) => outcome === 'failed');
    expect(failed).toEqual([]);
    expect(steps.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['opens', 'schema', 'reads', 'zone', 'writes', 'backup']),
    );
    const schema = steps.find(({ name }) => name === 'schema')!;
    expect(schema.detail).toContain('account(id, cash, total_value, last_updated)');
    expect(await source.snapshot()).toEqual(before);
    expect(await source.audit(0, 10)).toEqual([]);
    await source.close();
  }),
];
