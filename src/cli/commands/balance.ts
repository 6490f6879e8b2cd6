/** balance: the operators' own words for check, update and performance of a database. */
import { balanceDocument } from '../../report/source-balance-document.ts';
import { personName } from '../../service/person.ts';
import type { SourceCheck, SourceDesk } from '../../service/source/desk.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { balanceLines, unknownLine } from '../render/balance-text.ts';
import { printDocument } from '../render/document.ts';
import { updateLines } from '../render/source-update-text.ts';
import { runSchedule } from './schedule.ts';
import { type ScheduleOptions, scheduleOptions } from './schedule-options.ts';
import { pricesOf, withDesk } from './source-options.ts';

const text: CommandText = {
  usage: 'balance',
  summary: "check, update or record a bot's balance, in its operators' words",
  description: `\
The same as check, update, performance --record and schedule on a database, with the lines that
scripts look for: "[OK] Balance is accurate" and "Discrepancy: $0.00", "[WARNING] Balance is not
accurate", or "[UNKNOWN]" and why. The exit code is of the stored total alone; check also judges
the history of records. --update alone writes the total and no record; with --performance it writes
both in one transaction.`,
  examples: [
    ['trueup balance --check --source sqlite:paper_trading.db', 'is the stored total right?'],
    ['trueup balance --update --performance', 'set it right, with a record, in one transaction'],
    ['trueup balance --schedule --interval 5', 'keep it right, until stopped'],
  ],
  exits: [
    [0, 'accurate, or updated'],
    [1, 'the database is damaged, or locked for who writes; nothing was written'],
    [2, 'refused: no such database, or none of the four was asked for'],
    [3, 'not accurate'],
    [4, 'the database refuses the credentials'],
    [5, 'not known: a part of the total, or the database does not answer'],
    [7, 'another writer holds the book and does not answer'],
  ],
  onlyNow: true,
};

interface Options extends ScheduleOptions {
  readonly check?: true;
  readonly update?: true;
  readonly performance?: true;
  readonly schedule?: true;
}

export function addBalance(registry: Registry): void {
  const command = declare(registry, text, run)
    .option('--check', 'compare the stored total with cash and positions')
    .option('--update', 'write the truth into the stored total')
    .option('--performance', 'append a performance record')
    .option('--schedule', 'check, repair and record by the clock until stopped, as schedule does');
  scheduleOptions(command);
}

async function run(shell: Shell, options: Options): Promise<number> {
  const { check, update, performance, schedule } = options;
  if (schedule === true) {
    refuseBesideSchedule(options);
    // Who asks for this in these words asks for a balance that is kept right.
    return runSchedule(shell, { repair: 'auto', ...options });
  }
  if (update === undefined && performance === undefined && check === undefined) {
    const hint = 'add --check, --update, --performance or --schedule';
    throw usageError('balance-what', 'balance was not told what to do', hint);
  }
  return withDesk(shell, options, async (desk) => {
    if (update === undefined && performance === undefined) {
      return showCheck(shell, await desk.check({ record: true, prices: pricesOf(shell, options) }));
    }
    return runWrite(shell, options, desk);
  });
}

/** One of these happens once; a service that writes besides is not what it asked for. */
function refuseBesideSchedule(options: Options): void {
  const other = (['check', 'update', 'performance'] as const).find((name) => options[name]);
  if (other === undefined) return;
  const hint =
    other === 'check'
      ? 'leave --check out; --schedule --repair never checks and writes no total'
      : `leave --${other} out: the service does it by the clock`;
  throw usageError('option-unfit', `--schedule takes no --${other}`, hint, `--${other}`);
}

async function runWrite(shell: Shell, options: Options, desk: SourceDesk): Promise<number> {
  const record = options.performance === true;
  const request = { prices: pricesOf(shell, options), actor: personName() };
  const written =
    options.update === true
      ? await desk.update({ ...request, record, dryRun: false })
      : await desk.recordPerformance(request);
  if (shell.globals.json) {
    printDocument(shell, written.document);
    return written.exitCode;
  }
  shell.terminal.print(updateLines(shell.terminal, written).join('\n'));
  if (written.status === 'cannot-say') {
    const { unknown } = written.document as unknown as UnknownView;
    shell.terminal.print(unknownLine(unknown));
    return written.exitCode;
  }
  const after = written.after ?? (await desk.check({ record: true, prices: null }));
  if (after.checked?.accounts.some(({ performanceStale }) => performanceStale) === true) {
    const hint = 'the record is not: --update --performance writes both in one transaction';
    shell.terminal.print(`  hint    the total is up to date, ${hint}`);
  }
  return showCheck(shell, after);
}

function showCheck(shell: Shell, { checked, document }: SourceCheck): number {
  const accounts = checked?.accounts.map(({ name, sheet }) => ({ account: name, sheet })) ?? [];
  const { unknown, atStake } = document.json as unknown as CheckView;
  const balance = balanceDocument({
    source: checked?.snapshot.identity.location ?? '',
    currency: checked === null ? null : atStake.currency,
    accounts,
    silent: accounts.length === 0 ? (unknown[0]?.why ?? 'the database did not answer') : null,
  });
  if (shell.globals.json) printDocument(shell, balance.json);
  else shell.terminal.print(balanceLines(shell.terminal, balance).join('\n'));
  return balance.exitCode;
}

interface UnknownView {
  readonly unknown: readonly { readonly what: string; readonly why: string }[];
}

interface CheckView {
  readonly unknown: readonly { readonly why: string }[];
  readonly atStake: { readonly currency: string | null };
}
