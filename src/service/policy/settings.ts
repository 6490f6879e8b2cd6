/** What the key `policy` of a settings file holds: how far repairs go without a person. */
import { z } from 'zod';
import { type Decimal, isNegative } from '../../decimal/decimal.ts';
import { decimal, parseDecimal } from '../../decimal/text.ts';
import { nearest } from '../../model/nearest.ts';
import { accepted, type Refusal, type Result, refused } from '../../model/result.ts';
import { type Limits, type PolicySettings, policyByDefault } from '../../reconcile/limits.ts';

const isSum = (text: string): boolean => {
  const read = parseDecimal(text);
  return read.ok && !isNegative(read.value);
};
const sum = z
  .string('is a decimal in quotes, such as "100"')
  .refine(isSum, 'is a decimal such as "100", not negative')
  .transform((text): Decimal => decimal(text));
const count = z.number('is a whole number').int('is a whole number').min(0, 'is not negative');

const limits = (usual: Limits) =>
  z
    .strictObject({
      valuePerRepair: sum.nullable().default(usual.valuePerRepair),
      valuePerDay: sum.nullable().default(usual.valuePerDay),
      repairsPerDay: count.default(usual.repairsPerDay),
    })
    .default(usual);

const usual = policyByDefault;

const settings = z.strictObject({
  stopped: z.boolean('is true or false').default(usual.stopped),
  alertAbove: sum.default(usual.alertAbove),
  takingBack: limits(usual.takingBack),
  rows: limits(usual.rows),
  roundingSteps: count.default(usual.roundingSteps),
});

const known = [...Object.keys(settings.shape), ...Object.keys(usual.rows)];

/** `value` is what the key holds; `file` where. */
export function parsePolicy(value: unknown, file: string): Result<PolicySettings> {
  const read = settings.safeParse(value);
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
