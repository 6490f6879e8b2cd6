/** sync: the repair plan, and carrying it out. */
import { addMilliseconds, millisecondsBetween } from '../../model/instant.ts';
import { rest } from '../../service/listening/asking.ts';
import { personName } from '../../service/person.ts';
import { plansNamed } from '../../service/plan-file.ts';
import {
  cannotSay,
  documentOf,
  type SyncResult,
  sync,
  unknownBreaks,
} from '../../service/reconciling.ts';
import { unknownBreak } from '../../service/syncing.ts';
import { systemClock } from '../../service/system-clock.ts';
import { undoEntry } from '../../service/undoing.ts';
import type { OpenVenue } from '../../service/venues/opening.ts';
import {
  type CommandText,
  declare,
  durationOption,
  type Registry,
  type Shell,
  sequenceOption,
} from '../command.ts';
import { CommandError, refusedInput, usageError } from '../command-error.ts';
import { chosenAccount, wanted, withReader, withWriter } from '../open-book.ts';
import { viewOfCheck } from '../render/check-text.ts';
import { printDocument } from '../render/document.ts';
import { syncLines } from '../render/sync-text.ts';
import { withComparing } from './comparing.ts';
import { keepsTotal, positionsOptions, refuseRowsOptions } from './positions-options.ts';
import {
  type Asked,
  type Comparing,
  type ComparingRequest,
  collect,
  comparedWords,
  comparingOptions,
  reconcileOptions,
} from './reconcile-options.ts';
import { sourceOptions } from './source-options.ts';
import { runSyncPositions, type SyncPositionsOptions } from './sync-positions.ts';
import { runUndoRows } from './undo-rows.ts';

const text: CommandText = {
  usage: 'sync',
  summary: 'plan repairs, and apply them',
  description: `\
Prints what would be written to repair the book, and writes it with --apply. A fact that the
venue or statement lists and the book lacks is booked; everything else needs approve first. The plan
is bound to the book it was made for: if the book has moved, nothing is written. After writing, a
venue is asked anew and the book compared again: only that closes a break. The venues are those that
the settings name; without one, the newest statement on record is used. With --wait it asks again,
for so long, while nothing can be said. With --source the rows of a bot's database follow once the
book is repaired: what executions prove is written with --auto, everything else once approved.`,
  examples: [
    ['trueup sync --statement broker.json', 'the plan'],
    ['trueup sync --venue main --apply --auto --wait 30s', 'before a bot starts'],
    ['trueup sync --source sqlite:bot.db --apply --auto --wait 30s', 'before it loads its rows'],
    ['trueup sync --apply --plan 4f2c91ab', 'carry out exactly that plan'],
    ['trueup sync undo 17', 'take an entry back'],
  ],
  exits: [
    [0, 'nothing to do; with --apply: true afterwards'],
    [2, 'the statement was refused, or nothing is on record to compare with'],
    [3, 'there is work; with --apply: breaks are left'],
    [4, 'a venue refuses the key'],
    [5, 'cannot say'],
    [6, 'a line needs approval, or the plan is stale'],
    [7, 'another writer holds the book and does not answer'],
  ],
};

const undoText: CommandText = {
  usage: 'undo <entry>',
  summary: 'take an entry back by one that names it',
  description: `\
Appends a reversal of the entry: what it booked leaves the books, and nothing is deleted. A reversal
can itself be taken back. Of an entry that wrote to a bot's rows, the rows become what they were.`,
  examples: [
    ['trueup sync undo 17', 'take entry 17 back'],
    ['trueup sync undo 18', 'take that reversal back, which was entry 18'],
    ['trueup sync undo 17 --account main', 'in a book of several accounts'],
  ],
  exits: [
    [0, 'taken back'],
    [2, 'there is no such entry, or it cannot be taken back'],
    [6, 'the book moved meanwhile'],
    [7, 'another writer holds the book and does not answer'],
  ],
};

interface Options extends SyncPositionsOptions {
  readonly apply?: true;
  readonly auto?: true;
  readonly only?: readonly string[];
  readonly plan?: string;
  readonly wait?: string;
  readonly by?: string;
}

export function addSync(registry: Registry): void {
  const statement = 'compare with this (default: the newest on record)';
  const command = comparingOptions(declare(registry, text, runSync), statement)
    .option('--apply', 'write the repairs')
    .option('--auto', 'leave out what needs approval, even where it has one')
    .option('--only <break>', 'apply this break only; may stand several times', collect)
    .option('--plan <file>', 'apply only if this is still the plan: its document, or its hash')
    .option('--adjust <break>', 'offer an adjustment of what is left over', collect)
    .option('--wait <duration>', 'ask again for so long while nothing can be said')
    .option('--by <name>', 'who makes the plan, for the audit trail (default: your user name)')
    .option('--fill-trades', "fill the tables of trades and orders of a bot's database");
  positionsOptions(sourceOptions(command));
  declare(registry, undoText, runUndo, command);
}

