/** restore: makes a backup the book. */
import { restoreDocument } from '../../report/upkeep-documents.ts';
import { verifyDerived } from '../../service/rebuilding.ts';
import { systemClock } from '../../service/system-clock.ts';
import { restore } from '../../service/upkeep.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { withReader } from '../open-book.ts';
import { counted } from '../render/amount.ts';
import { printDocument } from '../render/document.ts';

const text: CommandText = {
  usage: 'restore <backup>',
  summary: 'make a backup the book',
  description: `\
Makes a backup the book that --book names. The checksum, the heads and every hash of the backup are
proved first; a backup that fails leaves everything as it was. With --force an existing book is
replaced and kept aside. --verify also recomputes positions, balances and the rest from the
entries of the restored book.`,
  examples: [
    ['trueup restore monday.db', 'where there is no book'],
    ['trueup restore monday.db --force', 'in place of the present one'],
    ['trueup --book try.db restore monday.db --verify', 'prove a backup elsewhere'],
  ],
  exits: [
    [0, 'the book is the backup'],
    [2, 'the backup is damaged, or there is a book and no --force'],
    [3, 'restored, but derived rows differ from the entries (--verify)'],
    [7, 'another writer holds the present book'],
  ],
  onlyNow: true,
};

interface Options {
  readonly force?: true;
  readonly verify?: true;
}

export function addRestore(registry: Registry): void {
  declare(registry, text, run)
    .option('--force', 'replace the present book, which is kept aside')
    .option('--verify', 'also recompute what is derived, and compare');
}

async function run(shell: Shell, options: Options, args: readonly string[]): Promise<number> {
  const { book } = shell.globals.configuration;
  const backup = args[0]!;
  const force = options.force === true;
  const { manifest, keptAside } = restore(backup, book, { force, clock: systemClock });
  const recomputed = options.verify === true;
  const different = recomputed ? await differences(shell) : 0;
  const { takenAt, heads } = manifest;
  const document = restoreDocument({ book, backup, takenAt, heads, keptAside, recomputed });
  if (different > 0) throw differing(book, different, document);
  if (shell.globals.json) printDocument(shell, document);
  else {
    shell.terminal.print(`restored ${book} from ${backup}, taken at ${takenAt}`);
    if (keptAside !== null) shell.terminal.print(`what was there is kept as ${keptAside}`);
  }
  return 0;
}

const differences = (shell: Shell): Promise<number> =>
  withReader(shell, ({ file }) =>
    verifyDerived(file, file.accounts()).reduce((sum, one) => sum + one.differences.length, 0),
  );

const differing = (book: string, count: number, details: object) =>
  new CommandError(
    3,
    {
      code: 'derived-differs',
      message: `${book} is restored, but ${counted(count, 'derived row')} differ from its entries`,
      where: { file: book },
      rule: 'what is derived is what the entries say',
      hint: 'see trueup rebuild --verify',
    },
    details,
  );
