/** book: balances, positions and equity. */
import { bookDocument, booksDocument } from '../../report/book-document.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { chosenAccounts, withReader } from '../open-book.ts';
import { bookLines } from '../render/book-text.ts';
import { printDocument } from '../render/document.ts';

const text: CommandText = {
  usage: 'book',
  summary: 'show balances, positions and equity',
  description: `\
Shows what the facts add up to: balances, positions, equity and results, to the last digit. What is
not known is shown as "?" (null in JSON), with its reason. Without --as-of the book is valued at
its youngest fact or price. Of a book with several accounts --json prints a list of documents.`,
  examples: [
    ['trueup book', 'the book as it is'],
    ['trueup book --account main --json', 'for another program'],
    ['trueup book --as-of 2026-11-20T00:00:00Z --known-at 120', 'as it was, and was known'],
  ],
  exits: [
    [0, 'shown'],
    [2, 'there is no such book or account'],
  ],
};

interface Options {
  readonly all?: true;
}

export function addBook(registry: Registry): void {
  declare(registry, text, run).option('--all', 'keep flat positions and empty balances');
}

const run = (shell: Shell, options: Options): Promise<number> =>
  withReader(shell, (reader) => {
    const { asOf, knownAt, configuration, json } = shell.globals;
    const { markMaxAgeMs } = configuration;
    const all = options.all === true;
    const documents = chosenAccounts(shell, reader).map((account) =>
      bookDocument(reader.look(account, { asOf, knownAt, markMaxAgeMs }), { all }),
    );
    if (!json) {
      const texts = documents.map((one) => bookLines(shell.terminal, one, { all }).join('\n'));
      shell.terminal.print(texts.join('\n\n'));
    } else if (documents.length === 1) printDocument(shell, documents[0]!);
    else printDocument(shell, booksDocument(documents));
    return 0;
  });
