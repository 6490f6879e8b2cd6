/**
 * The settings of a command, and where each comes from: flags, then the environment, then
 * trueup.json in the working folder, then the user's own file, then a default. This is the only
 * file that reads the environment.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parsePlainJson } from '../model/lossless-json.ts';
import { nearest } from '../model/nearest.ts';
import { accepted, type Refusal, type Result, refused } from '../model/result.ts';
import { parseDuration } from './duration.ts';
import type { ManagerSettings } from './duties/service-manager.ts';
import { addressWithoutSecrets } from './redaction.ts';

export const settingNames = ['book', 'account', 'markMaxAge', 'source', 'sourceTimezone'] as const;
export type SettingName = (typeof settingNames)[number];
export type SettingOrigin = 'flag' | 'environment' | 'project file' | 'user file' | 'default';

export interface Setting {
  readonly name: SettingName;
  /** Null: not set, and it needs no value. Never with a password. */
  readonly value: string | null;
  readonly origin: SettingOrigin;
  /** The flag, variable or file that said so; null for a default. */
  readonly where: string | null;
}

export interface Configuration {
  readonly book: string;
  /** The account that commands are about; null: the only one, or all. */
  readonly account: string | null;
  readonly markMaxAgeMs: number;
  /** The database of another program, as it was written; null: none. May hold a password. */
  readonly source: string | null;
  /** Of times there that have no offset; null: detected. */
  readonly sourceTimezone: string | null;
  /** What the key `alerts` holds, as it was written, and the file; null: no such key. */
  readonly alerts: { readonly value: object; readonly file: string } | null;
  /** What the key `venues` holds, as it was written, and the file; null: no such key. */
  readonly venues: { readonly value: object; readonly file: string } | null;
  /** What the key `policy` holds, as it was written, and the file; null: no such key. */
  readonly policy: { readonly value: object; readonly file: string } | null;
  readonly settings: readonly Setting[];
  /** Keys of files that nothing reads. */
  readonly warnings: readonly Refusal[];
}

export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly home: string;
}

export type Flags = Readonly<Partial<Record<SettingName, string>>>;

/** What holds where nobody says anything. */
const defaults: Readonly<Record<SettingName, string | null>> = {
  book: './trueup.db',
  account: null,
  // Books that people import have one mark a day; five minutes are for accounts a venue feeds.
  // Erring long values a book at an old price, erring short leaves its equity unknown.
  markMaxAge: '24h',
  source: null,
  sourceTimezone: null,
};

const flagNames: Readonly<Record<SettingName, string>> = {
  book: '--book',
  account: '--account',
  markMaxAge: '--mark-max-age',
  source: '--source',
  sourceTimezone: '--source-timezone',
};

export const variableNames: Readonly<Record<SettingName, string>> = {
  book: 'TRUEUP_BOOK',
  account: 'TRUEUP_ACCOUNT',
  markMaxAge: 'TRUEUP_MARK_MAX_AGE',
  source: 'TRUEUP_SOURCE',
  sourceTimezone: 'TRUEUP_SOURCE_TIMEZONE',
};

export const surroundings = (): Surroundings => ({
  environment: process.env,
  folder: process.cwd(),
  home: homedir(),
});

export const userFileOf = ({ environment, home }: Surroundings): string =>
  join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'trueup', 'config.json');

export const projectFileOf = ({ folder }: Surroundings): string => join(folder, 'trueup.json');

