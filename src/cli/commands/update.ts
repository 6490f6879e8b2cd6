/** update: what a venue lists into our book, or the truth into another program's database. */
import { personName } from '../../service/person.ts';
import { kindOfSource } from '../../service/source/positions-opening.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { printDocument } from '../render/document.ts';
import { updateLines } from '../render/source-update-text.ts';
import {
  deskOptions,
  type PricedOptions,
  pricesOf,
  pricesOption,
  sourceOptions,
  withDesk,
} from './source-options.ts';
import { runUpdateRows } from './update-rows.ts';
import { runVenueUpdate } from './update-venue.ts';

const text: CommandText = {
  usage: 'update',
  summary: "pull a venue's facts into the book, or bring a bot's stored total to the truth",
  description: `\
With --venue: books what the venue lists, executions and cash flows, from where the last pull ended,
and the prices of what is held; then says "no gaps since", or names each. A pull that was broken off
goes on there. An account that is older than what the venue remembers is begun with --opening. With
--source:
Adds up cash and positions inside the database's own transaction and writes the sum into its stored
total, where that is not the nearest number the column can hold. A backup is made before the first
write of a day; every write leaves what was there before in trueup_audit, from where --undo takes it
back, and is noted in our book. Nothing is written while a part of the total is unknown. With
--prices the prices that the positions keep are refreshed too, with --record a performance record is
appended, all in that one transaction. Of a database that keeps positions only the prices of its
rows are written, those that --prices venue:NAME tells.`,
  examples: [
    ['trueup update --venue main', 'our book, from the venue'],
    ['trueup update --venue main --opening', 'begin with what is held, for an old account'],
    ['trueup update --source sqlite:paper_trading.db', 'the stored total'],
    ['trueup update --record --dry-run', 'what would be written, with a record'],
    ['trueup update --undo', 'takes the newest write back'],
    ['trueup update --source sqlite:bot.db --prices venue:main', "the prices of a bot's rows"],
  ],
  exits: [
    [0, 'written, or everything was right already'],
    [1, 'the database is locked, damaged or cannot be backed up; nothing was written'],
    [2, 'refused: no such database, a price that is none, an undo of what was overwritten'],
    [3, 'written, and looked at again a stored total is wrong: the bot moved on'],
    [4, 'the database or the venue refuses the credentials'],
    [5, 'cannot say: a part of a total is unknown (nothing was written), or facts may be missing'],
    [7, 'another writer holds the book and does not answer; nothing was written'],
  ],
  onlyNow: true,
};

interface Options extends PricedOptions {
  readonly venue?: string;
  readonly since?: string;
  readonly opening?: true;
  readonly record?: true;
  readonly dryRun?: true;
  readonly undo?: true | string;
}

export function addUpdate(registry: Registry): void {
  const command = declare(registry, text, run)
    .option('--venue <name>', 'pull from this venue of the settings into the book')
    .option('--since <time>', 'nothing older, where the account is new to the book')
    .option('--opening', 'begin the account with what the venue says it holds now')
    .option('--record', 'append a performance record with it')
    .option('--dry-run', 'say what would be written, and write nothing')
    .option('--undo [row]', 'take back the newest write, or that row of trueup_audit');
  pricesOption(sourceOptions(command));
}

async function run(shell: Shell, options: Options): Promise<number> {
  if (options.venue !== undefined) return runVenue(shell, options, options.venue);
  refuseOfVenue(options);
  refuseWithoutSource(shell, options);
  if (options.undo !== undefined) return runUndo(shell, options, options.undo);
  if ((await kindOfSource(deskOptions(shell, options))) === 'positions') {
    return runUpdateRows(shell, options);
  }
  const record = options.record === true;
  const dryRun = options.dryRun === true;
  const request = { record, dryRun, prices: pricesOf(shell, options), actor: personName() };
  return withDesk(shell, options, async (desk) => {
    const update = await desk.update(request);
    show(shell, update);
    return update.exitCode;
  });
}

const sourceOnly = ['source', 'record', 'dryRun', 'prices', 'undo'] as const;

function runVenue(shell: Shell, options: Options, venue: string): Promise<number> {
  const extra = sourceOnly.find((name) => options[name] !== undefined);
  if (extra === undefined) {
    return runVenueUpdate(shell, { ...options, venue });
  }
  const name = extra === 'dryRun' ? '--dry-run' : `--${extra}`;
  const hint = `leave ${name} out, or --venue`;
  throw usageError('option-unfit', `--venue takes no ${name}`, hint, name);
}

function refuseOfVenue({ since, opening }: Options): void {
  const extra = opening === true ? '--opening' : since === undefined ? null : '--since';
  if (extra === null) return;
  const said = `${extra} is about a venue, and none is named`;
  throw usageError('option-unfit', said, 'add --venue NAME, or leave it out', extra);
}

function runUndo(shell: Shell, options: Options, row: true | string): Promise<number> {
  const extra = (['record', 'dryRun', 'prices'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (extra !== undefined) {
    const name = extra === 'dryRun' ? '--dry-run' : `--${extra}`;
    const hint = 'take back first, then update';
    throw usageError('option-unfit', `--undo takes no ${name}`, hint, name);
  }
  const auditId = row === true ? null : rowOption(row);
  return withDesk(shell, options, async (desk) => {
    show(shell, await desk.undo({ auditId, actor: personName() }));
    return 0;
  });
}

function show(shell: Shell, result: Parameters<typeof updateLines>[1]): void {
  if (shell.globals.json) printDocument(shell, result.document);
  else shell.terminal.print(updateLines(shell.terminal, result).join('\n'));
}

function rowOption(text: string): number {
  if (/^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  const said = `--undo ${JSON.stringify(text)} is no row of trueup_audit`;
  throw usageError('row-bad', said, 'write the number that update showed', '--undo');
}

function refuseWithoutSource({ globals }: Shell, { source }: Options): void {
  if (typeof source === 'string' || globals.configuration.source !== null) return;
  const hint = 'add --venue NAME to pull from a venue, or --source sqlite:paper_trading.db';
  const said = 'neither a venue nor a database was named';
  throw usageError('source-missing', said, hint, '--source');
}
