/** policy: what is repaired without a person, the switch that stops it, and a rehearsal. */
import { addMilliseconds } from '../../model/instant.ts';
import { policyDocument, replayDocument, switchDocument } from '../../report/policy-document.ts';
import { isObject, readSettings, type Section } from '../../service/config-file.ts';
import { personName } from '../../service/person.ts';
import { replayed } from '../../service/policy/replaying.ts';
import { automaticOf, policyIn, stopShown, switchRepairs } from '../../service/policy/standing.ts';
import { systemClock } from '../../service/system-clock.ts';
import { type CommandText, countOption, declare, type Registry, type Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { chosenAccounts, wanted, withReader, withWriter } from '../open-book.ts';
import { printDocument } from '../render/document.ts';
import { policyLines, replayLines, switchLines } from '../render/policy-text.ts';

const text: CommandText = {
  usage: 'policy',
  summary: 'show what is repaired without a person, and stop it',
  description: `\
Prints the table that decides about each break (the first row that applies), the limits that the
settings set, and what was repaired without a person in the last 24 hours, counted from the journal.
docs/policy.md explains the settings.`,
  examples: [
    ['trueup policy', 'the table and the limits'],
    ['trueup policy stop --reason "the venue is migrating"', 'nothing without a person'],
    ['trueup policy test --days 30', 'what the policy would have done'],
  ],
  exits: [
    [0, 'shown'],
    [2, 'the settings are refused, or there is no such book or account'],
  ],
  onlyNow: true,
};

const stopText: CommandText = {
  usage: 'stop',
  summary: 'repair nothing without a person',
  description: `\
From now on each repair waits for approve, missing facts too. Checks go on, what a venue tells is
recorded, and check, sync and gate say that repairs are stopped. It is noted in the journal of each
account, with your name and the reason.`,
  examples: [
    ['trueup policy stop --reason "the venue is migrating"', 'every account'],
    ['trueup policy stop --reason drill --account main', 'one of them'],
    ['trueup policy stop --reason drill --by Ada --json', 'for another program'],
  ],
  exits: [
    [0, 'stopped, or it was before'],
    [2, 'there is no such book or account'],
    [7, 'another writer holds the book and does not answer'],
  ],
  onlyNow: true,
};

const startText: CommandText = {
  usage: 'start',
  summary: 'repair what the policy lets again',
  description: `\
Ends a stop. Where the settings say stopped, they still do.`,
  examples: [
    ['trueup policy start', 'every account'],
    ['trueup policy start --account main', 'one of them'],
    ['trueup policy start --reason "migration done" --by Ada', 'for the audit trail'],
  ],
  exits: stopText.exits,
  onlyNow: true,
};

const testText: CommandText = {
  usage: 'test',
  summary: 'decide the last breaks once more',
  description: `\
Decides the breaks of the last days, as the journal has them, by the present settings or those of a
file, and says what would have been booked, approved and asked, with the sums, beside what was done.
Nothing is written.`,
  examples: [
    ['trueup policy test', 'the last 30 days'],
    ['trueup policy test --days 7 --policy stricter.yaml', 'by other settings'],
    ['trueup policy test --json', 'each break that would have ended otherwise'],
  ],
  exits: text.exits,
  onlyNow: true,
};

interface SwitchOptions {
  readonly reason?: string | null;
  readonly by?: string;
}

interface TestOptions {
  readonly days: string;
  readonly policy?: string;
}

export function addPolicy(registry: Registry): void {
  const command = declare(registry, text, run);
  const by = ['--by <name>', 'who says so (default: your user name)'] as const;
  declare(registry, stopText, runSwitch(true), command)
    .requiredOption('--reason <text>', 'why; it is shown wherever the stop is')
    .option(...by);
  declare(registry, startText, runSwitch(false), command)
    .option('--reason <text>', 'why')
    .option(...by);
  declare(registry, testText, runTest, command)
    .option('--days <count>', 'how far back', '30')
    .option('--policy <file>', 'a settings file, or the object under its key policy');
}

const run = (shell: Shell): Promise<number> =>
  withReader(shell, async (reader) => {
    const { configuration, json } = shell.globals;
    const settings = wanted(await policyIn(configuration));
    const now = systemClock.now();
    const accounts = chosenAccounts(shell, reader).map(({ account, name, currency }) => ({
      ...{ account: name, currency },
      automatic: automaticOf(reader.file, account, now, settings),
      stopped: stopShown(reader.file, account, settings),
    }));
    const document = policyDocument(settings, configuration.policy?.file ?? null, accounts);
    if (json) printDocument(shell, document);
    else shell.terminal.print(policyLines(shell.terminal, document).join('\n'));
    return 0;
  });

const runSwitch =
  (stopped: boolean) =>
  (shell: Shell, { reason = null, by = personName() ?? undefined }: SwitchOptions) =>
    withReader(shell, async (reader) => {
      const at = systemClock.now();
      const word = { stopped, reason, at, ...(by === undefined ? {} : { by }) };
      const accounts: { account: string; changed: boolean }[] = [];
      for (const account of chosenAccounts(shell, reader)) {
        const changed = await withWriter(shell, 'policy', (writer) =>
          switchRepairs(reader.file, writer, account, word),
        );
        accounts.push({ account: account.name, changed });
      }
      const document = switchDocument(accounts, stopped);
      if (shell.globals.json) printDocument(shell, document);
      else shell.terminal.print(switchLines(document).join('\n'));
      return 0;
    });

const dayMs = 86_400_000;

const runTest = (shell: Shell, { days, policy }: TestOptions): Promise<number> =>
  withReader(shell, async (reader) => {
    const source = policy === undefined ? shell.globals.configuration.policy : policyFile(policy);
    const settings = wanted(await policyIn({ policy: source }));
    const count = countOption('--days', days);
    const to = systemClock.now();
    const range = { from: addMilliseconds(to, -count * dayMs), to };
    const accounts = chosenAccounts(shell, reader).map((account) => ({
      ...{ account: account.name, currency: account.currency },
      cases: replayed(reader.file, account, range, settings),
    }));
    const options = { ...range, days: count, settings, file: source?.file ?? null };
    const document = replayDocument(accounts, options);
    if (shell.globals.json) printDocument(shell, document);
    else shell.terminal.print(replayLines(shell.terminal, document).join('\n'));
    return 0;
  });

/** A whole settings file, or what stands under its key. */
function policyFile(file: string): Section {
  const { value } = wanted(readSettings(file));
  const policy = 'policy' in value ? value['policy'] : value;
  if (isObject(policy)) return { value: policy, file };
  const hint = 'write policy: {roundingSteps: 0}';
  throw usageError('policy-unread', `${file} holds no object of limits`, hint, '--policy');
}
