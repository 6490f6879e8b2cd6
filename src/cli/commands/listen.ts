/** listen: fills of a venue as they happen, until stopped. */
import { listenDocument } from '../../report/listen-document.ts';
import { Listener } from '../../service/listening/listener.ts';
import { openFollowed } from '../../service/listening/opening.ts';
import { type Log, logForPeople, logTo } from '../../service/log.ts';
import { systemClock } from '../../service/system-clock.ts';
import type { OpenedVenue, OpenVenue } from '../../service/venues/opening.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { wanted } from '../open-book.ts';
import { printDocument } from '../render/document.ts';
import { onSignals } from '../signals.ts';
import { version } from '../version.ts';
import { mirrorFor, refuseUnfitMirror } from './mirroring.ts';
import { type SourceOptions, sourceOptions } from './source-options.ts';
import { withVenue } from './venue-options.ts';

const text: CommandText = {
  usage: 'listen',
  summary: 'book fills of a venue as they happen, until stopped',
  description: `\
Listens to a venue's streams and books every fill at once, each partial one. A message is kept word
for word before it is read. A start, a reconnect and a silence are gaps until the venue has listed
what happened in them, and once a minute what it lists is compared all the same. What an account of
the book does not have is listed first. With --mirror the rows of a bot's database follow each fill,
and are closed with the real price once the position is flat. The log is JSON lines on standard
error; a signal ends it when what came is booked, with --json by a document that says what was.`,
  examples: [
    ['trueup listen --venue main', 'until it is stopped'],
    ['trueup listen --venue main --book live.db', 'into another book'],
    ['trueup listen --venue main --mirror --source sqlite:bot.db', 'and the rows of a bot'],
    ['trueup update --venue main', 'the same once, for cron'],
  ],
  exits: [
    [0, 'stopped by a signal, and what came is booked'],
    [1, 'an error'],
    [2, 'the venue is not in the settings, or its account is of another one'],
    [4, 'the venue refuses the key'],
    [7, 'another writer holds the book and does not answer'],
    [130, 'interrupted twice (143: terminated twice)'],
  ],
  onlyNow: true,
};

interface Options extends SourceOptions {
  readonly venue: string;
  readonly mirror?: true;
}

export function addListen(registry: Registry): void {
  const command = declare(registry, text, (shell, options: Options) => runListen(shell, options));
  sourceOptions(command.requiredOption('--venue <name>', 'a venue of the settings')).option(
    '--mirror',
    "keep the rows of a bot's database with the book",
  );
}

export async function runListen(shell: Shell, options: Options, open?: OpenVenue): Promise<number> {
  await refuseUnfitMirror(shell, options);
  return withVenue(shell, options.venue, (opened) => listenTo(shell, options, opened), open);
}

async function listenTo(
  shell: Shell,
  options: Options,
  { venue, settings }: OpenedVenue,
): Promise<number> {
  const { terminal, globals } = shell;
  const { book, markMaxAgeMs } = globals.configuration;
  const log = logOf(shell);
  const rows = options.mirror === true ? mirrorFor(shell, options, venue.account, { log }) : null;
  const writing = new AbortController();
  const followed = wanted(
    await openFollowed({
      ...{ venue, settings, book, markMaxAgeMs, log, clock: systemClock },
      holder: `trueup listen to ${venue.name}`,
      programVersion: version(),
      signal: writing.signal,
      streams: venue.capabilities.streams.executions,
      ...(rows === null ? {} : { onBooked: () => rows.follow() }),
    }),
  );
  const { following, account, listening } = followed;
  // What rows say before anything happens tells later which of them are behind.
  rows?.follow();
  const listener = new Listener({
    ...{ venue, following, account, log, clock: systemClock, settings: listening },
  });
  const done = onSignals(terminal, {
    stop: () => {
      listener.stop();
      // A book that cannot be written is not waited for for ever.
      systemClock.after(listening.drainMs, () => writing.abort(), 'background');
    },
    reopen: null,
  });
  try {
    const exitCode = await listener.run();
    if (globals.json) {
      const { mode } = venue.capabilities;
      const named = { venue: venue.name, account: venue.account, mode, exitCode };
      printDocument(shell, listenDocument({ ...named, ...listener.health() }));
    }
    return exitCode;
  } finally {
    done();
    await rows?.close();
    await followed.close();
  }
}

/** A person who looks reads words, a program JSON. */
function logOf({ terminal }: Shell): Log {
  const tell = (line: string) => terminal.tell(line.trimEnd());
  return terminal.isTalkTty ? logForPeople(tell, systemClock) : logTo(tell, systemClock);
}
