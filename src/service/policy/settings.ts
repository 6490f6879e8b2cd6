/** What the key `policy` of a settings file holds: how far repairs go without a person. */
import { z } from 'zod';
import type { Decimal } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { nearest } from '../../model/nearest.ts';
import { accepted, type Refusal, type Result, refused } from '../../model/result.ts';
import { type Limits, type PolicySettings, policyByDefault } from '../../reconcile/limits.ts';
import { count, flag, says, sum } from '../config-values.ts';

const written = (sum: Decimal | null): string | null => (sum === null ? null : toText(sum));

const limits = (usual: Limits, what: string) =>
  z
    .strictObject({
      valuePerRepair: sum
        .nullable()
        .meta(says(`${what}: the most that one is worth, gross; null is any`))
        .prefault(written(usual.valuePerRepair)),
      valuePerDay: sum
        .nullable()
        .meta(says(`${what}: the most in 24 hours, gross; null is any`))
        .prefault(written(usual.valuePerDay)),
      repairsPerDay: count.meta(says(`${what}: so many in 24 hours`)).prefault(usual.repairsPerDay),
    })
    .prefault({});

const usual = policyByDefault;

export const policySchema = z.strictObject({
  stopped: flag.meta(says('nothing is repaired without a person')).prefault(usual.stopped),
  alertAbove: sum
    .meta(says('a repair of more is marked and told as large'))
    .prefault(toText(usual.alertAbove)),
  takingBack: limits(usual.takingBack, 'reversals and corrections of booked facts'),
  rows: limits(usual.rows, "rows of a bot's database"),
  roundingSteps: count
    .meta(says('steps of one currency that are adjusted in 30 days; 0 is none'))
    .prefault(usual.roundingSteps),
  approvals: z
    .strictObject({
      fourEyes: flag
        .meta(says('whoever proposed a repair does not approve it'))
        .prefault(usual.approvals.fourEyes),
    })
    .prefault({}),
});

const known = [
  ...[...Object.keys(policySchema.shape), ...Object.keys(usual.rows)],
  ...Object.keys(usual.approvals),
];

/** `value` is what the key holds; `file` where. */
export function parsePolicy(value: unknown, file: string): Result<PolicySettings> {
  const read = policySchema.safeParse(value);
  if (read.success) return accepted(read.data);
  const [issue] = read.error.issues;
  const at = ['policy', ...issue!.path.map(String)].join('.');
  const unknown = issue!.code === 'unrecognized_keys' ? issue!.keys[0]! : null;
  const field = unknown === null ? at : `${at}.${unknown}`;
  const refuse = (code: string, message: string, rule: string, hint: string): Refusal => ({
    ...{ code, message, where: { file, field }, rule, hint },
  });
  if (unknown === null) {
    const message = `${field} is not allowed`;
    return refused(refuse('policy-bad', message, `${field} ${issue!.message}`, seePage));
  }
  const meant = nearest(unknown, known);
  const hint = meant === null ? seePage : `did you mean ${meant}?`;
  const message = `${field} is no setting`;
  return refused(refuse('policy-key-unknown', message, 'a policy has the keys it has', hint));
}

const seePage = 'docs/policy.md shows a whole example';
