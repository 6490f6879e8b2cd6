/** A command that runs until it is stopped, as a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../house/sources.ts';
import type { Ended } from './command-line.ts';

export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended & { readonly signal: NodeJS.Signals | null }>;
  /** What it has said so far, both ways. */
  said(): string;
  /** Resolves when it has said that so often. */
  says(words: string, times?: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

const program = join(root, 'src', 'cli', 'main.ts');

export function startCommand(
  folder: string,
  words: string,
  environment: Readonly<Record<string, string>> = {},
): Running {
  const child = spawn(process.execPath, [program, ...words.split(' ')], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  const heard = new Set<() => void>();
  const hear = () => {
    for (const one of heard) one();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    hear();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    hear();
  });
  const ended = new Promise<Awaited<Running['ended']>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  return {
    pid: child.pid!,
    ended,
    said: () => out + err,
    says: (text, times = 1) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if ((out + err).split(text).length > times) {
            heard.delete(look);
            resolve();
          }
        };
        heard.add(look);
        void ended.then(() => reject(new Error(`it ended without "${text}": ${err}${out}`)));
        look();
      }),
    kill: (signal) => void child.kill(signal),
  };
}
