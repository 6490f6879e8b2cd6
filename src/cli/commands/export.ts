/** export: the facts of a book as NDJSON. */
import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { type ExportCounts, exportedLines } from '../../service/exporting.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { refusedInput } from '../command-error.ts';
import { chosenAccounts, withReader } from '../open-book.ts';
import { Progress } from '../progress.ts';
import { counted, countText } from '../render/amount.ts';
import { printDocument } from '../render/document.ts';

const text: CommandText = {
  usage: 'export',
  summary: 'write the facts of a book as NDJSON',
  description: `\
Writes every fact of the book, one a line, so that importing them into a new book gives the same
books. Completed facts are written complete; busts and corrections stay facts of their own. Left
out, and counted: what was reversed, conflicts (unless --conflicts), statements, breaks and
performance records. With --json and --out the counts are printed as a document.`,
  examples: [
    ['trueup export > facts.ndjson', 'all accounts'],
    ['trueup export --account main --out main.ndjson', 'one account, into a file'],
    ['trueup export | trueup --book copy.db import -', 'into another book, after its init'],
  ],
  exits: [
    [0, 'written'],
    [2, 'there is no such book or account, or the file exists'],
  ],
  onlyNow: true,
};

interface Options {
  readonly out?: string;
  readonly conflicts?: true;
}

export function addExport(registry: Registry): void {
  declare(registry, text, run)
    .option('--out <file>', 'write to this file, which must not exist, instead of printing')
    .option('--conflicts', 'write what contradicted booked facts, too');
}

const chunkLength = 64 * 1024;

const run = (shell: Shell, { out, conflicts }: Options): Promise<number> =>
  withReader(shell, async (reader) => {
    if (out !== undefined && existsSync(out)) throw refusedInput(existing(out));
    const counts: ExportCounts = { written: new Map(), leftOut: new Map() };
    const accounts = chosenAccounts(shell, reader);
    const options = { conflicts: conflicts === true };
    const lines = exportedLines(reader.file, accounts, counts, options);
    const progress = new Progress(shell.terminal);
    await intoSink(shell, out, async (write) => {
      let facts = 0;
      let chunk = '';
      for (const line of lines) {
        facts += 1;
        chunk += line;
        if (chunk.length < chunkLength) continue;
        await write(chunk);
        chunk = '';
        progress.at(`exporting: ${countText(facts)} facts`);
      }
      await write(chunk);
      progress.end(`exported ${counted(facts, 'fact')}`);
    });
    tell(shell, out, counts);
    return 0;
  });

type Write = (chunk: string) => Promise<void>;

/** A file appears under its name only when it is whole. */
async function intoSink(
  { terminal }: Shell,
  out: string | undefined,
  work: (write: Write) => Promise<void>,
): Promise<void> {
  if (out === undefined) return work((chunk) => terminal.write(chunk));
  const partial = `${out}.partial`;
  const file = openSync(partial, 'w');
  try {
    await work(async (chunk) => void writeSync(file, chunk));
    closeSync(file);
    renameSync(partial, out);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function tell(shell: Shell, out: string | undefined, { written, leftOut }: ExportCounts): void {
  const left = [...leftOut].map(([kind, count]) => `${countText(count)} ${kind}`);
  if (left.length > 0) shell.terminal.tell(`left out: ${left.join(', ')}`);
  if (out === undefined) return;
  if (shell.globals.json) {
    const counts = { written: Object.fromEntries(written), leftOut: Object.fromEntries(leftOut) };
    printDocument(shell, { schema: 'trueup.export/1', file: out, ...counts });
    return;
  }
  const facts = [...written.values()].reduce((sum, count) => sum + count, 0);
  shell.terminal.print(`wrote ${counted(facts, 'fact')} to ${out}`);
}

const existing = (file: string) => ({
  code: 'exists',
  message: `${file} exists`,
  where: { file, field: '--out' },
  rule: 'an export replaces no file',
  hint: 'name another file',
});
