/** venue: what an exchange says now. Nothing of it is written anywhere. */

import { existsSync } from 'node:fs';
import { cacheDocument } from '../../report/cache-document.ts';
import {
  type SaidDocument,
  saidDocument,
  type VenuePart,
  venueParts,
} from '../../report/venue-document.ts';
import { coinsHeld } from '../../service/venue-check/known.ts';
import type { OpenedVenue, OpenVenue } from '../../service/venues/opening.ts';
import { keyRefused } from '../../service/venues/refused.ts';
import { type CommandText, countOption, declare, type Registry, type Shell } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { withReader } from '../open-book.ts';
import { printDocument } from '../render/document.ts';
import { cacheLines, saidLines } from '../render/venue-text.ts';
import { withVenue } from './venue-options.ts';

const text: CommandText = {
  usage: 'venue',
  summary: 'show what an exchange says now',
  description: 'Venues stand in trueup.yaml; docs/venues.md shows how.',
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
      (shell, { raw }: PartOptions, [name]) => runVenue(shell, name!, part, { raw: raw === true }),
      venue,
    ).option('--raw', "with the venue's own words for each of them");
  }
  declare(
    registry,
    cacheText,
    (shell, { seconds }: CacheOptions, [name]) =>
      runCache(shell, name!, countOption('--seconds', seconds)),
    venue,
  ).option('--seconds <count>', 'how long its streams are listened to', '5');
}

interface PartOptions {
  readonly raw?: true;
}

interface CacheOptions {
  readonly seconds: string;
}

const cacheText: CommandText = {
  ...text,
  usage: 'cache <name>',
  summary: 'hold what a client library remembers against fresh answers',
  description: `\
Starts the client library as a bot would, lets its streams fill what it remembers of positions,
balances and orders, and holds that against answers asked before and after. What differs while the
venue says the same twice is wrong in the memory, and a program that trusts it is wrong too. It
looks at a client of its own: what another program remembers since yesterday it does not see. A
section of which nothing was pushed meanwhile is not compared.`,
  examples: [
    ['trueup venue cache main', 'five seconds of listening'],
    ['trueup venue cache main --seconds 60', 'while a bot trades'],
    ['trueup venue positions main --raw', 'what the venue says, in its own words'],
  ],
  exits: [
    [0, 'everything that is remembered is what the venue says'],
    [1, 'the venue gave no answer'],
    [2, 'the venue is not in the settings, or no library stands between'],
    [3, 'something that is remembered differs'],
    [4, 'the venue refuses the key'],
    [5, 'not all of it was compared, or the venue itself changed meanwhile'],
  ],
};

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
  { raw }: { readonly raw: boolean },
  open?: OpenVenue,
): Promise<number> {
  return withVenue(
    shell,
    name,
    async ({ venue }) => {
      const coins = part === 'balances' ? await coinsOfBook(shell, venue) : [];
      const statement = answered(name, await venue.statement({ raw, coins }));
      const words = statement.raw === undefined ? {} : { raw: statement.raw };
      const { mode } = venue.capabilities;
      const document = saidDocument({ venue: name, mode, statement, ...words }, part);
      show(shell, document);
      return document.complete ? 0 : 5;
    },
    open,
  );
}

/** Where there is a book: a coin that it has is not gone because a list leaves it out. */
const coinsOfBook = async (
  shell: Shell,
  venue: OpenedVenue['venue'],
): Promise<readonly string[]> =>
  existsSync(shell.globals.configuration.book)
    ? withReader(shell, (reader) => coinsHeld(reader, venue))
    : [];

export function runCache(
  shell: Shell,
  name: string,
  seconds: number,
  open?: OpenVenue,
): Promise<number> {
  return withVenue(
    shell,
    name,
    async ({ venue }) => {
      if (venue.cached === undefined) throw uncached(name);
      const answers = answered(name, await venue.cached(seconds * 1_000));
      const { account, capabilities } = venue;
      const { mode } = capabilities;
      const document = cacheDocument({ venue: name, account, mode, ...answers });
      if (shell.globals.json) printDocument(shell, document);
      else shell.terminal.print(cacheLines(shell.terminal, document).join('\n'));
      return document.exitCode;
    },
    open,
  );
}

type Answered<T> =
  | { readonly status: 'answered'; readonly value: T }
  | { readonly status: 'refused'; readonly why: string }
  | { readonly status: 'failed'; readonly why: string; readonly credentials: boolean };

function answered<T>(name: string, answer: Answered<T>): T {
  if (answer.status === 'answered') return answer.value;
  if (answer.status === 'failed' && answer.credentials) throw keyRefused(name, answer.why);
  throw noAnswer(name, answer.why, answer.status);
}

const uncached = (name: string): CommandError =>
  new CommandError(2, {
    code: 'venue-uncached',
    message: `between trueup and ${name} stands no library that remembers anything`,
    where: {},
    rule: 'a memory is looked at where there is one',
    hint: `ask for what it says: trueup venue positions ${name}`,
  });

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
