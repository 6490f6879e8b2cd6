/** Facts that programs report: which ones they may, and what is told of those that are unfit. */
import { z } from 'zod';
import { cashKinds, type Fact } from '../../../model/fact.ts';
import { parseJson } from '../../../model/lossless-json.ts';
import { type ParsedFact, parseFact } from '../../../model/parse-fact.ts';
import { parseNdjson } from '../../../model/parse-ndjson.ts';
import type { Refusal } from '../../../model/result.ts';
import type { Outcome } from '../../outcome.ts';
import { type Actor, may } from '../access/actor.ts';
import { writing } from '../anew.ts';
import { recorded } from '../documents/changes.ts';
import type { ServingParts } from '../parts.ts';
import { Problem, problemOf } from '../problem.ts';
import { route } from '../route.ts';

/** In one request: the service answers nobody else while it reads them. */
export const factsMax = 10_000;
/** In one commit: between two of them others are answered. */
const commitMax = 1_000;

/**
 * What a bot sees happen. Everything else says what an account is, how it began, or what became of
 * what was booked before: that is told by whoever runs the book.
 */
const kindsOfBots: ReadonlySet<Fact['kind']> = new Set([
  ...(['fill', 'order', 'mark'] as const),
  ...cashKinds.filter((kind) => kind !== 'adjustment'),
]);

/** As the description shows them: docs/reference/facts.md has every kind. */
const factsShown = [
  {
    ...{ kind: 'fill', account: 'main', instrument: 'BTC/USDT', side: 'buy', quantity: '0.01' },
    ...{ price: '60000', fee: '0.6', feeCurrency: 'USDT', executionId: 'e-1001' },
    time: '2026-01-05T11:00:00Z',
  },
];

export const factsRoute = route(
  {
    ...{ method: 'POST', path: '/api/v1/facts', tag: 'book', scope: 'trade', text: true },
    summary:
      'Book facts: each is known by itself, and counts once however often it is sent. ' +
      'Fills, orders, marks and cash flows of accounts that there are; with admin everything',
    body: z.string().meta({
      description: `Facts: a list, or one a line as application/x-ndjson; ${factsMax} at most`,
      examples: [factsShown],
    }),
    ...{ answer: recorded, idempotencyKey: false },
  },
  async (parts, { body: text, actor }) => {
    const facts = factsIn(text);
    refuseForeign(parts, facts, actor);
    const done = await writing(parts, async (writer) => {
      const outcomes: Outcome[] = [];
      const accountsMade: string[] = [];
      for (let from = 0; from < facts.length; from += commitMax) {
        const part = await writer.recordAll(facts.slice(from, from + commitMax));
        outcomes.push(...part.outcomes);
        accountsMade.push(...part.accountsMade);
      }
      return { outcomes: outcomes.map(outcomeShown), accountsMade };
    });
    return { body: { schema: 'trueup.recorded/1', ...done } };
  },
);

/** Throws a Problem where one of them is not for whoever reports them: then none is booked. */
function refuseForeign({ reader }: ServingParts, facts: readonly Fact[], actor: Actor): void {
  if (may(actor, 'admin')) return;
  const names = new Set(reader.file.accounts().map(({ name }) => name));
  for (const [index, fact] of facts.entries()) {
    const { kind } = fact;
    const isOwn = !('account' in fact) || names.has(fact.account);
    if (kindsOfBots.has(kind) && isOwn) continue;
    const what = kindsOfBots.has(kind) && 'account' in fact ? `account ${fact.account}` : kind;
    const said = isOwn ? `${what} is not told by bots` : `${what} is none of the book`;
    throw new Problem('forbidden', `fact ${index + 1}: ${said}; scope admin may book it`, {
      ...{ scope: 'admin', fact: index + 1 },
      hint: `trade may report ${[...kindsOfBots].join(', ')}, of accounts that there are`,
    });
  }
}

/** Throws a Problem that names those that cannot be read: then none is booked. */
function factsIn(text: string): readonly Fact[] {
  const facts: Fact[] = [];
  const refusals: Refusal[] = [];
  for (const parsed of text.trimStart().startsWith('[') ? listed(text) : lined(text)) {
    if (parsed.fact !== null) facts.push(parsed.fact);
    for (const refusal of parsed.refusals) refusals.push(refusal);
    if (refusals.length > namedMax) throw unreadable(refusals, 'at least ');
  }
  if (refusals.length > 0) throw unreadable(refusals);
  if (facts.length === 0) throw new Problem('refused', 'there is no fact in it');
  return facts;
}

function lined(text: string): Iterable<ParsedFact> {
  const lines = text.split('\n', linesMax);
  if (lines.length === linesMax) throw tooMany();
  return parseNdjson(lines, null, reading);
}

function* listed(text: string): Generator<ParsedFact> {
  const json = parseJson(text);
  if (!json.ok) throw problemOf(json.refusal);
  const items = Array.isArray(json.value) ? json.value : [];
  if (items.length > factsMax) throw tooMany();
  for (const [index, one] of items.entries()) {
    yield parseFact(one, { line: index + 1 }, reading);
  }
}

/** The last line may be empty. */
const linesMax = factsMax + 2;

const tooMany = () =>
  new Problem('tooLarge', `more than ${factsMax} facts in one request`, {
    hint: `send ${factsMax} at once at most, and the next when they are answered`,
  });

/** So many are named. */
const namedMax = 50;
/** How texts of others are read: a fault more than is named costs nobody time. */
export const reading = { strict: false, toldMax: namedMax } as const;

/** `many`: before how many more there are, where nobody looked at all of them. */
export function unreadable(refusals: readonly Refusal[], many = ''): Problem {
  const [first] = refusals;
  const errors = refusals.slice(0, namedMax).map(({ code, message, where, rule, hint }) => ({
    ...{ refusal: code, message, where, rule, hint },
  }));
  const more = refusals.length > 1 ? `, and ${many}${refusals.length - 1} more` : '';
  const hint = first?.hint ?? 'see the errors';
  return new Problem('refused', `${first?.message ?? 'it cannot be read'}${more}`, {
    errors,
    hint,
  });
}

const outcomeShown = (outcome: Outcome) => ({
  status: outcome.status,
  sequence: 'sequence' in outcome ? outcome.sequence : null,
  why: whyOf(outcome),
});

function whyOf(outcome: Outcome): string | null {
  if (outcome.status === 'refused') return outcome.refusal.message;
  if (outcome.status === 'conflict') return `differs in ${outcome.fields.join(', ')}`;
  return null;
}
