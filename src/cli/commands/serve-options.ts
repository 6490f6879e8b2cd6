/** What `serve` is asked for: its own flags before the key `serve` of the settings. */
import type { Command } from 'commander';
import { projectFileName, surroundings } from '../../service/config.ts';
import { withLine } from '../../service/config-file.ts';
import { parseServeSettings, type ServeSettings } from '../../service/serving/settings.ts';
import { startRefusals } from '../../service/serving/start-refusals.ts';
import { parseVenueSettings } from '../../service/venues/settings.ts';
import { countOption, type Shell } from '../command.ts';
import { refusedInput, usageError } from '../command-error.ts';
import { wanted } from '../open-book.ts';
import { type ScheduleOptions, scheduleOptions } from './schedule-options.ts';

export interface ServeOptions extends ScheduleOptions {
  readonly host?: string;
  readonly port?: string;
  readonly acceptHead?: true;
}

export const serveOptions = (command: Command): Command =>
  scheduleOptions(command)
    .option('--host <address>', 'where it listens (default: 127.0.0.1)')
    .option('--port <port>', 'its port, 0 for any that is free (default: 8787)')
    .option('--accept-head', 'an older book was put back knowingly: take its end as it is');

export interface ServeWish {
  readonly settings: ServeSettings;
  /** The same as `schedule` takes it. */
  readonly options: ScheduleOptions;
  readonly hasSource: boolean;
}

/** Refused where others would reach it and hear what is said. */
export function serveWish(shell: Shell, given: ServeOptions): ServeWish {
  const { serve, venues } = shell.globals.configuration;
  const told = wanted(parseServeSettings(serve?.value ?? {}, serve?.file ?? projectFileName));
  const { host = told.host, port } = given;
  const settings = { ...told, host, port: port === undefined ? told.port : portOption(port) };
  const { environment } = surroundings();
  const { value = {}, file = projectFileName } = venues ?? {};
  const known = Object.keys(wanted(parseVenueSettings(value, file)));
  // A flag wins over what the settings name.
  const asked = given.venue === undefined ? settings : { ...settings, venues: null };
  const place = { file: serve?.file ?? projectFileName, isHostGiven: given.host !== undefined };
  const [refusal] = startRefusals(asked, { ...place, venues: known, environment });
  if (refusal !== undefined) throw refusedInput(withLine(refusal, shell.globals.configuration));
  return { settings, ...scheduleOf(shell, given, settings, known) };
}

/** What is said of a database or of venues counts where there are some. */
function scheduleOf(
  { globals }: Shell,
  { host: _host, port: _port, acceptHead: _head, ...given }: ServeOptions,
  told: ServeSettings,
  known: readonly string[],
): Pick<ServeWish, 'options' | 'hasSource'> {
  const names = told.venues ?? known;
  const venue = given.venue ?? (names.length > 0 ? names : undefined);
  const source = given.source ?? told.source ?? undefined;
  const hasSource = source !== undefined || globals.configuration.source !== null;
  const usual: ScheduleOptions = {
    ...(told.sourceSchema === null ? {} : { schema: told.sourceSchema }),
    ...{ repair: told.repair, reportAt: told.report.at, reportZone: told.report.zone },
    ...(told.report.folder === null ? {} : { reportFolder: told.report.folder }),
    ...(told.logFile === null ? {} : { logFile: told.logFile }),
    ...(told.mirror ? { mirror: true } : {}),
    ...(hasSource ? sourceTimes(told) : {}),
    ...(venue === undefined ? {} : venueTimes(told)),
  };
  const named = {
    ...(source === undefined ? {} : { source }),
    ...(venue === undefined ? {} : { venue }),
  };
  return { options: { ...usual, ...given, ...named }, hasSource };
}

const sourceTimes = (told: ServeSettings): ScheduleOptions => ({
  interval: String(told.intervalMinutes),
  performanceInterval: String(told.performanceIntervalMinutes),
});

const venueTimes = (told: ServeSettings): ScheduleOptions => ({
  venueInterval: String(told.venueIntervalMinutes),
  checkInterval: String(told.checkIntervalMinutes),
  ...(told.listen ? {} : { pullOnly: true }),
});

function portOption(text: string): number {
  const port = countOption('--port', text);
  if (port <= 65_535) return port;
  throw usageError('port-bad', `--port ${port} is out of range`, 'write 0 to 65535', '--port');
}
