/**
 * Eight hours of the demo in ten minutes: the service, its duties, two bots and two emulated
 * exchanges in one process, whose memory and processor time are looked at from outside. A person
 * has repaired what waits for one, so that the bots trade all day.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inFolder } from '../temporary-book.ts';
import { Person } from './person.ts';

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const speed = 48;
const sampleEveryMs = 5_000;

type Sample = readonly [minutes: number, megabytes: number, seconds: number];

/** `minutes`: how long it takes; eight hours of the demo are ten. */
export async function run({ minutes }: { readonly minutes: number }): Promise<void> {
  await inFolder(async (folder) => {
    const demo = ['demo', '--for', `${minutes * 60}s`, '--speed', String(speed), '--port', '0'];
    const child = spawn(
      process.execPath,
      [main, ...demo, '--folder', join(folder, 'demo'), '--json'],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
    });
    const people: Promise<Person>[] = [];
    child.stderr.on('data', (chunk) => {
      const address = /The page: (http:\/\/[^/]+)/.exec(String(chunk))?.[1];
      if (address === undefined) return;
      people.push(Person.at(main, join(folder, 'demo', 'demo.db'), address));
    });
    const samples: Sample[] = [];
    const began = Date.now();
    const timer = setInterval(() => {
      const seen = seenOf(child.pid!);
      if (seen !== null) samples.push([(Date.now() - began) / 60_000, ...seen]);
      // While it ends it answers nothing any more.
      for (const one of people) one.then((person) => person.look()).catch(() => undefined);
    }, sampleEveryMs);
    const [code] = (await once(child, 'exit')) as [number];
    clearInterval(timer);
    const said = JSON.parse(out) as Readonly<Record<string, unknown>>;
    console.log(`the demo, ${speed} times faster, for ${minutes} minutes (exit ${code}):`);
    const { fills, mishaps, breaks } = said;
    const repaired = (await people[0])?.repaired.size ?? 0;
    const trouble = `${mishaps} mishaps, breaks ${JSON.stringify(breaks)}`;
    console.log(`  ${fills} fills, ${trouble}, ${repaired} repaired by a person`);
    tellOf(samples, minutes);
  });
}

function tellOf(samples: readonly Sample[], minutes: number): void {
  // What is compiled and filled at the beginning is no slope.
  const late = samples.filter(([at]) => at > minutes / 3);
  const { slope, level } = lineThrough(late);
  const perHour = slope * (60 / speed);
  const most = Math.max(...samples.map(([, megabytes]) => megabytes));
  console.log(`  memory: ${level.toFixed(0)} MB, at most ${most.toFixed(0)} MB`);
  console.log(`  slope in the last two thirds: ${perHour.toFixed(2)} MB an hour of the demo`);
  const thirds = [0, 1, 2].map((third) => {
    const own = samples.filter(([at]) => Math.floor((at * 3) / minutes) === third);
    const [first, last] = [own[0]!, own.at(-1)!];
    return ((last[2] - first[2]) / (last[0] - first[0]) / 0.6).toFixed(0);
  });
  console.log(`  processor, by thirds of the day: ${thirds.join(', ')} % of one`);
}

/** Megabytes that are resident, and seconds of the processor so far; null: it has ended. */
function seenOf(pid: number): readonly [megabytes: number, seconds: number] | null {
  try {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    const ticks = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    const seconds = (Number(ticks[11]) + Number(ticks[12])) / 100;
    return line === null ? null : [Number(line[1]) / 1000, seconds];
  } catch {
    return null;
  }
}

/** Least squares: megabytes a minute, and those in the middle. */
function lineThrough(points: readonly Sample[]) {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  const below = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return { slope: above / below, level: y };
}
