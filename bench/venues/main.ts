/**
 * Fills of the emulator, which runs in a process of its own, through the real client of ccxt and
 * the listener into a durable book; beside a client that reads the same frames and does nothing.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { collectGarbage, median, percentile } from '../measure.ts';
import { inFolder } from '../temporary-book.ts';
import { follow, listening, pause } from './followed.ts';
import { BareClient, barePages, type OtherSide, openOtherSide } from './other-side.ts';

const singles = 500;
const betweenSinglesMs = 10;
const burst = 20_000;
const past = 30_000;
const restMs = 5_000;

export async function run(): Promise<void> {
  await inFolder(async (folder) => {
    await atRest(folder);
    const other = await openOtherSide();
    await oneByOne(other, folder);
    await inBurst(other, folder);
    await backfill(other, folder);
    other.close();
  });
}

/** Two venues with ten instruments that are listened to while nothing happens. */
async function atRest(folder: string): Promise<void> {
  const other = await openOtherSide();
  const before = process.memoryUsage().rss;
  const one = await follow(other.port, join(folder, 'rest-1.db'));
  const two = await follow(other.port, join(folder, 'rest-2.db'), 'binanceusdm');
  const ends = [await listening(one), await listening(two)];
  await other.trade(10);
  await pause(1_000);
  await collectGarbage();
  const used = process.cpuUsage();
  await pause(restMs);
  const { user, system } = process.cpuUsage(used);
  const { rss } = process.memoryUsage();
  const share = ((user + system) / 1000 / restMs) * 100;
  console.log(
    `at rest, two venues with ten instruments: ${mb(rss)} RSS (${mb(before)} before them), ` +
      `${share.toFixed(1)} % of a processor`,
  );
  for (const end of ends) await end();
  await one.close();
  await two.close();
  other.close();
}

async function oneByOne(other: OtherSide, folder: string): Promise<void> {
  const followed = await follow(other.port, join(folder, 'singles.db'));
  const end = await listening(followed);
  const bare = await BareClient.open(other.port);
  const times = { bare: [] as number[], book: [] as number[] };
  for (let n = 0; n < singles; n += 1) {
    const { began, last } = await other.trade(1);
    await until(() => followed.booked.has(last) && bare.heard.has(last));
    times.bare.push(Number(bare.heard.get(last)! - began) / 1e6);
    times.book.push(Number(followed.booked.get(last)! - began) / 1e6);
    await pause(betweenSinglesMs);
  }
  bare.close();
  await end();
  await followed.close();
  console.log(`an order's fill, from the order on, ${singles} one by one, milliseconds`);
  for (const [name, own] of [
    ['read by a bare client (baseline)', times.bare],
    ['durable in the book', times.book],
  ] as const) {
    const [p50, p99] = [0.5, 0.99].map((share) => percentile(own, share).toFixed(2));
    const ratio = median(own.map((ms, index) => times.bare[index]! / ms)).toFixed(2);
    console.log(`  ${name.padEnd(34)} p50 ${p50}  p99 ${p99}  x${ratio}`);
  }
}

async function inBurst(other: OtherSide, folder: string): Promise<void> {
  const bare = await BareClient.open(other.port);
  const read = await other.trade(burst);
  await until(() => bare.heard.has(read.last));
  const bareMs = Number(bare.heard.get(read.last)! - read.began) / 1e6;
  bare.close();
  const followed = await follow(other.port, join(folder, 'burst.db'));
  const end = await listening(followed);
  const known = followed.booked.size;
  const used = process.cpuUsage();
  const sent = await other.trade(burst);
  const sentMs = Number(sent.ended - sent.began) / 1e6;
  await until(() => followed.booked.size - known >= burst);
  const bookMs = Number(followed.booked.get(sent.last)! - sent.began) / 1e6;
  const { user, system } = process.cpuUsage(used);
  const cpuMs = (user + system) / 1000;
  await end();
  await followed.close();
  console.log(`${burst.toLocaleString('en')} fills at once, four frames each`);
  const line = (name: string, ms: number) =>
    console.log(`  ${name.padEnd(34)} ${rate(burst, ms)} fills/s  x${(bareMs / ms).toFixed(2)}`);
  line('read by a bare client (baseline)', bareMs);
  line('sent by the emulator', sentMs);
  line('durable in the book', bookMs);
  line('the same, by processor time of ours', cpuMs);
}

/** All that happened before, by pages: executions and the log of money. */
async function backfill(other: OtherSide, folder: string): Promise<void> {
  await other.trade(past);
  const start = performance.now();
  const rows = await barePages(other.port);
  const bareMs = performance.now() - start;
  const path = join(folder, 'past.db');
  const followed = await follow(other.port, path);
  await collectGarbage();
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 100);
  const signal = new AbortController().signal;
  const { systemClock: clock } = await import('../../src/service/system-clock.ts');
  const began = performance.now();
  await followed.following.begin(followed.owner, { clock, signal, tries: 3 });
  const { why } = await followed.following.compare({ clock, signal, tries: 3 });
  const ms = performance.now() - began;
  clearInterval(watch);
  const booked = followed.booked.size;
  await followed.close();
  if (why !== null || booked !== rows) throw new Error(`${booked} of ${rows} booked: ${why}`);
  console.log(`backfill of ${rows.toLocaleString('en')} executions by pages of 100`);
  console.log(`  executions, read and parsed (baseline)  ${rate(rows, bareMs)}/s`);
  console.log(
    `  executions and the log, in the book     ${rate(rows, ms)}/s  ` +
      `x${(bareMs / ms).toFixed(2)}, ${(ms / 1000).toFixed(1)} s, ` +
      `${mb(most - before)} more RSS, file ${mb(statSync(path).size)}`,
  );
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(1);
}

const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

const rate = (count: number, ms: number): string =>
  Math.round((count / ms) * 1000).toLocaleString('en');
