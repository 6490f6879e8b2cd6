/** From an order to its fill in the book, one by one and in a burst. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { median, percentile } from '../measure.ts';
import { follow, listening, pause } from './followed.ts';
import { BareClient, type OtherSide, openOtherSide } from './other-side.ts';

const rounds = 2;
const singles = 250;
/** By code that is not compiled yet: not counted. */
const warmUp = 100;
const betweenSinglesMs = 10;
const burst = 20_000;

/** Milliseconds from each order to the moment at which its fill was there. */
type Pass = (other: OtherSide, folder: string) => Promise<readonly number[]>;

const passes: readonly (readonly [name: string, pass: Pass])[] = [
  ['read by a bare client (baseline)', bareSingles],
  ['the same, and synced twice', syncedSingles],
  ['durable in the book', bookSingles],
];

export async function oneByOne(folder: string): Promise<void> {
  const other = await openOtherSide();
  const times = passes.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, [, pass]] of passes.entries()) {
      times[index]!.push(...(await pass(other, folder)));
    }
  }
  other.close();
  console.log(`an order's fill, from the order on, ${rounds * singles} one by one, milliseconds`);
  for (const [index, [name]] of passes.entries()) {
    const [p50, p99] = [0.5, 0.99].map((share) => percentile(times[index]!, share));
    const ratio = median(times[0]!) / p50!;
    console.log(
      `  ${name.padEnd(34)} p50 ${p50!.toFixed(2)}  p99 ${p99!.toFixed(2)}  x${ratio.toFixed(2)}`,
    );
  }
}

export async function bareSingles(other: OtherSide): Promise<readonly number[]> {
  const bare = await BareClient.open(other);
  const times = await timed(other, (id) => bare.heard.get(id));
  bare.close();
  return times;
}

/** What durability costs at least: a frame is on the disk before it is read, and then the fill. */
async function syncedSingles(other: OtherSide, folder: string): Promise<readonly number[]> {
  const file = openSync(join(folder, 'frames'), 'a');
  const bare = await BareClient.open(other, (frame) => {
    const syncs = frame.includes('"topic":"execution"') ? 2 : 0;
    writeSync(file, frame);
    for (let n = 0; n < syncs; n += 1) {
      writeSync(file, frame);
      fdatasyncSync(file);
    }
  });
  const times = await timed(other, (id) => bare.heard.get(id));
  bare.close();
  closeSync(file);
  return times;
}

export async function bookSingles(other: OtherSide, folder: string): Promise<readonly number[]> {
  const followed = await follow(other.port, join(folder, 'singles.db'));
  const end = await listening(followed);
  const times = await timed(other, (id) => followed.booked.get(id));
  await end();
  await followed.close();
  return times;
}

export async function timed(other: OtherSide, at: (execution: string) => bigint | undefined) {
  const times: number[] = [];
  for (let n = -warmUp; n < singles; n += 1) {
    const { began, last } = await other.trade(1);
    await until(() => at(last) !== undefined);
    if (n >= 0) times.push(milliseconds(at(last)! - began));
    await pause(betweenSinglesMs);
  }
  return times;
}

export async function inBurst(folder: string): Promise<void> {
  const other = await openOtherSide();
  // The first burst is made by code that is not compiled yet.
  await other.burst(burst);
  const bare = await BareClient.open(other);
  const usedBare = process.cpuUsage();
  const read = await other.burst(burst);
  await until(() => bare.heard.has(read.last));
  const bareMs = milliseconds(bare.heard.get(read.last)! - read.began);
  const bareCpuMs = cpuMs(usedBare);
  bare.close();
  const followed = await follow(other.port, join(folder, 'burst.db'));
  const end = await listening(followed);
  const known = followed.booked.size;
  const used = process.cpuUsage();
  const sent = await other.burst(burst);
  await until(() => followed.booked.size - known >= burst);
  const bookMs = milliseconds(followed.booked.get(sent.last)! - sent.began);
  const bookCpuMs = cpuMs(used);
  await end();
  await followed.close();
  other.close();
  console.log(`${burst.toLocaleString('en')} fills at once, four frames each`);
  const line = (name: string, ms: number, baseline: number) => {
    const rate = Math.round((burst / ms) * 1000).toLocaleString('en');
    console.log(`  ${name.padEnd(46)} ${rate} fills/s  x${(baseline / ms).toFixed(2)}`);
  };
  line('read by a bare client (baseline)', bareMs, bareMs);
  line('durable in the book', bookMs, bareMs);
  line('bare client, by processor time (baseline)', bareCpuMs, bareCpuMs);
  line('durable in the book, by processor time', bookCpuMs, bareCpuMs);
}

const milliseconds = (nanoseconds: bigint): number => Number(nanoseconds) / 1e6;

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(1);
}
