/** sync undo of a write to a bot's rows. */
import type { EntryRow } from '../../model/entry.ts';
import { personName } from '../../service/person.ts';
import type { BookReader } from '../../service/reading.ts';
import { openRows } from '../../service/source/positions-opening.ts';
import { placeOfWrite, undoRows } from '../../service/source/positions-undo.ts';
import { systemClock } from '../../service/system-clock.ts';
import type { Shell } from '../command.ts';
import { chosenAccount, withWriter } from '../open-book.ts';
import { printDocument } from '../render/document.ts';
import { deskOptions, type SourceOptions } from './source-options.ts';

/** The database is the one that was written to, unless another address of it is given. */
export async function runUndoRows(
  shell: Shell,
  options: SourceOptions,
  reader: BookReader,
  row: EntryRow,
): Promise<number> {
  const account = chosenAccount(shell, reader);
  const from = deskOptions(shell, { ...options, source: options.source ?? placeOfWrite(row) });
  const source = await openRows(from);
  try {
    const terms = { at: systemClock.now(), actor: personName() };
    const by = await withWriter(shell, 'sync undo', (writer) =>
      undoRows(source, writer, account, row, terms),
    );
    const { sequence: entry } = row;
    const document = { schema: 'trueup.undo/1', account: account.name, entry, audit: by };
    if (shell.globals.json) printDocument(shell, document);
    else {
      const { location } = source.identity;
      shell.terminal.print(
        `what entry ${entry} wrote to ${location} is taken back by row ${by} of trueup_audit`,
      );
    }
    return 0;
  } finally {
    await source.close();
  }
}
