/** What the commands that compare have in common: whom with, and how. */
import type { Command } from 'commander';
import { type Decimal, isNegative } from '../../decimal/decimal.ts';
import { decimalFaultText, parseDecimal } from '../../decimal/text.ts';
import type { Instrument } from '../../model/instrument.ts';
import { policyIn } from '../../service/policy/standing.ts';
import type { BookReader } from '../../service/reading.ts';
import type { Compared, ReconcileOptions } from '../../service/reconciling.ts';
import {
  recordedStatement,
  refusedAhead,
  statementFromFile,
} from '../../service/statement-file.ts';
import { systemClock } from '../../service/system-clock.ts';
import type { OpenVenue } from '../../service/venues/opening.ts';
import { countOption, type Shell } from '../command.ts';
import { errorLines, refusedInput, usageError } from '../command-error.ts';
import { chosenAccounts, wanted } from '../open-book.ts';

export interface ComparingOptions {
  readonly statement?: readonly string[];
  readonly venue?: string;
  readonly settle?: string;
  readonly believeEmpty?: true;
  readonly tolerance?: string;
  readonly adjust?: readonly string[];
}

export interface Comparing {
  /** Takes every statement anew, of all venues at the same time; nothing is written. */
  compare(): Promise<Asked>;
  /** What a venue that is asked lists now; absent: none is asked. */
  readonly instruments?: (venue: string) => Promise<readonly Instrument[]>;
}

export interface Asked {
  readonly compared: readonly Compared[];
  /** The key of one of the venues was refused. */
  readonly credentials: boolean;
}

export interface ComparingRequest {
  readonly reader: BookReader;
  readonly options: ComparingOptions;
  readonly how: ReconcileOptions;
  /** Where nothing is named: what is on record, and not the book against itself. */
  readonly recorded: boolean;
  /** Aborted: nothing is waited for. */
  readonly signal: AbortSignal;
  readonly open?: OpenVenue;
}

/** The statements or the venue of a command as the words that name them again. */
export const comparedWords = ({ statement, venue }: ComparingOptions): string =>
  (statement ?? []).map((file) => ` --statement ${file}`).join('') +
  (venue === undefined ? '' : ` --venue ${venue}`);

export const comparingOptions = (command: Command, statement: string): Command =>
  command
    .option('--statement <file>', statement, collect)
    .option('--venue <name>', 'ask this venue now (default: those that the settings name)')
    .option('--settle <duration>', 'how young a difference may be and clear (default: 60s)')
    .option('--believe-empty', 'take an empty answer of a venue at its word')
    .option('--tolerance <steps>', 'smallest steps of the venue that count as equal (default: 0)');

/** Names collected from an option that may stand several times. */
export const collect = (name: string, names: readonly string[] = []): readonly string[] => [
  ...names,
  name,
];

export const reconcileOptions = async (
  shell: Shell,
  options: ComparingOptions,
): Promise<ReconcileOptions> => ({
  clock: systemClock,
  strict: shell.globals.strict,
  markMaxAgeMs: shell.globals.configuration.markMaxAgeMs,
  toleranceSteps:
    options.tolerance === undefined ? 0 : countOption('--tolerance', options.tolerance),
  adjust: new Set(options.adjust ?? []),
  policy: wanted(await policyIn(shell.globals.configuration)),
});

/**
 * The accounts and what each is held against: a statement's own account, else every chosen one
 * against what is on record (`recorded`) or against itself.
 */
export function comparedOf(
  shell: Shell,
  reader: BookReader,
  options: ComparingOptions,
  recorded: boolean,
): readonly Compared[] {
  if (options.statement === undefined) {
    return chosenAccounts(shell, reader).map((account) => ({
      account,
      source: recorded ? recordedStatement(reader.file, account) : null,
    }));
  }
  const compared = options.statement.map((path) => statementAt(shell, reader, path));
  const names = compared.map(({ account }) => account.name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    const hint = 'give one statement for each account';
    throw usageError('statement-twice', `two statements are of ${twice}`, hint, '--statement');
  }
  return compared;
}

/** Every fault of the document is told; the first is the one that ends the command. */
function statementAt(shell: Shell, reader: BookReader, path: string): Compared {
  const { strict, configuration } = shell.globals;
  const read = statementFromFile(reader.file, path, strict);
  if ('refusals' in read) {
    const [first, ...others] = read.refusals;
    for (const other of others) {
      for (const line of errorLines(other)) shell.terminal.tell(line);
    }
    throw refusedInput(first!, { refused: read.refusals });
  }
  if (!read.ok) throw refusedInput(read.refusal);
  const { account, statement, text, warnings } = read.value;
  const ahead = refusedAhead(statement, systemClock.now());
  if (ahead !== null) throw refusedInput({ ...ahead, where: { ...ahead.where, file: path } });
  for (const { message } of warnings) shell.terminal.tell(`warning: ${message}`);
  if (configuration.account !== null && configuration.account !== account.name) {
    const hint = 'leave --account out, or give a statement of it';
    const told = `${path} is of ${account.name}, and --account names ${configuration.account}`;
    throw usageError('account-differs', told, hint, '--account');
  }
  return { account, source: { statement, text } };
}

/** An amount as an option; null when it is absent. */
export function amountOption(name: string, text: string | undefined): Decimal | null {
  if (text === undefined) return null;
  const parsed = parseDecimal(text);
  if (parsed.ok && !isNegative(parsed.value)) return parsed.value;
  const why = parsed.ok ? 'is negative' : decimalFaultText[parsed.fault];
  throw usageError('amount-bad', `${name} ${JSON.stringify(text)} ${why}`, 'such as 0.01', name);
}
