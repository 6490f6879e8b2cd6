/** Kills a writing process again and again, and asks each time what is left of its book. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalBook } from '../../src/service/local-book.ts';
import { openForWriting } from '../../src/service/open-for-writing.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import type { Head } from '../../src/store/batches.ts';
import { openBookFile } from '../../src/store/book-file.ts';
import { verifyHead } from '../../src/store/verify.ts';
import { Random } from '../decimal/random.ts';
import { faultsOf } from './book-checks.ts';
import { markMaxAgeMs } from './held-book.ts';
import { fact } from './random-facts.ts';

export interface CrashOptions {
  readonly kills: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

export interface CrashResult {
  readonly kills: number;
  readonly acknowledged: number;
  /** Fills in all books; those beyond the acknowledged were on their way when the kill came. */
  readonly fills: number;
  readonly faults: readonly string[];
  /** From opening the book to its next durable write, in milliseconds. */
  readonly recoveries: readonly number[];
}

/** One book is killed so often; then it is checked from its first entry, and a new one begins. */
const killsPerBook = 25;
/** Longest life of a writer after it is ready. */
const lifeMsMax = 500;
const writer = join(import.meta.dirname, 'crash-writer.ts');

export async function crashes({ kills, seed, onProgress }: CrashOptions): Promise<CrashResult> {
  const random = new Random(seed);
  const faults: string[] = [];
  const recoveries: number[] = [];
  let acknowledged = 0;
  let fills = 0;
  for (let done = 0; done < kills && faults.length === 0; ) {
    const folder = mkdtempSync(join(tmpdir(), 'trueup-crash-'));
    const killed = new KilledBook(join(folder, 'book.db'), random);
    for (let count = 0; count < killsPerBook && done < kills; count++, done++) {
      await killed.kill(String(seed * 100_000 + done));
    }
    faults.push(...killed.faults, ...faultsOf(killed.path));
    recoveries.push(...killed.recoveries);
    acknowledged += killed.told.size;
    fills += killed.fillCount();
    onProgress?.(
      `${done} of ${kills} kills, ${acknowledged} acknowledged, ${faults.length} faults`,
    );
    if (faults.length === 0) rmSync(folder, { recursive: true });
  }
  return { kills, acknowledged, fills, faults, recoveries };
}

class KilledBook {
  readonly path: string;
  /** Acknowledged fills: id to sequence. */
  readonly told = new Map<string, number>();
  readonly faults: string[] = [];
  readonly recoveries: number[] = [];
  readonly #random: Random;
  /** The head after the last recovery, which every later book must have passed. */
  #promised: Pick<Head, 'sequence' | 'hash'> = { sequence: 0, hash: '' };

  constructor(path: string, random: Random) {
    this.path = path;
    this.#random = random;
  }

  async kill(name: string): Promise<void> {
    const options = this.#random.chance(0.5) ? ['--checkpoint'] : [];
    const child = spawnWriter(this.path, name, options);
    const output = lines(child);
    await output.ready;
    await pause(this.#random.below(lifeMsMax));
    child.kill('SIGKILL');
    const said = await output.all;
    const acknowledged = said.filter((line) => line.startsWith(`${name}-`));
    for (const line of acknowledged) {
      const [id, sequence] = line.split(' ');
      this.told.set(id!, Number(sequence));
    }
    if (said.some((line) => line.startsWith('refused')))
      this.faults.push(`${name}: ${said.at(-1)}`);
    await this.#recover(name);
    this.#compare(name);
  }

  /** The next process: open the book, and make a write that is durable. */
  async #recover(name: string): Promise<void> {
    const start = performance.now();
    const options = { clock: systemClock, holder: 'recovery', create: true, markMaxAgeMs };
    const book = await openForWriting(this.path, options);
    const outcome = await book.record(deposit(name));
    this.recoveries.push(performance.now() - start);
    if (!(book instanceof LocalBook)) this.faults.push(`${name}: somebody else holds the book`);
    if (outcome.status !== 'booked') this.faults.push(`${name}: a deposit was ${outcome.status}`);
    await book.close();
  }

  /** Every acknowledged fill is there once, at its sequence; every other one at most once. */
  #compare(name: string): void {
    const file = openBookFile(this.path, { clock: systemClock, readOnly: true });
    const { account } = file.accountNamed('main')!;
    const found = new Map<string, number>();
    for (const row of file.entries(account)) {
      if (row.kind !== 'fill') continue;
      if (found.has(row.id)) this.faults.push(`${name}: ${row.id} is there twice`);
      found.set(row.id, row.sequence);
    }
    for (const [id, sequence] of this.told) {
      if (found.get(id) === sequence) continue;
      this.faults.push(`${name}: ${id} was acknowledged as ${sequence}, is ${found.get(id)}`);
    }
    const { sequence, hash } = this.#promised;
    const finding = sequence === 0 ? null : verifyHead(file, 'main', sequence, hash);
    if (finding !== null) this.faults.push(`${name}: ${finding.message}`);
    this.#promised = file.head(account);
    file.close();
  }

  fillCount(): number {
    const file = openBookFile(this.path, { clock: systemClock, readOnly: true });
    const count = Number(
      file.driver.value("SELECT count(*) FROM book_entries WHERE kind = 'fill'"),
    );
    file.close();
    return count;
  }
}

const deposit = (id: string) =>
  fact({
    kind: 'deposit',
    account: 'main',
    currency: 'USDT',
    amount: '1',
    id,
    time: '2024-01-01T00:00:00Z',
  });

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const spawnWriter = (path: string, name: string, options: readonly string[]): ChildProcess =>
  spawn(process.execPath, [writer, path, name, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** What a writer says: `ready` when it begins, `all` whole lines when it has ended. */
export function lines(child: ChildProcess) {
  let text = '';
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('ready')) resolve();
    });
    child.once('exit', (code) =>
      reject(new Error(`the writer ended with ${code} before its time`)),
    );
  });
  ready.catch(() => undefined); // who waits for it is told
  const all = once(child, 'close').then(() => text.slice(0, text.lastIndexOf('\n')).split('\n'));
  return { ready, all };
}
