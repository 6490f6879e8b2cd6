/** What writes have in common: who writes, how an account is held anew, and what is answered. */
import type { Break } from '../../model/break.ts';
import type { Refusal, Result } from '../../model/result.ts';
import type { Account } from '../../store/accounts.ts';
import type { BookWriter } from '../book.ts';
import type { Compared, ReconcileOptions } from '../reconciling.ts';
import { recordedStatement } from '../statement-file.ts';
import type { ServingParts } from './parts.ts';
import { type Problem, problemOf } from './problem.ts';
import { standingsOf } from './reads/standings.ts';
import type { Answered } from './route.ts';

export async function writing<T>(
  { writer }: ServingParts,
  work: (writer: BookWriter) => Promise<T>,
): Promise<T> {
  const open = await writer();
  try {
    return await work(open);
  } finally {
    await open.close();
  }
}

export const reconcileOptions = ({
  clock,
  markMaxAgeMs,
  policy,
}: ServingParts): ReconcileOptions => ({
  ...{ clock, strict: false, markMaxAgeMs, toleranceSteps: 0, adjust: new Set<string>() },
  policy: policy(),
});

/** The venue is asked now; where none is, what is on record stands. Nothing is noted. */
export async function comparedNow(
  parts: ServingParts,
  account: Account,
  options: ReconcileOptions,
): Promise<Compared & { readonly why: string | null }> {
  const { desks, reader, stopping } = parts;
  const desk = desks.find((one) => one.account === account.name);
  if (desk === undefined) {
    return { account, source: recordedStatement(reader.file, account), why: null };
  }
  const compared = await desk.compared(reader, options, stopping);
  return { ...compared, why: compared.taken.why };
}

/** The break as it is on record now. */
export function changed(
  { reader }: ServingParts,
  account: Account,
  id: string,
  sequences: readonly number[] = [],
  left: string | null = null,
): Answered {
  const one = standingsOf(reader).of(account).breaks.get(id)!;
  return {
    body: {
      ...{ schema: 'trueup.break-change/1', break: id, account: account.name, state: one.state },
      ...{ planHash: planOf(one), sequences, left },
    },
  };
}

const planOf = ({ repair }: Break): string | null => repair?.planHash ?? null;

/** The value, or why it was refused, as a problem. */
export function allowed<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw refusedAs(result.refusal);
}

/** What was asked of a thing that is in another state is no fault of the request. */
const conflicts: ReadonlySet<string> = new Set([
  ...(['hold-absent', 'hold-unpriced', 'hold-cap-exceeded', 'entry-undone-already'] as const),
  ...(['opening-after-facts', 'book-moved', 'break-not-in-plan', 'break-move-illegal'] as const),
  ...(['proposal-unnamed', 'approval-own'] as const),
]);

function refusedAs(refusal: Refusal): Problem {
  const { code } = refusal;
  if (code === 'break-unknown') return problemOf(refusal, 'unknown');
  if (code === 'plan-stale') return problemOf(refusal, 'stale');
  return problemOf(refusal, conflicts.has(code) ? 'conflict' : 'refused');
}