export function readConfiguration(
  flags: Flags,
  around: Surroundings = surroundings(),
): Result<Configuration> {
  const project = readFile(projectFileOf(around));
  if (!project.ok) return project;
  const user = readFile(userFileOf(around));
  if (!user.ok) return user;
  const settings = settingNames.map((name) =>
    settingOf(name, flags, around, project.value, user.value),
  );
  const [book, account, markMaxAge, source, sourceTimezone] = settings.map(({ value }) => value);
  const refusal = bookRefusal(settings[0]!) ?? durationRefusal(settings[2]!);
  if (refusal !== null) return refused(refusal);
  return accepted({
    book: book!,
    account: account ?? null,
    markMaxAgeMs: parseDuration(markMaxAge!)!,
    source: source ?? null,
    sourceTimezone: sourceTimezone ?? null,
    alerts: project.value.alerts ?? user.value.alerts,
    venues: project.value.venues ?? user.value.venues,
    policy: project.value.policy ?? user.value.policy,
    settings: settings.map(shown),
    warnings: [...project.value.warnings, ...user.value.warnings],
  });
}

interface SettingsFile {
  readonly path: string;
  readonly values: Readonly<Partial<Record<SettingName, string>>>;
  readonly alerts: Configuration['alerts'];
  readonly venues: Configuration['venues'];
  readonly policy: Configuration['policy'];
  readonly warnings: readonly Refusal[];
}

function settingOf(
  name: SettingName,
  flags: Flags,
  around: Surroundings,
  project: SettingsFile,
  user: SettingsFile,
): Setting {
  const variable = variableNames[name];
  const flag = flags[name];
  if (flag !== undefined) return { name, value: flag, origin: 'flag', where: flagNames[name] };
  const given = around.environment[variable];
  // An empty variable is one that somebody unset the only way their shell allows.
  if (given) return { name, value: given, origin: 'environment', where: variable };
  for (const [file, origin] of [
    [project, 'project file'],
    [user, 'user file'],
  ] as const) {
    const value = file.values[name];
    if (value === undefined) continue;
    const from = dirname(file.path);
    return { name, value: placed(name, value, from, around), origin, where: file.path };
  }
  return { name, value: defaults[name], origin: 'default', where: null };
}

/** Whoever prints settings prints no password. */
const shown = (setting: Setting): Setting =>
  setting.value === null ? setting : { ...setting, value: addressWithoutSecrets(setting.value) };

const sqlite = 'sqlite:';

function placed(name: SettingName, value: string, folder: string, around: Surroundings): string {
  if (name === 'book') return pathFrom(value, folder, around);
  if (name !== 'source' || !value.startsWith(sqlite)) return value;
  return sqlite + pathFrom(value.slice(sqlite.length), folder, around);
}

/** A path in a file is relative to that file. */
function pathFrom(value: string, folder: string, { folder: here, home }: Surroundings): string {
  if (isServer(value)) return value;
  if (value.startsWith('~/')) return join(home, value.slice(2));
  return folder === here ? value : resolve(folder, value);
}

function readFile(path: string): Result<SettingsFile> {
  if (!existsSync(path)) {
    return accepted({ path, values: {}, ...noWhole, warnings: [] });
  }
  const read = readJson(path);
  if (!read.ok) return read;
  const json = read.value;
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return refused(fileRefusal('config-not-json', path, null, `${path} holds no JSON object`));
  }
  const values: Partial<Record<SettingName, string>> = {};
  const warnings: Refusal[] = [];
  const whole: Record<WholeKey, Configuration['alerts']> = { ...noWhole };
  for (const [key, value] of Object.entries(json)) {
    const name = settingNames.find((one) => one === key);
    const part = wholeKeys.find((one) => one === key);
    if (part !== undefined) {
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      if (!isObject) return refused(wholeRefusal(path, part));
      whole[part] = { value, file: path };
    } else if (name === undefined) warnings.push(unknownKey(path, key));
    else if (typeof value === 'string') values[name] = value;
    else {
      const message = `${key} in ${path} is ${JSON.stringify(value)}, not a text`;
      return refused(fileRefusal('config-not-text', path, key, message));
    }
  }
  return accepted({ path, values, ...whole, warnings });
}

