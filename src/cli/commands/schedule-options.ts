/** What `schedule` and the units that run it are asked for. */
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Decimal } from '../../decimal/decimal.ts';
import { parseDecimal } from '../../decimal/text.ts';
import { isZone } from '../../model/zone.ts';
import { type Configuration, projectFileName } from '../../service/config.ts';
import { isTimeOfDay } from '../../service/duration.ts';
import type { UnitWord } from '../../service/duties/systemd-unit.ts';
import { holdsSecret } from '../../service/redaction.ts';
import { isPriceAddress } from '../../service/source/prices.ts';
import { parseVenueSettings } from '../../service/venues/settings.ts';
import type { Shell } from '../command.ts';
import { countOption } from '../command.ts';
import { usageError } from '../command-error.ts';
import { wanted } from '../open-book.ts';
import {
  isVenuePrices,
  type PricedOptions,
  pricesOption,
  sourceOptions,
} from './source-options.ts';

export interface ScheduleOptions extends PricedOptions {
  readonly interval?: string;
  readonly performanceInterval?: string;
  readonly logFile?: string;
  readonly repair?: string;
  readonly reportAt?: string;
  readonly reportZone?: string;
  readonly reportFolder?: string;
  readonly alertAbove?: string;
  /** True: all venues of the settings. */
  readonly venue?: readonly string[] | true;
  readonly venueInterval?: string;
  readonly checkInterval?: string;
  readonly pullOnly?: true;
  readonly mirror?: true;
  readonly once?: true;
}

export const scheduleOptions = (command: Command): Command =>
  pricesOption(sourceOptions(command))
    .option('--interval <minutes>', 'between two checks of the balance (default: 5)')
    .option('--performance-interval <minutes>', 'between two records (default: 15)')
    .option('--repair <when>', 'write what is true, and proven: auto, ask (default) or never')
    .option('--report-at <time>', 'when the report of the day before is written (default: 00:05)')
    .option('--report-zone <zone>', 'whose days and hours these are (default: UTC)')
    .option('--report-folder <folder>', 'where reports go (default: reports, beside the book)')
    .option('--alert-above <amount>', 'tell of a difference above this (default: 100)')
    .option('--venue [names...]', 'look after these venues of the settings, or all of them')
    .option('--venue-interval <minutes>', 'between two pulls from a venue (default: 5)')
    .option('--check-interval <minutes>', 'between two checks of a venue (default: 5)')
    .option('--pull-only', 'only pull from venues, do not book fills as they happen')
    .option('--mirror', "keep the rows of a bot's database with the book")
    .option('--log-file <path>', 'append the log to a file; SIGHUP opens it anew');

export interface ScheduleWish {
  readonly intervalMinutes: number;
  readonly performanceIntervalMinutes: number;
  readonly repair: 'auto' | 'never';
  readonly report: { readonly at: string; readonly zone: string; readonly folder: string };
  /** Null: what the settings of alerts say. */
  readonly alertAbove: Decimal | null;
  readonly venues: {
    readonly names: readonly string[];
    readonly intervalMinutes: number;
    readonly checkIntervalMinutes: number;
    readonly listen: boolean;
  };
}

export function scheduleWish({ globals }: Shell, options: ScheduleOptions): ScheduleWish {
  const { interval = '5', performanceInterval = '15', repair = 'ask' } = options;
  const { reportAt: at = '00:05', reportZone: zone = 'UTC', alertAbove } = options;
  if (repair !== 'auto' && repair !== 'ask' && repair !== 'never') {
    const words = 'auto, ask or never';
    throw refused('repair-bad', '--repair', repair, words, `write ${words}`);
  }
  if (!isTimeOfDay(at)) {
    throw refused('time-bad', '--report-at', at, 'time of day', 'write it like 00:05 or 18:30');
  }
  if (!isZone(zone)) {
    throw refused('zone-bad', '--report-zone', zone, 'time zone', 'write it like Europe/Berlin');
  }
  const beside = join(dirname(resolve(globals.configuration.book)), 'reports');
  return {
    intervalMinutes: minutesOption('--interval', interval),
    performanceIntervalMinutes: minutesOption('--performance-interval', performanceInterval),
    // What a person agrees to is not the timetable's.
    repair: repair === 'auto' ? 'auto' : 'never',
    report: { at, zone, folder: options.reportFolder ?? beside },
    alertAbove: alertAbove === undefined ? null : amountOption('--alert-above', alertAbove),
    venues: {
      names: venueNames(globals.configuration, options),
      intervalMinutes: minutesOption('--venue-interval', options.venueInterval ?? '5'),
      checkIntervalMinutes: minutesOption('--check-interval', options.checkInterval ?? '5'),
      listen: options.pullOnly === undefined,
    },
  };
}

/** Of the settings; what is asked for beside them is refused. */
function venueNames({ venues }: Configuration, { venue, ...options }: ScheduleOptions) {
  if (venue === undefined) {
    const extra = venueOnly.find(([key]) => options[key] !== undefined)?.[1];
    if (extra === undefined) return [];
    const said = `${extra} is about venues, and none is named`;
    throw usageError('option-unfit', said, 'add --venue NAME, or leave it out', extra);
  }
  const { value = {}, file = projectFileName } = venues ?? {};
  const known = Object.keys(wanted(parseVenueSettings(value, file)));
  if (venue === true && known.length > 0) return known;
  const names = venue === true ? [] : [...new Set(venue)];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined && names.length > 0) return names;
  const said = unknown === undefined ? 'no venue' : `no venue ${JSON.stringify(unknown)}`;
  const hint = known.length === 0 ? `name it in ${file}` : `there is ${known.join(', ')}`;
  throw usageError('venue-unknown', `there is ${said} in ${file}`, hint, '--venue');
}

