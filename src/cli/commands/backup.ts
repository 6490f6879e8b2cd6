/** backup: a copy of a book that may be in use. */
import { stampedPath } from '../../service/stamped-path.ts';
import { systemClock } from '../../service/system-clock.ts';
import { backUp } from '../../service/upkeep.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { withReader } from '../open-book.ts';
import { printDocument } from '../render/document.ts';

const text: CommandText = {
  usage: 'backup [file]',
  summary: 'copy the book, also while it is in use',
  description: `\
Copies the book into one file, with a manifest beside it (FILE.json): heads, size and checksum.
The book may be in use. Without a name the copy lies beside the book and has the time in its name.`,
  examples: [
    ['trueup backup', 'beside the book'],
    ['trueup backup monday.db', 'a name of your own'],
    ['trueup backup --json', 'the manifest as a document'],
  ],
  exits: [
    [0, 'the backup is complete and on disk'],
    [1, 'the disk is full or fails'],
    [2, 'there is no such book, or the file exists'],
  ],
  onlyNow: true,
};

export function addBackup(registry: Registry): void {
  declare(registry, text, run);
}

const run = (shell: Shell, _options: object, args: readonly string[]): Promise<number> =>
  withReader(shell, async ({ file }) => {
    const target = args[0] ?? stampedPath(file.path, 'backup', systemClock.now());
    const manifest = await backUp(file, target, systemClock);
    if (shell.globals.json) printDocument(shell, { ...manifest, file: target });
    else {
      shell.terminal.print(`backed up ${file.path} as ${target}`);
      for (const { account, sequence, hash } of manifest.heads) {
        shell.terminal.print(`  head of ${account}: ${sequence}:${hash}`);
      }
    }
    return 0;
  });
