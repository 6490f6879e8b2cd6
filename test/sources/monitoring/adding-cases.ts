/** The conformance suite of the schema `monitoring`: rows that are added, and taken back. */
import { expect } from 'vitest';
import { decimal, toTextOrNull } from '../../../src/decimal/text.ts';
import { instantTextOrNull } from '../../../src/model/instant.ts';
import type { PositionWrite } from '../../../src/model/position-source.ts';
import type { PositionSource } from '../../../src/sources/position-source.ts';
import {
  additionOf,
  at,
  changeOf,
  type MonitoringWorld,
  orderOf,
  positionOf,
  positionsOn,
  shown,
  tradeOf,
  writeOf,
} from './ground.ts';
import { type PositionScenario, scenario } from './scenario.ts';

const write = (source: PositionSource, part: Partial<PositionWrite>) =>
  source.write(() => writeOf(part));

const tradesOf = async (source: PositionSource): Promise<readonly string[]> => {
  const told: string[] = [];
  for await (const one of source.trades()) {
    const { orderId, side, quantity, price, fee, feeCurrency } = one;
    const figures = [quantity, price, fee].map((figure) => toTextOrNull(figure) ?? '-');
    told.push([orderId, side, ...figures, feeCurrency ?? '-', instantTextOrNull(one.at)].join(' '));
  }
  return told;
};

const count = async (world: MonitoringWorld, table: string): Promise<number> =>
  Number((await world.rows(`SELECT count(*) AS n FROM ${table}`))[0]!['n']);

const first = '2025-10-13T15:02:11Z';

