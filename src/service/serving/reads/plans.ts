/** The plan of an account as the book is now and the venue was heard last. */
import type { Account } from '../../../store/accounts.ts';
import type { ServingParts } from '../parts.ts';
import { aside } from './aside.ts';
import type { Planned } from './tasks.ts';

interface Kept {
  readonly head: string;
  readonly policy: object;
  readonly plan: Promise<Planned | null>;
}

const kept = new WeakMap<ServingParts['reader'], Map<number, Kept>>();

/** Null: nothing was ever compared with it. Made once for as long as the book stays as it is. */
export function planOf(parts: ServingParts, account: Account): Promise<Planned | null> {
  const { reader, clock, markMaxAgeMs } = parts;
  const policy = parts.policy();
  const plans = kept.get(reader) ?? new Map<number, Kept>();
  kept.set(reader, plans);
  const { hash } = reader.file.head(account.account);
  const known = plans.get(account.account);
  if (known?.head === hash && known.policy === policy) return known.plan;
  const request = { account, markMaxAgeMs, now: clock.now(), policy };
  const plan = aside(parts, 'planned', request);
  plans.set(account.account, { head: hash, policy, plan });
  // What failed is tried again at the next request.
  plan.catch(() => plans.delete(account.account));
  return plan;
}
