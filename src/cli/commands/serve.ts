/** serve: the duties, the API, the stream and the page, in one process that holds the book. */

import { endEach } from '../../service/ending.ts';
import { keptSecret } from '../../service/kept-secret.ts';
import { withoutPassword } from '../../service/redaction.ts';
import {
  type FirstAccess,
  signInAddress,
  signInCode,
} from '../../service/serving/access/first-access.ts';
import { openBesideBook, type ServiceFile } from '../../service/serving/beside-book.ts';
import { settleHead } from '../../service/serving/head-alert.ts';
import { openService, type Service } from '../../service/serving/opening.ts';
import { builtPage } from '../../service/serving/page-build.ts';
import type { ServeSettings } from '../../service/serving/settings.ts';
import type { SourceDeskOptions } from '../../service/source/desk.ts';
import { exchangesOf } from '../../service/source/positions-opening.ts';
import type { ServedSource } from '../../service/source/served-source.ts';
import { systemClock } from '../../service/system-clock.ts';
import { type OpenVenue, openVenue } from '../../service/venues/opening.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { onSignals } from '../signals.ts';
import { version } from '../version.ts';
import { openSchedule, rivalError } from './schedule.ts';
import { type ServeOptions, type ServeWish, serveOptions, serveWish } from './serve-options.ts';

const text: CommandText = {
  usage: 'serve',
  summary: 'the duties, the page and the API, until stopped',
  description: `\
Does what schedule does, for the database and the venues that are named or that the settings name,
or for a book alone; and answers people and programs: the page that says whether the books are true,
the API under /api/v1, the stream, /metrics. It listens on this machine alone, unless the settings
give it TLS or name a proxy that has it. At the first start it tells one token, once: at a terminal,
or else in a file beside the book, which its owner alone may read; trueup token makes others. No
gate allows anything before the first complete check. A signal ends it within ten seconds, and a
second one at once.`,
  examples: [
    ['trueup serve', 'the page on http://127.0.0.1:8787'],
    ['trueup serve --venue main --repair auto', 'and keep the book true'],
    ['trueup serve --port 0 --json', 'on any free port, which is printed'],
  ],
  exits: [
    [0, 'stopped by a signal, with nothing left undone'],
    [1, 'an error, such as a port that is taken; or what went on did not end in ten seconds'],
    [2, 'an option or a setting cannot be used'],
    [7, 'another service looks after the same book'],
    [130, 'interrupted twice (143: terminated twice)'],
  ],
  onlyNow: true,
};

export function addServe(registry: Registry): void {
  const run = (shell: Shell, options: ServeOptions) => runServe(shell, options);
  serveOptions(declare(registry, text, run));
}

export interface ServeParts {
  readonly open?: OpenVenue;
  /** Builds the page where it has to be; null: there is none. */
  readonly page?: () => Promise<string | null>;
  /** In place of telling the address; what it returns is waited for once the service ends. */
  readonly began?: (began: Began) => Promise<void>;
}

export interface Began {
  readonly address: string;
  readonly service: Service;
  /** Ends the service as a signal does. */
  readonly stop: (why: string) => void;
  /** Aborted when the service is to end. */
  readonly signal: AbortSignal;
}

export async function runServe(
  shell: Shell,
  given: ServeOptions,
  {
    open = openVenue,
    page = () => builtPage({ tell: shell.terminal.tell }),
    began = (said) => tellAddress(shell, said),
  }: ServeParts = {},
): Promise<number> {
  const { settings, options, hasSource } = serveWish(shell, given);
  const { configuration } = shell.globals;
  const file = openBesideBook(configuration.book);
  let service: Service | null = null;
  const serving = {
    ...{ file, hasSource, checkIntervalMinutes: settings.checkIntervalMinutes },
    onCommitted: () => service?.committed(),
    notReady: () => (service === null ? 'the service begins' : service.parts.notReady()),
    watch: (name: string, run: { readonly result: object } | null) =>
      service?.parts.hub.tell('duty', { name, running: run === null, ...run?.result }),
  };
  const opened = await openSchedule(shell, options, open, serving).catch((error: unknown) => {
    file.close();
    throw error;
  });
  const { schedule, logFile, log, hold, live, desks, watch, from } = opened;
  const ended = new Ending();
  let exitCode = 1;
  const stop = (signal: string) => void ended.begin(signal);
  const reopen = () => {
    logFile?.reopen();
    watch?.readNow();
  };
  const done = onSignals(shell.terminal, { stop, reopen: opened.manager === null ? null : reopen });
  try {
    const rival = await schedule.rival();
    if (rival !== null) throw rivalError(rival);
    service = await openService({
      ...{ clock: systemClock, log, version: version(), book: configuration.book, configuration },
      ...{ settings, file, desks, duties: schedule.control, policy: live.policy },
      lastRead: live.configuration,
      ...(from === null ? {} : { source: servedSource(shell, from, options) }),
      // What a book that cannot be opened has to say is said before anything listens.
      reader: hold.reader(),
      ...{ writer: () => hold.writer(), stop: () => opened.stop(), page: await page() },
      acceptHead: given.acceptHead === true,
    });
    await settleHead(opened.alerts, configuration.book, service.headFault, systemClock.now());
    const address = await listening(service, settings);
    const running = schedule.run();
    const ending = new AbortController();
    const told = began({ address, service, stop, signal: ending.signal });
    const failed = told.then(() => ended.asked);
    const why = await Promise.race([ended.asked, running.then(() => null), failed]);
    ending.abort();
    await told;
    const drained = service.drain(`the service stops: ${why ?? 'it ended'}`);
    const [inTime] = await Promise.all([schedule.stop(why ?? 'it ended'), drained]);
    exitCode = inTime && (await running) ? 0 : 1;
  } finally {
    done();
    const isWhole = await endEach(log, endsOf(opened, service, file));
    if (!isWhole) exitCode = 1;
    logFile?.close();
  }
  return exitCode;
}

