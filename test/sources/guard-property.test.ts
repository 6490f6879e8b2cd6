/** Whatever a bot does to a guarded file, the totals stay what the rows are worth. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundText, distance, GuardedFile, worthOf } from './guarded-file.ts';

const runs = 30;

/** Every way in which a table of positions can tell its rows apart. */
const tables: Readonly<Record<string, string>> = {
  'symbol is the key': '(symbol TEXT PRIMARY KEY, id INTEGER, ...)',
  'a number is the key': '(id INTEGER PRIMARY KEY, symbol TEXT UNIQUE, ...)',
  'no key': '(id INTEGER, symbol TEXT, ...)',
  'one row for each account and symbol':
    '(id INTEGER PRIMARY KEY, symbol TEXT COLLATE NOCASE, ..., UNIQUE (account_id, symbol))',
  'rows without a number': '(symbol TEXT PRIMARY KEY, id INTEGER UNIQUE, ...) WITHOUT ROWID',
  'one account alone': '(symbol TEXT PRIMARY KEY, id INTEGER UNIQUE, ...)',
  'replaces by itself': '(symbol TEXT PRIMARY KEY ON CONFLICT REPLACE, id INTEGER UNIQUE, ...)',
};

const others = 'account_id INTEGER, quantity REAL, current_price REAL';
const symbol = fc.constantFrom("'A'", "'B'", "'C'", "'D'", "'a'");
const key = fc.integer({ min: 1, max: 5 });
const owner = fc.constantFrom('1', '2', '3');
const quantity = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('1', '2.5', '-3', '0.333333', '1e-7', '62.5', '0') },
  { weight: 1, arbitrary: fc.constantFrom('NULL', "'many'") },
);
const price = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('16.88', '0.1', '1e-5', '99999.999', '0', '3') },
  { weight: 1, arbitrary: fc.constantFrom('NULL', "'?'", '9e999') },
);
const cash = fc.constantFrom('0', '1058.7', '-12.34', '0.1', 'NULL', '123456789.01');
const conflict = fc.constantFrom('', 'OR REPLACE', 'OR IGNORE', 'OR FAIL', 'OR ABORT');

const words = (strings: TemplateStringsArray, ...parts: fc.Arbitrary<unknown>[]) =>
  fc.tuple(...parts).map((values) => strings.map((text, at) => text + (values[at] ?? '')).join(''));

const insert = words`INSERT ${conflict} INTO positions
  (id, symbol, account_id, quantity, current_price)
  VALUES (${key}, ${symbol}, ${owner}, ${quantity}, ${price})`;
const bounds = fc.constantFrom('BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT s', 'ROLLBACK TO s');

const statement = fc.oneof(
  { weight: 4, arbitrary: insert },
  words`INSERT INTO positions (id, symbol, account_id, quantity, current_price)
    VALUES (${key}, ${symbol}, ${owner}, ${quantity}, ${price})
    ON CONFLICT DO UPDATE SET quantity = excluded.quantity, current_price = ${price}`,
  words`UPDATE positions SET current_price = ${price} WHERE symbol <> ${symbol}`,
  words`UPDATE ${conflict} positions SET symbol = ${symbol}, quantity = ${quantity}
    WHERE id = ${key}`,
  words`UPDATE ${conflict} positions SET id = ${key}, account_id = ${owner}
    WHERE symbol = ${symbol}`,
  words`UPDATE positions SET quantity = -quantity, current_price = current_price * 1.01`,
  words`DELETE FROM positions WHERE id = ${key}`,
  fc.constant('DELETE FROM positions'),
  words`UPDATE account SET cash = ${cash} WHERE id = ${owner}`,
  words`UPDATE account SET total_value = 10000, cash = cash + 1`,
  words`UPDATE account SET total_value = ${cash} WHERE id = ${owner}`,
  words`INSERT OR REPLACE INTO account (id, cash, total_value) VALUES (${owner}, ${cash}, 10000)`,
  words`DELETE FROM account WHERE id = ${owner}`,
  bounds,
  fc.constantFrom('PRAGMA recursive_triggers = 1', 'PRAGMA recursive_triggers = 0'),
);

/** The same, in a table that does not say whose a position is. */
const withoutOwner = (sql: string): string =>
  sql.replaceAll('account_id', 'strategy').replace(', (2, 2000, 5)', '');

const asItIs = (sql: string): string => sql;

for (const [name, columns] of Object.entries(tables)) {
  const told = name === 'one account alone' ? withoutOwner : asItIs;
  const schema = told(`
    CREATE TABLE account (id INTEGER PRIMARY KEY, cash REAL, total_value REAL);
    CREATE TABLE positions ${columns.replace('...', others)};
    CREATE TABLE seen (what TEXT);
    CREATE TRIGGER theirs AFTER UPDATE ON account BEGIN INSERT INTO seen VALUES (NEW.id); END;
    INSERT INTO account VALUES (1, 1000, 5), (2, 2000, 5);
    INSERT INTO positions (id, symbol, account_id, quantity, current_price)
      VALUES (1, 'A', 1, 10, 2.5), (2, 'B', 2, 4, 7.75), (3, 'C', 1, 1, 100);`);

  test.concurrent(`G1 G2 G3 G5 no statements leave a total wrong: ${name}`, async () => {
    const audit = fc.boolean();
    const run = async (statements: readonly string[], audited: boolean) => {
      const file = new GuardedFile(schema);
      try {
        await file.install({ audit: audited });
        for (const sql of statements) {
          attempt(() => file.bot.exec(told(sql)));
        }
        if (file.bot.isTransaction) file.bot.exec('COMMIT');
        const accounts = file.rows('SELECT id, cash FROM account ORDER BY id');
        const isTold = told === asItIs || accounts.length === 1;
        const worth = isTold
          ? worthOf(accounts, file.rows('SELECT * FROM positions'))
          : accounts.map(() => null);
        const status = await file.status();
        expect(status).toMatchObject({ state: 'installed', unlogged: [] });
        for (const [at, total] of file.totals().entries()) {
          const apart = distance(total, worth[at]!);
          expect(apart?.lte(boundText(status)), `${total} for ${worth[at]}`).toBe(true);
        }
      } finally {
        await file.end();
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.array(statement, { maxLength: 40, size: 'max' }), audit, run),
      { numRuns: runs },
    );
  });
}

/** A bot's statement may fail, as COMMIT does outside a transaction: then nothing was done. */
function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    expect(String(error)).toMatch(/constraint|transaction|savepoint/);
  }
}
