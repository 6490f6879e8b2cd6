/** rebuild: proves that positions, balances and the rest are what the entries say. */
import { rebuildDocument } from '../../report/upkeep-documents.ts';
import { type Rebuilt, rewriteDerived, verifyDerived } from '../../service/rebuilding.ts';
import { systemClock } from '../../service/system-clock.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { chosenAccounts, withReader } from '../open-book.ts';
import { Progress } from '../progress.ts';
import { counted, countText } from '../render/amount.ts';
import { printDocument } from '../render/document.ts';

const text: CommandText = {
  usage: 'rebuild',
  summary: 'recompute what is derived from the entries, and compare',
  description: `\
Goes through every entry again and compares what comes out with what is stored: positions,
balances, orders, records of performance, pages and groups. --verify names every difference and
writes nothing. --write writes the rows that differ anew, after a backup beside the book; entries
are never touched.`,
  examples: [
    ['trueup rebuild --verify', 'compare'],
    ['trueup rebuild --verify --account main --json', 'one account, for another program'],
    ['trueup rebuild --write', 'back up, then write what differs anew'],
  ],
  exits: [
    [0, 'all that is stored is what the entries say'],
    [2, 'there is no such book or account'],
    [3, 'differences were found (--verify)'],
    [7, 'another writer holds the book (--write)'],
  ],
  onlyNow: true,
};

interface Options {
  readonly verify?: true;
  readonly write?: true;
}

export function addRebuild(registry: Registry): void {
  declare(registry, text, run)
    .option('--verify', 'compare, and write nothing')
    .option('--write', 'write anew what differs, after a backup');
}

async function run(shell: Shell, options: Options): Promise<number> {
  if ((options.verify === true) === (options.write === true)) {
    const hint = 'add --verify to compare, or --write to write anew what differs';
    throw usageError('rebuild-how', 'rebuild needs one of --verify and --write', hint);
  }
  const progress = new Progress(shell.terminal);
  const at = (account: string, sequence: number) => {
    if (sequence % progressEvery === 0) {
      progress.at(`rebuilding ${account}: ${countText(sequence)} entries`);
    }
  };
  const { book } = shell.globals.configuration;
  const { accounts, written, backup } =
    options.write === true
      ? await rewrite(book, at)
      : await withReader(shell, (reader) => ({
          accounts: verifyDerived(reader.file, chosenAccounts(shell, reader), at),
          written: false,
          backup: null,
        }));
  progress.end('rebuilt');
  const document = rebuildDocument({ book, accounts, written, backup });
  if (shell.globals.json) printDocument(shell, document);
  else tell(shell, accounts, backup);
  return document.exitCode;
}

const progressEvery = 1_000;

async function rewrite(book: string, at: (account: string, sequence: number) => void) {
  const { accounts, backup } = await rewriteDerived(book, systemClock, 'trueup rebuild', at);
  return { accounts, backup, written: backup !== null };
}

/** More scrolls away; --json lists more. */
const shownMax = 20;

function tell({ terminal }: Shell, accounts: readonly Rebuilt[], backup: string | null): void {
  for (const { account, entries, differences } of accounts) {
    const sign = differences.length === 0 ? terminal.style('green', '✓') : '✗';
    const all = counted(entries, 'entry', 'entries');
    const found =
      differences.length === 0
        ? `what is stored is what ${all} say`
        : counted(differences.length, 'difference');
    terminal.print(`${sign} ${account}: ${found}`);
    for (const { table, key, field, stored, recomputed } of differences.slice(0, shownMax)) {
      const what = field === null ? `${table} ${key}` : `${table} ${key} ${field}`;
      terminal.print(
        `  ${what}: stored ${stored ?? 'nothing'}, entries say ${recomputed ?? 'nothing'}`,
      );
    }
  }
  if (backup === null) return;
  terminal.print(`wrote the rows anew; as it was, the book is kept as ${backup}`);
}