async function runSync(shell: Shell, options: Options): Promise<number> {
  if (options.source !== undefined) return syncSource(shell, options);
  refuseRowsOptions(options);
  return syncWith(shell, options);
}

/** One that is silent may be waited for. */
async function syncSource(shell: Shell, options: Options): Promise<number> {
  if (!(await keepsTotal(shell, options))) return runSyncPositions(shell, options);
  const hint = 'trueup update --source writes its total';
  const said = 'this database keeps a total, which sync does not write';
  throw usageError('source-unfit', said, hint, '--source');
}

export const syncWith = (shell: Shell, options: Options, open?: OpenVenue): Promise<number> =>
  withReader(shell, async (reader) => {
    const how = await reconcileOptions(shell, options);
    const { signal } = new AbortController();
    const request = { reader, options, how, recorded: true, signal };
    const asking: ComparingRequest = { ...request, ...(open === undefined ? {} : { open }) };
    return withComparing(shell, asking, (comparing) => synced(shell, options, asking, comparing));
  });

async function synced(
  shell: Shell,
  options: Options,
  { reader, how, signal }: ComparingRequest,
  { compare }: Comparing,
): Promise<number> {
  const waitMs = options.wait === undefined ? 0 : durationOption('--wait', options.wait);
  const isUnsure = ({ compared }: Asked) => cannotSay(reader, compared, how);
  const { compared, credentials } = await askedFor(compare, isUnsure, { waitMs, signal });
  if (compared.every(({ source }) => source === null)) {
    const hint = 'add --statement FILE or --venue NAME, or run check with one first';
    throw usageError('no-statement', 'no statement is on record to repair by', hint);
  }
  const named = [...(options.only ?? []), ...(options.adjust ?? [])];
  const [unknown] = unknownBreaks(reader, compared, how, named);
  if (unknown !== undefined) throw refusedInput(unknownBreak(unknown));
  const by = options.by ?? personName();
  const choice = {
    ...(by === null ? {} : { by }),
    apply: options.apply === true,
    auto: options.auto === true,
    only: options.only === undefined ? null : new Set(options.only),
    plans: options.plan === undefined ? null : wanted(plansNamed(options.plan)),
    credentials,
  };
  const result = await withWriter(shell, 'sync', (writer) =>
    sync(reader, writer, compared, how, choice),
  );
  const shown = { document: 'check', breakId: null, failAbove: null, hints: [] } as const;
  const check = viewOfCheck(documentOf(result.checked, compared, how, shown));
  const failure = failureOf(result, options.plan ?? null);
  if (!shell.globals.json) {
    const lines = syncLines(shell.terminal, result.json, check, comparedWords(options));
    shell.terminal.print(lines.join('\n'));
  } else if (failure === null) printDocument(shell, result.json);
  if (failure !== null) throw failure;
  return result.exitCode;
}

const againMs = 2_000;

/** Asks until something can be said, or the time is over. */
async function askedFor(
  compare: Comparing['compare'],
  isUnsure: (asked: Asked) => boolean,
  { waitMs, signal }: { readonly waitMs: number; readonly signal: AbortSignal },
): Promise<Asked> {
  const end = addMilliseconds(systemClock.now(), waitMs);
  for (;;) {
    const asked = await compare();
    const leftMs = millisecondsBetween(systemClock.now(), end);
    if (leftMs <= 0 || asked.credentials || !isUnsure(asked)) return asked;
    await rest(systemClock, Math.min(againMs, leftMs), signal);
  }
}

function failureOf({ stale, refusal, json }: SyncResult, named: string | null) {
  if (refusal !== null) return refusedInput(refusal, json);
  if (stale === null) return null;
  const told = named === null ? 'the plan' : `plan ${named}`;
  const now = stale.hash.slice(0, 8);
  return new CommandError(
    6,
    {
      code: 'plan-stale',
      message: `${told} is not for the book as it is, whose plan is ${now}: nothing written`,
      where: { field: 'plan', value: named ?? '' },
      rule: 'a plan is bound to the book it was made for',
      hint: 'run sync again and look at the new plan',
    },
    json,
  );
}

const runUndo = (shell: Shell, options: Options, args: readonly string[]): Promise<number> =>
  withReader(shell, async (reader) => {
    const entry = sequenceOption('entry', args[0]!);
    const account = chosenAccount(shell, reader);
    const [row] = reader.file.entriesAt(account.account, [entry]);
    if (row?.kind === 'source-write') return runUndoRows(shell, options, reader, row);
    const result = await withWriter(shell, 'sync undo', (writer) =>
      undoEntry(reader, writer, account, entry, systemClock.now()),
    );
    if (!result.ok) {
      if (result.refusal.code === 'book-moved') throw new CommandError(6, result.refusal);
      throw refusedInput(result.refusal);
    }
    const document = { schema: 'trueup.undo/1', account: account.name, entry, by: result.value };
    if (shell.globals.json) printDocument(shell, document);
    else shell.terminal.print(`entry ${entry} is taken back by entry ${result.value}`);
    return 0;
  });
