/**
 * The database of a bot that misbehaves: it writes what it remembers, which was true once. The
 * schema is that of incident 2.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { instantText } from '../../src/model/instant.ts';
import { createIncidentDatabase } from '../../src/sources/monitoring/incident-database.ts';
import { type Ledger, textOfUnits } from './ledger.ts';
import type { Step } from './step.ts';

export interface BotRow {
  readonly id: number;
  readonly symbol: string;
  readonly side: string;
  readonly quantity: string;
}

const contracts = ['BTC/USDT:USDT', 'ETH/USDT:USDT'];

export class BotRows {
  readonly path: string;
  readonly backups: string;
  readonly #ledger: Ledger;
  /** What the bot last looked up at the exchange. */
  readonly #memory = new Map<string, bigint>();
  /** What was held when it last looked whether something had grown. */
  readonly #kept = new Map<string, bigint>();
  #isMade = false;

  constructor(folder: string, ledger: Ledger) {
    this.path = join(folder, 'bot.db');
    this.backups = join(folder, 'backups');
    this.#ledger = ledger;
  }

  get isMade(): boolean {
    return this.#isMade;
  }

  /** It looks up what is held, or believes what it knows; and writes that. */
  write({ which, a }: Pick<Step, 'which' | 'a'>, now: bigint): void {
    const symbol = contracts[which % contracts.length]!;
    if (a % 2 === 0) this.#memory.set(symbol, this.#ledger.held().positions.get(symbol) ?? 0n);
    const quantity = this.#memory.get(symbol);
    if (quantity === undefined) return;
    if (!this.#isMade) {
      createIncidentDatabase(this.path);
      this.#run('DELETE FROM positions');
      this.#isMade = true;
    }
    const active = this.active().find((row) => row.symbol === symbol);
    const time = instantText(now).replace('Z', '+00:00');
    const text = textOfUnits(quantity < 0n ? -quantity : quantity);
    const side = quantity < 0n ? 'sell' : 'buy';
    if (quantity === 0n) return;
    if (active === undefined) {
      this.#run(
        `INSERT INTO positions (symbol, exchange, side, quantity, entry_price, current_price,
           status, opened_at, created_at, updated_at)
         VALUES ('${symbol}', 'paper', '${side}', ${text}, 1, 1, 'active', '${time}', '${time}',
           '${time}')`,
      );
    } else {
      this.#run(
        `UPDATE positions SET quantity = ${text}, side = '${side}', updated_at = '${time}'
         WHERE id = ${active.id}`,
      );
    }
  }

  /** After a fill that made a position larger it writes what is held; exits are what it forgets. */
  keep(now: bigint): void {
    const { positions } = this.#ledger.held();
    for (const [which, symbol] of contracts.entries()) {
      const held = positions.get(symbol) ?? 0n;
      const before = this.#kept.get(symbol) ?? 0n;
      this.#kept.set(symbol, held);
      const isLarger = held > 0n ? held > before : held < before;
      if (isLarger && held !== 0n) this.write({ which, a: 0 }, now);
    }
  }

  active(): readonly BotRow[] {
    const file = new DatabaseSync(this.path, { readOnly: true });
    try {
      const sql = `SELECT id, symbol, side, CAST(quantity AS TEXT) AS quantity FROM positions
        WHERE status = 'active'`;
      return file.prepare(sql).all() as unknown as readonly BotRow[];
    } finally {
      file.close();
    }
  }

  #run(sql: string): void {
    const file = new DatabaseSync(this.path);
    try {
      file.exec(`PRAGMA synchronous = OFF; ${sql}`);
    } finally {
      file.close();
    }
  }
}
