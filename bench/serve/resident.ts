/** What the service takes of memory with a hundred accounts, once all of it was looked at. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decimal } from '../../src/decimal/text.ts';
import { instant } from '../../src/model/instant.ts';
import { openForWriting } from '../../src/service/open-for-writing.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { inFolder } from '../temporary-book.ts';

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const accounts = 100;
const fillsEach = 1_000;

export async function resident(): Promise<void> {
  await inFolder(async (folder) => {
    const book = join(folder, 'hundred.db');
    await fill(book);
    const child = spawn(
      process.execPath,
      [main, '--book', book, 'serve', '--port', '0', '--json'],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        cwd: folder,
      },
    );
    let told = '';
    child.stderr.on('data', (chunk) => {
      told += String(chunk);
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { address } = JSON.parse(line.toString()) as { readonly address: string };
    while (!told.includes('.first-token')) await new Promise((resolve) => setTimeout(resolve, 20));
    const kept = readFileSync(`${book}.first-token`, 'utf8');
    const token = /tru_[\w-]+/.exec(kept)![0];
    const ask = async (path: string) => {
      const answer = await fetch(address + path, { headers: { authorization: `Bearer ${token}` } });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
    };
    const atStart = residentOf(child.pid!);
    for (let index = 0; index < accounts; index += 1) await ask(`/api/v1/accounts/a${index}`);
    for (let round = 0; round < 20; round += 1) await ask('/api/v1/home');
    const after = residentOf(child.pid!);
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
    const fills = (accounts * fillsEach).toLocaleString('en');
    console.log(`memory of the service with ${accounts} accounts and ${fills} fills:`);
    console.log(`  ${atStart} MB once it listens, ${after} MB after every account was looked at`);
  });
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
