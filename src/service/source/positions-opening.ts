/** Opens a database by its address, whichever kind it is, with what our book remembers of it. */
import { dirname, join } from 'node:path';
import type { Instrument } from '../../model/instrument.ts';
import type { SourceIdentity } from '../../model/source.ts';
import { openAnySource, openPositionSource } from '../../sources/open-source.ts';
import type { PositionSource } from '../../sources/position-source.ts';
import type { Configuration } from '../config.ts';
import { isUnanswered } from '../failure.ts';
import type { Compared } from '../reconciling.ts';
import type { SourceDeskOptions } from './desk-port.ts';
import type { RowsGround } from './positions-look.ts';
import { SourceRefused } from './refused.ts';
import { SourceBook } from './source-book.ts';

const optionsFor = (options: SourceDeskOptions) => {
  const book = new SourceBook({ ...options, path: options.book });
  return {
    ...{ clock: options.clock, zone: options.zone, schema: options.schema },
    // A server has no place beside it for copies: they are kept beside the book.
    backupFolder: join(dirname(options.book), 'trueup-backups'),
    remembered: (identity: SourceIdentity) => book.zoneOf(identity),
  };
};

/** One that does not answer is of no kind that could be told. */
export async function kindOfSource(
  options: SourceDeskOptions,
): Promise<'balance' | 'positions' | 'silent'> {
  try {
    const source = await openAnySource(options.location, optionsFor(options));
    await source.close();
    return source.kind;
  } catch (error) {
    if (isUnanswered(error)) return 'silent';
    throw error;
  }
}

export const openRows = (options: SourceDeskOptions): Promise<PositionSource> =>
  openPositionSource(options.location, optionsFor(options));

/** The exchange that a venue of the settings is; whoever opens it reads the settings whole. */
export function exchangesOf({ venues }: Pick<Configuration, 'venues'>) {
  const member = (of: unknown, name: string): unknown =>
    typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
  return (venue: string): string | null => {
    const exchange = member(member(venues?.value, venue), 'exchange');
    return typeof exchange === 'string' ? exchange : null;
  };
}

/** Systems of this schema close what is older by a market or limit order. */
export const usualExitAfterMs = 10_800_000;

/** Of several accounts the one whose exchange the rows name; a row of several is refused. */
export async function accountOfRows(
  { source, options }: RowsGround,
  compared: readonly Compared[],
): Promise<Compared> {
  const [only, ...more] = compared;
  if (only !== undefined && more.length === 0) return only;
  const { positions } = await source.snapshot();
  const named = new Set(positions.flatMap(({ exchange }) => exchange?.toLowerCase() ?? []));
  const fits = compared.filter(({ account: { venue } }) => {
    const names = [venue, options.exchangeOf(venue) ?? ''].map((one) => one.toLowerCase());
    return [...named].some((exchange) => names.some((one) => one.startsWith(exchange)));
  });
  if (fits.length === 1) return fits[0]!;
  const names = compared.map(({ account }) => account.name).join(', ');
  throw new SourceRefused({
    code: 'account-missing',
    message: `whose rows these are cannot be told: the book has ${names || 'no account'}`,
    where: { field: '--account' },
    rule: 'rows are held against one account of the book',
    hint: 'add --account NAME, or --venue NAME',
  });
}

export const noInstruments = async (): Promise<readonly Instrument[]> => [];
