/** update --source of a database that keeps positions: the newest prices of its rows. */
import { toText } from '../../decimal/text.ts';
import type { JsonObject } from '../../report/check-document.ts';
import { openRows } from '../../service/source/positions-opening.ts';
import { type RowsPriced, refreshRows } from '../../service/source/positions-prices.ts';
import { systemClock } from '../../service/system-clock.ts';
import type { OpenVenue } from '../../service/venues/opening.ts';
import type { Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { printDocument } from '../render/document.ts';
import {
  deskOptions,
  isVenuePrices,
  openedVenue,
  type PricedOptions,
  pricesVenue,
} from './source-options.ts';

export interface UpdateRowsOptions extends PricedOptions {
  readonly record?: true;
  readonly dryRun?: true;
}

/** 5 as soon as a row is left: what it is worth now, nobody knows. */
export async function runUpdateRows(
  shell: Shell,
  options: UpdateRowsOptions,
  open?: OpenVenue,
): Promise<number> {
  const { prices } = options;
  if (options.record === true) {
    const said = 'a database that keeps positions has no performance records';
    throw usageError('option-unfit', said, 'leave --record out', '--record');
  }
  if (prices === undefined || !isVenuePrices(prices)) {
    const said = 'this database keeps positions: its sizes are set right by sync';
    const hint = 'trueup sync --source, or add --prices venue:NAME for the prices of its rows';
    throw usageError('source-unfit', said, hint, '--source');
  }
  const name = pricesVenue(shell, prices);
  const { venue, settings } = await openedVenue(shell, name, open);
  const source = await openRows(deskOptions(shell, options)).catch(async (error: unknown) => {
    await venue.close();
    throw error;
  });
  try {
    const { markMaxAgeMs: maxAgeMs } = shell.globals.configuration;
    const { signal } = new AbortController();
    const priced = await refreshRows(
      source,
      { venue, exchange: settings.exchange },
      { clock: systemClock, signal, maxAgeMs, dryRun: options.dryRun === true },
    );
    const told = documentOf(source.identity.location, name, options, priced);
    if (shell.globals.json) printDocument(shell, told);
    else shell.terminal.print(linesOf(name, options, priced).join('\n'));
    return priced.left.length === 0 ? 0 : 5;
  } finally {
    await Promise.all([source.close(), venue.close()]);
  }
}

function documentOf(
  location: string,
  venue: string,
  { dryRun }: UpdateRowsOptions,
  { written, same, left, source: { audit, backup } }: RowsPriced,
): JsonObject {
  return {
    ...{ schema: 'trueup.prices/1', exitCode: left.length === 0 ? 0 : 5, location, venue },
    ...{ status: dryRun === true ? 'would-write' : 'written', same, backup },
    audit: audit?.id ?? null,
    rows: written.map(({ id, symbol, currentPrice, unrealisedPnl }) => ({
      ...{ id, symbol, price: toText(currentPrice!) },
      unrealisedPnl: unrealisedPnl === undefined ? null : toText(unrealisedPnl),
    })),
    left: left.map(({ row: { id, symbol }, why }) => ({ id, symbol, why })),
  };
}

function linesOf(
  venue: string,
  { dryRun }: UpdateRowsOptions,
  { written, same, left, source: { audit, backup } }: RowsPriced,
): readonly string[] {
  const done = dryRun === true ? 'would get' : 'got';
  return [
    ...written.map(({ id, symbol, currentPrice }) => {
      return `  row ${id}  ${symbol}  ${done} the price ${toText(currentPrice!)}`;
    }),
    ...left.map(({ row: { id, symbol }, why }) => `  row ${id}  ${symbol}  left as it is: ${why}`),
    ...(audit === null ? [] : [`  row ${audit.id} of trueup_audit`]),
    ...(backup === null ? [] : [`  backup: ${backup}`]),
    `${left.length === 0 ? '✓' : '? CANNOT SAY '} prices of ${venue}: ${written.length} new, ` +
      `${same} the same, ${left.length} not known`,
  ];
}