export const addingCases: readonly PositionScenario[] = [
  scenario(
    'Q113 a position that the bot lacks is added in its words, with the real order',
    async (make) => {
      const world = await make('realized-pnl', [
        "UPDATE positions SET side = 'SELL' WHERE id = 297",
      ]);
      const source = await positionsOn(world);
      const { audit } = await write(source, { additions: [additionOf()] });
      const added = positionOf(await source.snapshot(), 'ZENUSDT');
      // The key is the one after the last, which the database gives.
      expect(shown(added)).toBe('298 ZENUSDT short 12.5 active');
      expect([added.openedAt, added.createdAt].map(instantTextOrNull)).toEqual([
        ...['2025-10-13T15:11:00Z', '2025-10-13T15:28:30Z'],
      ]);
      const columns = 'side, fees, pnl, realized_pnl, current_price, exchange_order_id';
      const [row] = await world.rows(`SELECT ${columns} FROM positions WHERE id = 298`);
      // What nobody knows is NULL: the default of fees, which is 0, would be untrue.
      expect(Object.values(row!)).toEqual(['SELL', null, null, null, null, 'entry-7']);
      expect(audit!.changes[0]).toMatchObject({
        ...{ key: '298', role: 'position', before: null, fact: 'entry-7 entry-8' },
      });
      await source.close();
    },
  ),
  scenario('Q113 a table whose keys are words gets the id of the order as key', async (make) => {
    const source = await positionsOn(await make('exit-price'));
    await write(source, { additions: [additionOf({ direction: 'long' })] });
    const snapshot = await source.snapshot();
    expect(shown(positionOf(snapshot, 'ZENUSDT'))).toBe('entry-7 ZENUSDT long 12.5 active');
    expect(positionOf(snapshot, 'ZENUSDT').statusText).toBe('OPEN');
    await source.close();
  }),
  scenario('Q113 without an order, or beside one that is there, nothing is added', async (make) => {
    const world = await make('pnl-only');
    const source = await positionsOn(world);
    const told = (part: Parameters<typeof additionOf>[0]) =>
      write(source, { additions: [additionOf(part)] });
    await expect(told({ orderIds: [] })).rejects.toMatchObject({
      code: 'source-unsupported',
      message: 'ZENUSDT cannot be added: no order of the venue is known that opened it',
    });
    await expect(told({ symbol: 'AGIUSDT' })).rejects.toMatchObject({ code: 'source-moved' });
    expect(await count(world, 'positions')).toBe(9);
    // The other leg of the same instrument is another position.
    await told({ symbol: 'AGIUSDT', direction: 'long' });
    expect(await count(world, 'positions')).toBe(10);
    await source.close();
  }),
  scenario('Q114 executions and orders fill the empty tables, once', async (make) => {
    const world = await make('realized-pnl');
    const source = await positionsOn(world);
    const part = {
      orders: [orderOf('exit-1'), orderOf('exit-2', { filled: decimal('3160') })],
      trades: [tradeOf('e-1', '600'), tradeOf('e-2', '400'), tradeOf('e-1', '600')],
    };
    const { audit } = await write(source, part);
    expect(audit!.changes.map(({ role, fact }) => [role, fact])).toEqual([
      ['order', 'exit-1'],
      ['order', 'exit-2'],
      ['trade', 'e-1'],
      ['trade', 'e-2'],
    ]);
    expect(await tradesOf(source)).toEqual([
      `exit-1 buy 600 0.04784 0.0263 USDT ${first}`,
      `exit-1 buy 400 0.04784 0.0263 USDT ${first}`,
    ]);
    const columns = 'position_id, type, size, filled, remaining, status, fee';
    const [order] = await world.rows(`SELECT ${columns} FROM orders WHERE order_id = 'exit-1'`);
    expect(Object.values(order!).map((cell) => (cell === null ? null : String(cell)))).toEqual([
      ...['1', 'limit'],
      ...(world.engine === 'sqlite'
        ? ['4160', '1000', '3160']
        : ['4160.00000000', '1000.00000000', '3160.00000000']),
      ...['cancelled', null],
    ]);
    const [trade] = await world.rows('SELECT order_type, status FROM trades WHERE id = 1');
    expect(trade).toEqual({ order_type: 'limit', status: 'filled' });
    // A second time, and with one more: only that one is missing.
    expect(await write(source, part)).toMatchObject({ audit: null });
    await write(source, { ...part, trades: [...part.trades, tradeOf('e-3', '3160')] });
    expect(await count(world, 'trades')).toBe(3);
    expect(await count(world, 'orders')).toBe(2);
    await source.close();
  }),
  scenario('Q114 where a column keeps the id of an execution, it alone decides', async (make) => {
    const added = 'ALTER TABLE trades ADD COLUMN exchange_trade_id VARCHAR(100)';
    const world = await make('realized-pnl', [
      added,
      `INSERT INTO trades (symbol, exchange, side, quantity, order_id, exchange_trade_id)
          VALUES ('AGIUSDT', 'bybit', 'BUY', 600, 'exit-1', 'e-1')`,
    ]);
    const source = await positionsOn(world);
    await write(source, { trades: [tradeOf('e-1', '600'), tradeOf('e-2', '400')] });
    const rows = await world.rows('SELECT side, exchange_trade_id AS e FROM trades ORDER BY id');
    // Words are written as the bot wrote its own.
    expect(rows).toEqual([
      { side: 'BUY', e: 'e-1' },
      { side: 'BUY', e: 'e-2' },
    ]);
    await source.close();
  }),
  scenario(
    'Q114 an order of which the bot keeps a row is never noted a second time',
    async (make) => {
      const world = await make('pnl-only', [
        `INSERT INTO trades (symbol, exchange, side, quantity, executed_qty, price, status,
          order_id) VALUES ('AGIUSDT', 'bybit', 'buy', 4160, 4160, 0.0478, 'FILLED', 'exit-1')`,
        `INSERT INTO orders (exchange, symbol, client_order_id, type, side, size, status)
          VALUES ('bybit', 'AGIUSDT', 'bot-77', 'LIMIT', 'BUY', 4160, 'OPEN')`,
      ]);
      const source = await positionsOn(world);
      const part = {
        // The bot's row has its own name of the order, the exchange's came later.
        orders: [orderOf('exit-1', { clientOrderId: 'bot-77' }), orderOf('exit-2')],
        trades: [tradeOf('e-1', '600'), tradeOf('e-9', '3', { orderId: 'exit-2' })],
      };
      await write(source, part);
      expect((await tradesOf(source)).map((row) => row.split(' ').slice(0, 3).join(' '))).toEqual([
        'exit-1 buy 4160',
        'exit-2 buy 3',
      ]);
      const orders = await world.rows('SELECT order_id, type, status FROM orders ORDER BY id');
      expect(orders).toEqual([
        { order_id: null, type: 'LIMIT', status: 'OPEN' },
        { order_id: 'exit-2', type: 'LIMIT', status: 'CANCELLED' },
      ]);
      await source.close();
    },
  ),
  scenario(
    'Q115 rows that lack a value are refused by the column, and so is what has no id',
    async (make) => {
      const world = await make('pnl-only');
      await world.bot(
        'ALTER TABLE trades RENAME TO old_trades; CREATE TABLE trades(id INTEGER PRIMARY KEY, ' +
          'signal_id BIGINT NOT NULL, symbol TEXT, side TEXT, quantity NUMERIC, order_id TEXT)',
      );
      const source = await positionsOn(world);
      const told = write(source, { trades: [tradeOf('e-1', '1')] });
      await expect(told).rejects.toMatchObject({
        code: 'source-unsupported',
        message: 'trades.signal_id may not be empty, and there is no value for it',
      });
      expect((await source.snapshot()).keeps.refuses).toEqual({
        trades: 'trades.signal_id may not be empty, and nothing tells its value',
      });
      // This generation points at its own table of orders by the number of a row.
      await world.bot(
        'DROP TABLE trades; CREATE TABLE trades(id INTEGER PRIMARY KEY, symbol TEXT, side TEXT, ' +
          'quantity NUMERIC, order_id INTEGER)',
      );
      expect((await source.snapshot()).keeps.refuses).toEqual({
        trades: 'trades keeps no id of a venue',
      });
      const idless = write(source, { trades: [tradeOf('e-1', '1')] });
      await expect(idless).rejects.toMatchObject({ code: 'source-unsupported' });
      await source.close();
    },
  ),

  scenario(
    'Q117 a write is taken back to the digit, the rows that it added with it',
    async (make) => {
      const world = await make('realized-pnl');
      const source = await positionsOn(world);
      const columns = await world.rows('SELECT * FROM positions ORDER BY id');
      const seen = await source.snapshot();
      const close = {
        ...{ at, exitPrice: decimal('0.0482'), realisedPnl: decimal('-1'), fees: null },
        reason: 'closed by hand',
      };
      await write(source, {
        changes: [
          changeOf(seen, 'SCAUSDT', { quantity: decimal('2036'), currentPrice: decimal('0.09') }),
          changeOf(seen, 'AGIUSDT', { close }),
        ],
        additions: [additionOf()],
        trades: [tradeOf('e-1', '600')],
        orders: [orderOf('exit-1')],
      });
      expect(await count(world, 'positions')).toBe(10);
      const undone = await source.undo(null, 'it was a mistake', at);
      expect(undone).toMatchObject({ action: 'undo', undoes: 1, why: 'it was a mistake' });
      expect(await world.rows('SELECT * FROM positions ORDER BY id')).toEqual(columns);
      expect(await count(world, 'trades')).toBe(0);
      expect(await count(world, 'orders')).toBe(0);
      expect((await source.snapshot()).writes).toEqual([]);
      await expect(source.undo(1, 'again', at)).rejects.toMatchObject({
        message: 'row 1 was taken back already, by row 2',
      });
      // What was taken back can be added again.
      await write(source, { trades: [tradeOf('e-1', '600')] });
      expect(await count(world, 'trades')).toBe(1);
      await source.close();
    },
  ),
  scenario(
    'Q117 prices that the bot wrote since stay, a size that it wrote over is refused',
    async (make) => {
      const world = await make('pnl-only');
      const source = await positionsOn(world);
      const repair = async () => {
        const seen = await source.snapshot();
        const figures = { quantity: decimal('2036'), currentPrice: decimal('0.09') };
        const { audit } = await write(source, { changes: [changeOf(seen, 'SCAUSDT', figures)] });
        return audit!.id;
      };
      const [quantity, price] = ['quantity', 'currentPrice'] as const;
      const now = async () => {
        const row = positionOf(await source.snapshot(), 'SCAUSDT');
        return [row[quantity], row[price]].map(toTextOrNull);
      };
      await repair();
      await world.bot(
        "UPDATE positions SET current_price = 0.0961, updated_at = '2025-10-13 15:29:00+00:00' " +
          'WHERE id = 38',
      );
      await source.undo(null, 'a mistake', at);
      expect(await now()).toEqual(['2136.9', '0.0961']);
      const id = await repair();
      // As a bot does that had the old size in memory.
      await world.bot('UPDATE positions SET quantity = 2136.9 WHERE id = 38');
      const { written, writes } = await source.snapshot();
      expect(written.map(shown)).toEqual(['38 SCAUSDT short 2136.9 active']);
      expect(writes[0]!.changes[0]!.after!['quantity']).toMatch(/^2036(\.0+)?$/);
      await world.bot('UPDATE positions SET quantity = 2000 WHERE id = 38');
      await expect(source.undo(id, 'a mistake', at)).rejects.toMatchObject({
        code: 'source-overwritten',
        message: expect.stringMatching(
          /^positions 38 quantity was written over since: before 2136/,
        ),
      });
      expect(await now()).toEqual(['2000', '0.09']);
      await source.close();
    },
  ),
  scenario('Q117 a row that was added and is another one now is not removed', async (make) => {
    const world = await make('pnl-only');
    const source = await positionsOn(world);
    await write(source, { additions: [additionOf()], orders: [orderOf('exit-1')] });
    await world.bot('UPDATE positions SET quantity = 20 WHERE id = 298');
    await expect(source.undo(null, 'a mistake', at)).rejects.toMatchObject({
      code: 'source-overwritten',
    });
    expect(await count(world, 'orders')).toBe(1);
    await world.bot('DELETE FROM positions WHERE id = 298');
    await source.undo(null, 'a mistake', at);
    expect(await count(world, 'orders')).toBe(0);
    await source.close();
  }),
  scenario(
    'Q118 the preflight proves size, price, PnL and closing, and leaves no trace',
    async (make) => {
      const world = await make('realized-pnl');
      const source = await positionsOn(world, null);
      const before = await world.rows('SELECT * FROM positions ORDER BY id');
      const steps = await source.preflight();
      const outcomes = steps.map(({ name, outcome }) => `${name} ${outcome}`);
      expect(outcomes).toEqual([
        ...['opens passed', 'schema passed', 'reads passed', outcomes[3]],
        ...(world.engine === 'sqlite' ? ['journal passed'] : []),
        ...['quantity passed', 'price passed', 'pnl passed', 'closing passed', 'orders passed'],
        ...['additions passed', 'backup passed'],
      ]);
      const detail = (name: string) => steps.find((step) => step.name === name)!.detail;
      expect(detail('quantity')).toBe('AGIUSDT: quantity written, read back and rolled back');
      expect(detail('closing')).toContain(
        'status, closed_at, exit_reason, realized_pnl, pnl, fees',
      );
      expect(detail('schema')).toContain('realised PnL and fees, no exit price: ');
      expect(await world.rows('SELECT * FROM positions ORDER BY id')).toEqual(before);
      expect(await source.audit(0, 1)).toEqual([]);
      await source.close();
    },
  ),
  scenario(
    'Q118 a trigger that keeps the size, and a PnL that may not be empty, are found',
    async (make) => {
      const world = await make('pnl-only', [
        'ALTER TABLE positions ADD COLUMN realized_pnl NUMERIC(20,8) NOT NULL DEFAULT 0',
      ]);
      await world.bot(
        world.engine === 'sqlite'
          ? `CREATE TRIGGER keeps AFTER UPDATE OF quantity ON positions BEGIN
              UPDATE positions SET quantity = OLD.quantity WHERE id = OLD.id; END`
          : `CREATE FUNCTION keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              NEW.quantity := OLD.quantity; RETURN NEW; END $$;
             CREATE TRIGGER keeps BEFORE UPDATE ON positions
              FOR EACH ROW EXECUTE FUNCTION keeps()`,
      );
      const source = await positionsOn(world);
      const steps = new Map((await source.preflight()).map((step) => [step.name, step]));
      expect(steps.get('quantity')).toMatchObject({
        outcome: 'failed',
        detail: expect.stringMatching(/^AGIUSDT: quantity was written and is 4160(\.0+)? after/),
      });
      expect(steps.get('price')).toMatchObject({ outcome: 'passed' });
      expect(steps.get('closing')!.detail).toMatch(
        /; realized_pnl may not be empty, so that a closing without it is refused$/,
      );
      expect(steps.get('additions')).toMatchObject({
        outcome: 'skipped',
        detail: 'positions: positions.realized_pnl may not be empty, and 0 would be untrue',
      });
      await source.close();
    },
  ),
  scenario('Q119 our log is beside the tables of the bot, and can be removed', async (make) => {
    const world = await make('pnl-only');
    const source = await positionsOn(world);
    expect(await source.removeTraces()).toEqual([]);
    await write(source, { orders: [orderOf('exit-1')] });
    const table = world.engine === 'sqlite' ? 'trueup_audit' : 'monitoring.trueup_audit';
    expect(await count(world, table)).toBe(1);
    await write(source, { orders: [orderOf('exit-2')] });
    const rows = await source.audit(1, 10);
    expect(rows.map(({ id, changes }) => [id, changes[0]!.fact])).toEqual([[2, 'exit-2']]);
    expect(await source.removeTraces()).toEqual(['trueup_audit']);
    expect(await source.audit(0, 10)).toEqual([]);
    await source.close();
  }),
];
