/** Opens a database by its address, whichever kind it is, with what our book remembers of it. */
import { dirname, join } from 'node:path';
import type { Instrument } from '../../model/instrument.ts';
import type { SourceIdentity } from '../../model/source.ts';
import { whoseIs } from '../../reconcile/positions/whose-rows.ts';
import { openAnySource, openPositionSource } from '../../sources/open-source.ts';
import type { PositionSource } from '../../sources/position-source.ts';
import type { Configuration } from '../config.ts';
import { isUnanswered } from '../failure.ts';
import type { BookReader } from '../reading.ts';
import type { Compared } from '../reconciling.ts';
import type { SourceDeskOptions } from './desk-port.ts';
import { accountsOfRows, type RowsGround } from './positions-look.ts';
import { SourceRefused } from './refused.ts';
import { SourceBook } from './source-book.ts';
import { bodyOfSource, placeOf } from './source-entries.ts';

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

/**
 * Of several accounts those whose exchanges the rows name, and those that were looked at for this
 * database before: a row may be closed by now. One that keeps the notes of another database is
 * meant only where no other account is of that exchange, and then refused by name.
 */
export async function comparedOfRows(
  { source, reader, options }: RowsGround,
  compared: readonly Compared[],
): Promise<readonly Compared[]> {
  const [only, ...more] = compared;
  if (only !== undefined && more.length === 0) return [only];
  const place = placeOf(source.identity);
  const places = new Map(compared.map((one) => [one, notedPlace(reader, one)]));
  const isFree = (one: Compared) => [null, place].includes(places.get(one)!);
  const sharesOf = (all: readonly Compared[]) =>
    accountsOfRows(
      reader,
      all.map(({ account }) => account),
      options,
    );
  const [free, whole] = [sharesOf(compared.filter(isFree)), sharesOf(compared)];
  const { positions, written, orders } = await source.snapshot();
  const exchanges = new Set([...positions, ...written, ...orders].map(({ exchange }) => exchange));
  const all = Array.from(exchanges, (exchange) => {
    const whose = whoseIs(exchange, free);
    return whose.kind === 'other' ? whoseIs(exchange, whole) : whose;
  });
  const certain = new Set(all.flatMap((whose) => (whose.kind === 'one' ? [whose.account] : [])));
  const possible = new Set(all.flatMap((one) => (one.kind === 'several' ? one.accounts : [])));
  const isIts = (one: Compared) => certain.has(one.account.name) || places.get(one) === place;
  if (compared.some(isIts)) {
    return compared.filter((one) => isIts(one) || possible.has(one.account.name));
  }
  const names = compared.map(({ account }) => account.name).join(', ');
  throw new SourceRefused({
    code: 'account-missing',
    message: `whose rows these are cannot be told: the book has ${names || 'no account'}`,
    where: { field: '--account' },
    rule: 'a row is held against the account of the book that is of its exchange',
    hint: 'add --account NAME, or --venue NAME',
  });
}

function notedPlace({ file }: BookReader, { account }: Compared): string | null {
  const last = file.lastOfKind(account.account, 'source');
  return last === null ? null : bodyOfSource(last).location;
}

export const noInstruments = async (): Promise<readonly Instrument[]> => [];
