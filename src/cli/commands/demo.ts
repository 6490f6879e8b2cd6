/** demo: emulated exchanges, bots, mishaps, and the service that keeps the book true meanwhile. */
import { mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fromInteger, multiply } from '../../decimal/decimal.ts';
import { readConfiguration } from '../../service/config.ts';
import { DemoBot } from '../../service/demo/bot.ts';
import { demoInstruments } from '../../service/demo/market.ts';
import { Play } from '../../service/demo/play.ts';
import { countsIn, type DemoSummary, summaryOf } from '../../service/demo/summary.ts';
import { type DemoAccount, type DemoWorld, openWorld } from '../../service/demo/world.ts';
import { rest } from '../../service/listening/asking.ts';
import { logForPeople, logTo } from '../../service/log.ts';
import { signInAddress } from '../../service/serving/access/first-access.ts';
import { systemClock } from '../../service/system-clock.ts';
import {
  type CommandText,
  countOption,
  declare,
  durationOption,
  type Registry,
  type Shell,
} from '../command.ts';
import { CommandError } from '../command-error.ts';
import { wanted } from '../open-book.ts';
import { countText } from '../render/amount.ts';
import { printDocument } from '../render/document.ts';
import { type Began, runServe } from './serve.ts';

const text: CommandText = {
  usage: 'demo',
  summary: 'two bots on emulated exchanges, what goes wrong, and the page that shows it',
  description: `\
Starts two emulated exchanges on this machine, lets a bot trade on each through the service, and
lets things go wrong: frames are lost, a line breaks, somebody books a fill twice. Breaks appear,
are explained, and are repaired as far as the policy goes; one is above its limits and waits for a
person on the page, whose address is printed. All of it is PAPER, in a folder of its own. Ctrl+C
ends it.`,
  examples: [
    ['trueup demo', 'until Ctrl+C, with the page'],
    ['trueup demo --for 20s --json', 'the same for a while, and what came of it'],
    ['trueup demo --folder try --port 0', 'its book and settings stay there'],
  ],
  exits: [
    [0, 'stopped; with --for: the books are true'],
    [1, 'an error'],
    [3, '--for: breaks are open, as a rule the one that waits for a person'],
    [5, '--for: cannot say'],
    [130, 'interrupted twice (143: terminated twice)'],
  ],
  onlyNow: true,
};

export interface DemoOptions {
  readonly for?: string;
  readonly folder?: string;
  readonly port?: string;
  readonly seed: string;
  readonly speed: string;
}

export const usualDemo = { seed: '7', speed: '1' } as const;

export function addDemo(registry: Registry): void {
  declare(registry, text, runDemo)
    .option('--for <duration>', 'end after so long (default: until it is stopped)')
    .option('--folder <folder>', 'for its book and settings (default: a new one)')
    .option('--port <port>', 'of the page, 0 for any that is free (default: 8787)')
    .option('--seed <number>', 'for the prices', usualDemo.seed)
    .option('--speed <factor>', 'how many times faster everything happens', usualDemo.speed);
}

export async function runDemo(shell: Shell, options: DemoOptions): Promise<number> {
  const folder = resolve(options.folder ?? mkdtempSync(join(tmpdir(), 'trueup-demo-')));
  const forMs = options.for === undefined ? null : durationOption('--for', options.for);
  const seed = countOption('--seed', options.seed);
  const speed = Math.max(1, countOption('--speed', options.speed));
  const world = await openWorld(folder, { seed, speed }, systemClock, async (how) => {
    const { openEmulator } = await import('../../../emulator/emulator.ts');
    return openEmulator(how);
  });
  const summaries: DemoSummary[] = [];
  const serve = (port: string) =>
    runServe(
      placed(shell, folder),
      { port },
      {
        async began(began) {
          summaries.push(await play({ shell, world, began, forMs, speed }));
        },
      },
    );
  try {
    const served = await serve(options.port ?? usualPort).catch((error: unknown) => {
      if (options.port !== undefined || !isPortTaken(error)) throw error;
      return serve('0');
    });
    if (served !== 0) return served;
  } finally {
    await world.close();
  }
  const [summary] = summaries;
  if (summary === undefined) return 1;
  // Whoever stops it has seen enough; whoever gave it a time asks what came of it.
  const exitCode = forMs === null ? 0 : exitCodes[summary.verdict];
  show(shell, summary, { folder, exitCode });
  return exitCode;
}

const usualPort = '8787';

const isPortTaken = (error: unknown): boolean =>
  error instanceof CommandError && error.refusal.code === 'port-taken';

