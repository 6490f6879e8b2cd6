/** The conformance suite of the schema `monitoring`, reading: what a snapshot says. */
import { expect } from 'vitest';
import { toText, toTextOrNull } from '../../../src/decimal/text.ts';
import { instantText, instantTextOrNull } from '../../../src/model/instant.ts';
import type { PositionSnapshot } from '../../../src/model/position-source.ts';
import type { Generation } from '../../../src/sources/monitoring/shape.ts';
import type { MakeMonitoring } from './ground.ts';
import { generations, positionOf, positionsOn, shown } from './ground.ts';
import { type PositionScenario, scenario } from './scenario.ts';

const snapshotOf = async (
  make: MakeMonitoring,
  generation: Generation,
  since: readonly string[] = [],
  zone: string | null = 'UTC',
): Promise<PositionSnapshot> => {
  const source = await positionsOn(await make(generation, since), zone);
  const snapshot = await source.snapshot();
  await source.close();
  return snapshot;
};

const times = (snapshot: PositionSnapshot, symbol: string) => {
  const { openedAt, createdAt, updatedAt, closedAt } = positionOf(snapshot, symbol);
  return [openedAt, createdAt, updatedAt, closedAt].map(instantTextOrNull);
};

const reported = ['AGIUSDT', 'SCAUSDT', 'HNTUSDT'];

/** What the three rows of the incident say, whatever the generation. */
const reportedRows = (prefix: string) => [
  `${prefix}1 AGIUSDT short 4160 active`,
  `${prefix}38 SCAUSDT short 2136.9 active`,
  `${prefix}274 HNTUSDT long 60 active`,
];

