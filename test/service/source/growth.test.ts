/** What an update reads, by the history that lies behind it. */
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { BookReader } from '../../../src/service/reading.ts';
import { bodyOfSource, rowsOf, saidOf } from '../../../src/service/source/source-entries.ts';
import { Driver } from '../../../src/store/driver.ts';
import { entryReads } from '../../../src/store/entries.ts';
import { Ground } from './kit.ts';

interface Reads {
  statements: number;
  rows: number;
}

/** Statements that the work ran, in whichever database, and the rows that they gave. */
async function readsOf(work: () => Promise<unknown>): Promise<Reads> {
  const reads: Reads = { statements: 0, rows: 0 };
  const { all, get } = StatementSync.prototype;
  const counted = <T>(asked: (...values: never[]) => T, rowsOf: (answer: T) => number) =>
    function (this: StatementSync, ...values: never[]): T {
      const answer = asked.apply(this, values);
      reads.statements += 1;
      reads.rows += rowsOf(answer);
      return answer;
    };
  Object.assign(StatementSync.prototype, {
    all: counted(all, (rows) => rows.length),
    get: counted(get, (row) => (row === undefined ? 0 : 1)),
  });
  try {
    await work();
  } finally {
    Object.assign(StatementSync.prototype, { all, get });
  }
  return reads;
}

test('N19 what an update reads does not grow with the updates before it', async () => {
  const ground = new Ground();
  await ground.at(async (desk) => {
    let price = 1_600;
    const updated = async () => {
      price += 1;
      ground.clock.advance(1_000);
      ground.bot(`UPDATE positions SET current_price = ${price / 100} WHERE symbol = 'ACI'`);
      return readsOf(() =>
        desk.update({ record: false, prices: null, dryRun: false, actor: 'ann' }),
      );
    };
    // The newest 20 writes are read to explain a difference.
    for (let n = 1; n < 24; n += 1) await updated();
    const few = await updated();
    for (let n = 25; n < 56; n += 1) await updated();
    const many = await updated();
    // 32 more, of 6 steps, 2 looks and a write each. Halving finds a break's newest among twice
    // as many with one or two more questions each time.
    expect(many.rows - few.rows).toBeLessThan(32);
    expect(many.statements - few.statements).toBeLessThan(64);
  });
});

test('N19 entries are found by id through their index', () => {
  const ground = new Ground();
  return ground.makeBook().then(() => {
    const asked: string[] = [];
    const { prepare } = DatabaseSync.prototype;
    const driver = new Driver(ground.book, { readOnly: true, busyTimeoutMs: 0 });
    DatabaseSync.prototype.prepare = function (sql, ...rest) {
      asked.push(sql);
      return prepare.call(this, sql, ...rest);
    };
    try {
      entryReads(driver);
    } finally {
      DatabaseSync.prototype.prepare = prepare;
    }
    const byId = asked.filter((sql) => /\bid = \?/.test(sql));
    expect(byId).toHaveLength(4);
    for (const sql of byId) {
      const plan = driver.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
      expect(plan.map((row) => row[3]).join('\n')).toMatch(
        /SEARCH .* USING (COVERING )?INDEX book_entry_keys \(id=\? AND account=\? AND kind=\?/,
      );
    }
    driver.close();
  });
});

describe('N24 what a look stores of the positions', () => {
  const looks = (ground: Ground) => ground.rows('falcon', 'source');
  const keptIn = (ground: Ground) => {
    const reader = new BookReader(ground.book, ground.clock);
    const { account } = reader.file.accountNamed('falcon')!;
    const kept = looks(ground).map((row) => ({
      said: saidOf(reader.file, account, row).positions,
      rows: rowsOf(reader.file, account, row),
    }));
    reader.close();
    return kept;
  };

  test('N24 is what changed, and a write of the total changes none of them', async () => {
    const ground = new Ground();
    await ground.update();
    ground.bot("UPDATE positions SET current_price = 16.16 WHERE symbol = 'ACI'");
    ground.clock.advance(1_000);
    await ground.check();
    const kept = keptIn(ground);
    expect(kept.map(({ said }) => said.kept?.changed.length)).toEqual([9, 0, 1]);
    // Entry 2 is the first look: the others say what is different there.
    expect(kept.map(({ said }) => said.kept?.as)).toEqual([null, 2, 2]);
    const price = (at: number) => kept[at]!.rows!.find(([symbol]) => symbol === 'ACI')![3];
    expect([price(0), price(1), price(2)]).toEqual(['16', '16', '16.16']);
    expect(kept.map(({ rows }) => rows!.length)).toEqual([9, 9, 9]);
  });

  test('N24 a position that is gone or new is told; many changes are all of them', async () => {
    const ground = new Ground();
    await ground.update();
    ground.clock.advance(1_000);
    ground.bot(
      "DELETE FROM positions WHERE symbol = 'ACI'",
      "INSERT INTO positions (symbol, quantity, entry_price, current_price) VALUES ('NEW',1,1,1)",
    );
    await ground.check();
    ground.clock.advance(1_000);
    ground.bot('UPDATE positions SET current_price = current_price + 1');
    await ground.check();
    const kept = keptIn(ground);
    const symbols = kept[2]!.rows!.map(([symbol]) => symbol);
    expect(symbols).toContain('NEW');
    expect(symbols).not.toContain('ACI');
    expect(symbols).toEqual(symbols.toSorted());
    expect(kept[3]!.said.kept).toMatchObject({ as: null, gone: [] });
  });

  test('N24 above a hundred it is their number and digest', async () => {
    const ground = new Ground();
    const more = Array.from({ length: 92 }, (_, n) => `('P${n}', 1, 1, 1)`).join();
    ground.bot(
      `INSERT INTO positions (symbol, quantity, entry_price, current_price) VALUES ${more}`,
    );
    await ground.update(); // 9 + 92 = 101
    ground.clock.advance(1_000);
    await ground.check();
    const kept = keptIn(ground);
    for (const { said, rows } of kept) {
      expect([said.count, said.kept, rows]).toEqual([101, null, null]);
    }
    expect(new Set(kept.map(({ said }) => said.digest)).size).toBe(1);
    for (const row of looks(ground)) expect(row.body!.length).toBeLessThan(3_000);
    // Unchanged since the write, which is the second look.
    expect(looks(ground).map((row) => bodyOfSource(row).sameAs !== null)).toEqual([
      false,
      false,
      true,
    ]);
  });
});
