/**
 * Reports over a local socket: a process that does not hold the book asks the one that does. One
 * JSON text a line each way; facts travel in the public form, entries as their columns.
 */
import { draftFromText, draftText } from '../journal/draft-text.ts';
import type { AccountedFact, Fact } from '../model/fact.ts';
import { parseFact } from '../model/parse-fact.ts';
import type { Refusal } from '../model/result.ts';
import { writeFact } from '../model/write-fact.ts';
import type {
  BookWriter,
  Keeping,
  Kept,
  Plan,
  PlanEntry,
  PlanResult,
  Recorded,
  RecordMode,
} from './book.ts';
import { fromTaggedText, taggedText } from './tagged-json.ts';

export type Request =
  | { readonly op: 'ping' }
  | { readonly op: 'record'; readonly facts: readonly unknown[]; readonly mode: RecordMode }
  | { readonly op: 'apply'; readonly plan: SentPlan }
  | { readonly op: 'keep'; readonly facts: readonly unknown[]; readonly keeping: string };

interface SentEntry {
  readonly fact?: unknown;
  readonly draft?: string;
  readonly text?: string;
}

interface SentPlan extends Omit<Plan, 'entries'> {
  readonly entries: readonly SentEntry[];
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export type Answer =
  | { readonly ok: true; readonly result: Recorded | Kept | PlanResult | null }
  | { readonly ok: false; readonly failure: Failure };

export const recordRequest = (facts: readonly Fact[], mode: RecordMode): Request => ({
  op: 'record',
  facts: facts.map(writeFact),
  mode,
});

export const applyRequest = (plan: Plan): Request => ({
  op: 'apply',
  plan: {
    ...plan,
    entries: plan.entries.map((entry) =>
      'fact' in entry
        ? { fact: writeFact(entry.fact) }
        : { ...entry, draft: draftText(entry.draft) },
    ),
  },
});

export const keepRequest = (facts: readonly Fact[], keeping: Keeping): Request => ({
  op: 'keep',
  facts: facts.map(writeFact),
  keeping: taggedText(keeping),
});

/** What the holder does with a request. */
export async function answer(request: Request, book: BookWriter): Promise<Answer> {
  if (request.op === 'ping') return { ok: true, result: null };
  if (request.op === 'record') {
    return answerFacts(request.facts, (facts) => book.recordAll(facts, request.mode));
  }
  if (request.op === 'keep') {
    const keeping = fromTaggedText(request.keeping) as Keeping;
    return answerFacts(request.facts, (facts) => book.keep(facts, keeping));
  }
  const entries: PlanEntry[] = [];
  for (const entry of request.plan.entries) {
    if (entry.draft !== undefined) {
      const { text } = entry;
      const draft = draftFromText(entry.draft);
      entries.push(text === undefined ? { draft } : { draft, text });
    } else {
      const fact = received(entry.fact);
      if ('refusal' in fact) return failed(fact.refusal);
      entries.push({ fact: fact.fact as AccountedFact });
    }
  }
  return { ok: true, result: await book.apply({ ...request.plan, entries }) };
}

async function answerFacts(
  sent: readonly unknown[],
  record: (facts: readonly Fact[]) => Promise<Recorded | Kept>,
): Promise<Answer> {
  const facts: Fact[] = [];
  for (const one of sent) {
    const fact = received(one);
    if ('refusal' in fact) return failed(fact.refusal);
    facts.push(fact.fact);
  }
  return { ok: true, result: await record(facts) };
}

function received(value: unknown): { readonly fact: Fact } | { readonly refusal: Refusal } {
  const { fact, refusals } = parseFact(value, {}, { strict: false });
  return fact === null ? { refusal: refusals[0]! } : { fact };
}

const failed = ({ code, message, hint }: Refusal): Answer => ({
  ok: false,
  failure: { code, message, hint },
});
