/** One of several bots that write a SQLite file at once, in a thread, until told to stop. */
import { DatabaseSync } from 'node:sqlite';
import { isMainThread, workerData } from 'node:worker_threads';

export interface WriterOrders {
  readonly path: string;
  readonly seed: number;
  /** Not 0: stop. */
  readonly stop: SharedArrayBuffer;
  /** Is counted up with every commit. */
  readonly commits: SharedArrayBuffer;
}

/** Quarters and whole numbers: doubles add and multiply them exactly, in any order. */
export function transactionOf(random: () => number, numbers: 'sqlite' | 'postgresql'): string[] {
  const pick = (below: number) => Math.floor(random() * below);
  const symbol = `'S${pick(20)}'`;
  const price = (pick(4_000) + 1) / 4;
  const quantity = pick(200) - 50;
  const values = `(symbol, quantity, current_price) VALUES (${symbol}, ${quantity}, ${price})`;
  const upsert =
    numbers === 'sqlite' && random() < 0.5
      ? `INSERT OR REPLACE INTO positions ${values}`
      : `INSERT INTO positions ${values} ON CONFLICT (symbol) DO UPDATE
          SET quantity = excluded.quantity, current_price = excluded.current_price`;
  const pay = `UPDATE account SET cash = cash - ${price}`;
  const order = `INSERT INTO orders (symbol, side, quantity, price)
    VALUES (${symbol}, 'buy', ${quantity}, ${price})`;
  const mark = `UPDATE positions SET current_price = ${price} WHERE symbol = ${symbol}`;
  const kinds = [
    [mark],
    [mark],
    [pay, upsert, order],
    [upsert, pay],
    [`DELETE FROM positions WHERE symbol = ${symbol}`, pay],
    ['UPDATE positions SET current_price = current_price + 0.25'],
    [pay],
  ];
  return kinds[pick(kinds.length)]!;
}

/** A generator that repeats: https://en.wikipedia.org/wiki/Linear_congruential_generator */
export function randomOf(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

function write({ path, seed, stop, commits }: WriterOrders): void {
  const database = new DatabaseSync(path, { timeout: 30_000 });
  database.exec('PRAGMA synchronous = OFF');
  const [end, count] = [new Int32Array(stop), new Int32Array(commits)];
  const random = randomOf(seed);
  while (Atomics.load(end, 0) === 0) {
    const statements = transactionOf(random, 'sqlite');
    const isOne = statements.length === 1;
    database.exec(isOne ? statements[0]! : `BEGIN IMMEDIATE; ${statements.join(';')}; COMMIT`);
    Atomics.add(count, 0, 1);
  }
  database.close();
}

if (!isMainThread && workerData?.path !== undefined) write(workerData as WriterOrders);