export const readingCases: readonly PositionScenario[] = [
  ...generations.map((generation) =>
    scenario(
      `Q102 Q124 ${generation}: the nine positions of the incident, as they were reported`,
      async (make) => {
        const one = await snapshotOf(make, generation);
        expect(one.identity).toMatchObject({ schema: 'monitoring', generation });
        expect(one.counts).toEqual({ active: 9, closed: 0, orders: 0, trades: 0 });
        const rows = reported.map((symbol) => shown(positionOf(one, symbol)));
        expect(rows).toEqual(reportedRows(generation === 'exit-price' ? 'pos_' : ''));
        // Stamps of the database are UTC: AGI is 19.4 h old at 15:24:49, HNT 2 h 16 min.
        expect(times(one, 'HNTUSDT')).toEqual([
          '2025-10-13T13:08:35Z',
          generation === 'exit-price' ? null : '2025-10-13T13:08:35Z',
          '2025-10-13T15:25:06Z',
          null,
        ]);
        expect(times(one, 'SCAUSDT')[0]).toBe('2025-10-13T00:50:07Z');
        expect(times(one, 'SCAUSDT')[2]).toBe('2025-10-13T15:25:28Z');
        expect(times(one, 'AGIUSDT')[0]).toBe('2025-10-12T19:58:45Z');
        expect(times(one, 'AGIUSDT')[2]).toBe('2025-10-13T15:25:29Z');
        const { exchange, hasStopLoss, trailingActivated, stopLossPrice, unrealisedPnl } =
          positionOf(one, 'AGIUSDT');
        expect([exchange, hasStopLoss, trailingActivated]).toEqual(['bybit', true, false]);
        // (0.0447 - 0.0481) x 4160 = -14.144
        expect([stopLossPrice, unrealisedPnl].map(toTextOrNull)).toEqual(['0.0456', '-14.144']);
        expect([one.faults, one.written, one.writes, one.orders]).toEqual([[], [], [], []]);
        expect(instantText(one.takenAt)).toBe('2025-10-13T15:28:30Z');
      },
    ),
  ),

  scenario('Q103 what a generation lacks is told, and which rows cannot be added', async (make) => {
    const columns = async (generation: Generation) => {
      const { keeps } = await snapshotOf(make, generation);
      return [[...keeps.columns].sort().join(' '), keeps.orders, keeps.trades, keeps.refuses];
    };
    const all = 'closed-at current-price entry-price exit-reason quantity realised-pnl';
    expect(await columns('pnl-only')).toEqual([`${all} unrealised-pnl`, true, true, {}]);
    expect(await columns('realized-pnl')).toEqual([
      'closed-at current-price entry-price exit-reason fees quantity realised-pnl unrealised-pnl',
      ...[true, true, {}],
    ]);
    expect(await columns('exit-price')).toEqual([
      'closed-at current-price entry-price exit-price exit-reason fees quantity realised-pnl ' +
        'unrealised-pnl',
      ...[false, false],
      { orders: 'there is no table orders', trades: 'there is no table trades' },
    ]);
  }),
  scenario(
    'Q102 words in any case, and what a bot writes between its order and its stop',
    async (make) => {
      const since = [
        "UPDATE positions SET status = 'OPEN', side = 'SELL' WHERE id = 1",
        "UPDATE positions SET status = 'Active', side = 'Long' WHERE id = 38",
        "UPDATE positions SET status = 'pending_sl', side = 'SHORT' WHERE id = 251",
        "UPDATE positions SET status = 'entry_placed' WHERE id = 259",
        "UPDATE positions SET status = 'rolled_back' WHERE id = 274",
        "UPDATE positions SET status = 'CLOSED' WHERE id = 281",
        "UPDATE positions SET status = 'phantom' WHERE id = 288",
      ];
      const one = await snapshotOf(make, 'pnl-only', since);
      expect(one.positions.map(shown)).toEqual([
        '1 AGIUSDT short 4160 active',
        '38 SCAUSDT long 2136.9 active',
        '251 PEAQUSDT short 88 active',
        // The entry may or may not have been executed.
        '259 GRTXUSDT long 249 unknown',
        '293 IDEXUSDT short 1364 active',
        '297 SNTRUSDT long 118500 active',
      ]);
      expect(one.counts).toMatchObject({ active: 5, closed: 3 });
      expect(one.faults).toEqual([
        {
          ...{ table: 'positions', key: '259', column: 'status', value: 'entry_placed' },
          ...{ why: 'says neither active nor closed', role: 'status' },
        },
      ]);
    },
  ),
  scenario(
    'Q104 a negative quantity, an unknown side and NULL are unknown and told, never zero',
    async (make) => {
      const since = [
        'UPDATE positions SET quantity = -4160 WHERE id = 1',
        "UPDATE positions SET side = 'both' WHERE id = 38",
        'UPDATE positions SET current_price = NULL, unrealized_pnl = NULL WHERE id = 251',
        'UPDATE positions SET has_stop_loss = NULL WHERE id = 251',
      ];
      const one = await snapshotOf(make, 'realized-pnl', since);
      expect(shown(positionOf(one, 'AGIUSDT'))).toBe('1 AGIUSDT short - active');
      expect(shown(positionOf(one, 'SCAUSDT'))).toBe('38 SCAUSDT - 2136.9 active');
      const { currentPrice, unrealisedPnl, hasStopLoss } = positionOf(one, 'PEAQUSDT');
      expect([currentPrice, unrealisedPnl, hasStopLoss]).toEqual([null, null, null]);
      const told = one.faults.map(({ key, column, why, role }) => [key, column, why, role]);
      expect(told).toEqual([
        ['1', 'quantity', 'is negative, and the side says which way it goes', 'quantity'],
        ['38', 'side', 'is neither long nor short', 'side'],
      ]);
    },
  ),
  scenario(
    'Q105 pnl is realised once a row is closed, and unrealised where nothing else is',
    async (make) => {
      const world = await make('realized-pnl', [
        'UPDATE positions SET pnl = -14.1 WHERE id = 1',
        "UPDATE positions SET status = 'closed', pnl = 3.5 WHERE id = 38",
        "UPDATE positions SET status = 'closed', pnl = 3.5, realized_pnl = 3.25 WHERE id = 251",
        "UPDATE positions SET status = 'closed', pnl = NULL, realized_pnl = NULL WHERE id = 259",
      ]);
      const source = await positionsOn(world);
      const told = new Map<string, readonly (string | null)[]>();
      for await (const { id, realisedPnl, unrealisedPnl } of source.history()) {
        told.set(id, [realisedPnl, unrealisedPnl].map(toTextOrNull));
      }
      await source.close();
      expect(told.get('1')).toEqual([null, '-14.144']);
      expect(told.get('38')).toEqual(['3.5', '-9.509205']);
      expect(told.get('251')).toEqual(['3.25', '-0.528']);
      expect(told.get('259')).toEqual([null, '0.6225']);
    },
  ),
  scenario('Q102 a number of more digits than any double has is read to the last', async (make) => {
    // What a bot in Python stores of -0.55 where its column has no scale.
    const digits = '-0.56044967999999995011961573254666291177272796630859375';
    const text = 'ALTER TABLE positions ADD COLUMN mark_price';
    const since = [`${text} TEXT`, `UPDATE positions SET mark_price = '${digits}' WHERE id = 1`];
    const renamed = 'ALTER TABLE positions RENAME COLUMN current_price TO older_price';
    const one = await snapshotOf(make, 'pnl-only', [...since, renamed]);
    expect(toText(positionOf(one, 'AGIUSDT').currentPrice!)).toBe(digits);
  }),
  scenario(
    'Q106 a look has what is not closed; history, orders and trades come whole, in pieces',
    async (make) => {
      const since = [
        `INSERT INTO positions (id, symbol, exchange, side, quantity, entry_price, status)
          ${numbered(5_000, "n + 1000, 'OLDUSDT', 'binance', 'buy', 1, 2, 'closed'")}`,
        `INSERT INTO orders (id, position_id, exchange, symbol, order_id, type, side, size, status)
          ${numbered(4_500, "n, 900, 'binance', 'OLDUSDT', 'o', 'limit', 'buy', 1, 'FILLED'")}`,
        `INSERT INTO orders (id, position_id, exchange, symbol, order_id, type, side, size, status)
          VALUES (9001, '900', 'bybit', 'AGIUSDT', 'open-1', 'limit', 'buy', 4160, 'open'),
          (9002, '1', 'bybit', 'AGIUSDT', 'done-1', 'limit', 'buy', 4160, 'canceled')`,
        `INSERT INTO trades (id, symbol, exchange, side, quantity, executed_qty, price, status)
          ${numbered(2_001, "n, 'OLDUSDT', 'binance', 'BUY', 3, 2, 1, 'FILLED'")}`,
      ];
      const world = await make('pnl-only', since);
      const source = await positionsOn(world);
      const one = await source.snapshot();
      expect(one.counts).toEqual({ active: 9, closed: 5_000, orders: 4_502, trades: 2_001 });
      expect(one.positions).toHaveLength(9);
      // One is not over, the other is of a position that is held.
      expect(one.orders.map(({ id, statusText }) => [id, statusText])).toEqual([
        ['9001', 'open'],
        ['9002', 'canceled'],
      ]);
      const [history, orders, trades] = [[], [], []] as [string[], string[], string[]];
      for await (const { id } of source.history()) history.push(id);
      for await (const { id } of source.orders()) orders.push(id);
      for await (const { quantity } of source.trades()) trades.push(toText(quantity!));
      expect([history.length, orders.length, trades.length]).toEqual([5_009, 4_502, 2_001]);
      expect([...history].sort((a, b) => Number(a) - Number(b))).toEqual(history);
      // Executed, not what was asked for.
      expect(new Set(trades)).toEqual(new Set(['2']));
      await source.close();
    },
  ),
  scenario(
    'Q125 of closed rows the one that was opened last is found by its symbol',
    async (make) => {
      const closed = (
        id: number,
        symbol: string,
        side: string,
        opened: string,
        status = 'CLOSED',
      ) => `(${id}, '${symbol}', 'bybit', '${side}', 1, 2, '${status}', '${opened}')`;
      const rows = [
        closed(1_001, 'OLDUSDT', 'buy', '2025-10-01 10:00:00+00:00'),
        // Opened last, although it was written first and says so in another zone.
        closed(1_000, 'OLDUSDT', 'buy', '2025-10-01 13:00:01+02:00'),
        closed(1_002, 'OLDUSDT', 'buy', '2025-10-01 11:00:00+00:00'),
        closed(1_003, 'OLDUSDT', 'sell', '2025-09-01 10:00:00+00:00'),
        closed(1_004, 'NEWUSDT', 'buy', '2025-10-02 10:00:00+00:00'),
        closed(1_005, 'OLDUSDT', 'buy', '2025-10-03 10:00:00+00:00', 'active'),
      ];
      const into = `INSERT INTO positions (id, symbol, exchange, side, quantity, entry_price,
        status, opened_at) VALUES`;
      const source = await positionsOn(await make('pnl-only', [`${into} ${rows.join(', ')}`]));
      const found = await source.newestClosed(['OLDUSDT', 'NONEUSDT']);
      expect(found.map(shown)).toEqual([
        '1000 OLDUSDT long 1 closed',
        '1003 OLDUSDT short 1 closed',
      ]);
      expect(await source.newestClosed([])).toEqual([]);
      await source.close();
    },
  ),
  scenario('Q125 orders and trades are found by an id of the venue or of the bot', async (make) => {
    const orders = `INSERT INTO orders (id, exchange, symbol, order_id, client_order_id, type, side,
      size, status) VALUES (1, 'bybit', 'AGIUSDT', '77', 'bot-1', 'limit', 'buy', 1, 'filled'),
      (2, 'bybit', 'AGIUSDT', '78', 'bot-2', 'limit', 'buy', 1, 'filled'),
      (3, 'bybit', 'AGIUSDT', NULL, NULL, 'limit', 'buy', 1, 'filled')`;
    const trades = `INSERT INTO trades (id, symbol, exchange, side, quantity, executed_qty, price,
      status, order_id) VALUES (1, 'AGIUSDT', 'bybit', 'BUY', 3, 2, 1, 'FILLED', '78'),
      (2, 'AGIUSDT', 'bybit', 'BUY', 3, 2, 1, 'FILLED', '79')`;
    const source = await positionsOn(await make('pnl-only', [orders, trades]));
    const found = await source.named(['bot-1', '78', 'nowhere']);
    expect(found.orders.map(({ id }) => id)).toEqual(['1', '2']);
    expect(found.trades.map(({ id }) => id)).toEqual(['1']);
    await source.close();
    // Without such tables there is nothing to find.
    const bare = await positionsOn(await make('exit-price'));
    expect(await bare.named(['78'])).toEqual({ orders: [], trades: [] });
    await bare.close();
  }),
  scenario('Q122 a time without an offset is of the zone that is declared', async (make) => {
    const one = await snapshotOf(make, 'realized-pnl', [], '+04:00');
    expect(one.zone).toMatchObject({ name: '+04:00', known: 'declared' });
    expect(times(one, 'HNTUSDT')[0]).toBe('2025-10-13T09:08:35Z');
    // One that has an offset is what it says.
    const other = await snapshotOf(make, 'pnl-only', [], '+04:00');
    expect(times(other, 'HNTUSDT')[0]).toBe('2025-10-13T13:08:35Z');
  }),
];

/** So many rows, numbered from 1. */
const numbered = (count: number, columns: string): string =>
  `SELECT ${columns} FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c
    WHERE n < ${count}) SELECT n FROM c) AS numbers`;
