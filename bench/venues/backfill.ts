/** Two years of an account by pages: its executions and the log of its money. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock as clock } from '../../src/service/system-clock.ts';
import { collectGarbage } from '../measure.ts';
import { follow } from './followed.ts';
import { barePages, openOtherSide } from './other-side.ts';

const pastMs = 700 * 86_400_000;

/** The same pages, of which nothing is made. */
const lists = [
  { path: '/v5/execution/list', query: 'category=linear&limit=100' },
  { path: '/v5/account/transaction-log', query: 'accountType=UNIFIED&limit=50' },
];

export async function backfill(folder: string, executions: number): Promise<void> {
  const other = await openOtherSide(pastMs);
  await other.past(executions);
  const start = performance.now();
  const rows: number[] = [];
  for (const list of lists) rows.push(await barePages(other, list, pastMs));
  const bareMs = performance.now() - start;
  const path = join(folder, 'past.db');
  const followed = await follow(other.port, path, 'bybit', false);
  const memory = watchMemory();
  await collectGarbage();
  const before = process.memoryUsage().rss;
  const used = process.cpuUsage();
  const began = performance.now();
  const patience = { clock, signal: new AbortController().signal, tries: 3 };
  await followed.following.begin(followed.owner, patience);
  const { why } = await followed.following.compare(patience);
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(used);
  const most = memory.end();
  const booked = followed.fills();
  await followed.close();
  other.close();
  if (why !== null || booked !== executions) throw new Error(`${booked} fills booked: ${why}`);
  const rate = (of: number) => Math.round((executions / of) * 1000).toLocaleString('en');
  console.log(
    `backfill of ${executions.toLocaleString('en')} executions over 700 days: ` +
      `${rows.map((count) => count.toLocaleString('en')).join(' and ')} rows of both lists`,
  );
  console.log(`  both lists, read and parsed (baseline)  ${rate(bareMs)}/s`);
  console.log(
    `  in the book                             ${rate(ms)}/s  x${(bareMs / ms).toFixed(2)}, ` +
      `${(ms / 1000).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of processor time, ` +
      `at most ${mb(most)} RSS (${mb(before)} before it), file ${mb(statSync(path).size)}`,
  );
}

function watchMemory(): { end(): number } {
  let most = 0;
  const look = () => {
    most = Math.max(most, process.memoryUsage().rss);
  };
  const watch = setInterval(look, 100);
  return {
    end() {
      clearInterval(watch);
      look();
      return most;
    },
  };
}

const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
