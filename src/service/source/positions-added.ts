/** Rows of orders and trades that we added to a bot's tables: they say nothing of the bot. */
import type { PositionSource } from '../../sources/position-source.ts';

const pageRows = 1_000;

/** Servers may commit rows in another order than they number them. */
const margin = 100;

/** Kept by who looks often: only what is new in the log is read again. */
export class AddedRows {
  readonly orders = new Set<string>();
  readonly trades = new Set<string>();
  #to = 0;

  async read(source: Pick<PositionSource, 'audit'>): Promise<void> {
    for (let from = Math.max(0, this.#to - margin); ; ) {
      const rows = await source.audit(from, pageRows);
      for (const { actor, changes } of rows) {
        if (actor !== 'trueup') continue;
        for (const { role, key, before } of changes) {
          if (before !== null) continue;
          if (role === 'order') this.orders.add(key);
          if (role === 'trade') this.trades.add(key);
        }
      }
      from = rows.at(-1)?.id ?? from;
      this.#to = Math.max(this.#to, from);
      if (rows.length < pageRows) return;
    }
  }
}

export async function addedIn(source: Pick<PositionSource, 'audit'>): Promise<AddedRows> {
  const added = new AddedRows();
  await added.read(source);
  return added;
}