/** Whether a database is named, here or in the settings; where venues are, none has to be. */
export function hasSource({ globals }: Shell, options: ScheduleOptions): boolean {
  const { source, venue } = options;
  if (venue === undefined || source !== undefined) return true;
  if (globals.configuration.source !== null) return true;
  const extra = sourceOnly.find(([key]) => options[key] !== undefined)?.[1];
  if (extra === undefined) return false;
  const said = `${extra} is about a database, and none is named`;
  throw usageError('option-unfit', said, 'add --source sqlite:bot.db, or leave it out', extra);
}

const venueOnly = [
  ['venueInterval', '--venue-interval'],
  ['checkInterval', '--check-interval'],
  ['pullOnly', '--pull-only'],
] as const;

const sourceOnly = [
  ['prices', '--prices'],
  ['interval', '--interval'],
  ['performanceInterval', '--performance-interval'],
] as const;

const refused = (code: string, name: string, text: string, what: string, hint: string) =>
  usageError(code, `${name} ${JSON.stringify(text)} is no ${what}`, hint, name);

/** A day is the longest: what is looked at less often is not looked after. */
const minutesMax = 1_440;

function minutesOption(name: string, text: string): number {
  const minutes = countOption(name, text);
  if (minutes >= 1 && minutes <= minutesMax) return minutes;
  const said = `${name} ${minutes} is out of range`;
  throw usageError('minutes-bad', said, `write 1 to ${minutesMax} minutes`, name);
}

function amountOption(name: string, text: string): Decimal {
  const parsed = parseDecimal(text);
  if (parsed.ok && !text.startsWith('-')) return parsed.value;
  throw refused('amount-bad', name, text, 'amount', 'write it like 100 or 0.01');
}

/** The same wish as words of another command line: paths do not depend on where it runs. */
export function wordsOf(
  { globals }: Shell,
  options: ScheduleOptions,
  source: string | null,
): readonly UnitWord[] {
  const given = (name: string, value: string | undefined) =>
    value === undefined ? [] : [name, value];
  const file = (path: string | undefined) => (path === undefined ? undefined : resolve(path));
  const { configuration } = globals;
  const markMaxAge = configuration.settings.find(({ name }) => name === 'markMaxAge');
  return [
    ...['--book', resolve(configuration.book)],
    ...given('--account', configuration.account ?? undefined),
    ...given('--source', source === null ? undefined : absoluteSource(source)),
    ...given(
      '--source-timezone',
      options.sourceTimezone ?? configuration.sourceTimezone ?? undefined,
    ),
    ...given('--source-account', options.sourceAccount),
    ...given('--schema', options.schema),
    ...given('--currency', options.currency),
    ...given('--performance-max-age', options.performanceMaxAge),
    ...given(
      '--mark-max-age',
      markMaxAge?.origin === 'default' ? undefined : (markMaxAge?.value ?? undefined),
    ),
    ...given('--interval', options.interval),
    ...given('--performance-interval', options.performanceInterval),
    ...given('--repair', options.repair),
    ...pricesWords(options.prices),
    ...given('--report-at', options.reportAt),
    ...given('--report-zone', options.reportZone),
    ...given('--report-folder', file(options.reportFolder)),
    ...given('--alert-above', options.alertAbove),
    ...venueWords(options),
    ...given('--log-file', file(options.logFile)),
  ];
}

function venueWords({
  venue,
  venueInterval,
  checkInterval,
  pullOnly,
  mirror,
}: ScheduleOptions): readonly UnitWord[] {
  if (venue === undefined) return [];
  return [
    ...['--venue', ...(venue === true ? [] : venue)],
    ...(venueInterval === undefined ? [] : ['--venue-interval', venueInterval]),
    ...(checkInterval === undefined ? [] : ['--check-interval', checkInterval]),
    ...(mirror === undefined ? [] : ['--mirror']),
    ...(pullOnly === true ? ['--pull-only'] : []),
  ];
}

/** What holds the address of prices where a unit, which everybody may read, must not. */
export const pricesVariable = 'TRUEUP_PRICES';

function pricesWords(prices: string | undefined): readonly UnitWord[] {
  if (prices === undefined) return [];
  if (isVenuePrices(prices)) return ['--prices', prices];
  if (!isPriceAddress(prices)) return ['--prices', resolve(prices)];
  return ['--prices', holdsSecret(prices) ? { variable: pricesVariable } : prices];
}

const sqlite = 'sqlite:';

/** Null: it is on a server. */
export const fileOfSource = (source: string): string | null =>
  source.startsWith(sqlite) ? resolve(source.slice(sqlite.length)) : null;

function absoluteSource(source: string): string {
  const path = fileOfSource(source);
  return path === null || isAbsolute(source.slice(sqlite.length)) ? source : sqlite + path;
}
