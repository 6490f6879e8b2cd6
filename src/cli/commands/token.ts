/** token: who may ask the service, and for what. */
import { type Instant, instantText } from '../../model/instant.ts';
import type { Refusal } from '../../model/result.ts';
import { personName } from '../../service/person.ts';
import {
  expiryAfter,
  parseScopes,
  type Token,
  Tokens,
  usualTokenDays,
} from '../../service/serving/access/tokens.ts';
import {
  isBookThere,
  openBesideBook,
  openExistingBesideBook,
} from '../../service/serving/beside-book.ts';
import { tokenShown } from '../../service/serving/routes/writing-tokens.ts';
import { systemClock } from '../../service/system-clock.ts';
import {
  type CommandText,
  declare,
  durationOption,
  type Registry,
  type Shell,
} from '../command.ts';
import { refusedInput, usageError } from '../command-error.ts';
import { wanted } from '../open-book.ts';
import { printDocument } from '../render/document.ts';
import { tokenLines } from '../render/token-text.ts';

const text: CommandText = {
  usage: 'token',
  summary: 'tokens for the API of serve',
  description: `\
A program shows a token with each request to serve. What it may do are its scopes: read; repair
(checks, proposals, repairs that the policy allows, comments, snooze); approve (approvals and
accepting a difference); trade (orders, and facts that a bot reports); admin (tokens, duties, the
stop of repairs, and all of the others). Kept is a hash alone, in a file beside the book.`,
  examples: [
    ['trueup token add bot --scope trade', 'for a bot'],
    ['trueup token list', 'who may do what, and when it was used'],
    ['trueup token revoke Xy3k9QaZ', 'from now on it opens nothing'],
  ],
  exits: [
    [0, 'shown'],
    [2, 'an option cannot be used'],
  ],
  onlyNow: true,
};

const addText: CommandText = {
  ...text,
  usage: 'add <name>',
  summary: 'make a token, and show it once',
  description: `\
Prints a new token. It is shown here and nowhere else; a service that runs takes it at once.`,
  examples: [
    ['trueup token add bot --scope trade --expires 30d', 'for a bot, for a month'],
    ['trueup token add prometheus --scope read --never-expires', 'until it is revoked'],
    ['trueup token add ada --scope repair,approve', 'for a person'],
  ],
  exits: [
    [0, 'made'],
    [2, 'an option cannot be used'],
  ],
};

const listText: CommandText = {
  ...text,
  usage: 'list',
  summary: 'tokens, the newest first',
  description: 'Names, scopes, when each was made, was used and ends. Never the tokens themselves.',
  examples: [
    ['trueup token list', 'all of them'],
    ['trueup token list --json', 'for another program'],
    ['trueup token list --book main.db', 'of another book'],
  ],
  exits: [
    [0, 'shown'],
    [2, 'there are none beside that book'],
  ],
};

const revokeText: CommandText = {
  ...text,
  usage: 'revoke <id>',
  summary: 'a token opens nothing any more',
  description: 'Ends a token, and the sessions at the page that began with it.',
  examples: [
    ['trueup token revoke Xy3k9QaZ', 'by the id that list shows'],
    ['trueup token revoke Xy3k9QaZ --json', 'for another program'],
    ['trueup token revoke Xy3k9QaZ --book main.db', 'of another book'],
  ],
  exits: [
    [0, 'revoked, or it was before'],
    [2, 'there is no such token'],
  ],
};

interface AddOptions {
  readonly scope: string;
  readonly expires?: string;
  readonly neverExpires?: true;
  readonly by?: string;
}

export function addToken(registry: Registry): void {
  const group = registry.program
    .command(text.usage)
    .summary(text.summary)
    .description(text.description);
  declare(registry, addText, runAdd, group)
    .requiredOption('--scope <scopes>', 'read, repair, approve, trade or admin, with commas')
    .option('--expires <duration>', `how long it opens anything (default: ${usualTokenDays}d)`)
    .option('--never-expires', 'until it is revoked')
    .option('--by <name>', 'who makes it (default: your user name)');
  declare(registry, listText, runList, group);
  declare(registry, revokeText, runRevoke, group);
}

