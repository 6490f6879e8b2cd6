/** The conformance suite of the schema `monitoring`, writing: rows that change. */
import { expect } from 'vitest';
import { decimal, toTextOrNull } from '../../../src/decimal/text.ts';
import { instant, instantTextOrNull } from '../../../src/model/instant.ts';
import type { PositionChange, PositionWrite } from '../../../src/model/position-source.ts';
import type { DecidePositions, PositionSource } from '../../../src/sources/position-source.ts';
import { TestClock } from '../worlds.ts';
import {
  additionOf,
  at,
  changeOf,
  generations,
  type MonitoringWorld,
  orderOf,
  positionOf,
  positionsOn,
  shown,
  tradeOf,
  writeOf,
} from './ground.ts';
import { type PositionScenario, scenario } from './scenario.ts';

type Part = Partial<PositionChange>;

/** Decides one change for each symbol, on what the snapshot says. */
const deciding =
  (parts: Readonly<Record<string, Part>>): DecidePositions =>
  (snapshot) =>
    writeOf({
      changes: Object.entries(parts).map(([symbol, part]) => changeOf(snapshot, symbol, part)),
    });

const closing = (part: Partial<NonNullable<PositionChange['close']>> = {}): Part => ({
  close: {
    at: instant('2025-10-13T15:19:02Z'),
    ...{ exitPrice: decimal('0.04809'), realisedPnl: decimal('-14.1024') },
    ...{ fees: decimal('0.2107'), reason: 'aged exit, filled' },
    ...part,
  },
});

/** As numbers where they are any: an engine shows 60 as 60.00000000. */
const cells = (row: Readonly<Record<string, unknown>> | undefined) =>
  Object.values(row ?? {}).map((cell) => {
    const text = cell === null ? null : String(cell);
    return text !== null && /^-?\d+\.\d+$/.test(text) ? toTextOrNull(decimal(text)) : text;
  });

const stored = async (world: MonitoringWorld, columns: string, id: string) =>
  cells((await world.rows(`SELECT ${columns} FROM positions WHERE id = '${id}'`))[0]);

const idOf = (generation: string, number: number) =>
  generation === 'exit-price' ? `pos_${number}` : String(number);

const refused = async (source: PositionSource, decide: DecidePositions) => {
  const error = await source.write(decide).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(await source.audit(0, 10)).toEqual([]);
  return error;
};

