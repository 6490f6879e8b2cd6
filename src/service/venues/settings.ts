/** What the key `venues` of a settings file holds: places where orders execute, by name. */
import { z } from 'zod';
import { nearest } from '../../model/nearest.ts';
import { accepted, type Refusal, type Result, refused } from '../../model/result.ts';
import { duration, flag, problemAt, says, text } from '../config-values.ts';
import { exitSettingNames, exitSettings } from '../exiting/settings.ts';

const isLoopback = (url: string): boolean =>
  URL.canParse(url) && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);

const venue = z.strictObject({
  /** `paper`, or an exchange as ccxt names it. */
  exchange: z
    .string('is a text')
    .regex(/^[a-z0-9]+$/, 'is paper or an exchange such as "bybit"')
    .meta(says('the exchange, as ccxt names it')),
  account: text.meta(says('the account of the book that its facts are booked into')),
  currency: text.meta(says('the reporting currency of an account that is made')).prefault('USDT'),
  positionMode: z
    .enum(['net', 'hedge'], 'is "net" or "hedge"')
    .meta(says('as the account is set there'))
    .prefault('net'),
  keyFile: text.optional().meta(says('JSON with key and secret, relative to the settings')),
  /** The entry of the user's keyring that holds the key. */
  keyring: z
    .string('is a text')
    .regex(/^[\w][\w.-]{0,99}$/, 'is of letters, digits, dots, hyphens and underscores')
    .optional()
    .meta(says('the entry of your keyring that holds it instead')),
  /** Whether it is play money there: on a demo account, and always on this machine. */
  mode: z
    .enum(['live', 'paper'], 'is "live" or "paper"')
    .optional()
    .meta(says('paper where it is play money, as always with url', 'live')),
  readOnly: flag.meta(says('false lets orders be placed')).prefault(true),
  allowWithdrawals: flag.meta(says('true takes a key that may withdraw')).prefault(false),
  /** A server on this machine that speaks for the exchange. */
  url: z
    .string('is a text')
    .refine(isLoopback, 'is an address of this machine')
    .optional()
    .meta({ ...says('a server on this machine that speaks for the exchange'), format: 'uri' }),
  symbols: z
    .array(text, 'is a list')
    .meta(says('whose trades are asked for, where they are listed symbol by symbol'))
    .prefault([]),
  /** Differences so young may clear by themselves. */
  settle: duration('60s').optional().meta(says('a difference so young may clear by itself', '60s')),
  /** Two statements that show one difference are so far apart: as late as the venue lists. */
  confirm: duration('10s')
    .optional()
    .meta(says('how far two statements that show one difference are apart', '10s')),
  /** An older statement is no answer about now. */
  statementMaxAge: duration('5m')
    .optional()
    .meta(says('an older statement is no answer about now', '5m')),
  /** Whether and how positions are left that were held too long. */
  exits: exitSettings.optional().meta(says('how positions held too long are left')),
});

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'is of small letters, digits and hyphens');

const oneKey = venue.refine(
  ({ keyFile, keyring }) => keyFile === undefined || keyring === undefined,
  { error: 'is named once: keyFile or keyring', path: ['keyring'] },
);

/** What is behind an address of this machine is no real exchange, whatever protocol it speaks. */
const modeOfPlace = oneKey
  .refine(({ url, mode }) => url === undefined || mode !== 'live', {
    error: 'is "paper" where url names this machine: no real exchange is there',
    path: ['mode'],
  })
  .transform((one) => (one.url === undefined ? one : { ...one, mode: 'paper' as const }));

export const venuesSchema = z.record(name, modeOfPlace);

export type VenueSettings = z.infer<typeof venue>;

/** `value` is what the key holds; `file` where. */
export function parseVenueSettings(
  value: unknown,
  file: string,
): Result<Readonly<Record<string, VenueSettings>>> {
  const read = venuesSchema.safeParse(value);
  return read.success ? accepted(read.data) : refused(refusalOf(read.error, value, file));
}

function refusalOf({ issues }: z.ZodError, value: unknown, file: string): Refusal {
  const issue = issues[0]!;
  const at = ['venues', ...issue.path].map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    return {
      code: 'venues-key-unknown',
      message: `${at}.${key} in ${file} is no setting`,
      where: { file, field: `${at}.${key}` },
      rule: 'a venue has the keys that are listed; keys of an exchange stand in no settings file',
      hint: hintOf(key!, issue.path.at(-1) === 'exits' ? exitSettingNames : known),
    };
  }
  return {
    code: 'venues-bad',
    message: `${at} in ${file} ${problemAt(value, issue.path)}`,
    where: { file, field: at },
    rule: `${at} ${issue.message}`,
    hint: 'docs/venues.md shows a whole example',
  };
}

const known = Object.keys(venue.shape);

function hintOf(key: string, known: readonly string[]): string {
  if (/secret|key|password|token/i.test(key) && key.toLowerCase() !== 'keyfile') {
    return 'write the key into a file of its own, and name it with keyFile';
  }
  const meant = nearest(key, known);
  return meant === null ? `it has ${known.join(', ')}` : `did you mean ${meant}?`;
}