const exitCodes = { true: 0, break: 3, 'cannot-say': 5 } as const;

/** As if the command had been typed in that folder. */
function placed({ terminal, globals }: Shell, folder: string): Shell {
  const around = { environment: {}, folder, home: homedir() };
  const configuration = wanted(readConfiguration({ book: join(folder, 'demo.db') }, around));
  // What the service itself would print is no part of the demo's document.
  return { terminal, globals: { ...globals, configuration } };
}

interface Stage {
  readonly shell: Shell;
  readonly world: DemoWorld;
  readonly began: Began;
  readonly forMs: number | null;
  readonly speed: number;
}

/** How long a bar of the bots is, in moves; short averages trade often. */
const pace = { moves: 4, fast: 2, slow: 5 } as const;
/** Somebody with more to lose: its fills are above the limits of the policy. */
const sizes: Readonly<Record<DemoAccount, number>> = { trend: 1, swing: 5 };

async function play({ shell, world, began, forMs, speed }: Stage): Promise<DemoSummary> {
  const { address, service, signal, stop } = began;
  const { parts } = service;
  const { tokens } = parts.access;
  const { secret } = tokens.add({
    ...{ name: 'demo-bot', scopes: ['read', 'trade'], expiresAt: null, by: 'demo' },
  });
  const tell = (line: string) => shell.terminal.tell(line.trimEnd());
  const log = (shell.terminal.isTalkTty ? logForPeople : logTo)(tell, systemClock);
  const bots = new Map(
    world.venues.map(({ account }) => [
      account,
      new DemoBot({
        ...{ address, token: secret, account, instruments: sized(account), log, pace },
        run: `${account}-${parts.startedAt}`,
      }),
    ]),
  );
  tellWhere(shell, began, world.folder);
  const played = new Play({
    ...{ world, bots, duties: parts.duties, clock: systemClock, log, speed },
    bookAgain: (account) => bots.get(account as DemoAccount)!.reportAgain(),
  });
  await rest(systemClock, forMs ?? foreverMs, signal);
  played.stop();
  const ask = async (path: string) => {
    const answer = await fetch(address + path, { headers: { authorization: `Bearer ${secret}` } });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return answer.json();
  };
  await settled(began);
  const counted = { mishaps: played.happened, ...countsIn(parts.reader.file) };
  const summary = await summaryOf(world, [...bots.values()], counted, ask);
  stop('the demo ends');
  return summary;
}

const foreverMs = 2 ** 31 - 1;

const sized = (account: DemoAccount) =>
  demoInstruments.map((one) => ({ ...one, size: multiply(one.size, fromInteger(sizes[account])) }));

/** The last checks, of books that nothing moves any more. */
async function settled({ service }: Began): Promise<void> {
  const { duties } = service.parts;
  const { signal } = new AbortController();
  // Younger differences are not breaks yet: the settle window of the demo's settings, twice.
  await rest(systemClock, 2_500, signal);
  const checks = duties.status().filter(({ name }) => name.startsWith('check '));
  const before = new Map(checks.map(({ name, runs }) => [name, runs]));
  for (const { name } of checks) duties.runNow(name, 'demo');
  for (let waited = 0; waited < 10_000; waited += 50) {
    const left = duties.status().filter(({ name, runs }) => (before.get(name) ?? runs) >= runs);
    if (left.every(({ name }) => !before.has(name))) return;
    await rest(systemClock, 50, signal);
  }
}

function tellWhere({ terminal }: Shell, { address, service }: Began, folder: string): void {
  const code = service.first?.code;
  const where = code === undefined ? address : signInAddress(address, code);
  terminal.tell(`PAPER demo in ${folder}`);
  terminal.tell(`The page: ${where}`);
}

interface Ended {
  readonly folder: string;
  readonly exitCode: number;
}

function show(
  { terminal, globals }: Shell,
  summary: DemoSummary,
  { folder, exitCode }: Ended,
): void {
  if (globals.json) {
    const document = { schema: 'trueup.demo/1', mode: 'PAPER', exitCode, ...summary, folder };
    printDocument({ terminal }, document);
    return;
  }
  const { fills, orders, denied, exits, mishaps, breaks, waiting } = summary;
  terminal.print(
    [
      `PAPER ${countText(fills)} fills of ${countText(orders)} orders, ${denied} denied, ` +
        `${exits} to leave what is aged; ` +
        `${mishaps} mishaps: ${breaks.opened} breaks, ${breaks.closed} closed`,
      ...waiting.map(({ id, title }) => `  ${id} waits for a person: ${title}`),
      summary.sentence,
    ].join('\n'),
  );
}
