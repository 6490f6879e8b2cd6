/** gate: may a bot trade on this book? */
import { gateDocument } from '../../report/gate-document.ts';
import { gateOf } from '../../service/gate.ts';
import { policyIn, stopShown } from '../../service/policy/standing.ts';
import { systemClock } from '../../service/system-clock.ts';
import {
  type CommandText,
  declare,
  durationOption,
  type Registry,
  type Shell,
} from '../command.ts';
import { chosenAccounts, wanted, withReader } from '../open-book.ts';
import { printDocument } from '../render/document.ts';
import { gateLines } from '../render/gate-text.ts';

const text: CommandText = {
  usage: 'gate',
  summary: 'say whether a bot may trade on this book',
  description: `\
Looks at what is on record, and asks nobody: a bot asks it before it trades, and check keeps it
fresh. It denies while a break of a position, a balance or an order is open, while the last complete
check is too old, after an answer that was not whole, and where nothing was ever checked. With
several accounts all of them must allow. docs/breaks.md has the table.`,
  examples: [
    ['trueup gate', 'every account'],
    ['trueup gate --account main --max-age 1m', 'one of them, checked within a minute'],
    ['trueup gate --json', 'with all that denies'],
  ],
  exits: [
    [0, 'allow'],
    [2, 'there is no such book or account'],
    [3, 'deny'],
  ],
  onlyNow: true,
};

interface Options {
  readonly maxAge: string;
}

export function addGate(registry: Registry): void {
  declare(registry, text, run).option(
    '--max-age <duration>',
    'how old the last complete check may be',
    '5m',
  );
}

const run = (shell: Shell, { maxAge }: Options): Promise<number> =>
  withReader(shell, async (reader) => {
    const now = systemClock.now();
    const policy = wanted(await policyIn(shell.globals.configuration));
    const maxAgeMs = durationOption('--max-age', maxAge);
    const gates = chosenAccounts(shell, reader).map((account) => ({
      ...gateOf(reader.file, account, { now, maxAgeMs }),
      stopped: stopShown(reader.file, account.account, policy),
    }));
    const document = gateDocument(gates, { now, maxAgeMs });
    if (shell.globals.json) printDocument(shell, document);
    else shell.terminal.print(gateLines(shell.terminal, document).join('\n'));
    return document.exitCode;
  });
