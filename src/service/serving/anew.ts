/** What writes have in common: whose break it is, who writes, and how an account is held anew. */
import type { Break } from '../../model/break.ts';
import type { Refusal, Result } from '../../model/result.ts';
import type { Account } from '../../store/accounts.ts';
import type { BookWriter } from '../book.ts';
import { knownBreaks } from '../reconcile-entries.ts';
import type { Compared, ReconcileOptions } from '../reconciling.ts';
import { recordedStatement } from '../statement-file.ts';
import type { ServingParts } from './parts.ts';
import { Problem, problemOf } from './problem.ts';

export interface BreakPlace {
  readonly account: Account;
  /** As it was last recorded. */
  readonly one: Break;
}

/** Throws a Problem where no account knows it. */
export function placeOf({ reader: { file } }: ServingParts, id: string): BreakPlace {
  const found = file.read(() => {
    for (const account of file.accounts()) {
      const one = knownBreaks(file, account.account).breaks.find((each) => each.id === id);
      if (one !== undefined) return { account, one };
    }
    return null;
  });
  if (found !== null) return found;
  throw new Problem('unknown', `no break ${id} was ever recorded`, {
    hint: 'GET /api/v1/breaks lists them',
  });
}

export function accountNamed({ reader: { file } }: ServingParts, name: string): Account {
  const account = file.accountNamed(name);
  if (account !== null) return account;
  const names = file.accounts().map((one) => one.name);
  throw new Problem('unknown', `the book has no account ${name}`, {
    hint: names.length === 0 ? 'it has none yet' : `it has ${names.join(', ')}`,
  });
}

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
