/** import: books facts from files or standard input. */
import { importDocument, importExitCode } from '../../report/import-document.ts';
import { type FactFile, factFileAt, factFileOf } from '../../service/import-source.ts';
import { importFacts } from '../../service/importing.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { refusedInput, usageError } from '../command-error.ts';
import { wanted, withWriter } from '../open-book.ts';
import { Progress } from '../progress.ts';
import { counted, countText } from '../render/amount.ts';
import { printDocument } from '../render/document.ts';
import { tellImport } from '../render/import-text.ts';

const text: CommandText = {
  usage: 'import <file...>',
  summary: 'book facts from NDJSON or CSV files',
  description: `\
Books facts: fills, deposits, funding, marks and the rest. What is booked already is absorbed, so a
file can be imported again. Of a file with a bad row nothing is booked, unless --partial lets its
good rows in. A report that contradicts a booked one is recorded as a conflict, never booked.
"-" is standard input.`,
  examples: [
    ['trueup import fills.ndjson', 'one file'],
    ['trueup import --dry-run fills.csv', 'what would happen, without booking it'],
    ['bot-export | trueup import --partial -', 'from a program, past bad rows'],
  ],
  exits: [
    [0, 'all is in the book; with --partial, all that was not refused'],
    [2, 'rows were refused, and nothing of their files was booked'],
    [3, 'conflicts were recorded'],
    [7, 'another writer holds the book and does not answer'],
  ],
  onlyNow: true,
};

interface Options {
  readonly dryRun?: true;
  readonly partial?: true;
}

export function addImport(registry: Registry): void {
  declare(registry, text, run)
    .option('--dry-run', 'say what would happen, and book nothing')
    .option('--partial', 'book the good rows of a file that has bad ones');
}

async function run(shell: Shell, options: Options, paths: readonly string[]): Promise<number> {
  const files: FactFile[] = [];
  for (const path of paths) {
    files.push(path === '-' ? await standardInput() : wanted(factFileAt(path)));
  }
  const progress = new Progress(shell.terminal);
  const result = await withWriter(shell, 'import', (writer) =>
    importFacts(writer, files, {
      partial: options.partial === true,
      dryRun: options.dryRun === true,
      strict: shell.globals.strict,
      onProgress({ stage, facts }) {
        const said = `${stage} ${countText(facts)} facts`;
        // A booking in one piece cannot tell how far it is.
        if (stage === 'booking' && facts >= longFacts) progress.long(said);
        else progress.at(said);
      },
    }),
  );
  const { booked, enriched, duplicate } = result.counts;
  progress.end(`read ${counted(booked + enriched + duplicate, 'fact')}`);
  const exitCode = importExitCode(result);
  const document = importDocument(result);
  if (exitCode === 2 && shell.globals.json) throw refusedInput(result.refused[0]!, document);
  if (shell.globals.json) printDocument(shell, document);
  else tellImport(shell.terminal, result);
  return exitCode;
}

/** About a second of booking. */
const longFacts = 50_000;

async function standardInput(): Promise<FactFile> {
  if (process.stdin.isTTY === true) {
    const hint = 'pipe facts into it, or name a file';
    throw usageError('input-missing', 'nothing is piped into standard input', hint);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return factFileOf('standard input', Buffer.concat(chunks).toString('utf8'));
}
