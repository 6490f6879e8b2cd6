/** start: the example, from its facts to its books, and the incidents, from their fault to TRUE. */
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bookDocument, booksDocument } from '../../report/book-document.ts';
import { importExitCode } from '../../report/import-document.ts';
import { factFileAt } from '../../service/import-source.ts';
import { importFacts } from '../../service/importing.ts';
import { checkAll, documentOf } from '../../service/reconciling.ts';
import { rehearsals } from '../../service/rehearsal/rehearsals.ts';
import { statementFromFile } from '../../service/statement-file.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { refusedInput } from '../command-error.ts';
import { wanted, withReader, withWriter } from '../open-book.ts';
import { bookLines } from '../render/book-text.ts';
import { checkLines, viewOfCheck } from '../render/check-text.ts';
import { printDocument } from '../render/document.ts';
import { countsText } from '../render/import-text.ts';
import { investigationLines } from '../render/investigate-text.ts';
import { reconcileOptions } from './reconcile-options.ts';
import { playRehearsal } from './rehearse.ts';

const text: CommandText = {
  usage: 'start',
  summary: 'open the example, rehearse both incidents, and play the demo',
  description: `\
Makes the example book ./data/example.db, imports the facts of the example, shows its books, and
holds them against two statements: one with a planted difference, and the one that makes it TRUE.
Then it plays the incidents of a bot's stored balance and of its stored positions, as rehearse does.
At last the demo begins, as the command demo plays it: its page shows what happens, and Ctrl+C ends
it. Safe to run again: what is booked is recognised. With --book the example goes into another
book.`,
  examples: [
    ['trueup start', 'everything, until Ctrl+C'],
    ['trueup start --for 10s', 'the same, with a demo that ends'],
    ['trueup start --json', 'its books as documents'],
  ],
  exits: [
    [0, 'shown'],
    [1, 'the example could not be booked, or a figure of an incident was wrong'],
    [7, 'another writer holds the example book'],
  ],
  onlyNow: true,
};

const exampleBook = './data/example.db';

export function addStart(registry: Registry): void {
  declare(registry, text, run)
    .option('--for <duration>', 'end the demo after so long (default: until it is stopped)')
    .option('--no-demo', 'leave the demo out');
}

const exampleFile = (name: string): string =>
  fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));

interface Options {
  readonly for?: string;
  readonly demo: boolean;
}

async function run(shell: Shell, options: Options): Promise<number> {
  const example = exampleShell(shell);
  const { book } = example.globals.configuration;
  if (book === exampleBook && !existsSync('data')) mkdirSync('data');
  const result = await withWriter(
    example,
    'start',
    (writer) => importFacts(writer, [wanted(factFileAt(exampleFile('example.ndjson')))]),
    { create: true },
  );
  if (importExitCode(result) !== 0) throw refusedInput(result.refused[0]!);
  if (!shell.globals.json) {
    shell.terminal.print(`example facts into ${book}: ${countsText(result.counts)}\n`);
  }
  await showBooks(example);
  if (shell.globals.json) return 0;
  await showChecks(example);
  shell.terminal.print('');
  let exitCode = 0;
  for (const rehearsal of rehearsals) {
    exitCode = Math.max(exitCode, await playRehearsal(shell, rehearsal, null));
    shell.terminal.print('');
  }
  showNext(example);
  if (exitCode !== 0 || !options.demo) return exitCode;
  shell.terminal.print('');
  const { runDemo, usualDemo } = await import('./demo.ts');
  const wish = options.for === undefined ? usualDemo : { ...usualDemo, for: options.for };
  const played = await runDemo(shell, wish);
  // What waits for a person in the demo is meant to: nothing that was rehearsed went wrong.
  return played === 1 ? 1 : 0;
}

/** The example has a book of its own, unless a flag names one. */
function exampleShell(shell: Shell): Shell {
  const { configuration } = shell.globals;
  const named = configuration.settings.find(({ name }) => name === 'book')?.origin === 'flag';
  const book = named ? configuration.book : exampleBook;
  const globals = { ...shell.globals, configuration: { ...configuration, book } };
  return { ...shell, globals };
}

const showBooks = (shell: Shell): Promise<void> =>
  withReader(shell, (reader) => {
    const { markMaxAgeMs } = shell.globals.configuration;
    const documents = reader.file.accounts().map((account) =>
      bookDocument(reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs }), {
        all: false,
      }),
    );
    if (shell.globals.json) printDocument(shell, booksDocument(documents));
    else {
      const lines = documents.map((one) => bookLines(shell.terminal, one, { all: false }));
      shell.terminal.print(lines.map((one) => one.join('\n')).join('\n\n'));
    }
  });

/** One difference planted in what somebody says, and the same without it. Nothing is noted. */
const showChecks = (shell: Shell): Promise<void> =>
  withReader(shell, async (reader) => {
    const { terminal } = shell;
    for (const name of ['statement-differs.json', 'statement-true.json']) {
      const read = statementFromFile(reader.file, exampleFile(name), true);
      if ('refusals' in read) throw refusedInput(read.refusals[0]!);
      const { account, statement, text: words } = wanted(read);
      const compared = [{ account, source: { statement, text: words } }];
      // The example happened on its own day: by today's clock it would look old.
      const how = { ...(await reconcileOptions(shell, {})), clock: { now: () => statement.asOf } };
      const checked = await checkAll(reader, null, compared, how);
      const shown = { document: 'check', breakId: null, failAbove: null, hints: [] } as const;
      const check = viewOfCheck(documentOf(checked, compared, how, shown));
      terminal.print(`\nexamples/${name}`);
      terminal.print(checkLines(terminal, check).join('\n'));
      for (const one of check.breaks) {
        terminal.print(`\n${investigationLines(terminal, one).join('\n')}`);
      }
    }
  });

/** What to try next. */
function showNext({ terminal, globals }: Shell): void {
  const { book } = globals.configuration;
  const examples = exampleFile('').replace(/\/$/, '');
  terminal.print(
    [
      'next:',
      `  trueup --book ${book} check --statement ${examples}/statement-differs.json`,
      `  trueup --book ${book} sync`,
      `  trueup --book ${book} performance --account perpetual`,
      `  trueup --book ${book} audit --account perpetual --postings`,
      `  trueup --book ${book} verify`,
      '  trueup rehearse falcon-balance --keep incident',
      '  trueup check --source sqlite:incident/paper_trading.db',
      '  trueup rehearse quantity-mismatch --keep incident',
    ].join('\n'),
  );
}
