/**
 * What `balance(source).update()` costs the thread of the bot that calls it after every order,
 * beside the order's own transaction in the bot's database, in the same run.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Balance, balance } from '../src/service/source/balance.ts';
import { createIncidentDatabase } from '../src/sources/falcon/incident-database.ts';
import { median, percentile } from './measure.ts';
import { inFolder } from './temporary-book.ts';

const orders = 1_000;
/** As many orders of which each waits for its update. */
const awaitedOrders = 30;
/** So many more come first and do not count. */
const warmUps = 5;

export async function run(): Promise<void> {
  await inFolder(async (folder) => {
    const file = join(folder, 'paper_trading.db');
    createIncidentDatabase(file);
    const bot = new DatabaseSync(file, { timeout: 5_000 });
    const made = timed(() => balance(`sqlite:${file}`, { book: join(folder, 'trueup.db') }));
    const stored = made.result;
    await stored.update();
    console.log(`  made in ${microseconds(made.took)}, once`);
    report('back to back', await trade(bot, stored, orders, false));
    report('each awaited', await trade(bot, stored, awaitedOrders, true));
    await stored.close();
    bot.close();
  });
}

interface Times {
  readonly order: number[];
  readonly call: number[];
  readonly promise: number[];
  /** From the call to what it resolves with. */
  readonly update: number[];
}

async function trade(
  bot: DatabaseSync,
  stored: Balance,
  count: number,
  awaited: boolean,
): Promise<Times> {
  const cash = bot.prepare('UPDATE account SET cash = cash - ? WHERE id = 1');
  const price = bot.prepare('UPDATE positions SET current_price = ? WHERE symbol = ?');
  const times: Times = { order: [], call: [], promise: [], update: [] };
  let last: Promise<unknown> = Promise.resolve();
  for (let n = -warmUps; n < count; n++) {
    const order = timed(() => {
      bot.exec('BEGIN IMMEDIATE');
      cash.run(n % 2 === 0 ? 1 : -1);
      price.run(16 + (n % 10), 'ACI');
      bot.exec('COMMIT');
    });
    const call = timed(() => stored.update());
    const promise = timed(() => new Promise((resolve) => resolve(n)));
    last = call.result;
    const began = process.hrtime.bigint();
    if (awaited) await last;
    else await promise.result;
    if (n < 0) continue;
    if (awaited) times.update.push(Number(process.hrtime.bigint() - began));
    times.order.push(order.took);
    times.call.push(call.took);
    times.promise.push(promise.took);
  }
  await last;
  return times;
}

/** In nanoseconds, by the clock: the bot waits by the clock. */
function timed<T>(work: () => T): { readonly result: T; readonly took: number } {
  const start = process.hrtime.bigint();
  const result = work();
  return { result, took: Number(process.hrtime.bigint() - start) };
}

const microseconds = (nanoseconds: number): string => `${(nanoseconds / 1000).toFixed(1)} µs`;

function report(how: string, { order, call, promise, update }: Times): void {
  console.log(`  ${how}, ${order.length} orders`);
  const floor = median(order);
  const rows = { order, 'update()': call, promise, 'until it is done': update };
  for (const [name, times] of Object.entries(rows)) {
    if (times.length === 0) continue;
    const beside = `x${(median(times) / floor).toFixed(4)} of an order`;
    const highest = microseconds(Math.max(...times));
    const most = `p99 ${microseconds(percentile(times, 0.99))}, most ${highest}`;
    console.log(`  ${name.padEnd(16)} median ${microseconds(median(times))}, ${most}, ${beside}`);
  }
}
