/** guard: triggers in a bot's database that keep its stored total right, whoever writes. */
import { guardDocument, guardExitCode } from '../../report/guard-document.ts';
import { personName } from '../../service/person.ts';
import type { GuardRequest } from '../../service/source/desk.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { printDocument } from '../render/document.ts';
import { guardLines } from '../render/guard-text.ts';
import { looking, type SourceOptions, sourceOptions, withDesk } from './source-options.ts';

const install: CommandText = {
  usage: 'install',
  summary: "keep a bot's stored total right inside its database",
  description: `\
Installs triggers that keep the stored total equal to cash and the sum of quantity times price,
after every insert, update and delete of positions and every change of cash, by whatever program.
It puts the totals right in the same transaction, after a backup; everything it makes has a name
that begins with trueup_. With --audit every change of balances, quantities and prices is logged in
trueup_audit. Again, it changes nothing, or puts back what was altered. Like any write it is noted
in our book, with the digest of its statements.`,
  examples: [
    ['trueup guard install --source sqlite:paper_trading.db', 'the triggers alone'],
    ['trueup guard install --audit', 'and the log of every change'],
    ['trueup guard install --dry-run', 'the statements, which are not run'],
  ],
  exits: [
    [0, 'installed, or installed already'],
    [1, 'the database is locked, damaged or cannot be backed up; nothing was changed'],
    [2, 'refused: no such database, or none that can be guarded; nothing was changed'],
    [4, 'the database refuses the credentials'],
    [7, 'another writer holds the book and does not answer; nothing was changed'],
  ],
  onlyNow: true,
};

const status: CommandText = {
  usage: 'status',
  summary: 'see whether the triggers are as they were installed',
  description: `\
Compares every trigger with what install would make, the kept sums with the positions, and the
newest logged totals with the stored ones. It changes nothing.`,
  examples: [
    ['trueup guard status --source sqlite:paper_trading.db', 'what is there'],
    ['trueup guard status --sql', 'the statements that make it'],
    ['trueup guard status --json', 'for a monitor'],
  ],
  exits: [
    [0, 'installed and intact'],
    [1, 'the database is damaged'],
    [2, 'there is no such database'],
    [3, 'not installed, altered, or a total changed without a row in the log'],
    [4, 'the database refuses the credentials'],
    [5, 'intact, and a total that may not be empty is not known; or the database does not answer'],
  ],
  onlyNow: true,
};

const remove: CommandText = {
  usage: 'remove',
  summary: 'take the triggers out again',
  description: `\
Drops the triggers, functions and tables of the guard in one transaction. The totals stay as they
are, and so does the log, trueup_audit, with what was done until now. It is noted in our book.`,
  examples: [
    ['trueup guard remove --source sqlite:paper_trading.db', 'of a SQLite file'],
    ['trueup guard remove --source postgresql://bot@db/falcon', 'of a server'],
    ['trueup guard remove --json', 'for another program'],
  ],
  exits: [
    [0, 'removed, or there was none'],
    [1, 'the database is locked, damaged or cannot be backed up; nothing was changed'],
    [2, 'there is no such database'],
    [4, 'the database refuses the credentials'],
    [7, 'another writer holds the book and does not answer; nothing was changed'],
  ],
  onlyNow: true,
};

interface Options extends SourceOptions {
  readonly audit?: true;
  readonly dryRun?: true;
  readonly sql?: true;
}

export function addGuard({ program, ...registry }: Registry): void {
  const guard = program
    .command('guard')
    .summary("keep a bot's stored total right by triggers")
    .description("Triggers in a bot's database that keep its stored total right, whoever writes.");
  const add = (text: CommandText, action: GuardRequest['action']) =>
    sourceOptions(declare({ program, ...registry }, text, runOf(action), guard));
  add(install, 'install')
    .option('--audit', 'log every change, whoever makes it')
    .option('--dry-run', 'print the statements, and run none');
  add(status, 'status').option('--sql', 'print the statements that make it');
  add(remove, 'remove');
}

const runOf =
  (action: GuardRequest['action']) =>
  (shell: Shell, options: Options): Promise<number> => {
    const done = () =>
      withDesk(shell, options, async (desk) => {
        const statements = options.dryRun === true || options.sql === true;
        const audit = options.audit === true;
        const actor = personName();
        const state = await desk.guard({ action, audit, statements, actor });
        if (shell.globals.json) printDocument(shell, guardDocument(state));
        else shell.terminal.print(guardLines(shell.terminal, state).join('\n'));
        return guardExitCode(state);
      });
    return action === 'status' ? looking(done) : done();
  };
