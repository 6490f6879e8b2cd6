/**
 * Events to a thousand clients: the hub and its route, from booked entries on, beside a bare loop
 * that writes the same bytes to as many open answers.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { decimal } from '../../src/decimal/text.ts';
import type { Fact } from '../../src/model/fact.ts';
import { instant } from '../../src/model/instant.ts';
import { openForWriting } from '../../src/service/open-for-writing.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { median } from '../measure.ts';
import { inFolder } from '../temporary-book.ts';
import { streamOf } from './side.ts';

const clients = 1_000;
const eventsPerRound = 200;
const rounds = 9;

interface Side {
  readonly name: string;
  /** Sends a round; resolves once it is handed over. */
  round(): Promise<void>;
  /** Once every client had the last event of the round. */
  heard(): Promise<void>;
  close(): Promise<void>;
}

export async function streams(): Promise<void> {
  await inFolder(async (folder) => {
    const ours = await hubSide(folder);
    const bare = await bareSide(ours.bytes);
    const rates: [ours: number, bare: number][] = [];
    for (let round = -2; round < rounds; round += 1) {
      const rate = [await rateOf(ours), await rateOf(bare)] as [number, number];
      if (round >= 0) rates.push(rate);
    }
    await ours.close();
    await bare.close();
    const per = (index: 0 | 1) => Math.round(median(rates.map((rate) => rate[index])));
    console.log(`deliveries to ${clients} clients, ${eventsPerRound} events a round, a second:`);
    console.log(`  ${bare.name.padEnd(44)}${per(1).toLocaleString('en')}/s`);
    const ratio = median(rates.map(([one, other]) => one / other)).toFixed(2);
    console.log(`  ${ours.name.padEnd(44)}${per(0).toLocaleString('en')}/s   x${ratio}`);
  });
}

async function rateOf(side: Side): Promise<number> {
  const heard = side.heard();
  const start = process.hrtime.bigint();
  await side.round();
  await heard;
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  return (clients * (eventsPerRound + 1)) / seconds;
}

async function hubSide(folder: string): Promise<Side & { readonly bytes: () => Buffer[] }> {
  const book = join(folder, 'book.db');
  const clock = systemClock;
  const options = { clock, holder: 'a bench', create: true, markMaxAgeMs: 60_000 };
  let committed: () => void = () => undefined;
  const writer = await openForWriting(book, { ...options, onCommitted: () => committed() });
  await writer.record(fillAt(0));
  const stream = await streamOf(book);
  const { hub } = stream;
  committed = () => hub.advance();
  const last: Buffer[] = [];
  hub.listen(
    {
      take: ({ bytes }) => void last.push(bytes),
      isFull: () => false,
      onceRead: () => undefined,
      end: () => undefined,
    },
    null,
  );
  const audience = await audienceOf(stream.port, '/api/v1/stream');
  let booked = 0;
  return {
    name: 'booked, read, numbered, told by the hub',
    bytes: () => last,
    async round() {
      last.length = 0;
      const first = booked + 1;
      booked += eventsPerRound;
      const facts = Array.from({ length: eventsPerRound }, (_, index) => fillAt(first + index));
      await writer.recordAll(facts);
      while (last.length < eventsPerRound) await new Promise(setImmediate);
      hub.tell('duty', { name: 'round-done' });
    },
    heard: audience.heard,
    async close() {
      audience.end();
      await stream.close();
      await writer.close();
    },
  };
}

async function bareSide(bytes: () => Buffer[]): Promise<Side> {
  const open: ServerResponse[] = [];
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 2000\n\n');
    open.push(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const audience = await audienceOf((server.address() as AddressInfo).port, '/');
  return {
    name: 'a bare loop over the same bytes',
    async round() {
      for (const event of bytes()) for (const response of open) response.write(event);
    },
    heard: audience.heard,
    async close() {
      audience.end();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function audienceOf(port: number, path: string) {
  const child = fork(new URL('./stream-clients.ts', import.meta.url), [
    ...[String(port), path, String(clients), 'none'],
  ]);
  await once(child, 'message');
  return {
    async heard() {
      await once(child, 'message');
    },
    end: () => void child.kill(),
  };
}

const base = instant('2026-01-01T00:00:00Z');

/** A fill as a perpetual's are: about 600 bytes as an event. */
const fillAt = (index: number): Fact => ({
  kind: 'fill',
  account: 'main',
  instrument: 'BTC/USDT:USDT',
  leg: 'net',
  side: index % 2 === 0 ? 'buy' : 'sell',
  quantity: decimal('0.015'),
  price: decimal('61250.5'),
  fees: [{ currency: 'USDT', amount: decimal('0.5') }],
  liquidity: 'taker',
  executionId: `execution-${index}`,
  orderId: `order-${index}`,
  clientOrderId: null,
  cause: 'trade',
  strategy: null,
  venueSequence: null,
  provisional: false,
  time: base + BigInt(index) * 1_000_000n,
});