function readJson(path: string): Result<unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refused(fileRefusal('config-not-json', path, null, `${path} is not JSON: ${why}`));
  }
  const read = parsePlainJson(text);
  if (read.ok) return read;
  const { code, message, where } = read.refusal;
  if (code !== 'json-duplicate-key') {
    return refused(fileRefusal('config-not-json', path, null, `${path}: ${message}`));
  }
  // Which of the two is meant nobody can know: the last one would win without a word.
  const twice = fileRefusal('config-key-twice', path, where.field ?? null, `${path}: ${message}`);
  const rule = 'a key stands once in its object';
  return refused({ ...twice, rule, hint: 'remove one of the two, or rename it' });
}

/** Keys that hold more than a text: read where they are needed. */
const wholeKeys = ['alerts', 'venues', 'policy'] as const;
type WholeKey = (typeof wholeKeys)[number];
const noWhole = { alerts: null, venues: null, policy: null } as const;

const wholeWords: Readonly<Record<WholeKey, Pick<Refusal, 'rule' | 'hint'>>> = {
  alerts: {
    rule: 'alerts is an object with channels',
    hint: 'write {"alerts": {"channels": []}}, as docs/alerts.md shows',
  },
  venues: {
    rule: 'venues is an object of venues by name',
    hint: 'write {"venues": {"main": {"exchange": "bybit", "account": "main"}}}',
  },
  policy: {
    rule: 'policy is an object of limits',
    hint: 'write {"policy": {"takingBack": {"repairsPerDay": 0}}}, as docs/policy.md shows',
  },
};

const wholeRefusal = (path: string, key: WholeKey): Refusal => ({
  ...fileRefusal('config-not-object', path, key, `${key} in ${path} is no object`),
  ...wholeWords[key],
});

const fileRefusal = (
  code: string,
  file: string,
  field: string | null,
  message: string,
): Refusal => ({
  code,
  message,
  where: { file, ...(field === null ? {} : { field }) },
  rule: 'a settings file is one JSON object of texts',
  hint: 'write {"book": "./trueup.db"}',
});

function unknownKey(file: string, field: string): Refusal {
  const meant = nearest(field, [...settingNames, ...wholeKeys]);
  return {
    code: 'config-key-unknown',
    message: `${field} in ${file} is no setting: it was not read`,
    where: { file, field },
    rule: `a settings file has the keys ${[...settingNames, ...wholeKeys].join(', ')}`,
    hint: meant === null ? `remove it` : `did you mean ${meant}?`,
  };
}

const isServer = (book: string): boolean => /^postgres(ql)?(\+\w+)?:/i.test(book);

function bookRefusal({ value, where }: Setting): Refusal | null {
  const refuse = (code: string, message: string, hint: string): Refusal => ({
    code,
    message,
    where: { field: where ?? 'book', value: addressWithoutSecrets(value ?? '') },
    rule: 'a book is a file',
    hint,
  });
  if (value === '') return refuse('book-empty', 'the book has no name', 'name a file');
  if (value === null || !isServer(value)) return null;
  const message = 'this version keeps books in files: a PostgreSQL book cannot be opened yet';
  return refuse('book-on-server', message, 'name a file, such as ./trueup.db');
}

function durationRefusal({ name, value, where }: Setting): Refusal | null {
  if (value !== null && parseDuration(value) !== null) return null;
  return {
    code: 'duration-bad',
    message: `${name} ${JSON.stringify(value)} is no duration`,
    where: { field: where ?? name, value: value ?? '' },
    rule: 'a duration is a whole number and ms, s, m, h or d',
    hint: 'write it like 30s, 5m or 24h',
  };
}

/** What the service manager that started this process wants to be told; null: there is none. */
export function managerSettings({ environment } = surroundings()): ManagerSettings | null {
  const socket = environment['NOTIFY_SOCKET'];
  if (!socket) return null;
  const watchdog = /^\d+$/.exec(environment['WATCHDOG_USEC'] ?? '')?.[0] ?? '0';
  const watchdogMs = Math.floor(Number(watchdog) / 1_000);
  const path = environment['PATH'] ?? '';
  return { socket, watchdogMs: watchdogMs > 0 ? watchdogMs : null, path };
}
