/** What commands on another program's database have in common: which one, and how it is read. */
import type { Command } from 'commander';
import { surroundings } from '../../service/config.ts';
import { failureOf, isUnanswered } from '../../service/failure.ts';
import {
  openSourceDesk,
  performanceMaxAgeMsDefault,
  type SourceDesk,
  type SourceDeskOptions,
} from '../../service/source/desk.ts';
import { type PriceSource, priceSource } from '../../service/source/prices.ts';
import { venuePrices } from '../../service/source/venue-prices.ts';
import { systemClock } from '../../service/system-clock.ts';
import type { OpenedVenue, OpenVenue } from '../../service/venues/opening.ts';
import { durationOption, type Shell } from '../command.ts';
import { CannotSay, usageError } from '../command-error.ts';
import { wanted } from '../open-book.ts';
import { version } from '../version.ts';

export interface SourceOptions {
  /** True: the option stands without a value, and the setting is meant. */
  readonly source?: string | true;
  readonly sourceTimezone?: string;
  readonly sourceAccount?: string;
  readonly schema?: string;
  readonly currency?: string;
  readonly performanceMaxAge?: string;
}

export interface PricedOptions extends SourceOptions {
  readonly prices?: string;
}

export const sourceOptions = (command: Command): Command =>
  command
    .option(
      '--source [database]',
      'sqlite:PATH or a PostgreSQL URL (default: the setting source, or TRUEUP_SOURCE)',
    )
    .option('--source-timezone <zone>', 'of times there without an offset (default: detected)')
    .option('--source-account <id>', 'this account of the database (default: all)')
    .option('--schema <name>', 'how it is to be read (default: recognised)')
    .option('--currency <code>', 'of the account that is made in our book (default: USD)')
    .option('--performance-max-age <duration>', 'how old its last record may be (default: 24h)');

export const pricesOption = (command: Command): Command =>
  command.option(
    '--prices <from>',
    'a file, an address with {symbols}, or venue:NAME, which is asked for them',
  );

/** Opens the database for the work, and closes it whatever happens. */
export async function withDesk<T>(
  shell: Shell,
  options: SourceOptions,
  work: (desk: SourceDesk) => Promise<T>,
): Promise<T> {
  const desk = await openSourceDesk(deskOptions(shell, options));
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

/** Who only looks at a database that does not answer has nothing to fail at: CANNOT SAY. */
export async function looking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const failure = isUnanswered(error) ? failureOf(error) : null;
    if (failure === null) throw error;
    throw new CannotSay(failure);
  }
}

export function deskOptions(
  { globals, terminal }: Shell,
  options: SourceOptions,
): SourceDeskOptions {
  const { configuration, strict } = globals;
  const markMaxAge = configuration.settings.find(({ name }) => name === 'markMaxAge');
  return {
    location: locationOf(configuration.source, options.source),
    zone: options.sourceTimezone ?? configuration.sourceTimezone,
    schema: options.schema ?? null,
    clock: systemClock,
    book: configuration.book,
    account: configuration.account,
    sourceAccount: options.sourceAccount ?? null,
    currency: options.currency ?? null,
    markMaxAgeMs: configuration.markMaxAgeMs,
    markMaxAgeGiven: markMaxAge !== undefined && markMaxAge.origin !== 'default',
    performanceMaxAgeMs: performanceMaxAgeOf(options),
    programVersion: version(),
    strict,
    tell: (line) => terminal.tell(line),
  };
}

function locationOf(setting: string | null, given: string | true | undefined): string {
  if (typeof given === 'string') return given;
  if (setting !== null) return setting;
  const hint = 'add --source sqlite:paper_trading.db, or set TRUEUP_SOURCE';
  throw usageError('source-missing', 'no database was named', hint, '--source');
}

/** A bot that records once a day is not out of date, one that stopped is. */
export const performanceMaxAgeOf = ({ performanceMaxAge }: SourceOptions): number =>
  performanceMaxAge === undefined
    ? performanceMaxAgeMsDefault
    : durationOption('--performance-max-age', performanceMaxAge);

/** Null where none are given: then the database's own are used. */
export function pricesOf(
  shell: Shell,
  { prices, currency }: PricedOptions,
  open?: OpenVenue,
): PriceSource | null {
  if (prices === undefined) return null;
  if (!isVenuePrices(prices)) return priceSource(prices, systemClock);
  const { globals, terminal } = shell;
  const name = pricesVenue(shell, prices);
  return venuePrices(name, async () => (await openedVenue(shell, name, open)).venue, {
    ...{ clock: systemClock, signal: new AbortController().signal },
    ...{ maxAgeMs: globals.configuration.markMaxAgeMs, currency: currency ?? usualCurrency },
    tell: (line) => terminal.tell(`note: ${line}`),
  });
}

const usualCurrency = 'USD';

/** `venue` or `venue:NAME`. */
export const isVenuePrices = (prices: string): boolean => /^venue(:|$)/.test(prices);

/** The one that is named, else the only one that the settings know. */
export function pricesVenue({ globals }: Shell, prices: string): string {
  const named = prices.slice('venue:'.length);
  if (named !== '') return named;
  // Only their names: whoever opens one reads the settings whole.
  const [only, ...more] = Object.keys(globals.configuration.venues?.value ?? {});
  if (only !== undefined && more.length === 0) return only;
  const found = only === undefined ? 'no venue is configured' : 'several venues are configured';
  throw usageError(
    'prices-no-venue',
    `${found} to take prices from`,
    only === undefined ? 'give --prices FILE or --prices https://...' : 'write --prices venue:NAME',
    '--prices',
  );
}

/** What speaks to venues is loaded where one is asked. */
export async function openedVenue(
  { globals }: Shell,
  name: string,
  open?: OpenVenue,
): Promise<OpenedVenue> {
  const { openVenue } = await import('../../service/venues/opening.ts');
  const how = [globals.configuration, surroundings(), systemClock] as const;
  return wanted(await (open ?? openVenue)(name, ...how));
}
