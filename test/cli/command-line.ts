/** Runs the real command line in a folder of its own, beside the tests and not inside them. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { factFileOf } from '../../src/service/import-source.ts';
import { importFacts } from '../../src/service/importing.ts';
import { openForWriting } from '../../src/service/open-for-writing.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { root } from '../house/sources.ts';
import { runHosted } from './command-hosts.ts';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const program = join(root, 'src', 'cli', 'main.ts');

export class CommandLine {
  readonly folder = mkdtempSync(join(tmpdir(), 'trueup-cli-'));

  /** Writes a file of the folder; its path. */
  file(name: string, text: string | readonly object[]): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof text === 'string' ? text : ndjson(text));
    return path;
  }

  /** Makes a book without a process of its own, for what is only the ground of a test. */
  async book(facts: readonly object[] = [], name = 'trueup.db'): Promise<void> {
    const writer = await openForWriting(join(this.folder, name), {
      clock: systemClock,
      holder: 'test',
      create: true,
      markMaxAgeMs: 86_400_000,
    });
    const { refused } = await importFacts(writer, [factFileOf('ground.ndjson', ndjson(facts))]);
    await writer.close();
    if (refused.length > 0) throw new Error(refused[0]!.message);
  }

  /**
   * Runs a command: in a process of its own if it is given input or settings of Node, or if
   * TRUEUP_TEST_PROCESSES=own asks for it; else in one that has run others before.
   */
  run(words: string, options: RunOptions = {}): Promise<Ended> {
    const isOwn =
      process.env['TRUEUP_TEST_PROCESSES'] === 'own' ||
      options.input !== undefined ||
      wordsOf(words).includes('-') ||
      Object.keys(options.environment ?? {}).some((name) => name.startsWith('NODE_'));
    return isOwn ? this.#runAlone(words, options) : runHosted(this.#commandOf(words, options));
  }

  #runAlone(words: string, options: RunOptions): Promise<Ended> {
    const { child, ended } = this.#start(words, options);
    child.stdin.on('error', () => undefined); // it need not read what it is given
    child.stdin.end(options.input ?? '');
    return ended;
  }

  /** Runs a command that waits for its input, and interrupts it there. */
  async interrupted(words: string): Promise<Ended> {
    const { child, ended } = this.#start(words, {});
    child.stdin.write('\n');
    const interrupting = setInterval(() => child.kill('SIGINT'), 1_000);
    try {
      return await ended;
    } finally {
      clearInterval(interrupting);
    }
  }

  #commandOf(words: string, { environment }: RunOptions) {
    return {
      words: wordsOf(words),
      folder: this.folder,
      environment: {
        ...{ PATH: process.env['PATH'] ?? '', HOME: this.folder, NO_COLOR: '1' },
        ...environment,
      },
    };
  }

  #start(words: string, options: RunOptions) {
    const { folder, environment, words: list } = this.#commandOf(words, options);
    const child = spawn(process.execPath, [program, ...list], {
      ...{ cwd: folder, env: environment, stdio: ['pipe', 'pipe', 'pipe'] },
    });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, out, err }));
    });
    return { child, ended };
  }

  /** The one document that a command prints with --json. */
  async json<T = Record<string, unknown>>(words: string, options?: RunOptions): Promise<T> {
    const { out, err } = await this.run(`${words} --json`, options);
    if (out === '') throw new Error(`nothing printed: ${err}`);
    return JSON.parse(out) as T;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const wordsOf = (line: string): readonly string[] => line.split(' ').filter(Boolean);

export const ndjson = (facts: readonly object[]): string =>
  facts.map((fact) => `${JSON.stringify(fact)}\n`).join('');

/** A day of one account. */
export const account = { kind: 'account', account: 'main', venue: 'bybit', currency: 'USDT' };

export const deposit = {
  kind: 'deposit',
  account: 'main',
  currency: 'USDT',
  amount: '10000',
  id: 'd1',
  time: '2026-11-02T08:00:00Z',
};

export const fill = (id: string, changes: object = {}): object => ({
  kind: 'fill',
  account: 'main',
  instrument: 'BTC/USDT:USDT',
  side: 'buy',
  quantity: '0.5',
  price: '60000',
  fee: '16.5',
  feeCurrency: 'USDT',
  executionId: id,
  time: '2026-11-02T09:00:00Z',
  ...changes,
});

export const mark = (instrument: string, price: string, time: string): object => ({
  kind: 'mark',
  instrument,
  price,
  time,
});
