/**
 * Answers a second with 64 connections: routes of the service, each beside the bare framework that
 * sends the same bytes. The clients run in a process of their own.
 */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { promisify } from 'node:util';
import fastify from 'fastify';
import { decimal } from '../../src/decimal/text.ts';
import type { Fact } from '../../src/model/fact.ts';
import { instant } from '../../src/model/instant.ts';
import { serve } from '../../test/serving/served.ts';
import { median } from '../measure.ts';

const run = promisify(execFile);
const client = createRequire(import.meta.url).resolve('autocannon');
const connections = 64;
const seconds = 2;
const rounds = 8;

export interface Shot {
  readonly rate: number;
  readonly p99: number;
  /** Microseconds of processor time that the server took for each. */
  readonly cost: number;
}

export async function reads(): Promise<void> {
  const served = await serve({
    ...{ venue: false, facts: twentyPositions() },
    limits: { requestsPerSecond: 1_000_000, signInsPerMinute: 20 },
  });
  const token = served.token('read');
  console.log(`answers a second, ${connections} connections, median of ${rounds} rounds in turn:`);
  for (const path of ['/api/account', '/api/positions', '/api/v1/gate/main']) {
    const { text, headers, status } = await served.get(path, { token });
    if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
    const bare = await bareServer(Buffer.from(text), headers.get('content-type')!);
    const shots: [ours: Shot, bare: Shot][] = [];
    for (let round = -1; round < rounds; round += 1) {
      const turns = [served.origin + path, `http://127.0.0.1:${bare.port}/`];
      // Neither always comes first.
      if (round % 2 === 0) turns.reverse();
      const pair = [await shoot(turns[0]!, token), await shoot(turns[1]!, token)] as const;
      if (round >= 0) shots.push(round % 2 === 0 ? [pair[1], pair[0]] : [pair[0], pair[1]]);
    }
    await bare.close();
    const of = (index: 0 | 1, what: keyof Shot) => median(shots.map((pair) => pair[index][what]));
    const ratio = median(shots.map(([ours, theirs]) => ours.rate / theirs.rate));
    const costs = median(shots.map(([ours, theirs]) => theirs.cost / ours.cost));
    console.log(`  ${path}, ${text.length.toLocaleString('en')} bytes`);
    const line = (name: string, index: 0 | 1, tail: string) =>
      console.log(
        `    ${name.padEnd(24)} ${Math.round(of(index, 'rate')).toLocaleString('en')}/s` +
          `  p99 ${of(index, 'p99')} ms  ${of(index, 'cost').toFixed(1)} µs of the server${tail}`,
      );
    line('the bare framework', 1, '');
    line('the service', 0, `  x${ratio.toFixed(2)} (by cost x${costs.toFixed(2)})`);
  }
  console.log(`  (load of the machine in the last minute: ${loadavg()[0]!.toFixed(1)})`);
  await served.close();
}

export async function shoot(url: string, token: string): Promise<Shot> {
  const before = process.cpuUsage();
  const { stdout } = await run(
    process.execPath,
    [client, '-j', '-c', String(connections), '-d', String(seconds), '-H', header(token), url],
    { maxBuffer: 10_000_000 },
  );
  const { user, system } = process.cpuUsage(before);
  const { requests, latency, non2xx, errors } = JSON.parse(stdout) as {
    readonly requests: { readonly average: number; readonly total: number };
    readonly latency: { readonly p99: number };
    readonly non2xx: number;
    readonly errors: number;
  };
  if (non2xx + errors > 0) throw new Error(`${url}: ${non2xx} refused, ${errors} errors`);
  const cost = (user + system) / requests.total;
  return { rate: requests.average, p99: latency.p99, cost };
}

const header = (token: string): string => `authorization=Bearer ${token}`;

async function bareServer(bytes: Buffer, type: string) {
  const app = fastify();
  app.get('/', (_, reply) => reply.type(type).send(bytes));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
}

/** Twenty contracts, each opened by one fill. */
export function twentyPositions(): readonly Fact[] {
  const coins = Array.from({ length: 20 }, (_, index) => `COIN${index}`);
  return coins.map(
    (coin, index): Fact => ({
      ...{ kind: 'fill', account: 'main', instrument: `${coin}/USDT:USDT`, leg: 'net' },
      ...{ side: 'buy', quantity: decimal('12.5'), price: decimal('101.25') },
      fees: [{ currency: 'USDT', amount: decimal('0.7') }],
      ...{ liquidity: 'taker', executionId: `e${index}`, orderId: `o${index}` },
      ...{ clientOrderId: null, cause: 'trade', strategy: null, venueSequence: null },
      ...{ provisional: false, time: instant('2026-01-01T00:00:00Z') + BigInt(index) },
    }),
  );
}
