/** service unit: what systemd needs to run the schedule, for this installation. */
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { projectFileName } from '../../service/config.ts';
import {
  listenUnit,
  serviceUnit,
  timerUnits,
  type UnitFile,
  type UnitRequest,
} from '../../service/duties/systemd-unit.ts';
import { personName } from '../../service/person.ts';
import { withoutPassword } from '../../service/redaction.ts';
import { parseVenueSettings } from '../../service/venues/settings.ts';
import { writeWhole } from '../../service/write-whole.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { wanted } from '../open-book.ts';
import { printDocument } from '../render/document.ts';
import {
  fileOfSource,
  hasSource,
  pricesVariable,
  type ScheduleOptions,
  scheduleOptions,
  scheduleWish,
  wordsOf,
} from './schedule-options.ts';
import { serveWish } from './serve-options.ts';
import { aliveText, runAlive } from './service-alive.ts';
import { deskOptions } from './source-options.ts';

const text: CommandText = {
  usage: 'service',
  summary: 'run the schedule or the service under systemd, and watch it',
  description: `\
Units for systemd, with the paths of this installation; and whether the service of a book lives.`,
  examples: [
    ['trueup service unit --source sqlite:paper_trading.db', 'a service that stays'],
    ['trueup service unit --source sqlite:paper_trading.db --timer', 'a run every five minutes'],
    ['trueup service unit --user falcon --repair auto --out units', 'into files'],
    ['trueup service unit --listen main', 'a listener of the venue main'],
  ],
  exits: [
    [0, 'printed or written'],
    [1, 'a file cannot be written'],
    [2, 'no database was named, or an option is wrong'],
  ],
  onlyNow: true,
};

const unitText: CommandText = {
  ...text,
  usage: 'unit',
  summary: 'print units for systemd',
  description: `\
Prints a unit that runs schedule with the options given here: restarted when it fails, ended when
it hangs, and shut in as far as its work allows. With --timer, a unit and a timer that run
schedule --once instead; with --listen, a unit that runs listen for a venue of the settings. Paths
are those of this installation; a password in the address of a database is left out, and belongs in
the file that EnvironmentFile names.`,
};

interface Options extends ScheduleOptions {
  readonly user?: string;
  readonly name: string;
  readonly timer?: true;
  readonly out?: string;
  readonly listen?: string;
  readonly serve?: true;
}

export function addService(registry: Registry): void {
  const service = registry.program
    .command(text.usage)
    .summary(text.summary)
    .description(text.description);
  declare(registry, aliveText, runAlive, service);
  const command = declare(registry, unitText, run, service)
    .option('--user <name>', 'who owns the database (default: who runs this, unless that is root)')
    .option('--name <name>', 'of the units', 'trueup')
    .option('--serve', 'the service with its page and API, instead of the schedule')
    .option('--listen <venue>', 'books what happens on a venue, instead of the schedule')
    .option('--timer', 'a run by a timer, instead of a service that stays')
    .option('--out <folder>', 'write the units into a folder');
  scheduleOptions(command);
}

async function run(shell: Shell, options: Options): Promise<number> {
  const { listen, name } = options;
  if (!/^[\w@.-]{1,100}$/.test(name)) {
    const hint = 'use letters, digits, dots and hyphens';
    throw usageError('name-bad', `--name ${JSON.stringify(name)} is no name`, hint, '--name');
  }
  const request = chosenRequest(shell, options);
  const files =
    listen !== undefined
      ? listenUnit(request)
      : options.timer === true
        ? timerUnits(request)
        : serviceUnit(request);
  const { out } = options;
  if (out !== undefined) {
    mkdirSync(out, { recursive: true });
    for (const file of files) writeWhole(join(out, file.name), file.text);
  }
  if (shell.globals.json) printDocument(shell, { schema: 'trueup.unit/1', files });
  else shell.terminal.print(shown(files, out));
  if (request.words.some((word) => typeof word !== 'string')) {
    const { environmentFile } = request;
    const write = `write ${pricesVariable}=... into ${environmentFile}`;
    shell.terminal.tell(`note: an address with a key stands in no unit: ${write}`);
  }
  if (request.user === null) {
    shell.terminal.tell('warning: it will run as root; name the owner of the database with --user');
  }
  return 0;
}

function chosenRequest(shell: Shell, options: Options): UnitRequest {
  const { listen, serve, timer } = options;
  if (serve !== undefined && (listen !== undefined || timer !== undefined)) {
    const said = '--serve goes with neither --listen nor --timer';
    throw usageError('option-unfit', said, 'a service stays, and books what happens', '--serve');
  }
  if (serve !== undefined) return serveRequest(shell, options);
  return listen === undefined ? requestOf(shell, options) : listenRequest(shell, options, listen);
}