export const writingCases: readonly PositionScenario[] = [
  ...generations.map((generation) =>
    scenario(
      `Q108 Q112 ${generation}: the sizes of the exchange are written, with what was there`,
      async (make) => {
        const world = await make(generation);
        const source = await positionsOn(world);
        const { audit, backup } = await source.write(
          deciding({
            HNTUSDT: { quantity: decimal('59.88') },
            SCAUSDT: { quantity: decimal('2036.0'), currentPrice: decimal('0.09527') },
            AGIUSDT: { quantity: decimal('3160'), unrealisedPnl: decimal('-10.744') },
          }),
        );
        const one = await source.snapshot();
        const [hnt, sca, agi] = ['HNTUSDT', 'SCAUSDT', 'AGIUSDT'].map((s) => positionOf(one, s));
        expect([hnt, sca, agi].map((row) => toTextOrNull(row!.quantity))).toEqual([
          ...['59.88', '2036', '3160'],
        ]);
        expect(toTextOrNull(sca!.currentPrice)).toBe('0.09527');
        expect(toTextOrNull(agi!.unrealisedPnl)).toBe('-10.744');
        expect(instantTextOrNull(hnt!.updatedAt)).toBe('2025-10-13T15:28:30Z');
        // What was not named stays as it was.
        expect([hnt!.entryPrice, hnt!.currentPrice].map(toTextOrNull)).toEqual(['2.35', '2.33']);
        expect(backup).toContain('2025-10-13');
        expect(audit).toMatchObject({ actor: 'trueup', action: 'update', at });
        const [first] = audit!.changes;
        expect(first).toMatchObject({
          ...{
            table: 'positions',
            key: idOf(generation, 274),
            role: 'position',
            column: 'quantity',
          },
          columns: { quantity: 'quantity' },
        });
        expect(cells({ q: first!.before!['quantity'] })).toEqual(['60']);
        expect(cells({ q: first!.after!['quantity'] })).toEqual(['59.88']);
        // So that it can be seen later what was overwritten.
        expect(one.writes.map(({ id }) => id)).toEqual([audit!.id]);
        expect(one.written.map(shown)).toEqual([agi!, sca!, hnt!].sort(byKey).map(shown));
        await source.close();
      },
    ),
  ),

  ...generations.map((generation) =>
    scenario(
      `Q110 Q111 ${generation}: a position is closed in the words of the bot`,
      async (make) => {
        const world = await make(generation);
        const source = await positionsOn(world);
        await source.write(deciding({ AGIUSDT: closing() }));
        const one = await source.snapshot();
        expect(one.counts).toMatchObject({ active: 8, closed: 1 });
        const [row] = one.written;
        expect(row).toMatchObject({ status: 'closed', exitReason: 'aged exit, filled' });
        expect(instantTextOrNull(row!.closedAt)).toBe('2025-10-13T15:19:02Z');
        expect(toTextOrNull(row!.realisedPnl)).toBe('-14.1024');
        const id = idOf(generation, 1);
        expect(await stored(world, 'status, quantity', id)).toEqual([
          generation === 'exit-price' ? 'CLOSED' : 'closed',
          '4160',
        ]);
        const kept = {
          // No column for them: the exit price is where this bot leaves it.
          'pnl-only': ['pnl, current_price', '-14.1024', '0.04809'],
          'realized-pnl': [
            ...['realized_pnl, pnl, fees, current_price', '-14.1024', '-14.1024', '0.2107'],
            '0.04809',
          ],
          'exit-price': [
            ...['realized_pnl, exit_price, fees, current_price', '-14.1024', '0.04809', '0.2107'],
            '0.0481',
          ],
        }[generation];
        expect(await stored(world, kept[0]!, id)).toEqual(kept.slice(1));
        await source.close();
      },
    ),
  ),

  scenario('Q110 what is not known of a closed position is NULL, never 0', async (make) => {
    const world = await make('realized-pnl');
    const source = await positionsOn(world);
    const unknown = { exitPrice: null, realisedPnl: null, fees: null };
    await source.write(deciding({ AGIUSDT: closing(unknown) }));
    // The fees were 0 by the column's default, the price is the newest that the bot saw.
    expect(await stored(world, 'realized_pnl, pnl, fees, current_price', '1')).toEqual([
      ...[null, null, null, '0.0481'],
    ]);
    await source.close();
  }),
  scenario(
    'Q110 a column that may not be empty refuses a closing without its figure',
    async (make) => {
      const columns = `${numbers('realized_pnl')} NOT NULL DEFAULT 0`;
      const source = await positionsOn(
        await make('pnl-only', [`ALTER TABLE positions ADD COLUMN ${columns}`]),
      );
      const error = await refused(source, deciding({ AGIUSDT: closing({ realisedPnl: null }) }));
      expect(error).toMatchObject({
        code: 'source-unsupported',
        message: 'positions.realized_pnl may not be empty, and the realised-pnl is not known',
      });
      await source.write(deciding({ AGIUSDT: closing() }));
      await source.close();
    },
  ),
  scenario(
    'Q108 a row that is not what was decided on is refused, and nothing is written',
    async (make) => {
      const world = await make('pnl-only');
      const source = await positionsOn(world);
      const seen = await source.snapshot();
      const decided = (symbol: string, part: Part): DecidePositions => {
        const changes = [
          changeOf(seen, 'SCAUSDT', { quantity: decimal('2036') }),
          changeOf(seen, symbol, { quantity: decimal('1'), ...part }),
        ];
        return () => writeOf({ changes });
      };
      const told = async (part: Part = {}) => {
        const error = await refused(source, decided('AGIUSDT', part));
        const { code, message } = error as { code: string; message: string };
        return `${code}: ${message}`;
      };
      await world.bot('UPDATE positions SET quantity = 3160 WHERE id = 1');
      expect(await told()).toBe(
        'source-moved: AGIUSDT has quantity 3160 now, and not 4160: it changed since it was ' +
          'decided on',
      );
      await world.bot("UPDATE positions SET quantity = 4160, side = 'long' WHERE id = 1");
      expect(await told()).toMatch(/^source-moved: AGIUSDT is long now, and not short/);
      await world.bot("UPDATE positions SET side = 'short', status = 'closed' WHERE id = 1");
      expect(await told()).toMatch(/^source-moved: AGIUSDT is closed now, and not active/);
      expect(await told({ symbol: 'AGIXUSDT' })).toMatch(/ 1 is AGIUSDT now, and not AGIXUSDT/);
      await world.bot('DELETE FROM positions WHERE id = 1');
      expect(await told()).toMatch(/^source-moved: positions has no row 1 any more/);
      expect(await stored(world, 'quantity', '38')).toEqual(['2136.9']);
      // A row that is closed already can be set right, where that is what was seen.
      await world.bot("UPDATE positions SET status = 'closed', pnl = 0 WHERE id = 38");
      const [status, direction] = ['closed', 'short'] as const;
      const expected = { quantity: decimal('2136.9'), status, direction };
      const changes = [{ id: '38', symbol: 'SCAUSDT', expected, ...closing() }];
      await source.write(() => writeOf({ changes }));
      expect(await stored(world, 'status, pnl', '38')).toEqual(['closed', '-14.1024']);
      await source.close();
    },
  ),
  scenario(
    'Q109 a quantity is stored to its last digit, or refused; money is the nearest',
    async (make) => {
      const world = await make('realized-pnl');
      const source = await positionsOn(world);
      const long = '0.123456789012345678';
      const error = await refused(source, deciding({ HNTUSDT: { quantity: decimal(long) } }));
      expect(error).toMatchObject({ code: 'source-unsupported' });
      expect(String(error)).toContain(
        world.engine === 'sqlite'
          ? `positions.quantity cannot hold ${long}: it would keep 0.12345678901234568`
          : `positions.quantity cannot hold ${long}: it keeps 8 digits behind the point`,
      );
      const quantity = decimal('12345678.00000001');
      await source.write(deciding({ HNTUSDT: { quantity, unrealisedPnl: decimal(long) } }));
      const { unrealisedPnl, ...row } = positionOf(await source.snapshot(), 'HNTUSDT');
      expect(toTextOrNull(row.quantity)).toBe('12345678.00000001');
      expect(toTextOrNull(unrealisedPnl)).toBe(
        // Half-even at eight digits, or the nearest double.
        world.engine === 'sqlite' ? '0.12345678901234568' : '0.12345679',
      );
      await source.close();
    },
  ),
  scenario('Q112 what triggers of the bot do stays, and is in the log', async (make) => {
    const world = await make('realized-pnl', [`ALTER TABLE positions ADD COLUMN pnl_percent INT`]);
    await world.bot(
      world.engine === 'sqlite'
        ? `CREATE TRIGGER bots AFTER UPDATE OF quantity ON positions BEGIN
              UPDATE positions SET pnl_percent = 7, updated_at = '2025-10-13 15:28:31'
              WHERE id = NEW.id; END`
        : `CREATE FUNCTION bots() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              NEW.pnl_percent := 7; NEW.updated_at := '2025-10-13 15:28:31'; RETURN NEW; END $$;
             CREATE TRIGGER bots BEFORE UPDATE ON positions FOR EACH ROW EXECUTE FUNCTION bots()`,
    );
    const source = await positionsOn(world);
    const { audit } = await source.write(deciding({ HNTUSDT: { quantity: decimal('59.88') } }));
    const [change] = audit!.changes;
    expect(cells(change!.before!)).toEqual(['60', '2025-10-13 15:25:06', null]);
    expect(cells(change!.after!)).toEqual(['59.88', '2025-10-13 15:28:31', '7']);
    await source.close();
  }),
  scenario('Q112 SP87 a write that does not take is none at all', async (make) => {
    const world = await make('pnl-only');
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
    const before = await stored(world, 'quantity, unrealized_pnl, updated_at', '274');
    const price = { currentPrice: decimal('2.5'), unrealisedPnl: decimal('9') };
    const error = await refused(
      source,
      deciding({ HNTUSDT: { quantity: decimal('59.88'), ...price } }),
    );
    expect(String(error)).toMatch(
      /positions 274: quantity was written as 59\.88 and is 60(\.0+)? afterwards/,
    );
    expect(await stored(world, 'quantity, unrealized_pnl, updated_at', '274')).toEqual(before);
    // What it does not keep from being written is written, money as the nearest that fits.
    const exact = { entryPrice: decimal('193.487328544690458767') };
    const nearest = await source.write(deciding({ SCAUSDT: exact }));
    expect(nearest.audit!.changes).toHaveLength(1);
    const { audit } = await source.write(deciding({ HNTUSDT: price }));
    expect(audit).not.toBeNull();
    await source.close();
  }),
  scenario('Q116 nothing to write is no lock, no copy and no row', async (make) => {
    const world = await make('pnl-only');
    const database = await world.open(new TestClock());
    const source = await positionsOn(world);
    const same = deciding({ HNTUSDT: { quantity: decimal('60.0') } });
    for (const decide of [() => null, () => writeOf({}), same]) {
      expect(await source.write(decide)).toMatchObject({ audit: null, backup: null });
    }
    expect(await database.backups()).toEqual([]);
    expect((await database.tables()).map(({ name }) => name)).not.toContain('trueup_audit');
    await Promise.all([source.close(), database.close()]);
  }),
  scenario('Q116 one row that is refused leaves all of them as they were', async (make) => {
    const world = await make('pnl-only');
    const source = await positionsOn(world);
    await world.bot(
      world.engine === 'sqlite'
        ? `CREATE TRIGGER no BEFORE UPDATE ON positions WHEN OLD.id = 38
              BEGIN SELECT RAISE(ABORT, 'not this one'); END`
        : `CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF OLD.id = 38 THEN RAISE EXCEPTION 'not this one'; END IF; RETURN NEW; END $$;
             CREATE TRIGGER no BEFORE UPDATE ON positions FOR EACH ROW EXECUTE FUNCTION no()`,
    );
    const parts = { HNTUSDT: { quantity: decimal('59.88') }, SCAUSDT: closing() };
    const error = await refused(source, deciding(parts));
    expect(String(error)).toContain('not this one');
    expect(await stored(world, 'quantity', '274')).toEqual(['60']);
    await source.close();
  }),
  scenario('Q116 a rehearsal refuses what a write would, and writes nothing', async (make) => {
    const world = await make('exit-price');
    const source = await positionsOn(world);
    const snapshot = await source.rehearse(deciding({ HNTUSDT: { quantity: decimal('59.88') } }));
    expect(shown(positionOf(snapshot, 'HNTUSDT'))).toBe('pos_274 HNTUSDT long 60 active');
    const wanted: readonly Partial<PositionWrite>[] = [
      { orders: [orderOf('o-1')] },
      { trades: [tradeOf('e-1', '1000')] },
      { additions: [additionOf({ orderIds: [] })] },
    ];
    for (const part of wanted) {
      const told = source.rehearse(() => writeOf(part));
      await expect(told).rejects.toMatchObject({ code: 'source-unsupported' });
    }
    expect(await stored(world, 'quantity', 'pos_274')).toEqual(['60']);
    await source.close();
  }),
  scenario(
    'Q122 times are written in the form of their columns, in the zone of the source',
    async (make) => {
      const world = await make('realized-pnl', [
        "UPDATE positions SET updated_at = '2025-10-13 19:25:06.123456' WHERE id = 274",
      ]);
      const source = await positionsOn(world, '+04:00');
      await source.write(deciding({ HNTUSDT: { quantity: decimal('59.88') }, SCAUSDT: closing() }));
      const written = await stored(world, 'CAST(updated_at AS TEXT)', '274');
      expect(written[0]).toMatch(/^2025-10-13 19:28:30(\.000000)?$/);
      const closed = await stored(world, 'CAST(closed_at AS TEXT)', '38');
      expect(closed).toEqual(['2025-10-13 19:19:02']);
      const rows = (await source.snapshot()).written.map((row) => instantTextOrNull(row.updatedAt));
      expect(rows).toEqual(['2025-10-13T15:28:30Z', '2025-10-13T15:28:30Z']);
      await source.close();
    },
  ),
];

const byKey = (a: { id: string }, b: { id: string }): number => {
  const areNumbers = /^\d+$/.test(a.id + b.id);
  return areNumbers ? Number(a.id) - Number(b.id) : a.id < b.id ? -1 : 1;
};

const numbers = (name: string): string => `${name} NUMERIC(20,8)`;
