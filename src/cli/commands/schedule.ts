/** schedule: looks after another program's database, and venues, until it is stopped. */
import { InvariantError } from '../../model/result.ts';
import { openDeskOf, tellingOf } from '../../service/alerts/opening.ts';
import { managerSettings, surroundings } from '../../service/config.ts';
import { type BookHold, holdOf } from '../../service/duties/book-hold.ts';
import { dayReporter } from '../../service/duties/day-reporter.ts';
import type { DutyOptions, DutyRun } from '../../service/duties/duty.ts';
import { dutyMemoryIn } from '../../service/duties/duty-memory.ts';
import { notesAt, notesPath } from '../../service/duties/duty-notes.ts';
import { dutyTable, standingTable } from '../../service/duties/duty-table.ts';
import { Schedule } from '../../service/duties/schedule.ts';
import { serviceManager } from '../../service/duties/service-manager.ts';
import { type Log, logForPeople, logTo, logToAll } from '../../service/log.ts';
import { LogFile } from '../../service/log-file.ts';
import { stopInBook } from '../../service/policy/standing.ts';
import { withoutPassword } from '../../service/redaction.ts';
import { type LiveSettings, liveSettings } from '../../service/reloading.ts';
import type { ServiceFile } from '../../service/serving/beside-book.ts';
import { openSourceDesk } from '../../service/source/desk.ts';
import type { OpenMirror } from '../../service/source/positions-following.ts';
import { kindOfSource } from '../../service/source/positions-opening.ts';
import { systemClock } from '../../service/system-clock.ts';
import { VenueDesk } from '../../service/venues/desk.ts';
import { type OpenVenue, openVenue } from '../../service/venues/opening.ts';
import { parseVenueSettings } from '../../service/venues/settings.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { CommandError, usageError } from '../command-error.ts';
import { wanted } from '../open-book.ts';
import { printDocument } from '../render/document.ts';
import { scheduleDocument, scheduleLines } from '../render/schedule-text.ts';
import { onSignals } from '../signals.ts';
import { version } from '../version.ts';
import { mirrorFor, refuseUnfitMirror } from './mirroring.ts';
import {
  hasSource,
  type ScheduleOptions,
  scheduleOptions,
  scheduleWish,
} from './schedule-options.ts';
import { deskOptions, pricesOf } from './source-options.ts';

const text: CommandText = {
  usage: 'schedule',
  summary: "look after another program's database, or venues, until stopped",
  description: `\
Runs duties by the clock, in the foreground: checks the stored balance (and repairs it with --repair
auto), appends performance records, refreshes prices where --prices are given and may be written,
writes the reconciliation report of the day before, and raises alerts. With --venue it books fills
of venues as they happen, pulls what they list, and holds each account against the book (and repairs
it with --repair auto, as far as the policy goes); then a database need not be named. One duty runs
at a time; what was missed is said once and not made up for. The log is JSON lines on standard
error, or in --log-file; a signal ends it when the duty that runs is done. --once does what is due
and ends.`,
  examples: [
    [
      'trueup schedule --source sqlite:paper_trading.db',
      'watch and tell, write nothing but records',
    ],
    ['trueup schedule --source sqlite:paper_trading.db --repair auto', 'keep the balance true'],
    ['trueup schedule --source sqlite:paper_trading.db --once', 'one run, for cron'],
    ['trueup schedule --venue main', 'the fills of a venue, as they happen'],
  ],
  exits: [
    [0, 'stopped by a signal, with nothing left undone; --once: true and done'],
    [1, 'an error; a run that did not end in ten seconds was left'],
    [2, 'an option, the settings of alerts or the log file cannot be used'],
    [3, '--once: breaks'],
    [4, '--once: the database refuses the credentials'],
    [5, '--once: cannot say'],
    [7, 'another schedule looks after the same database with this book'],
    [130, 'interrupted twice (143: terminated twice)'],
  ],
  onlyNow: true,
};

export function addSchedule(registry: Registry): void {
  const run = (shell: Shell, options: ScheduleOptions) => runSchedule(shell, options);
  scheduleOptions(declare(registry, text, run)).option(
    '--once',
    'do what is due and end, for cron',
  );
}

