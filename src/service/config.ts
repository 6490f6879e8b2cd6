/**
 * The settings of a command, and where each comes from: flags, then the environment, then the
 * settings file of the working folder, then the user's own file, then a default. This is the only
 * file that reads the environment.
 */
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { accepted, type Refusal, type Result, refused } from '../model/result.ts';
import {
  namesIn,
  readSettingsFile,
  type Section,
  type SectionName,
  type SettingName,
  type SettingsFile,
  settingNames,
} from './config-file.ts';
import { overlaid, unknownVariables, variableNames } from './config-variables.ts';
import { parseDuration } from './duration.ts';
import type { ManagerSettings } from './duties/service-manager.ts';
import { addressWithoutSecrets } from './redaction.ts';
import { secretFileOf, secretOf } from './secrets.ts';

export type SettingOrigin = 'flag' | 'environment' | 'project file' | 'user file' | 'default';

export interface Setting {
  /** Of a setting inside a section its path, such as `policy.rows.repairsPerDay`. */
  readonly name: string;
  /** Null: not set, and it needs no value. Never with a password. */
  readonly value: string | null;
  readonly origin: SettingOrigin;
  /** The flag, variable or file that said so; null for a default. */
  readonly where: string | null;
  /** Of the file; null: it comes from none. */
  readonly line: number | null;
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
  /** What a key holds, as it was written, and the file; null: no such key. */
  readonly alerts: Section | null;
  readonly venues: Section | null;
  readonly policy: Section | null;
  readonly serve: Section | null;
  /** Those of one text each. */
  readonly settings: readonly Setting[];
  /** Paths of settings inside sections that variables set, with the name of each. */
  readonly variables: ReadonlyMap<string, string>;
  /** The files that are there, the one that wins first. */
  readonly files: readonly OriginFile[];
  /** Every name under which a settings file may appear. */
  readonly names: readonly string[];
  /** Keys of files that nothing reads. */
  readonly warnings: readonly Refusal[];
  /** Reads everything once more, as it is by then. */
  readonly again: () => Result<Configuration>;
}

export interface OriginFile extends SettingsFile {
  readonly origin: 'project file' | 'user file';
}

export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly home: string;
}

export type Flags = Readonly<Partial<Record<SettingName, string>>>;

/** What holds where nobody says anything. */
export const defaults: Readonly<Record<SettingName, string | null>> = {
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

export const surroundings = (): Surroundings => ({
  environment: process.env,
  folder: process.cwd(),
  home: homedir(),
});

const userFolderOf = ({ environment, home }: Surroundings): string =>
  join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'trueup');

const projectName = 'trueup';
const userName = 'config';

/** As it would be named where there is none. */
export const projectFileName = `${projectName}.yaml`;

export function readConfiguration(
  flags: Flags,
  around: Surroundings = surroundings(),
): Result<Configuration> {
  const project = readSettingsFile(around.folder, projectName);
  if (!project.ok) return project;
  const user = readSettingsFile(userFolderOf(around), userName);
  if (!user.ok) return user;
  const all: readonly OriginFile[] = [
    { ...project.value, origin: 'project file' },
    { ...user.value, origin: 'user file' },
  ];
  const told = secretOf(variableNames.source, around.environment);
  if (!told.ok) return told;
  const settings = settingNames.map((name) =>
    settingOf(name, flags, around, all, name === 'source' ? told.value : null),
  );
  const [book, account, markMaxAge, from, sourceTimezone] = settings.map(({ value }) => value);
  const refusal = bookRefusal(settings[0]!) ?? durationRefusal(settings[2]!);
  if (refusal !== null) return refused(refusal);
  const sections = readSections(around, all);
  if (!sections.ok) return sections;
  return accepted({
    book: book!,
    account: account ?? null,
    markMaxAgeMs: parseDuration(markMaxAge!)!,
    source: from ?? null,
    sourceTimezone: sourceTimezone ?? null,
    ...sections.value,
    settings: settings.map(shown),
    files: all.filter(({ isThere }) => isThere),
    names: [...namesIn(around.folder, projectName), ...namesIn(userFolderOf(around), userName)],
    warnings: [
      ...all.flatMap(({ warnings }) => warnings),
      ...unknownVariables(around.environment, [sections.value.alerts]),
    ],
    again: () => readConfiguration(flags, around),
  });
}

type Sections = Record<SectionName, Section | null> & Pick<Configuration, 'variables'>;

/** A section stands in one file: that of the project is not mixed with the user's. */
function readSections(
  { environment, folder }: Surroundings,
  files: readonly OriginFile[],
): Result<Sections> {
  const variables = new Map<string, string>();
  const sections: Sections = { venues: null, policy: null, alerts: null, serve: null, variables };
  for (const name of ['venues', 'policy', 'alerts', 'serve'] as const) {
    const file = files.find((one) => one.sections[name] !== undefined);
    const read = overlaid(name, file?.sections[name] ?? null, environment, folder);
    if (!read.ok) return read;
    sections[name] = read.value.section;
    for (const [path, variable] of read.value.variables) variables.set(path, variable);
  }
  return accepted(sections);
}

function settingOf(
  name: SettingName,
  flags: Flags,
  around: Surroundings,
  files: readonly OriginFile[],
  secret: string | null,
): Setting {
  const variable = variableNames[name];
  const flag = flags[name];
  const said = { name, line: null };
  if (flag !== undefined) return { ...said, value: flag, origin: 'flag', where: flagNames[name] };
  const given = around.environment[variable];
  // An empty variable is one that somebody unset the only way their shell allows.
  if (given) return { ...said, value: given, origin: 'environment', where: variable };
  if (secret !== null) {
    const { field } = secretFileOf(variable, around.environment)!;
    return { ...said, value: secret, origin: 'environment', where: field };
  }
  for (const { values, path, lines, origin } of files) {
    const value = values[name];
    if (value === undefined) continue;
    const here = placed(name, value, dirname(path), around);
    return { name, value: here, origin, where: path, line: lines.get(name) ?? null };
  }
  return { ...said, value: defaults[name], origin: 'default', where: null };
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
