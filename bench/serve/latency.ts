/** From an order on the emulator to its fill on a client of the stream. */
import { get } from 'node:http';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { percentile } from '../measure.ts';
import { inFolder } from '../temporary-book.ts';
import { bareSingles, bookSingles, timed } from '../venues/fills.ts';
import { follow, listening } from '../venues/followed.ts';
import { type OtherSide, openOtherSide } from '../venues/other-side.ts';
import { streamOf } from './side.ts';

type Pass = (other: OtherSide, folder: string) => Promise<readonly number[]>;

const passes: readonly (readonly [name: string, pass: Pass])[] = [
  ['read by a bare client (baseline)', bareSingles],
  ['durable in the book', bookSingles],
  ['visible on the stream', streamSingles],
];

export async function latency(): Promise<void> {
  await inFolder(async (folder) => {
    const other = await openOtherSide();
    console.log("an order's fill, from the order on, 250 one by one, milliseconds");
    let baseline = Number.NaN;
    for (const [name, pass] of passes) {
      const times = await pass(other, folder);
      const [p50, p99] = [0.5, 0.99].map((share) => percentile(times, share)) as [number, number];
      if (Number.isNaN(baseline)) baseline = p50;
      const ratio = (baseline / p50).toFixed(2);
      console.log(`  ${name.padEnd(34)} p50 ${p50.toFixed(2)}  p99 ${p99.toFixed(2)}  x${ratio}`);
    }
    other.close();
    console.log(`  (load of the machine in the last minute: ${loadavg()[0]!.toFixed(1)})`);
  });
}

async function streamSingles(other: OtherSide, folder: string): Promise<readonly number[]> {
  const book = join(folder, 'streamed.db');
  let kept: () => void = () => undefined;
  const followed = await follow(other.port, book, 'bybit', true, () => kept());
  const stream = await streamOf(book);
  kept = () => stream.hub.advance();
  const end = await listening(followed);
  const seen = new Map<string, bigint>();
  const hangUp = listen(stream.port, (id) => seen.set(id, process.hrtime.bigint()));
  const times = await timed(other, (id) => seen.get(id));
  hangUp();
  await end();
  await stream.close();
  await followed.close();
  return times;
}

/** Tells each execution as soon as the whole event has come. */
function listen(port: number, heard: (execution: string) => void): () => void {
  let rest = '';
  const request = get(`http://127.0.0.1:${port}/api/v1/stream`, (answer) => {
    answer.setEncoding('utf8');
    answer.on('data', (chunk: string) => {
      const events = (rest + chunk).split('\n\n');
      rest = events.pop()!;
      for (const event of events) {
        const id = /"executionId":"([^"]+)"/.exec(event)?.[1];
        if (id !== undefined) heard(id);
      }
    });
  });
  request.on('error', () => undefined); // it is hung up on at the end
  return () => request.destroy();
}
