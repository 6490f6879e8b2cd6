/** Whatever a bot does to a guarded server, the total is the exact sum, rounded once. */
import Big from 'big.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres, type TestServer } from '../postgres/server.ts';
import { worthOf } from './guarded-file.ts';
import { GuardedServer } from './guarded-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => server.stop());

const key = fc.integer({ min: 1, max: 4 });
const symbol = fc.constantFrom("'A'", "'B'", "'C'");
const quantity = fc.constantFrom(
  '1',
  '2.5',
  '-3',
  '0.3333',
  '0.0001',
  '62.5',
  '0',
  'NULL',
  "'NaN'",
);
const price = fc.constantFrom('16.88', '0.01', '99999.99', '0', '3', 'NULL');
const cash = fc.constantFrom('0', '1058.7', '-12.34', 'NULL', '123456789.01');

const words = (strings: TemplateStringsArray, ...parts: fc.Arbitrary<unknown>[]) =>
  fc.tuple(...parts).map((values) => strings.map((text, at) => text + (values[at] ?? '')).join(''));

const row = words`(${key}, ${symbol}, ${quantity}, ${price})`;
const statement = fc.oneof(
  words`INSERT INTO positions VALUES ${row} ON CONFLICT DO NOTHING`,
  words`INSERT INTO positions VALUES ${row} ON CONFLICT (account_id, symbol)
    DO UPDATE SET quantity = excluded.quantity, current_price = ${price}`,
  words`INSERT INTO positions VALUES ${row}`,
  words`UPDATE positions SET current_price = ${price} WHERE symbol <> ${symbol}`,
  words`UPDATE positions SET account_id = ${key}, quantity = ${quantity} WHERE symbol = ${symbol}`,
  words`UPDATE positions SET quantity = -quantity, current_price = current_price * 1.01`,
  words`DELETE FROM positions WHERE account_id = ${key}`,
  fc.constant('TRUNCATE positions'),
  words`UPDATE account SET cash = ${cash} WHERE id = ${key}`,
  words`UPDATE account SET total_value = 10000, cash = cash + 0.01`,
  words`UPDATE account SET id = ${key} WHERE id = ${key}`,
  words`INSERT INTO account VALUES (${key}, ${cash}, 7)`,
  words`DELETE FROM account WHERE id = ${key}`,
  fc.constantFrom('BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT s', 'ROLLBACK TO s'),
);

test('G1 G2 G5 no sequence of statements leaves a total on the server wrong', async () => {
  const one = await GuardedServer.of(
    server,
    `CREATE TABLE account (id INTEGER PRIMARY KEY, cash DECIMAL(15,2), total_value DECIMAL(15,2));
     CREATE TABLE positions (account_id INTEGER, symbol TEXT, quantity DECIMAL(15,4),
       current_price DECIMAL(15,4), PRIMARY KEY (account_id, symbol))`,
  );
  const run = async (statements: readonly string[], audit: boolean) => {
    await (await one.guard()).remove();
    await one.run(`TRUNCATE account, positions;
      INSERT INTO account VALUES (1, 1000, 5), (2, 2000, 5);
      INSERT INTO positions VALUES (1, 'A', 10, 2.5), (2, 'B', 4, 7.75)`);
    await one.install({ audit });
    for (const sql of statements) await attempt(one, sql);
    await attempt(one, 'COMMIT');
    const accounts = await one.rows('SELECT id, cash FROM account ORDER BY id');
    const worth = worthOf(accounts, await one.rows('SELECT * FROM positions'));
    expect(await one.totals()).toEqual(
      worth.map((exact) => exact?.round(2, Big.roundHalfUp).toFixed(2) ?? null),
    );
    expect(await one.status()).toMatchObject({ state: 'installed', findings: [], unlogged: [] });
  };
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { maxLength: 30, size: 'max' }), fc.boolean(), run),
    { numRuns: 80 },
  );
  await one.end();
});

/** A bot's statement may fail, and then nothing of its transaction counts. */
async function attempt(one: GuardedServer, sql: string): Promise<void> {
  try {
    await one.run(sql);
  } catch (error) {
    expect(String(error)).toMatch(/duplicate key|savepoint|aborted|transaction blocks?/i);
  }
}
