/**
 * What the service takes of memory with a hundred accounts: once all of it was looked at, and while
 * it listens to a venue, tells a client of its stream, and answers the page.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decimal } from '../../src/decimal/text.ts';
import { instant } from '../../src/model/instant.ts';
import { openForWriting } from '../../src/service/open-for-writing.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { inFolder } from '../temporary-book.ts';
import { listened, venueBeside } from './venue-beside.ts';

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const accounts = 100;
const fillsEach = 1_000;

/** How long the page is open, a bot trades, and somebody listens to the stream. */
const openMs = 30_000;
const pageEveryMs = 500;

/** What the page asks for as a person goes through it, with the account that trades in it. */
const pages = [
  ...['/', '/api/v1/session', '/api/v1/home', '/api/v1/accounts', '/api/v1/breaks?limit=500'],
  ...['/api/v1/equity?account=a1', '/api/v1/audit?limit=500', '/api/v1/venues'],
  ...['/api/v1/duties', '/api/v1/policy', '/api/v1/reports?limit=500', '/api/v1/actions?limit=200'],
  ...['a7', listened].flatMap((account) => [
    `/api/v1/accounts/${account}`,
    `/api/v1/accounts/${account}/fills?limit=500`,
    `/api/v1/accounts/${account}/orders?limit=500`,
  ]),
];

export async function resident(): Promise<void> {
  await inFolder(async (folder) => {
    const book = join(folder, 'hundred.db');
    await fill(book);
    const venue = await venueBeside(folder);
    const child = spawn(
      process.execPath,
      [main, '--book', book, 'serve', '--port', '0', '--json'],
      { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder },
    );
    const { address, token } = await begun(child, book);
    const served = new Client(address, token);
    const atStart = residentOf(child.pid!);
    for (let index = 0; index < accounts; index += 1)
      await served.read(`/api/v1/accounts/a${index}`);
    for (let round = 0; round < 20; round += 1) await served.read('/api/v1/home');
    const looked = residentOf(child.pid!);
    const stream = served.listens();
    let orders = 0;
    for (const until = Date.now() + openMs; Date.now() < until; ) {
      for (const path of pages) await served.read(path);
      orders += await served.trades();
      await rest(pageEveryMs);
    }
    const after = residentOf(child.pid!);
    const events = await stream.end();
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const [code] = (await exited) as [number];
    await venue.close();
    const fills = (accounts * fillsEach).toLocaleString('en');
    console.log(`memory of the service with ${accounts} accounts and ${fills} fills, and a venue:`);
    console.log(`  ${atStart} MB once it listens, ${looked} MB after every account was looked at`);
    const busy = `${orders} orders, ${events} events to a client, the page every half second`;
    console.log(`  ${after} MB after ${openMs / 1_000} s of ${busy} (exit ${code})`);
  });
}

async function begun(child: ChildProcess, book: string) {
  let told = '';
  child.stderr!.on('data', (chunk) => {
    told += String(chunk);
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the service did not begin: ${told}`);
  });
  const [line] = (await Promise.race([once(child.stdout!, 'data'), ended])) as [Buffer];
  const { address } = JSON.parse(line.toString()) as { readonly address: string };
  while (!told.includes('.first-token')) await rest(20);
  const token = /tru_[\w-]+/.exec(readFileSync(`${book}.first-token`, 'utf8'))![0];
  return { address, token };
}

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

class Client {
  readonly #address: string;
  readonly #headers: Readonly<Record<string, string>>;
  #orders = 0;

  constructor(address: string, token: string) {
    this.#address = address;
    this.#headers = { authorization: `Bearer ${token}` };
  }

  async read(path: string): Promise<void> {
    const answer = await fetch(this.#address + path, { headers: this.#headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
  }

  /** 1: it was sent; 0: the gate denied it. */
  async trades(): Promise<0 | 1> {
    this.#orders += 1;
    const side = this.#orders % 2 === 0 ? 'sell' : 'buy';
    const order = { account: listened, symbol: 'BTC/USDT:USDT', side, quantity: '0.02' };
    const answer = await fetch(`${this.#address}/api/order`, {
      method: 'POST',
      headers: {
        ...{ ...this.#headers, 'content-type': 'application/json' },
        'idempotency-key': `order-${this.#orders}`,
      },
      body: JSON.stringify(order),
    });
    await answer.text();
    return answer.status === 200 ? 1 : 0;
  }

  /** Reads the stream until `end`, which returns how many entries it was told. */
  listens() {
    const over = new AbortController();
    let events = 0;
    const reading = (async () => {
      const url = `${this.#address}/api/v1/stream`;
      const { body } = await fetch(url, { headers: this.#headers, signal: over.signal });
      for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
        events += chunk.split('event: entry').length - 1;
      }
    })().catch((error: unknown) => {
      if (!over.signal.aborted) throw error;
    });
    return {
      async end(): Promise<number> {
        over.abort();
        await reading;
        return events;
      },
    };
  }
}

const residentOf = (pid: number): number => {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(line![1]) / 1000);
};

async function fill(book: string): Promise<void> {
  const options = { clock: systemClock, holder: 'a bench', create: true, markMaxAgeMs: 60_000 };
  const writer = await openForWriting(book, options);
  const began = instant('2026-01-01T00:00:00Z');
  for (let account = 0; account < accounts; account += 1) {
    await writer.recordAll(
      Array.from({ length: fillsEach }, (_, index) => ({
        ...({ kind: 'fill', account: `a${account}`, leg: 'net' } as const),
        ...({
          instrument: `COIN${index % 20}/USDT:USDT`,
          side: index % 3 ? 'buy' : 'sell',
        } as const),
        ...{ quantity: decimal('0.5'), price: decimal('101.25'), liquidity: null },
        fees: [{ currency: 'USDT', amount: decimal('0.02') }],
        ...{ executionId: `e${index}`, orderId: `o${index}`, clientOrderId: null },
        ...({ cause: 'trade', strategy: null, venueSequence: null, provisional: false } as const),
        time: began + BigInt(index) * 1_000_000_000n,
      })),
    );
  }
  await writer.close();
}
