/** What the commands on a bot's stored positions have in common. */
import type { Command } from 'commander';
import type { BookWriter } from '../../service/book.ts';
import type { ReconcileOptions } from '../../service/reconciling.ts';
import { loggedChanges } from '../../service/source/positions-log.ts';
import type { RowsGround, RowsOptions } from '../../service/source/positions-look.ts';
import {
  exchangesOf,
  kindOfSource,
  noInstruments,
  openRows,
  usualExitAfterMs,
} from '../../service/source/positions-opening.ts';
import { booksNow, type RowsSeen, seenRows } from '../../service/source/positions-seen.ts';
import { systemClock } from '../../service/system-clock.ts';
import type { OpenVenue } from '../../service/venues/opening.ts';
import { durationOption, type Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { withReader } from '../open-book.ts';
import { withComparing } from './comparing.ts';
import {
  type Asked,
  type Comparing,
  type ComparingOptions,
  collect,
  reconcileOptions,
} from './reconcile-options.ts';
import { deskOptions, type SourceOptions } from './source-options.ts';

export interface PositionsOptions extends SourceOptions, ComparingOptions {
  readonly log?: string;
  readonly ownOrders?: readonly string[];
  readonly exitAfter?: string;
}

export const positionsOptions = (command: Command): Command =>
  command
    .option('--log <file>', "the bot's log, whose clock is held against its rows")
    .option('--own-orders <prefix>', "client order ids that begin so are the bot's own", collect)
    .option('--exit-after <duration>', 'age at which the bot closes by rule (default: 3h)');

/** Whether it keeps positions; of one that is silent what else is asked for tells. */
export async function keepsPositions(shell: Shell, options: PositionsOptions): Promise<boolean> {
  const kind = await kindOfSource(deskOptions(shell, options));
  const { statement, venue, tolerance } = options;
  const isOfRows = [statement, venue, tolerance, rowsOption(options)].some((one) => one != null);
  return kind === 'positions' || (kind === 'silent' && isOfRows);
}

export const keepsTotal = async (shell: Shell, options: SourceOptions): Promise<boolean> =>
  (await kindOfSource(deskOptions(shell, options))) === 'balance';

export interface PositionsAsking {
  readonly recorded: boolean;
  readonly signal: AbortSignal;
  readonly open?: OpenVenue;
}

/** The rows, the book, and whoever knows better, open as long as the work lasts. */
export interface PositionsAt {
  readonly ground: RowsGround;
  readonly comparing: Comparing;
  readonly how: ReconcileOptions;
}

/** What was asked of everybody at one time. */
export interface PositionsSeen extends RowsSeen {
  readonly asked: Asked;
}

const usualSettleMs = 60_000;

export function withPositions<T>(
  shell: Shell,
  options: PositionsOptions,
  asking: PositionsAsking,
  work: (at: PositionsAt) => Promise<T>,
): Promise<T> {
  return withReader(shell, async (reader) => {
    const how = await reconcileOptions(shell, options);
    const source = await openRows(deskOptions(shell, options));
    try {
      return await withComparing(shell, { reader, options, how, ...asking }, async (comparing) => {
        const instrumentsOf = comparing.instruments ?? noInstruments;
        const bare = { ...rowsOptions(shell, options, how), instrumentsOf };
        const ground = { source, reader, options: bare };
        return work({ ground: await withLog(ground, options), comparing, how });
      });
    } finally {
      await source.close();
    }
  });
}

function rowsOptions(
  { globals }: Shell,
  { settle, ownOrders = [], exitAfter }: PositionsOptions,
  { toleranceSteps, markMaxAgeMs, policy }: ReconcileOptions,
): Omit<RowsOptions, 'instrumentsOf'> {
  return {
    ...{ clock: systemClock, strict: globals.strict, markMaxAgeMs, toleranceSteps, logged: [] },
    settleMs: settle === undefined ? usualSettleMs : durationOption('--settle', settle),
    ownOrderPrefixes: ownOrders,
    exitAfterMs:
      exitAfter === undefined ? usualExitAfterMs : durationOption('--exit-after', exitAfter),
    exchangeOf: exchangesOf(globals.configuration),
    ...(policy === undefined ? {} : { policy: () => policy }),
  };
}

async function withLog(ground: RowsGround, { log }: PositionsOptions): Promise<RowsGround> {
  if (log === undefined) return ground;
  const { positions } = await ground.source.snapshot();
  const logged = await loggedChanges(
    log,
    positions.map(({ symbol }) => symbol),
  );
  return { ...ground, options: { ...ground.options, logged } };
}

/** What was asked, compared; with a writer the book's own check is noted. */
export async function seenNow(
  { ground, how }: PositionsAt,
  asked: Asked,
  writer: BookWriter | null = null,
): Promise<PositionsSeen> {
  return { asked, ...(await seenRows(ground, asked.compared, booksNow(ground, how, writer))) };
}

/** What only rows have, where the book is meant. */
export function refuseRowsOptions(options: PositionsOptions): void {
  const extra = rowsOption(options);
  if (extra === null) return;
  const hint = 'add --source DATABASE, or leave it out';
  throw usageError('option-unfit', `${extra} is of a bot's stored positions`, hint, extra);
}

/** The first of those that were given; null: none was. */
const rowsOption = ({ log, ownOrders, exitAfter }: PositionsOptions): string | null =>
  log !== undefined
    ? '--log'
    : ownOrders !== undefined
      ? '--own-orders'
      : exitAfter !== undefined
        ? '--exit-after'
        : null;
