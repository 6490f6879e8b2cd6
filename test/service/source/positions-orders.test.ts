/** Orders that a bot stores: looked at, repaired, taken back, and kept with the book. */
import { beforeEach, describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import type { OrderReport } from '../../../src/model/fact.ts';
import { instant } from '../../../src/model/instant.ts';
import type { StatementOrder } from '../../../src/model/statement.ts';
import { applyRows } from '../../../src/service/source/positions-sync.ts';
import { undoRows } from '../../../src/service/source/positions-undo.ts';
import type { PositionSource } from '../../../src/sources/position-source.ts';
import { section } from '../../reconcile/kit.ts';
import { nameOf, PositionsGround, statement } from './positions-kit.ts';

let ground: PositionsGround;

const columns = `(id, position_id, exchange, symbol, order_id, client_order_id, type, side, size,
  status, filled, remaining, created_at)`;
const stored = (id: number, position: number, symbol: string, orderId: string, status = 'open') =>
  `INSERT INTO orders ${columns} VALUES (${id}, '${position}', 'bybit', '${symbol}', '${orderId}',
    'bot-${id}', 'limit', 'buy', 4160, '${status}', 0, 4160, '2025-10-13 13:30:00+00:00')`;

/** The exit of AGI: of 4160 that were asked for the exchange executed 1000. */
const exit: OrderReport = {
  ...{ kind: 'order', account: 'main', instrument: nameOf('AGIUSDT'), leg: 'net', side: 'buy' },
  ...{ orderId: 'o-exit-1', clientOrderId: 'bot-1', type: 'limit', quantity: decimal('4160') },
  ...{ price: decimal('0.04784'), filled: decimal('1000'), averagePrice: null, reduceOnly: true },
  ...{ status: 'cancelled', time: instant('2025-10-13T14:30:00Z') },
};

const resting = (orderId: string, clientOrderId: string): StatementOrder => ({
  ...{ orderId, clientOrderId, instrument: nameOf('SCAUSDT'), leg: 'net', side: 'buy' },
  ...{ type: 'limit', quantity: decimal('2036'), filled: decimal('0'), averagePrice: null },
  ...{ price: decimal('0.09527'), status: 'open', reduceOnly: true },
  time: instant('2025-10-13T15:20:00Z'),
});

const saying = (...orders: readonly StatementOrder[]) => statement({ orders: section(orders) });

const orderRow = (id: number) => {
  const [row] = ground.rows(`SELECT status, filled, remaining FROM orders WHERE id = ${id}`);
  return [row!['status'], row!['filled'], row!['remaining']];
};

beforeEach(() => {
  ground = new PositionsGround();
});

describe('SP93 a stored order that is over at the exchange', () => {
  const ghost = async () => {
    await ground.begin([exit]);
    ground.bot(stored(1, 1, 'AGIUSDT', 'o-exit-1'));
  };

  test('SP93 is written as it ended, with a backup and an audit row, and is verified', async () => {
    await ghost();
    const { applied, after, backup } = await ground.apply(saying());
    expect(orderRow(1)).toEqual(['canceled', 1000, 3160]);
    expect(backup).toContain('bot.db');
    expect(ground.count('trueup_audit')).toBe(1);
    const states = applied.map((one) => one.after?.state);
    expect(states).toEqual(['VERIFIED', 'VERIFIED', 'VERIFIED', 'VERIFIED']);
    expect(after.checked.reconciled.breaks.map(({ state }) => state)).not.toContain('OPEN');
    expect((await ground.apply(saying())).applied).toEqual([]);
  });

  test('SP93 without a list of open orders it is unknown, and nothing is written', async () => {
    await ground.begin();
    ground.bot(stored(1, 1, 'AGIUSDT', 'nowhere'));
    const { after } = await ground.apply(statement());
    expect(orderRow(1)).toEqual(['open', 0, 4160]);
    expect(after.checked.reconciled.unknown).toMatchObject([
      { scope: '1 order', why: 'the list of open orders: not stated' },
    ]);
  });

  test('SP93 where the bot wrote since the plan, nothing is written', async () => {
    await ghost();
    const { after } = await ground.plan(saying());
    const { hash } = after.checked.reconciled.plan;
    ground.bot('UPDATE orders SET filled = 500 WHERE id = 1');
    const { status } = await ground.apply(saying(), { auto: false, plans: [hash] });
    expect(status).toBe('stale');
    expect(orderRow(1)).toEqual(['open', 500, 4160]);
  });

  test('SP93 SP89 a write that was not noted is found, and repairs its break', async () => {
    await ghost();
    await ground.at(saying(), async ({ ground: own, writer, look }) => {
      let isWritten = false;
      const source: PositionSource = {
        ...own.source,
        identity: own.source.identity,
        snapshot: () => own.source.snapshot(),
        audit: async (after, limit) => {
          if (isWritten) throw new Error('killed');
          return own.source.audit(after, limit);
        },
        write: async (decide) => {
          const written = await own.source.write(decide);
          isWritten = true;
          return written;
        },
      };
      const dies = { ...own, source };
      const choice = { only: null, auto: true, plans: null, actor: 'ann' };
      await expect(applyRows(dies, writer, look, choice)).rejects.toThrow('killed');
    });
    expect(orderRow(1)).toEqual(['canceled', 1000, 3160]);
    const entries = () => ground.entries();
    expect(entries()).not.toContain('REPAIRED');
    await ground.check(saying());
    expect(entries().filter((one) => one === 'REPAIRED')).toHaveLength(4);
    expect(entries().filter((one) => one === 'source-write')).toHaveLength(1);
  });

  test('SP93 SP42 and is taken back with the rest of the write', async () => {
    await ghost();
    await ground.apply(saying());
    await ground.at(saying(), async ({ ground: own, writer, look }) => {
      const { account } = look.compared;
      const row = own.reader.file.lastOfKind(account.account, 'source-write')!;
      const terms = { at: ground.clock.now(), actor: 'ann' };
      await undoRows(own.source, writer, account, row, terms);
    });
    expect(orderRow(1)).toEqual(['open', 0, 4160]);
    expect(ground.row(1)['quantity']).toBe(4160);
  });

  test('SP95 one that the bot writes back is told, and left', async () => {
    await ghost();
    await ground.apply(saying());
    ground.bot("UPDATE orders SET status = 'open', filled = 0, remaining = 4160 WHERE id = 1");
    const { applied, after } = await ground.apply(saying());
    expect(applied).toEqual([]);
    expect(orderRow(1)).toEqual(['open', 0, 4160]);
    const open = after.checked.reconciled.breaks.filter(({ lines }) => lines[0]!.what === 'order');
    expect(open).toMatchObject([{ reason: 'REPAIR_OVERWRITTEN' }]);
  });
});

describe('SP94 an order that the store lost', () => {
  test('SP94 one under an id of the bot is added; one of its closed rows is opened', async () => {
    await ground.begin();
    ground.bot(
      stored(1, 1, 'AGIUSDT', 'o-exit-1', 'filled'),
      // Of a position that is closed: no snapshot shows it.
      stored(2, 900, 'SCAUSDT', 'o-9', 'canceled'),
      `UPDATE orders SET size = 2036, updated_at = '2025-10-13 13:30:00+00:00' WHERE id = 2`,
    );
    const said = saying(resting('o-8', 'bot-8'), resting('o-9', 'x'), resting('o-7', 'other'));
    const own = { ownOrderPrefixes: ['bot-'] };
    const look = await ground.check(said, own);
    const lost = look.checked.reconciled.breaks.filter(({ reason }) => reason === 'ORDER_LOST');
    expect(lost.map(({ lines }) => lines[0]!.key).sort()).toEqual(['o-8', 'o-9']);
    const choice = { only: null, auto: true, plans: null, actor: 'ann' };
    await ground.at(
      said,
      async ({ ground: at, writer, look: seen }) => {
        const { applied } = await applyRows(at, writer, seen, choice);
        expect(applied.every(({ after }) => after?.state === 'VERIFIED')).toBe(true);
      },
      own,
    );
    expect(orderRow(2)).toEqual(['open', 0, 2036]);
    const [added] = ground.rows("SELECT * FROM orders WHERE order_id = 'o-8'");
    expect(added).toMatchObject({ position_id: '38', symbol: 'SCAUSDT', status: 'open' });
    expect(ground.rows("SELECT * FROM orders WHERE order_id = 'o-7'")).toEqual([]);
  });
});

describe('SP99 a list that is older than the row', () => {
  test('SP99 opens nothing that the bot has as filled, and lowers nothing', async () => {
    await ground.begin();
    const size = (id: number, state: string) => `UPDATE orders SET size = 2036, ${state},
      updated_at = '2025-10-13 15:24:50+00:00' WHERE id = ${id}`;
    ground.bot(
      stored(1, 38, 'SCAUSDT', 'o-1', 'filled'),
      size(1, 'filled = 2036, remaining = 0'),
      stored(2, 38, 'SCAUSDT', 'o-2'),
      size(2, 'filled = 1000, remaining = 1036'),
    );
    // The list is of 15:24:49, the rows of a second later.
    const { after } = await ground.apply(saying(resting('o-1', 'bot-1'), resting('o-2', 'bot-2')));
    expect([orderRow(1), orderRow(2)]).toEqual([
      ['filled', 2036, 0],
      ['open', 1000, 1036],
    ]);
    expect(after.checked.reconciled.unknown).toMatchObject([
      { scope: '2 orders', why: 'their rows are younger than the list of open orders' },
    ]);
  });
});

describe('SP101 a row that no look shows any more', () => {
  test('SP101 is asked for by its order: what was written is found, and verified', async () => {
    await ground.begin([exit]);
    // Of a position that is closed: once it is over it is not shown.
    ground.bot(stored(1, 900, 'AGIUSDT', 'o-exit-1'));
    const { applied } = await ground.apply(saying());
    expect(orderRow(1)).toEqual(['canceled', 1000, 3160]);
    expect(applied.map(({ after }) => after?.state)).toEqual(Array(4).fill('VERIFIED'));
  });

  test('SP101 and one that was deleted ends its break', async () => {
    await ground.begin([exit]);
    ground.bot(stored(1, 900, 'AGIUSDT', 'o-exit-1'));
    const states = async () => {
      const { breaks } = (await ground.check(saying())).checked.reconciled;
      return breaks.filter(({ lines }) => lines[0]!.what === 'order').map(({ state }) => state);
    };
    expect(await states()).toEqual(['EXPLAINED']);
    ground.bot('DELETE FROM orders WHERE id = 1');
    expect(await states()).toEqual(['SELF_CLEARED']);
  });
});
