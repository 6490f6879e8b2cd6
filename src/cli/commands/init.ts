/** init: makes a book, and an account in it. */
import { existsSync } from 'node:fs';
import type { AccountFact } from '../../model/fact.ts';
import { parseFact } from '../../model/parse-fact.ts';
import type { ParsedLine } from '../../model/parse-ndjson.ts';
import type { Refusal } from '../../model/result.ts';
import { factFileAt } from '../../service/import-source.ts';
import { importFacts } from '../../service/importing.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { refusedInput, usageError } from '../command-error.ts';
import { wanted, withWriter } from '../open-book.ts';
import { printDocument } from '../render/document.ts';

const text: CommandText = {
  usage: 'init',
  summary: 'make a book, and an account in it',
  description: `\
Makes the book where there is none. With --account or any option of an account it also makes
that account, whose settings never change afterwards; without, facts make the accounts they name.
Running it again changes nothing.`,
  examples: [
    ['trueup init', 'an empty book ./trueup.db'],
    ['trueup init --account main --currency USD --cost-method fifo', 'with an account'],
    ['trueup init --account main --opening holdings.ndjson', 'with what it held at the start'],
  ],
  exits: [
    [0, 'the book and the account are there'],
    [2, 'refused: the account has other settings, the opening is wrong, it is no book'],
    [7, 'another writer holds the book and does not answer'],
  ],
  onlyNow: true,
};

interface Options {
  readonly currency?: string;
  readonly costMethod?: string;
  readonly venue?: string;
  readonly mode?: string;
  readonly positionMode?: string;
  readonly feesInCost?: true;
  readonly opening?: string;
}

export function addInit(registry: Registry): void {
  declare(registry, text, run)
    .option('--currency <code>', 'reporting currency of the account (default: USD)')
    .option('--cost-method <method>', 'average, fifo, lifo or hifo (default: average)')
    .option('--venue <name>', 'where it trades (default: manual)')
    .option('--mode <mode>', 'live or paper (default: live)')
    .option('--position-mode <mode>', 'net or hedge (default: net)')
    .option('--fees-in-cost', "add a buy's quote fee to cost, as tax-style statements do")
    .option('--opening <file>', 'what the account held: facts of kind opening');
}

async function run(shell: Shell, options: Options): Promise<number> {
  const { configuration, json } = shell.globals;
  const opening = options.opening === undefined ? [] : openingLines(options.opening);
  const account = accountFact(shell, options, opening);
  const made = !existsSync(configuration.book);
  const result = await withWriter(
    shell,
    'init',
    async (writer) => {
      if (account === null) return null;
      const name = options.opening ?? 'init';
      const lines = [{ line: 0, fact: account, refusals: [], warnings: [] }, ...opening];
      return importFacts(writer, [{ name, format: 'ndjson', parse: () => lines }]);
    },
    { create: true },
  );
  const [refusal] = result?.refused ?? [];
  if (refusal !== undefined) throw refusedInput(withoutOurLine(refusal));
  const accountMade = result !== null && result.counts.booked > 0;
  if (json) {
    const names = { book: configuration.book, made, account: account?.account ?? null };
    printDocument(shell, { schema: 'trueup.init/1', ...names, accountMade });
    return 0;
  }
  shell.terminal.print(`${made ? 'made' : 'found'} the book ${configuration.book}`);
  if (account !== null) {
    const { account: name, currency, costMethod } = account;
    const settings = `${currency}, cost method ${costMethod}`;
    shell.terminal.print(`${accountMade ? 'made' : 'found'} the account ${name} (${settings})`);
  }
  return 0;
}

/** The account's own line is none of the file's. */
const withoutOurLine = (refusal: Refusal): Refusal => {
  const { file: _file, line, ...where } = refusal.where;
  return line === 0 ? { ...refusal, where } : refusal;
};

const openingKinds = ['opening', 'currency', 'instrument', 'mark'];

/** Read before the book is made, so that a bad opening leaves nothing behind. */
function openingLines(path: string): readonly ParsedLine[] {
  const lines = [...wanted(factFileAt(path)).parse(true)];
  for (const { line, fact, refusals } of lines) {
    const [refusal] = refusals;
    if (refusal !== undefined) throw refusedInput(refusal);
    if (fact === null || openingKinds.includes(fact.kind)) continue;
    throw refusedInput({
      code: 'kind-misplaced',
      message: `kind ${fact.kind} does not belong in an opening`,
      where: { file: path, line, field: 'kind', value: fact.kind },
      rule: `an opening holds facts of kind ${openingKinds.join(', ')}`,
      hint: 'import it afterwards',
    });
  }
  return lines;
}

/** Null when nothing was said about an account. */
function accountFact(
  { globals }: Shell,
  options: Options,
  opening: readonly ParsedLine[],
): AccountFact | null {
  const { currency, costMethod, venue, mode, positionMode, feesInCost } = options;
  const named = globals.configuration.account;
  const opened = opening.find(({ fact }) => fact?.kind === 'opening')?.fact;
  const openedName = opened?.kind === 'opening' ? opened.account : null;
  if (named !== null && openedName !== null && named !== openedName) {
    const message = `the opening is of account ${openedName}, not of ${named}`;
    throw usageError('account-differs', message, 'name the same account in both', '--account');
  }
  const told = { currency, costMethod, venue, mode, positionMode, feesInCost };
  const isSilent = Object.values(told).every((value) => value === undefined);
  const name = named ?? openedName;
  if (name === null && isSilent) return null;
  const row = { kind: 'account', account: name ?? 'main', ...told, currency: currency ?? 'USD' };
  const { fact, refusals } = parseFact(row, {}, { strict: true });
  const [refusal] = refusals;
  if (refusal !== undefined) throw refusedInput(refusal);
  return fact as AccountFact;
}