/** Whoever only looks makes no file. */
function withTokens<T>(shell: Shell, work: (tokens: Tokens) => T, make = false): T {
  const { book } = shell.globals.configuration;
  const file = make ? openBesideBook(book) : openExistingBesideBook(book);
  if (file === null) throw refusedInput(noTokens(book));
  try {
    return work(new Tokens(file, systemClock));
  } finally {
    file.close();
  }
}

const noTokens = (book: string): Refusal => ({
  code: 'no-tokens',
  message: `there are no tokens beside ${book}`,
  where: { field: '--book', value: book },
  rule: 'tokens are kept beside the book of the service',
  hint: 'name the book with --book; trueup token add makes the first one',
});

async function runAdd(shell: Shell, options: AddOptions, args: readonly string[]): Promise<number> {
  const name = args[0]!;
  if (!/^\w[\w .@-]{0,63}$/.test(name)) {
    const said = `${JSON.stringify(name)} is no name`;
    throw usageError('name-bad', said, 'use letters, digits, dots and hyphens', 'name');
  }
  const scopes = wanted(parseScopes(options.scope));
  const by = options.by ?? personName() ?? 'somebody';
  const expiresAt = expiryOf(options, systemClock.now());
  const made = withTokens(
    shell,
    (tokens) => {
      const taken = tokens.nameRefusal(name);
      if (taken !== null) throw refusedInput(taken);
      return tokens.add({ name, scopes, expiresAt, by });
    },
    true,
  );
  const { book } = shell.globals.configuration;
  if (!isBookThere(book)) {
    shell.terminal.tell(
      `There is no book ${book} yet: the token is for the service that makes it.`,
    );
  }
  const document = { schema: 'trueup.token/1', ...tokenShown(made.token), token: made.secret };
  if (shell.globals.json) printDocument(shell, document);
  else {
    const until = expiresAt === null ? 'until it is revoked' : `until ${instantText(expiresAt)}`;
    shell.terminal.tell(`Token ${made.token.id} of ${name}, ${until}; it is shown only here:`);
    shell.terminal.print(made.secret);
  }
  return 0;
}

function expiryOf({ expires, neverExpires }: AddOptions, now: Instant): Instant | null {
  if (neverExpires === true && expires !== undefined) {
    const said = '--expires and --never-expires exclude each other';
    throw usageError('option-unfit', said, 'give one of the two', '--expires');
  }
  if (neverExpires === true) return null;
  return wanted(expiryAfter(now, durationOption('--expires', expires ?? `${usualTokenDays}d`)));
}

async function runList(shell: Shell): Promise<number> {
  const [tokens, now] = [withTokens(shell, (all) => all.list()), systemClock.now()];
  const document = { schema: 'trueup.tokens/1', items: tokens.map(tokenShown) };
  if (shell.globals.json) printDocument(shell, document);
  else shell.terminal.print(tokenLines(shell.terminal, tokens, now).join('\n'));
  return 0;
}

async function runRevoke(shell: Shell, _options: object, args: readonly string[]): Promise<number> {
  const id = args[0]!;
  const token = withTokens(shell, (tokens): Token | null => tokens.revoke(id));
  if (token === null) {
    throw refusedInput({
      code: 'token-unknown',
      message: `there is no token ${id}`,
      where: { field: 'id', value: id },
      rule: 'a token is named by its id',
      hint: 'trueup token list shows them',
    });
  }
  if (shell.globals.json) printDocument(shell, { schema: 'trueup.token/1', ...tokenShown(token) });
  else shell.terminal.print(`${token.name} (${id}) opens nothing any more`);
  return 0;
}