export async function runSchedule(
  shell: Shell,
  options: ScheduleOptions,
  open: OpenVenue = openVenue,
): Promise<number> {
  const { schedule, logFile, desks, rows, manager, watch } = await openSchedule(
    shell,
    options,
    open,
  );
  const reopen = () => {
    logFile?.reopen();
    watch?.readNow();
  };
  const done = onSignals(shell.terminal, {
    stop: (signal) => void schedule.stop(signal),
    // Where nobody asks for it by a signal, one says that the terminal is closed.
    reopen: logFile === null && manager === null ? null : reopen,
  });
  try {
    const exitCode = await ranCode(schedule, options.once === true);
    const document = scheduleDocument(schedule.status(), exitCode);
    if (shell.globals.json) printDocument(shell, document);
    else shell.terminal.print(scheduleLines(shell.terminal, schedule.status()).join('\n'));
    // What was left running would keep the process.
    if (schedule.hasLeft) process.exit(exitCode);
    return exitCode;
  } finally {
    done();
    watch?.close();
    await rows?.close();
    for (const desk of desks) await desk.close();
    logFile?.close();
  }
}

async function ranCode(schedule: Schedule, once: boolean): Promise<number> {
  try {
    if (once) return await schedule.once();
    const rival = await schedule.rival();
    if (rival !== null) throw rivalError(rival);
    return (await schedule.run()) ? 0 : 1;
  } finally {
    await schedule.close();
  }
}

/** What `serve` adds: duties that are seen and controlled, also of a book alone. */
export interface Serving {
  readonly file: ServiceFile;
  readonly watch: (name: string, run: DutyRun | null) => void;
  readonly onCommitted: () => void;
  /** Why no order may be sent yet; null: one may. */
  readonly notReady: () => string | null;
  readonly hasSource: boolean;
  readonly checkIntervalMinutes: number;
}

/** Nothing runs yet. `serving` null: it is the schedule alone. */
export async function openSchedule(
  shell: Shell,
  options: ScheduleOptions,
  open: OpenVenue,
  serving: Serving | null = null,
) {
  const { terminal, globals } = shell;
  const { configuration } = globals;
  const wish = scheduleWish(shell, options);
  const { names, ...venues } = wish.venues;
  const { from, withSource, isMirrored, isWatched } = await sourceOf(
    shell,
    options,
    names,
    serving,
  );
  const beside = names.length === 0 ? 'the book alone' : `venue ${names.join(', ')}`;
  const source = from === null ? beside : withoutPassword(from.location);
  const live = wanted(liveSettings(configuration, surroundings(), systemClock));
  const logFile =
    options.logFile === undefined ? null : wanted(LogFile.open(options.logFile, terminal.tell));
  const log = logOf(shell, logFile);
  const { book, markMaxAgeMs } = configuration;
  const holding = { clock: systemClock, programVersion: version(), markMaxAgeMs };
  const holder = holderName(serving === null ? 'schedule' : 'serve', source);
  const { onCommitted } = serving ?? {};
  const hold = holdOf(book, { ...holding, holder, ...(onCommitted && { onCommitted }) }, log);
  const rows =
    isMirrored || isWatched
      ? scheduledMirror(shell, { ...options, mirror: true }, names, { log, live, isMirrored })
      : null;
  const desks = await venueDesks(shell, names, { hold, open, rows, serving });
  const checkedBook = ({ checkIntervalMinutes: intervalMinutes }: Serving) => ({
    ...{ markMaxAgeMs, intervalMinutes },
    ...{ reader: () => hold.reader(), openWriter: () => hold.writer() },
  });
  const duties: DutyOptions = {
    ...{ ...wish, hasSource: withSource, venues: { ...venues, desks } },
    alertAbove: () => wish.alertAbove ?? live.alerts().settings.threshold,
    prices: pricesOf(shell, options),
    ...{
      policy: live.policy,
      stop: () => stopInBook(hold.readerIfAny()?.file ?? null, live.policy()),
    },
    ...(rows === null ? {} : { mirror: rows }),
    ...(serving === null ? {} : { book: checkedBook(serving) }),
  };
  const tell = (line: string) => log.info({ event: 'source.note', msg: line });
  const alerts = openDeskOf(live.alerts(), { book, clock: systemClock, log });
  const manager = managerSettings();
  const schedule = new Schedule({
    ...{ clock: systemClock, source, log, logFile, hold, options: duties },
    ...{ duties: dutyTable(duties), standing: standingTable(duties) },
    alerts,
    reporter: dayReporter({ book, clock: systemClock, ...wish.report }),
    notes: notesAt(notesPath(book, source), source),
    manager: serviceManager(manager, systemClock, terminal.tell),
    ...(serving === null ? {} : { memory: dutyMemoryIn(serving.file), watch: serving.watch }),
    async openDesk() {
      if (from === null) throw new InvariantError('no duty asks for a database that is not there');
      return openSourceDesk({ ...from, tell, agesFromNow: true });
    },
  });
  const heed = () => live.watch(log, (next) => void alerts.use(tellingOf(next)));
  // A run that ends by itself is by the settings that it began with.
  const watch = options.once === true ? null : heed();
  const { stop } = duties;
  const opened = { schedule, stop: stop!, alerts, logFile, log, hold, live, desks, rows, manager };
  return { ...opened, watch, from };
}