type Opened = Awaited<ReturnType<typeof openSchedule>>;

/** In this order; what goes on is stopped together, so that all of it has the same seconds. */
const endsOf = (
  { schedule, watch, rows, desks }: Opened,
  service: Service | null,
  file: ServiceFile,
): Readonly<Record<string, () => unknown>> => {
  const why = 'the service ends';
  const drain = async () => service?.drain(why);
  return {
    'what goes on': () => Promise.allSettled([schedule.stop(why), drain()]),
    'the timetable': () => schedule.stop(why),
    'the service': drain,
    'the watch of the settings': () => watch?.close(),
    'the hold of the book': () => schedule.close(),
    'the database': () => rows?.close(),
    ...Object.fromEntries(desks.map((desk) => [`the venue ${desk.name}`, () => desk.close()])),
    'the file beside the book': () => file.close(),
  };
};

/** What it says for people goes nowhere: the page says it. */
const servedSource = (
  { globals }: Shell,
  from: SourceDeskOptions,
  { repair }: ServeWish['options'],
): ServedSource => ({
  options: { ...from, tell: () => undefined, agesFromNow: true },
  name: withoutPassword(from.location),
  mayWrite: repair !== 'never',
  exchangeOf: exchangesOf(globals.configuration),
});

/** The first signal. */
class Ending {
  begin: (signal: string) => void = () => undefined;
  readonly asked = new Promise<string>((resolve) => {
    this.begin = resolve;
  });
}

async function listening(service: Service, { host, port }: ServeSettings): Promise<string> {
  try {
    return await service.listen();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw error;
    await service.drain('it never listened');
    throw new CommandError(1, {
      code: 'port-taken',
      message: `nothing can listen on ${host}:${port}: ${portFaults[code]}`,
      where: { field: '--port', value: String(port) },
      rule: 'a service listens on an address of its own',
      hint: 'name another with --port, or --port 0 for any that is free',
    });
  }
}

const portFaults = {
  EADDRINUSE: 'another program does',
  EACCES: 'the system does not allow it',
  EADDRNOTAVAIL: 'this machine has no such address',
} as const;

async function tellAddress({ terminal, globals }: Shell, { address, service }: Began) {
  const { first, parts } = service;
  if (globals.json) {
    const document = { schema: 'trueup.serve/1', address, pid: process.pid };
    terminal.print(JSON.stringify(document));
  } else terminal.print(`Trueup serves ${address}`);
  if (first !== null) {
    const words = firstWords(address, first).join('\n');
    // What is no terminal is kept by somebody: a journal, or the log of a container.
    if (terminal.isTalkTty) terminal.tell(words);
    else terminal.tell(`How to sign in is in ${keptSecret(firstPath(globals), `${words}\n`)}`);
    first.told();
  }
  if (first === null && terminal.isTalkTty && !globals.json) {
    const code = signInCode(parts.access);
    if (code !== null) terminal.tell(`Sign in: ${signInAddress(address, code)}`);
  }
}

/** Beside the book, for its owner's eyes; removed by whoever read it. */
const firstPath = ({ configuration }: Shell['globals']): string =>
  `${configuration.book}.first-token`;

const firstWords = (address: string, { secret, code }: FirstAccess): readonly string[] => [
  `Sign in within ten minutes, once: ${signInAddress(address, code)}`,
  `A token that may do everything for 90 days, told only here: ${secret}`,
  'More of them: trueup token add NAME --scope read',
];
