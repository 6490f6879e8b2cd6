/** What is written into the book: statements, checks, and entries that are taken back. */
import { z } from 'zod';
import { parseStatementText } from '../../../model/parse-statement.ts';
import { countsAsBreak } from '../../../reconcile/verdict.ts';
import type { CheckedAccount } from '../../../report/check-document.ts';
import { type Compared, checkAll } from '../../reconciling.ts';
import { refusedAhead } from '../../statement-file.ts';
import { undoEntry } from '../../undoing.ts';
import { allowed, comparedNow, reconcileOptions, writing } from '../anew.ts';
import { checksAnswer, undone } from '../documents/changes.ts';
import type { ServingParts } from '../parts.ts';
import { Problem, problemOf } from '../problem.ts';
import { accountNamed } from '../reads/looks.ts';
import { standingsOf } from '../reads/standings.ts';
import { verdictOf } from '../reads/summaries.ts';
import { type Answered, route } from '../route.ts';
import { factsRoute, reading, unreadable } from './writing-facts.ts';
import { lookAtSource, undoInSource } from './writing-source.ts';

const tag = 'book';

const undoRoute = route(
  {
    ...{ method: 'POST', path: '/api/v1/entries/:account/:sequence/undo', tag, scope: 'approve' },
    summary: 'Take an entry back by one that names it',
    params: z.object({ account: z.string(), sequence: z.coerce.number().int().min(1) }),
    answer: undone,
  },
  async (parts, { params: { account: name, sequence }, actor }) => {
    const account = accountNamed(parts, name);
    const [row] = parts.reader.file.entriesAt(account.account, [sequence]);
    if (row === undefined) throw new Problem('unknown', `${name} has no entry ${sequence}`);
    if (row.kind === 'source-write') {
      const undone = await undoInSource(parts, account, row, actor.name);
      return { body: { schema: 'trueup.undo/1', account: name, entry: sequence, by: undone } };
    }
    const at = parts.clock.now();
    const by = allowed(
      await writing(parts, (writer) =>
        undoEntry(parts.reader, writer, account, sequence, at, actor.name),
      ),
    );
    return { body: { schema: 'trueup.undo/1', account: name, entry: sequence, by } };
  },
);

const checkRoute = route(
  {
    ...{ method: 'POST', path: '/api/v1/checks', tag, scope: 'repair' },
    summary: 'Hold accounts against their venues, or what was stated last, and note it',
    ...{ body: z.strictObject({ account: z.string().optional() }), answer: checksAnswer },
  },
  async (parts, { body: { account: name } }) => {
    const { file } = parts.reader;
    const accounts = name === undefined ? file.accounts() : [accountNamed(parts, name)];
    const options = reconcileOptions(parts);
    const asked = accounts.map((account) => comparedNow(parts, account, options));
    return checked(parts, await Promise.all(asked), options, true);
  },
);

/** As the description shows one: a section that is left out says nothing. */
const statementShown = {
  ...{ schema: 'trueup.statement/1', venue: null, account: 'main', asOf: '2026-01-05T12:00:00Z' },
  balances: { complete: true, items: [{ currency: 'USDT', total: '399.4', available: null }] },
};

const statementRoute = route(
  {
    ...{ method: 'POST', path: '/api/v1/statements', tag, scope: 'repair', text: true },
    summary: 'Hold an account that no venue answers for against a statement, and note it',
    body: z.string().meta({
      description: 'A statement: docs/reference/statement.md',
      examples: [statementShown],
    }),
    answer: checksAnswer,
  },
  async (parts, { body: text }) => {
    const { statement, refusals } = parseStatementText(text, {}, reading);
    if (statement === null) throw unreadable(refusals);
    const account = accountNamed(parts, statement.account);
    const { venue } = statement;
    if (venue !== null && account.venue !== 'manual' && venue !== account.venue) {
      const said = `the statement is of ${venue}, account ${account.name} is at ${account.venue}`;
      throw new Problem('refused', said);
    }
    if (parts.desks.some((one) => one.account === account.name)) {
      throw new Problem('conflict', `${account.name} is held against what its venue says itself`, {
        hint: 'POST /api/v1/checks asks the venue',
      });
    }
    const ahead = refusedAhead(statement, parts.clock.now());
    if (ahead !== null) throw problemOf(ahead);
    const source = { statement, text };
    return checked(parts, [{ account, source, why: null }], reconcileOptions(parts));
  },
);

type Seen = Compared & { readonly why: string | null };

async function checked(
  parts: ServingParts,
  compared: readonly Seen[],
  options: ReturnType<typeof reconcileOptions>,
  isOfNow = false,
): Promise<Answered> {
  const found = await writing(parts, (writer) => checkAll(parts.reader, writer, compared, options));
  const named = compared.map(({ account }) => account);
  if (isOfNow) await lookAtSource(parts, named);
  const accounts = found.map((one, index) => shown(parts, one, compared[index]!));
  return { body: { schema: 'trueup.checks/1', accounts } };
}

/** Where nobody stated anything, what is on record is the word: a look at its database, or none. */
const wordOf = (parts: ServingParts, { reconciled }: CheckedAccount, { account, source }: Seen) =>
  source === null
    ? verdictOf(parts, standingsOf(parts.reader).of(account))
    : { verdict: reconciled.verdict, why: reconciled.unknown[0]?.why ?? null };

function shown(parts: ServingParts, checked: CheckedAccount, seen: Seen) {
  const { verdict, why } = wordOf(parts, checked, seen);
  return {
    ...{ account: seen.account.name, verdict, why: seen.why ?? why },
    breaks: checked.reconciled.breaks
      .filter((one) => countsAsBreak(one, { strict: true }))
      .map(({ id, state }) => ({ id, state })),
    gate: checked.gate,
  };
}

export const bookRoutes = [undoRoute, checkRoute, statementRoute, factsRoute] as const;