const shown = (files: readonly UnitFile[], out: string | undefined): string =>
  files
    .map(({ name, text: unit }) =>
      out === undefined ? `# /etc/systemd/system/${name}\n${unit}` : join(out, name),
    )
    .join('\n');

/** What the settings say it reads itself: the unit names what was said beside them. */
function serveRequest(shell: Shell, options: Options): UnitRequest {
  const { options: all, hasSource: has } = serveWish(shell, options);
  const { configuration } = shell.globals;
  const { source } = options;
  const location = typeof source === 'string' ? source : null;
  // What is said of venues is said of those that are named.
  const isOfVenues = options.venueInterval !== undefined || options.checkInterval !== undefined;
  const named = all.venue === undefined ? {} : { venue: all.venue };
  const settings = configuration.files.find(({ origin }) => origin === 'project file');
  return {
    ...requestOf(shell, { ...options, ...all }, has),
    command: 'serve',
    words: wordsOf(shell, isOfVenues ? { ...options, ...named } : options, location),
    folder: real(dirname(resolve(settings?.path ?? configuration.book))),
  };
}

function requestOf(shell: Shell, options: Options, has = hasSource(shell, options)): UnitRequest {
  const { name } = options;
  const wish = scheduleWish(shell, options);
  const location = has ? deskOptions(shell, options).location : null;
  const source = location === null ? wish.venues.names.join(', ') : withoutPassword(location);
  const { configuration } = shell.globals;
  const book = resolve(configuration.book);
  const sourceFile = location === null ? null : fileOfSource(location);
  // Where the settings stand it is run, if they name venues and their keys.
  const settings = wish.venues.names.length === 0 ? book : resolve(configuration.venues!.file);
  const folders = [
    dirname(book),
    resolve(wish.report.folder),
    ...(sourceFile === null ? [] : [dirname(sourceFile)]),
    ...(options.logFile === undefined ? [] : [dirname(resolve(options.logFile))]),
  ];
  return {
    command: 'schedule',
    ...{ name, source, intervalMinutes: wish.intervalMinutes },
    user: options.user ?? ownUser(),
    program: [trueup()],
    // An address with a password stands in no unit, which everybody may read.
    words: wordsOf(shell, options, source === location ? location : null),
    ...{ hasKeys: wish.venues.names.length > 0 },
    writes: outermost(folders.map(real)),
    folder: real(dirname(settings)),
    temporary: real(tmpdir()),
    environmentFile: `/etc/trueup/${name}.env`,
  };
}

/** Where the settings stand it is run: they name the venue and its key. */
function listenRequest({ globals }: Shell, options: Options, venue: string): UnitRequest {
  const { timer, source, venue: others } = options;
  if (timer !== undefined || source !== undefined || others !== undefined) {
    const hint = 'a listener has no database and no hours: leave them out';
    const said = '--listen goes with no --timer, --source or --venue';
    throw usageError('option-unfit', said, hint, '--listen');
  }
  const { book, venues } = globals.configuration;
  const { value = {}, file = projectFileName } = venues ?? {};
  const known = Object.keys(wanted(parseVenueSettings(value, file)));
  if (!known.includes(venue)) {
    const hint = known.length === 0 ? `name it in ${file}` : `there is ${known.join(', ')}`;
    throw usageError('venue-unknown', `there is no venue ${venue} in ${file}`, hint, '--listen');
  }
  const path = resolve(book);
  return {
    ...{ name: options.name, source: venue, intervalMinutes: 0, hasKeys: true },
    command: 'schedule',
    user: options.user ?? ownUser(),
    program: [trueup()],
    words: ['--venue', venue, '--book', join(real(dirname(path)), basename(path))],
    writes: [real(dirname(path))],
    folder: real(dirname(resolve(file))),
    temporary: real(tmpdir()),
    environmentFile: `/etc/trueup/${options.name}.env`,
  };
}

/** Null: root. */
function ownUser(): string | null {
  const name = personName();
  return name === 'root' ? null : name;
}

/** The launcher of this installation. */
const trueup = (): string => real(join(import.meta.dirname, '..', '..', '..', 'bin', 'trueup'));

/** systemd does not follow links to what is written to. */
const real = (path: string): string => (existsSync(path) ? realpathSync(path) : path);

/** What lies inside another is written to with it. */
const outermost = (folders: readonly string[]): readonly string[] =>
  folders.filter((one) => !folders.some((other) => one.startsWith(`${other}/`)));
