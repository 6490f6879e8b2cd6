/** What the key `serve` of a settings file holds: where the service listens, and what it does. */
import { BlockList, isIP } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { nearest } from '../../model/nearest.ts';
import { accepted, type Refusal, type Result, refused } from '../../model/result.ts';
import { isZone } from '../../model/zone.ts';
import { durationPattern, flag, problemAt, says, text } from '../config-values.ts';
import { isTimeOfDay, parseDuration } from '../duration.ts';

export interface ServeSettings {
  /** A name or an address of this machine; beyond loopback see `bindingRefusal`. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Absolute paths; null: it speaks no TLS itself. */
  readonly tls: { readonly certificate: string; readonly key: string } | null;
  /** What stands before it: the address people type, and whose forwarded headers are believed. */
  readonly proxy: { readonly origin: string; readonly trust: readonly string[] } | null;
  /** The database of a bot, its path absolute; null: that of the key `source`, if any. */
  readonly source: string | null;
  /** Null: recognised. */
  readonly sourceSchema: string | null;
  /** Names of the key `venues`; null: all of them. */
  readonly venues: readonly string[] | null;
  /** Whether fills of venues are booked as they happen. */
  readonly listen: boolean;
  /** Requests and sign-ins are of one address. */
  readonly limits: {
    readonly requestsPerSecond: number;
    readonly signInsPerMinute: number;
    /** Those that listen at once: all of them, and with one token. */
    readonly streams: number;
    readonly streamsPerToken: number;
  };
  readonly repair: 'auto' | 'ask' | 'never';
  readonly intervalMinutes: number;
  readonly venueIntervalMinutes: number;
  readonly checkIntervalMinutes: number;
  readonly performanceIntervalMinutes: number;
  readonly mirror: boolean;
  /** `folder`: absolute; null: `reports`, beside the book. */
  readonly report: { readonly at: string; readonly zone: string; readonly folder: string | null };
  /** Absolute; null: standard error. */
  readonly logFile: string | null;
}

const minute = 60_000;
/** A day is the longest: what is looked at less often is not looked after. */
const minutesMax = 1_440;

const isInterval = (written: string): boolean => {
  const minutes = (parseDuration(written) ?? 0) / minute;
  return Number.isInteger(minutes) && minutes >= 1 && minutes <= minutesMax;
};

/** Read as minutes. */
const interval = (description: string, usual: string) =>
  z
    .string('is a text')
    .refine(isInterval, 'is a duration of whole minutes such as "5m", a day at most')
    .transform((one) => parseDuration(one)! / minute)
    .meta({ ...says(description), pattern: durationPattern })
    .prefault(usual);

const isHost = (host: string): boolean =>
  isIP(host) > 0 || (/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host) && !/^[\d.]+$/.test(host));

const isOrigin = (url: string): boolean =>
  URL.canParse(url) && new URL(url).protocol === 'https:' && new URL(url).origin === url;

/** No network of a proxy is larger; of IPv6, one of one's own may be. */
const lengthMin = (address: string): number =>
  isIP(address) === 4 || /^f[cd]/i.test(address) ? 8 : 32;

/** An address, or a network that is not half of everybody. */
function isTrusted(one: string): boolean {
  const [address = '', length, ...more] = one.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  // All of IPv4 lies there, too, under lengths that say something else.
  if (family === 6 && /^0*:/.test(address)) return one === '::1';
  if (length === undefined) return true;
  const bits = Number(length);
  const isLength = /^[1-9]\d{0,2}$/.test(length) && bits <= (family === 4 ? 32 : 128);
  return isLength && bits >= lengthMin(address);
}

const tls = z.strictObject(
  {
    certificate: text.meta(says('the file of its certificate chain, relative to the settings')),
    key: text.meta(says('the file of its private key, which its owner alone may read')),
  },
  { error: 'is an object with certificate and key' },
);

const proxy = z.strictObject(
  {
    origin: z
      .string('is a text')
      .refine(isOrigin, 'is an origin such as "https://trueup.example.com"')
      .meta(says('the address that people type, which is https')),
    trust: z
      .array(
        z
          .string('is a text')
          .refine(
            isTrusted,
            'is an address, or a network such as "10.0.0.0/24": /8 or longer, of IPv6 /32',
          ),
        'is a list',
      )
      .min(1, 'names the proxy')
      .meta(says('of the proxy, addresses and networks: they alone are answered, and believed')),
  },
  { error: 'is an object with origin and trust' },
);

const report = z
  .strictObject(
    {
      at: z
        .string('is a text')
        .refine(isTimeOfDay, 'is a time of day such as "00:05"')
        .meta(says('when the report of the day before is written'))
        .prefault('00:05'),
      zone: z
        .string('is a text')
        .refine(isZone, 'is a time zone such as "Europe/Berlin"')
        .meta(says('whose days and hours these are'))
        .prefault('UTC'),
      folder: text.optional().meta(says('where reports go', 'reports, beside the book')),
    },
    { error: 'is an object such as {at: "00:05"}' },
  )
  .prefault({});

const count = (description: string, usual: number) =>
  z
    .number('is a number')
    .int('is a whole number')
    .min(1, 'is 1 or more')
    .max(1_000_000, 'is a million at most')
    .meta(says(description))
    .prefault(usual);

