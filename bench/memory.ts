/** What an open position takes, and a process that holds a hundred accounts. */
import { join } from 'node:path';
import { collectGarbage } from './measure.ts';
import { account, inFolder, openBook, recordIn } from './temporary-book.ts';
import { Trading } from './trading.ts';

const positions = 10_000;
const accounts = 100;
const positionsEach = 20;

export async function run(): Promise<void> {
  await inFolder(async (folder) => {
    const rss = await rssOfManyAccounts(join(folder, 'accounts.db'));
    console.log(
      `${accounts} accounts with ${positionsEach} positions each, open in one writer: ` +
        `${Math.round(rss / 1e6)} MB RSS`,
    );
    const bytes = await bytesPerPosition(join(folder, 'positions.db'));
    console.log(
      `one of ${positions.toLocaleString('en')} open positions: ${Math.round(bytes)} bytes`,
    );
  });
}

/** From a book that was closed and opened again: what a running bot holds, nothing besides. */
async function bytesPerPosition(path: string): Promise<number> {
  const [next] = await makeBook(path);
  const empty = openBook(`${path}.empty`);
  await empty.record(account('main'));
  const book = openBook(path);
  const before = await heapUsed();
  await book.record(next!);
  const after = await heapUsed();
  await book.close();
  await empty.close();
  return (after - before) / positions;
}

async function makeBook(path: string) {
  const book = openBook(path);
  await book.record(account('main'));
  const trading = new Trading({ instruments: positions });
  await recordIn(book, trading.openAll(), 5000);
  await recordIn(book, trading.fills(positions), 5000);
  await recordIn(book, trading.openAll(), 5000);
  await book.close();
  return trading.fills(1);
}

async function rssOfManyAccounts(path: string): Promise<number> {
  const book = openBook(path);
  for (let number = 0; number < accounts; number++) {
    const name = `account-${number}`;
    await book.record(account(name));
    const trading = new Trading({ account: name, instruments: positionsEach, seed: number });
    await recordIn(book, trading.openAll(), 1000);
    await recordIn(book, trading.fills(1000), 1000);
  }
  await collectGarbage();
  const { rss } = process.memoryUsage();
  await book.close();
  return rss;
}

async function heapUsed(): Promise<number> {
  await collectGarbage();
  return process.memoryUsage().heapUsed;
}
