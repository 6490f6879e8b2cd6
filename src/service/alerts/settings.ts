/** What the key `alerts` of a settings file holds: which channels there are, and whom they tell. */
import { z } from 'zod';
import { fromInteger, isNegative } from '../../decimal/decimal.ts';
import { decimal, parseDecimal } from '../../decimal/text.ts';
import { nearest } from '../../model/nearest.ts';
import { accepted, type Refusal, type Result, refused } from '../../model/result.ts';
import { isSecretName } from '../secrets.ts';
import { severities } from './alert.ts';

/** Above this difference, in the reporting currency, operators asked to be told. */
export const thresholdDefault = fromInteger(100);

const isSum = (text: string): boolean => {
  const read = parseDecimal(text);
  return read.ok && !isNegative(read.value);
};
const sum = z
  .string('is a decimal in quotes, such as "100"')
  .refine(isSum, 'is a decimal such as "100", not negative')
  .transform((text) => decimal(text));
const severity = z.enum(severities, `is one of ${severities.join(', ')}`);
const text = z.string('is a text').min(1, 'is not empty');

export const isAddress = (url: string): boolean => {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return /^https?:$/.test(protocol) && username === '' && password === '';
};
const address = z
  .string('is a text')
  .refine(isAddress, 'is an http or https address, with no login');

const isLocal = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);

/** The name of what holds it: whoever reads a settings file reads no secret. */
const secretName = z
  .string('is the name of a variable')
  .refine(isSecretName, 'is the name of a variable that begins with TRUEUP_, never the secret');

const everywhere = {
  name: z
    .string('is a text')
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'is of small letters, digits and hyphens'),
  minSeverity: severity.optional(),
  threshold: sum.optional(),
  secret: secretName.optional(),
};

const channel = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('webhook'), ...everywhere, url: address }),
    z.strictObject({ type: z.literal('slack'), ...everywhere }),
    z.strictObject({
      type: z.literal('telegram'),
      ...everywhere,
      chat: z
        .string('is a text, such as "-1001234567890"')
        .regex(/^(-?\d+|@\w+)$/, 'is the number of a chat in quotes, or @name of a channel'),
      apiRoot: address.default('https://api.telegram.org'),
    }),
    z
      .strictObject({
        type: z.literal('email'),
        ...everywhere,
        host: text,
        port: z.number('is a number').int().min(1).max(65_535).default(587),
        tls: z.enum(['required', 'none'], 'is "required" or "none"').default('required'),
        user: text.optional(),
        from: z.string('is a text').regex(/@/, 'is a mail address'),
        to: z.array(z.string('is a text').regex(/@/, 'is a mail address')).min(1, 'names somebody'),
      })
      .refine(({ user, tls, host }) => user === undefined || tls === 'required' || isLocal(host), {
        path: ['tls'],
        message: 'is "required" where there is a user: a password goes encrypted',
      }),
  ],
  'is one of webhook, email, telegram, slack',
);

const settings = z.strictObject({
  threshold: sum.default(thresholdDefault),
  minSeverity: severity.default('low'),
  channels: z
    .array(channel, 'is a list')
    .refine(
      (list) => new Set(list.map(({ name }) => name)).size === list.length,
      'have names that differ',
    )
    .default([]),
});

export type ChannelSettings = z.infer<typeof channel>;
export type AlertSettings = z.infer<typeof settings>;

/** `value` is what the key holds; `file` where. */
export function parseAlertSettings(value: unknown, file: string): Result<AlertSettings> {
  const read = settings.safeParse(value);
  return read.success ? accepted(read.data) : refused(refusalOf(read.error, file));
}

/** Values are not told: one that stands under the wrong key may be a secret. */
function refusalOf({ issues }: z.ZodError, file: string): Refusal {
  const issue = issues[0]!;
  const field = ['alerts', ...issue.path].reduce<string>(
    (path, part) => (typeof part === 'number' ? `${path}[${part}]` : `${path}.${String(part)}`),
    '',
  );
  const at = field.slice(1);
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    return {
      code: 'alerts-key-unknown',
      message: `${at}.${key} in ${file} is no setting${more}`,
      where: { file, field: `${at}.${key}` },
      rule: 'a channel has the keys of its type; secrets are named, and stand in no file',
      hint: hintOf(key!),
    };
  }
  return {
    code: 'alerts-bad',
    message: `${at} in ${file} ${problemOf(issue)}${more}`,
    where: { file, field: at },
    rule: `${at} ${issue.message}`,
    hint: 'docs/alerts.md shows a whole example',
  };
}

const known = [
  ...['threshold', 'minSeverity', 'channels', 'name', 'type', 'secret', 'url', 'chat', 'apiRoot'],
  ...['host', 'port', 'tls', 'user', 'from', 'to'],
];

const secretWords = /token|password|key|url|webhook|secret/i;

function hintOf(key: string): string {
  const meant = nearest(key, known);
  if (meant !== null) return `did you mean ${meant}?`;
  if (secretWords.test(key)) return 'a secret comes from a variable: see docs/alerts.md';
  return 'remove it';
}

const problemOf = (issue: z.core.$ZodIssue): string =>
  issue.input === undefined ? 'is missing or wrong' : 'is not allowed';
