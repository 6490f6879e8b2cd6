/** venue: what an exchange says now. Nothing of it is written anywhere. */
import {
  type SaidDocument,
  saidDocument,
  type VenuePart,
  venueParts,
} from '../../report/venue-document.ts';
import type { OpenVenue } from '../../service/venues/opening.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { printDocument } from '../render/document.ts';
import { saidLines } from '../render/venue-text.ts';
import { credentialsError, withVenue } from './venue-options.ts';

const text: CommandText = {
  usage: 'venue',
  summary: 'show what an exchange says now',
  description: 'Venues stand in trueup.json; docs/venues.md shows how.',
  examples: [],
  exits: [],
  onlyNow: true,
};

const summaries: Readonly<Record<VenuePart, string>> = {
  positions: 'positions of contracts',
  orders: 'open orders',
  balances: 'balances of coins, without unrealised PnL',
  executions: 'the latest executions',
};

export function addVenue(registry: Registry): void {
  const venue = registry.program
    .command(text.usage)
    .summary(text.summary)
    .description(text.description);
  for (const part of venueParts) {
    declare(
      registry,
      textOf(part),
      (shell, _options, [name]) => runVenue(shell, name!, part),
      venue,
    );
  }
}

const textOf = (part: VenuePart): CommandText => ({
  ...text,
  usage: `${part} <name>`,
  summary: summaries[part],
  description: `\
Shows ${summaries[part]} as the venue tells them at this moment, in base units and with the venue's
own digits. Nothing is noted in the book. What is incomplete proves nothing about what it does not
list.`,
  examples: [
    [`trueup venue ${part} main`, 'of the venue that the settings call main'],
    [`trueup venue ${part} main --json`, 'for another program'],
    [`trueup update --venue main`, 'to book what it lists'],
  ],
  exits: [
    [0, 'shown, and complete'],
    [1, 'the venue gave no answer'],
    [2, 'the venue is not in the settings'],
    [4, 'the venue refuses the key'],
    [5, 'what is shown is incomplete'],
  ],
});

export function runVenue(
  shell: Shell,
  name: string,
  part: VenuePart,
  open?: OpenVenue,
): Promise<number> {
  return withVenue(
    shell,
    name,
    async ({ venue }) => {
      const answer = await venue.statement();
      if (answer.status === 'failed' && answer.credentials)
        throw credentialsError(name, answer.why);
      if (answer.status !== 'answered') throw noAnswer(name, answer.why, answer.status);
      const document = saidDocument({ venue: name, statement: answer.value }, part);
      show(shell, document);
      return document.complete ? 0 : 5;
    },
    open,
  );
}

function show(shell: Shell, document: SaidDocument): void {
  if (shell.globals.json) printDocument(shell, document);
  else shell.terminal.print(saidLines(shell.terminal, document).join('\n'));
}

const noAnswer = (name: string, why: string, status: 'refused' | 'failed'): CommandError =>
  new CommandError(1, {
    code: `venue-${status}`,
    message: `${name} gave no answer: ${why}`,
    where: {},
    rule: 'what failed is no answer: nothing is concluded from it',
    hint: 'try again; doctor says more about the connection',
  });