/** The database that is meant, and what is done with it. */
async function sourceOf(
  shell: Shell,
  options: ScheduleOptions,
  names: readonly string[],
  serving: Serving | null,
) {
  const isMirrored = options.mirror === true;
  if (isMirrored) await refuseUnfitMirror(shell, options);
  const isMeant = serving?.hasSource ?? hasSource(shell, options);
  const from = isMeant || isMirrored ? deskOptions(shell, options) : null;
  // Rows of a database that is served are looked at; they are kept only where that is asked for.
  const mayWatch = serving !== null && from !== null && names.length === 1 && !isMirrored;
  const isWatched = mayWatch && (await kindOfSource(from)) === 'positions';
  return { from, isMirrored, isWatched, withSource: isMeant && !isMirrored && !isWatched };
}

interface MirrorBeside {
  readonly log: Log;
  readonly live: LiveSettings;
  /** Whether rows follow, or are looked at alone. */
  readonly isMirrored: boolean;
}

/** Rows are those of one account: that of the one venue that is named. */
function scheduledMirror(
  shell: Shell,
  options: ScheduleOptions,
  names: readonly string[],
  { log, live, isMirrored }: MirrorBeside,
): OpenMirror {
  const { venues } = shell.globals.configuration;
  const settings = venues && wanted(parseVenueSettings(venues.value, venues.file));
  const [name, ...more] = names;
  const account = name === undefined ? undefined : settings?.[name]?.account;
  if (account !== undefined && more.length === 0) {
    return mirrorFor(shell, options, account, { log, policy: live.policy, follows: isMirrored });
  }
  const hint = 'add --venue NAME, one alone';
  throw usageError('option-unfit', '--mirror is of the account of one venue', hint, '--mirror');
}

interface DeskParts {
  readonly hold: BookHold;
  readonly open: OpenVenue;
  readonly rows: OpenMirror | null;
  readonly serving: Serving | null;
}

/** Opened at once: what was asked for wrongly is refused before anything runs. */
async function venueDesks(
  { globals }: Shell,
  names: readonly string[],
  { hold, open, rows, serving }: DeskParts,
): Promise<readonly VenueDesk[]> {
  const { configuration } = globals;
  const { book, markMaxAgeMs } = configuration;
  const desks: VenueDesk[] = [];
  for (const name of names) {
    const opened = wanted(await open(name, configuration, surroundings(), systemClock));
    const parts = { name, opened, book, markMaxAgeMs, clock: systemClock };
    const held = { reader: () => hold.reader(), openWriter: () => hold.writer() };
    const heard = rows === null ? {} : { onBooked: () => rows.follow() };
    const ready = serving === null ? {} : { notReady: serving.notReady };
    desks.push(new VenueDesk({ ...parts, ...held, programVersion: version(), ...heard, ...ready }));
  }
  return desks;
}

const holderName = (command: string, source: string): string => `trueup ${command} of ${source}`;

/** A person who looks reads words, a program JSON; a file is JSON whoever looks. */
function logOf({ terminal }: Shell, file: LogFile | null): Log {
  const tell = (line: string) => terminal.tell(line.trimEnd());
  const people = terminal.isTalkTty ? [logForPeople(tell, systemClock)] : [];
  if (file !== null) return logToAll([logTo((line) => file.write(line), systemClock), ...people]);
  return people[0] ?? logTo(tell, systemClock);
}

export const rivalError = (holder: string): CommandError =>
  new CommandError(7, {
    code: 'schedule-runs',
    message: `${holder} runs already`,
    where: {},
    rule: 'one process looks after a database',
    hint: 'stop it first, or run schedule --once beside it',
  });
