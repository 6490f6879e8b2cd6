/** The processes that run the commands of tests: as many as run at the same time, and kept. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Asked } from './command-host.ts';
import type { Ended } from './command-line.ts';

const program = join(import.meta.dirname, 'command-host.ts');
const idle: ChildProcess[] = [];
let asked = 0;

/** Runs a command in a process that runs no other meanwhile. */
export async function runHosted(command: Omit<Asked, 'end'>): Promise<Ended> {
  const host = idle.pop() ?? startHost();
  const ended = await answerOf(host, command);
  if (host.exitCode === null && host.signalCode === null) idle.push(host);
  return ended;
}

function answerOf(host: ChildProcess, command: Omit<Asked, 'end'>): Promise<Ended> {
  asked += 1;
  const end = `\u0000end ${asked} of ${process.pid}\u0000`;
  const [stdout, stderr] = [host.stdout!, host.stderr!];
  let [out, err] = ['', ''];
  return new Promise((resolve, reject) => {
    const done = (code: number | null) => {
      for (const output of [stdout, stderr]) output.removeAllListeners('data');
      host.removeAllListeners();
      resolve({ code, out: out.split(end)[0]!, err: err.split(end)[0]! });
    };
    const look = () => {
      const code = out.split(end)[1];
      if (code?.endsWith('\n') && err.endsWith(`${end}${code}`)) done(Number(code));
    };
    stdout.on('data', (text: string) => {
      out += text;
      look();
    });
    stderr.on('data', (text: string) => {
      err += text;
      look();
    });
    host.once('error', reject);
    host.once('close', done); // the command ended its process
    host.send({ ...command, end } satisfies Asked);
  });
}

function startHost(): ChildProcess {
  const host = fork(program, {
    env: { PATH: process.env['PATH'] ?? '' },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const output of [host.stdout!, host.stderr!]) output.setEncoding('utf8');
  return host;
}
