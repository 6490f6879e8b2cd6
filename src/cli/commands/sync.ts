/** sync: the repair plan, and carrying it out. */
import { plansNamed } from '../../service/plan-file.ts';
import { documentOf, type SyncResult, sync, unknownBreaks } from '../../service/reconciling.ts';
import { unknownBreak } from '../../service/syncing.ts';
import { systemClock } from '../../service/system-clock.ts';
import { undoEntry } from '../../service/undoing.ts';
import {
  type CommandText,
  declare,
  type Registry,
  type Shell,
  sequenceOption,
} from '../command.ts';
import { CommandError, refusedInput, usageError } from '../command-error.ts';
import { chosenAccount, wanted, withReader, withWriter } from '../open-book.ts';
import { viewOfCheck } from '../render/check-text.ts';
import { printDocument } from '../render/document.ts';
import { syncLines } from '../render/sync-text.ts';
import {
  type ComparingOptions,
  collect,
  comparedOf,
  reconcileOptions,
  statementWords,
} from './reconcile-options.ts';

const text: CommandText = {
  usage: 'sync',
  summary: 'plan repairs, and apply them',
  description: `\
Prints what would be written to repair the book, and writes it with --apply. A fact that the
statement lists and the book lacks is booked; everything else needs approve first. The plan is bound
to the book it was made for: if the book has moved, nothing is written. After writing, the book is
compared again: only that closes a break. Without --statement the newest one on record is used.`,
  examples: [
    ['trueup sync --statement broker.json', 'the plan'],
    ['trueup sync --apply --plan 4f2c91ab', 'carry out exactly that plan'],
    ['trueup sync undo 17', 'take an entry back'],
  ],
  exits: [
    [0, 'nothing to do; with --apply: true afterwards'],
    [2, 'the statement was refused, or nothing is on record to compare with'],
    [3, 'there is work; with --apply: breaks are left'],
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
can itself be taken back.`,
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

interface Options extends ComparingOptions {
  readonly apply?: true;
  readonly auto?: true;
  readonly only?: readonly string[];
  readonly plan?: string;
}

export function addSync(registry: Registry): void {
  const command = declare(registry, text, run)
    .option('--statement <file>', 'compare with this (default: the newest on record)', collect)
    .option('--apply', 'write the repairs')
    .option('--auto', 'leave out what needs approval, even where it has one')
    .option('--only <break>', 'apply this break only; may stand several times', collect)
    .option('--plan <file>', 'apply only if this is still the plan: its document, or its hash')
    .option('--adjust <break>', 'offer an adjustment of what is left over', collect)
    .option('--tolerance <steps>', 'smallest steps of the venue that count as equal (default: 0)');
  declare(registry, undoText, runUndo, command);
}

const run = (shell: Shell, options: Options): Promise<number> =>
  withReader(shell, async (reader) => {
    const how = reconcileOptions(shell, options);
    const compared = comparedOf(shell, reader, options, true);
    if (compared.every(({ source }) => source === null)) {
      const hint = 'add --statement FILE, or run check with it first';
      throw usageError('no-statement', 'no statement is on record to repair by', hint);
    }
    const named = [...(options.only ?? []), ...(options.adjust ?? [])];
    const [unknown] = unknownBreaks(reader, compared, how, named);
    if (unknown !== undefined) throw refusedInput(unknownBreak(unknown));
    const choice = {
      apply: options.apply === true,
      auto: options.auto === true,
      only: options.only === undefined ? null : new Set(options.only),
      plans: options.plan === undefined ? null : wanted(plansNamed(options.plan)),
    };
    const result = await withWriter(shell, 'sync', (writer) =>
      sync(reader, writer, compared, how, choice),
    );
    const shown = { document: 'check', breakId: null, failAbove: null, hints: [] } as const;
    const check = viewOfCheck(documentOf(result.checked, compared, how, shown));
    const failure = failureOf(result, options.plan ?? null);
    if (!shell.globals.json) {
      const lines = syncLines(shell.terminal, result.json, check, statementWords(options));
      shell.terminal.print(lines.join('\n'));
    } else if (failure === null) printDocument(shell, result.json);
    if (failure !== null) throw failure;
    return result.exitCode;
  });

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

const runUndo = (shell: Shell, _options: object, args: readonly string[]): Promise<number> =>
  withReader(shell, async (reader) => {
    const entry = sequenceOption('entry', args[0]!);
    const account = chosenAccount(shell, reader);
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
