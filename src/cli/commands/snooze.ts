/** snooze: a break is looked at later. */
import { type CommandText, declare, type Registry } from '../command.ts';
import { type HoldOptions, holdOptions, runHold } from './hold-options.ts';

const text: CommandText = {
  usage: 'snooze <break>',
  summary: 'look at a break later',
  description: `\
Leaves a break alone until a time: nothing repairs it, and it comes back by itself then, or when
another line comes to it. It still is a break: check goes on to say so, and the gate to deny. With
--scope instrument, later breaks of the same reason on the same instrument or currency are snoozed
with it; with --scope account, later ones of the same reason in that account. --end ends it for all
of them.`,
  examples: [
    ['trueup snooze BRK-7Q2M4A --until 2h --reason "the venue is asked"', 'for two hours'],
    ['trueup snooze BRK-7Q2M4A --end', 'back now'],
    ['trueup snooze BRK-7Q2M4A --until 1d --reason "migration" --scope account', 'and later ones'],
  ],
  exits: [
    [0, 'snoozed, or back'],
    [2, 'no such break, or one that cannot be snoozed as it is'],
    [7, 'another writer holds the book and does not answer'],
  ],
  onlyNow: true,
};

export const addSnooze = (registry: Registry): void => {
  holdOptions(
    declare<HoldOptions>(registry, text, (shell, options, args) =>
      runHold(shell, 'snooze', args[0]!, options, null),
    ),
  );
};
