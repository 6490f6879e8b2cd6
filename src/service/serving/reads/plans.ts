/** The plan of an account as the book is now and the venue was heard last. */
import type { Account } from '../../../store/accounts.ts';
import type { ServingParts } from '../parts.ts';
import { aside } from './aside.ts';
import { joinedPlans, sourcePlanOf } from './source-plan.ts';
import type { Planned } from './tasks.ts';

interface Kept {
  readonly head: string;
  /** Snoozes end, settle windows close and prices grow old without an entry. */
  readonly minute: bigint;
  readonly policy: object;
  readonly plan: Promise<Planned | null>;
}

const kept = new WeakMap<ServingParts['reader'], Map<number, Kept>>();

/** Null: nothing was ever compared with it, and it is of no bot's database. */
export async function planOf(parts: ServingParts, account: Account): Promise<Planned | null> {
  return joinedPlans(await bookPlanOf(parts, account), await sourcePlanOf(parts, account));
}

const minuteNanos = 60_000_000_000n;

/** Null: nothing was ever compared with it. Made once a minute while the book stays as it is. */
function bookPlanOf(parts: ServingParts, account: Account): Promise<Planned | null> {
  const { reader, clock, markMaxAgeMs } = parts;
  const policy = parts.policy();
  const plans = kept.get(reader) ?? new Map<number, Kept>();
  kept.set(reader, plans);
  const { hash } = reader.file.head(account.account);
  const now = clock.now();
  const minute = now / minuteNanos;
  const known = plans.get(account.account);
  const isSame = known?.head === hash && known.minute === minute && known.policy === policy;
  if (isSame) return known.plan;
  const request = { account, markMaxAgeMs, now, policy };
  const plan = aside(parts, 'planned', request);
  plans.set(account.account, { head: hash, minute, policy, plan });
  // What failed is tried again at the next request.
  plan.catch(() => {
    if (plans.get(account.account)?.plan === plan) plans.delete(account.account);
  });
  return plan;
}
