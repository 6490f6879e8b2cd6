/**
 * A small paper-trading bot in Node. It keeps its account in its own SQLite file and knows
 * nothing of Trueup but one call: after every order and every price it asks for the stored total
 * to be brought to the truth.
 *
 *   node examples/node-bot/bot.ts [paper_trading.db]
 */
import { DatabaseSync } from 'node:sqlite';
import { type Balance, balance } from 'trueup';

const path = process.argv[2] ?? 'paper_trading.db';
const now = `strftime('%Y-%m-%dT%H:%M:%f', 'now')`;

class Bot {
  readonly #file = new DatabaseSync(path, { timeout: 5_000 });
  readonly #stored: Balance = balance(`sqlite:${path}`);

  constructor() {
    this.#file.exec(`
      CREATE TABLE IF NOT EXISTS account (
        id INTEGER PRIMARY KEY, cash REAL, total_value REAL, last_updated TEXT);
      CREATE TABLE IF NOT EXISTS positions (
        symbol TEXT PRIMARY KEY, quantity REAL, entry_price REAL, current_price REAL,
        entry_date TEXT, last_updated TEXT);
      CREATE TABLE IF NOT EXISTS orders (
        id INTEGER PRIMARY KEY, symbol TEXT, side TEXT, quantity REAL, price REAL,
        timestamp TEXT, pnl REAL);
      CREATE TABLE IF NOT EXISTS performance (
        timestamp TEXT PRIMARY KEY, total_value REAL, cash REAL, positions_value REAL);
      INSERT INTO account SELECT 1, 10000.0, 10000.0, ${now} WHERE NOT EXISTS (
        SELECT 1 FROM account)`);
  }

  /** Filled at once, as paper is. */
  buy(symbol: string, quantity: number, price: number): void {
    this.#inOneTransaction(() => {
      this.#run(`UPDATE account SET cash = round(cash - ?, 2), last_updated = ${now}`, [
        quantity * price,
      ]);
      this.#run(
        `INSERT INTO positions VALUES (?1, ?2, ?3, ?3, ${now}, ${now})
         ON CONFLICT (symbol) DO UPDATE SET quantity = quantity + ?2, current_price = ?3,
           entry_price = (entry_price * quantity + ?3 * ?2) / (quantity + ?2)`,
        [symbol, quantity, price],
      );
      this.#run(
        `INSERT INTO orders (symbol, side, quantity, price, timestamp)
         VALUES (?, 'buy', ?, ?, ${now})`,
        [symbol, quantity, price],
      );
    });
    this.#balance();
  }

  quote(symbol: string, price: number): void {
    this.#run(`UPDATE positions SET current_price = ?, last_updated = ${now} WHERE symbol = ?`, [
      price,
      symbol,
    ]);
    this.#balance();
  }

  /** The whole of it: not awaited, so that the bot goes on at once. */
  #balance(): void {
    this.#stored.update();
  }

  async report(): Promise<string> {
    await this.#stored.update();
    const row = this.#file.prepare('SELECT cash, total_value AS total FROM account').get();
    return `cash ${row?.['cash']}, stored total ${row?.['total']}`;
  }

  async close(): Promise<void> {
    await this.#stored.close();
    this.#file.close();
  }

  #run(sql: string, values: readonly (string | number)[]): void {
    this.#file.prepare(sql).run(...values);
  }

  #inOneTransaction(work: () => void): void {
    this.#file.exec('BEGIN IMMEDIATE');
    work();
    this.#file.exec('COMMIT');
  }
}

const bot = new Bot();
bot.buy('ACI', 62.5, 16.88);
bot.buy('KO', 14, 71.2);
bot.quote('ACI', 16);
bot.quote('KO', 70.5);
console.log(await bot.report());
await bot.close();
