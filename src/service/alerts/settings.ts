/** What the key `alerts` of a settings file holds: which channels there are, and whom they tell. */
import { z } from 'zod';
import { fromInteger } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { nearest } from '../../model/nearest.ts';
import { accepted, type Refusal, type Result, refused } from '../../model/result.ts';
import { problemAt, says, sum, text } from '../config-values.ts';
import { isSecretName } from '../secrets.ts';
import { severities } from './alert.ts';

/** Above this difference, in the reporting currency, operators asked to be told. */
export const thresholdDefault = fromInteger(100);

const severity = z.enum(severities, `is one of ${severities.join(', ')}`);

export const isAddress = (url: string): boolean => {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return /^https?:$/.test(protocol) && username === '' && password === '';
};
const address = z
  .string('is a text')
  .refine(isAddress, 'is an http or https address, with no login')
  .meta({ format: 'uri' });

const isLocal = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);

/** The name of what holds it: whoever reads a settings file reads no secret. */
const secretName = z
  .string('is the name of a variable')
  .refine(isSecretName, 'is the name of a variable that begins with TRUEUP_, never the secret');

const everywhere = {
  name: z
    .string('is a text')
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'is of small letters, digits and hyphens')
    .meta(says('its name, in lists and logs')),
  minSeverity: severity.optional().meta(says('milder cases are not told by this channel')),
  threshold: sum.optional().meta(says('differences up to this are not told by this channel')),
  secret: secretName.optional().meta(says('the variable of its secret', 'that of its type')),
};

const kind = <Name extends string>(name: Name) =>
  z.literal(name).meta(says('where it leads, and which other keys it has'));

const channel = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: kind('webhook'),
      ...everywhere,
      url: address.meta(says('takes a POST of the document trueup.alert/1')),
    }),
    z.strictObject({ type: kind('slack'), ...everywhere }),
    z.strictObject({
      type: kind('telegram'),
      ...everywhere,
      chat: z
        .string('is a text, such as "-1001234567890"')
        .regex(/^(-?\d+|@\w+)$/, 'is the number of a chat in quotes, or @name of a channel')
        .meta(says('the number of a chat, in quotes, or @name of a channel')),
      apiRoot: address
        .meta(says('a Bot API server of your own'))
        .prefault('https://api.telegram.org'),
    }),
    z
      .strictObject({
        type: kind('email'),
        ...everywhere,
        host: text.meta(says('the mail server')),
        port: z
          .number('is a number')
          .int()
          .min(1)
          .max(65_535)
          .meta(says('465 is encrypted from the start'))
          .prefault(587),
        tls: z
          .enum(['required', 'none'], 'is "required" or "none"')
          .meta(says('whether the connection has to be encrypted'))
          .prefault('required'),
        user: text.optional().meta(says('who logs in; the password is the secret')),
        from: z.string('is a text').regex(/@/, 'is a mail address').meta(says('who sends')),
        to: z
          .array(z.string('is a text').regex(/@/, 'is a mail address'))
          .min(1, 'names somebody')
          .meta(says('who is told')),
      })
      .refine(({ user, tls, host }) => user === undefined || tls === 'required' || isLocal(host), {
        path: ['tls'],
        message: 'is "required" where there is a user: a password goes encrypted',
      }),
  ],
  'is one of webhook, email, telegram, slack',
);

export const alertsSchema = z.strictObject({
  threshold: sum
    .meta(says('differences up to this are no alert, in the reporting currency'))
    .prefault(toText(thresholdDefault)),
  minSeverity: severity.meta(says('milder cases are told to nobody')).prefault('low'),
  channels: z
    .array(channel, 'is a list')
    .refine(
      (list) => new Set(list.map(({ name }) => name)).size === list.length,
      'have names that differ',
    )
    .meta(says('who is told, and how'))
    .prefault([]),
});

export type ChannelSettings = z.infer<typeof channel>;
export type AlertSettings = z.infer<typeof alertsSchema>;

/** `value` is what the key holds; `file` where. */
export function parseAlertSettings(value: unknown, file: string): Result<AlertSettings> {
  const read = alertsSchema.safeParse(value);
  return read.success ? accepted(read.data) : refused(refusalOf(read.error, value, file));
}

function refusalOf({ issues }: z.ZodError, value: unknown, file: string): Refusal {
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
    message: `${at} in ${file} ${problemAt(value, issue.path)}${more}`,
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
