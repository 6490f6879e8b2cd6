/** accept: a difference is left as it is, knowingly. */
import { type CommandText, declare, type Registry } from '../command.ts';
import { usageError } from '../command-error.ts';
import { type HoldOptions, holdOptions, runHold } from './hold-options.ts';
import { amountOption } from './reconcile-options.ts';

const text: CommandText = {
  usage: 'accept <break>',
  summary: 'live with a break, up to a sum and a day',
  description: `\
Accepts a difference: for a reason, until a time and up to a gross value in the reporting currency.
check lists it beside its verdict and counts it with --strict; the gate lets a bot trade. It comes
back by itself when the time has come, when it outgrows the sum, when it has no price any more, or
when another line comes to it. With --scope instrument, later breaks of the same reason on the same
instrument or currency are accepted with it; with --scope account, later ones of the same reason in
that account: the sum is for all of them together, and --end ends it for all of them.`,
  examples: [
    ['trueup accept BRK-7Q2M4A --until 30d --cap 0.05 --reason "dust"', 'up to 0.05 for 30 days'],
    ['trueup accept BRK-7Q2M4A --end', 'no longer'],
    ['trueup accept BRK-7Q2M4A --until 7d --cap 5 --reason "fees" --scope account', 'later ones'],
  ],
  exits: [
    [0, 'accepted, or back'],
    [2, 'no such break, or one that cannot be accepted as it is, or beyond the sum'],
    [7, 'another writer holds the book and does not answer'],
  ],
  onlyNow: true,
};

interface Options extends HoldOptions {
  readonly cap?: string;
}

export const addAccept = (registry: Registry): void => {
  const command = declare<Options>(registry, text, (shell, options, args) => {
    const cap = amountOption('--cap', options.cap);
    if (cap === null && options.end !== true) {
      const hint = 'name the largest sum that may be off, such as --cap 5';
      throw usageError('option-missing', '--cap is not said', hint, '--cap');
    }
    return runHold(shell, 'accept', args[0]!, options, cap);
  });
  holdOptions(command.option('--cap <amount>', 'the largest gross value that is accepted'));
};
