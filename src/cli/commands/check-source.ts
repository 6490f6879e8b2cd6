/** check of another program's database. */
import type { Break } from '../../model/break.ts';
import type { SourceCheckRequest, SourceDesk } from '../../service/source/desk.ts';
import type { Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { printDocument } from '../render/document.ts';
import { sourceCheckLines } from '../render/source-check-text.ts';
import { amountOption } from './reconcile-options.ts';
import { type PricedOptions, pricesOf, withDesk } from './source-options.ts';

export interface CheckSourceOptions extends PricedOptions {
  readonly statement?: readonly string[];
  readonly tolerance?: string;
  readonly record: boolean;
  readonly failAbove?: string;
}

export function runCheckSource(shell: Shell, options: CheckSourceOptions): Promise<number> {
  refuseOthers(shell, options, 'check');
  const failAbove = amountOption('--fail-above', options.failAbove);
  const { record } = options;
  const request = { record, prices: pricesOf(shell, options), failAbove };
  return withDesk(shell, options, async (desk) => {
    const check = await desk.check({ ...request, hints: nextOf(desk, options, 'check') });
    if (shell.globals.json) printDocument(shell, check.document.json);
    else shell.terminal.print(sourceCheckLines(shell.terminal, check).join('\n'));
    return check.document.exitCode;
  });
}

/** What a database does not have is refused, not ignored. */
export function refuseOthers(
  { globals }: Shell,
  options: { readonly statement?: readonly string[]; readonly tolerance?: string },
  command: string,
): void {
  const { asOf, knownAt } = globals;
  if (asOf !== null || knownAt !== null) {
    const option = asOf === null ? '--known-at' : '--as-of';
    const hint = 'leave it out: a database says what it is now';
    throw usageError('only-now', `${command} --source takes no ${option}`, hint, option);
  }
  const extra =
    options.statement !== undefined
      ? '--statement'
      : options.tolerance !== undefined
        ? '--tolerance'
        : null;
  if (extra === null) return;
  const hint = 'give one of the two';
  throw usageError('option-unfit', `${command} --source takes no ${extra}`, hint, extra);
}

/** The commands that come next: why it is so, and what sets it right, where anything can. */
export const nextOf =
  (
    desk: SourceDesk,
    { source }: PricedOptions,
    command: 'check' | 'investigate',
  ): NonNullable<SourceCheckRequest['hints']> =>
  (verdict, breaks, sheets) => {
    if (verdict !== 'break') return [];
    // As the desk names it and not as it was typed, which may hold a password.
    const words = source === true ? ' --source' : ` --source ${desk.identity.location}`;
    const repair = sheets.every(({ calculated }) => calculated !== null) ? repairOf(breaks) : null;
    const steps = [
      ...(command === 'check' ? [`trueup investigate${words}`] : []),
      ...(repair === null ? [] : [`trueup ${repair}${words}`]),
    ];
    return steps.map((step, index) => `${index === 0 ? 'next' : 'then'}: ${step}`);
  };

/** Null: no command of ours does. */
function repairOf(breaks: readonly Break[]): string | null {
  const total = breaks.some(({ lines }) => lines[0]!.what === 'total');
  const record = breaks.some(({ reason }) => reason === 'PERFORMANCE_STALE');
  if (total) return record ? 'update --record' : 'update';
  return record ? 'performance --record' : null;
}