const limits = z
  .strictObject(
    {
      requestsPerSecond: count('requests of one address', 1_200),
      signInsPerMinute: count('attempts to sign in from one address', 20),
      streams: count('clients that listen to the stream at once', 2_000),
      streamsPerToken: count('of them, those of one token and its sessions', 100),
    },
    { error: 'is an object such as {requestsPerSecond: 1200}' },
  )
  .prefault({});

const members = {
  host: z
    .string('is a text')
    .refine(isHost, 'is a name or an address such as "127.0.0.1"')
    .meta(says('where it listens; beyond this machine only with tls or proxy'))
    .prefault('127.0.0.1'),
  port: z
    .number('is a number')
    .int('is a whole number')
    .min(0, 'is 0 to 65535')
    .max(65_535, 'is 0 to 65535')
    .meta(says('its port; 0 takes any that is free'))
    .prefault(8787),
  tls: tls.optional().meta(says('it speaks TLS itself')),
  proxy: proxy.optional().meta(says('something before it speaks TLS')),
  source: text.optional().meta(says('the database of a bot', 'that of source')),
  sourceSchema: text.optional().meta(says('how it is to be read', 'recognised')),
  venues: z
    .array(text, 'is a list of names')
    .optional()
    .meta(says('names of venues that it looks after', 'all of venues')),
  listen: flag.meta(says('whether fills are booked as they happen')).prefault(true),
  repair: z
    .enum(['auto', 'ask', 'never'], 'is "auto", "ask" or "never"')
    .meta(says('whether what is true, and proven, is written; ask: once a person agrees'))
    .prefault('ask'),
  interval: interval('between two checks of the balance', '5m'),
  venueInterval: interval('between two pulls from a venue', '5m'),
  checkInterval: interval('between two checks of a venue', '5m'),
  performanceInterval: interval('between two performance records', '15m'),
  mirror: flag
    .meta(says("whether rows of a bot's database are kept with the book"))
    .prefault(false),
  limits,
  report,
  logFile: text.optional().meta(says('where the log is appended', 'standard error')),
};

export const serveSchema = z.strictObject(members);

/** `value` is what the key holds; `file` where: paths are relative to it. */
export function parseServeSettings(
  value: unknown,
  file: string,
  home = homedir(),
): Result<ServeSettings> {
  const read = serveSchema.safeParse(value);
  if (!read.success) return refused(refusalOf(read.error, value, file));
  const { data: told } = read;
  const path = (one: string): string =>
    one.startsWith('~/') ? join(home, one.slice(2)) : resolve(dirname(file), one);
  const pathOrNull = (one: string | undefined) => (one === undefined ? null : path(one));
  const { host, port, proxy: before = null, venues = null, listen, repair, mirror } = told;
  return accepted({
    ...{ host, port, proxy: before, venues, listen, repair, mirror, limits: told.limits },
    tls: (told.tls && { certificate: path(told.tls.certificate), key: path(told.tls.key) }) ?? null,
    source: told.source === undefined ? null : placedSource(told.source, path),
    sourceSchema: told.sourceSchema ?? null,
    intervalMinutes: told.interval,
    venueIntervalMinutes: told.venueInterval,
    checkIntervalMinutes: told.checkInterval,
    performanceIntervalMinutes: told.performanceInterval,
    report: { ...told.report, folder: pathOrNull(told.report.folder) },
    logFile: pathOrNull(told.logFile),
  });
}

const sqlite = 'sqlite:';

const placedSource = (source: string, path: (one: string) => string): string =>
  source.startsWith(sqlite) ? sqlite + path(source.slice(sqlite.length)) : source;

const known = [
  ...Object.keys(members),
  ...[tls, proxy, limits.unwrap(), report.unwrap()].flatMap((one) => Object.keys(one.shape)),
];

function refusalOf({ issues }: z.ZodError, value: unknown, file: string): Refusal {
  const issue = issues[0]!;
  const at = issue.path.reduce<string>(
    (path, part) => (typeof part === 'number' ? `${path}[${part}]` : `${path}.${String(part)}`),
    'serve',
  );
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    const meant = nearest(key!, known);
    return {
      code: 'serve-key-unknown',
      message: `${at}.${key} in ${file} is no setting`,
      where: { file, field: `${at}.${key}` },
      rule: 'serve has the keys that are listed in docs/reference/config.md',
      hint: meant === null ? 'remove it' : `did you mean ${meant}?`,
    };
  }
  return {
    code: 'serve-bad',
    message: `${at} in ${file} ${problemAt(value, issue.path)}`,
    where: { file, field: at },
    rule: `${at} ${issue.message}`,
    hint: 'docs/configuration.md shows a whole example',
  };
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only programs of this machine reach it. */
export function isLoopbackHost(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === 'localhost';
  return loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/** Null: it may listen there. Else nobody's token goes over a network in the open. */
export function bindingRefusal({
  host,
  tls: own,
  proxy: before,
}: Pick<ServeSettings, 'host' | 'tls' | 'proxy'>): Refusal | null {
  if (own !== null || before !== null || isLoopbackHost(host)) return null;
  return {
    code: 'serve-exposed',
    message: `serve would listen on ${host}, which others reach, without encryption`,
    where: { field: 'serve.host', value: host },
    rule: 'beyond this machine it listens with TLS, or behind a proxy that has it',
    hint:
      'set serve.tls.certificate and serve.tls.key; or serve.proxy.origin and serve.proxy.trust ' +
      'where a proxy speaks TLS; or leave serve.host at 127.0.0.1',
  };
}
