/**
 * Fills of the emulator, which runs in a process of its own, through the real client of ccxt and
 * the listener into a durable book; beside a client that reads the same and does nothing.
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { collectGarbage } from '../measure.ts';
import { inFolder } from '../temporary-book.ts';
import { backfill } from './backfill.ts';
import { inBurst, oneByOne } from './fills.ts';
import { follow, listening, pause } from './followed.ts';
import { openOtherSide } from './other-side.ts';

/** So long that each venue is listed and compared once. */
const restMs = 60_000;

/** `executions`: how many the backfill books. */
export async function run({ executions }: { readonly executions: number }): Promise<void> {
  await inFolder(async (folder) => {
    for (const part of [atRest, oneByOne, inBurst]) await loaded(() => part(folder));
    await loaded(() => backfill(folder, executions));
  });
}

/** What else ran: these parts wait for processes and disks. */
async function loaded(part: () => Promise<void>): Promise<void> {
  await part();
  console.log(`  (load of the machine in the last minute: ${loadavg()[0]!.toFixed(1)})`);
}

/** Two venues with ten instruments that are listened to while nothing happens. */
async function atRest(folder: string): Promise<void> {
  const other = await openOtherSide();
  const before = process.memoryUsage().rss;
  const one = await follow(other.port, join(folder, 'rest-1.db'));
  const two = await follow(other.port, join(folder, 'rest-2.db'), 'binanceusdm');
  const ends = [await listening(one), await listening(two)];
  await other.trade(10);
  await pause(5_000);
  await collectGarbage();
  const used = process.cpuUsage();
  await pause(restMs);
  const { user, system } = process.cpuUsage(used);
  const { rss } = process.memoryUsage();
  const share = ((user + system) / 1000 / restMs) * 100;
  console.log(
    `at rest for a minute, two venues with ten instruments: ${Math.round(rss / 1e6)} MB RSS ` +
      `(baseline, before them: ${Math.round(before / 1e6)} MB, x${(rss / before).toFixed(2)}), ` +
      `${share.toFixed(1)} % of a processor`,
  );
  for (const end of ends) await end();
  await one.close();
  await two.close();
  other.close();
}
