/** The settings files of a folder: which one there is, and what it holds at its first level. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../model/nearest.ts';
import { accepted, type Refusal, type Result, refused } from '../model/result.ts';
import { parseSettingsText } from './config-text.ts';

export const settingNames = ['book', 'account', 'markMaxAge', 'source', 'sourceTimezone'] as const;
export type SettingName = (typeof settingNames)[number];

/** Keys that hold more than a text: read where they are needed. */
export const sectionNames = ['venues', 'policy', 'alerts', 'serve'] as const;
export type SectionName = (typeof sectionNames)[number];

/** Those that hold at once when they change while a service runs. */
export const liveSections: ReadonlySet<SectionName> = new Set(['policy', 'alerts']);

/** What a key holds, as it was written, and the file. */
export interface Section {
  readonly value: object;
  readonly file: string;
}

export interface SettingsFile {
  /** As it would be named where there is none. */
  readonly path: string;
  readonly isThere: boolean;
  readonly values: Readonly<Partial<Record<SettingName, string>>>;
  readonly sections: Readonly<Partial<Record<SectionName, Section>>>;
  readonly lines: ReadonlyMap<string, number>;
  /** Keys that nothing reads. */
  readonly warnings: readonly Refusal[];
}

/** Every name that a settings file of the folder can have, the one to write first. */
export const namesIn = (folder: string, name: string): readonly string[] =>
  ['.yaml', '.json'].map((ending) => join(folder, `${name}${ending}`));

export function readSettingsFile(folder: string, name: string): Result<SettingsFile> {
  const [yaml, json] = namesIn(folder, name) as [string, string];
  const there = [yaml, json].filter((path) => existsSync(path));
  if (there.length > 1) return refused(twoFiles(yaml, json));
  const unread = join(folder, `${name}.yml`);
  const warnings = existsSync(unread) ? [otherEnding(unread, yaml)] : [];
  const [path] = there;
  if (path === undefined) return accepted({ ...nothing, path: yaml, warnings });
  const read = readSettings(path);
  if (!read.ok) return read;
  const { value, lines } = read.value;
  const parts = firstLevel(path, value);
  if (!parts.ok) return parts;
  const { values, sections } = parts.value;
  const told = [...warnings, ...parts.value.warnings];
  return accepted({ path, isThere: true, values, sections, lines, warnings: told });
}

const nothing = { isThere: false, values: {}, sections: {}, lines: new Map<string, number>() };

export interface ReadSettings {
  readonly value: Readonly<Record<string, unknown>>;
  readonly lines: ReadonlyMap<string, number>;
}

/** Any file of settings, by its whole name. */
export function readSettings(path: string): Result<ReadSettings> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refused(fileRefusal('config-unreadable', path, null, `${path} cannot be read: ${why}`));
  }
  const read = parseSettingsText(text, path);
  if (!read.ok) return read;
  const { value, lines } = read.value;
  // A file in which nothing stands yet is no mistake.
  if (value === null) return accepted({ value: {}, lines });
  if (isObject(value)) return accepted({ value, lines });
  const code = path.endsWith('.json') ? 'config-not-json' : 'config-not-yaml';
  return refused(fileRefusal(code, path, null, `${path} holds no object of settings`));
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Parts = Pick<SettingsFile, 'values' | 'sections' | 'warnings'>;

function firstLevel(path: string, value: Readonly<Record<string, unknown>>): Result<Parts> {
  const values: Partial<Record<SettingName, string>> = {};
  const sections: Partial<Record<SectionName, Section>> = {};
  const warnings: Refusal[] = [];
  for (const [key, held] of Object.entries(value)) {
    const name = settingNames.find((one) => one === key);
    const section = sectionNames.find((one) => one === key);
    if (section !== undefined) {
      if (!isObject(held)) return refused(sectionRefusal(path, section));
      sections[section] = { value: held, file: path };
    } else if (name === undefined) warnings.push(unknownKey(path, key));
    else if (typeof held === 'string') values[name] = held;
    else {
      const message = `${key} in ${path} is ${JSON.stringify(held)}, not a text`;
      return refused(fileRefusal('config-not-text', path, key, message));
    }
  }
  return accepted({ values, sections, warnings });
}

const sectionWords: Readonly<Record<SectionName, Pick<Refusal, 'rule' | 'hint'>>> = {
  alerts: {
    rule: 'alerts is an object with channels',
    hint: 'write alerts: {channels: []}, as docs/alerts.md shows',
  },
  venues: {
    rule: 'venues is an object of venues by name',
    hint: 'write venues: {main: {exchange: bybit, account: main}}',
  },
  policy: {
    rule: 'policy is an object of limits',
    hint: 'write policy: {takingBack: {repairsPerDay: 0}}, as docs/policy.md shows',
  },
  serve: {
    rule: 'serve is an object of what the service does',
    hint: 'write serve: {port: 8787}, as docs/configuration.md shows',
  },
};

const sectionRefusal = (path: string, key: SectionName): Refusal => ({
  ...fileRefusal('config-not-object', path, key, `${key} in ${path} is no object`),
  ...sectionWords[key],
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
  rule: 'a settings file is one object of settings by name',
  hint: file.endsWith('.json') ? 'write {"book": "./trueup.db"}' : 'write book: "./trueup.db"',
});

const twoFiles = (yaml: string, json: string): Refusal => ({
  code: 'config-two-files',
  message: `there are ${yaml} and ${json}: which of the two holds nobody could know`,
  where: { file: yaml },
  rule: 'a folder has one settings file',
  hint: `move what ${json} says into ${yaml} (JSON is YAML), and remove ${json}`,
});

const otherEnding = (file: string, meant: string): Refusal => ({
  code: 'config-file-unread',
  message: `${file} is not read`,
  where: { file },
  rule: 'a settings file ends in .yaml or .json',
  hint: `rename it to ${meant}`,
});

const known = [...settingNames, ...sectionNames];

function unknownKey(file: string, field: string): Refusal {
  const meant = nearest(field, known);
  return {
    code: 'config-key-unknown',
    message: `${field} in ${file} is no setting: it was not read`,
    where: { file, field },
    rule: `a settings file has the keys ${known.join(', ')}`,
    hint: meant === null ? `remove it` : `did you mean ${meant}?`,
  };
}

type Files = { readonly files: readonly Pick<SettingsFile, 'path' | 'lines'>[] };

/** The line of the field that is named, or of the nearest one that holds it. */
export function withLine(refusal: Refusal, { files }: Files): Refusal {
  const { file, field = '' } = refusal.where;
  const lines = files.find(({ path }) => path === file)?.lines;
  for (let path = field; path !== ''; path = path.replace(/(\.[^.[]*|\[\d+\]|^[^.[]*)$/, '')) {
    const line = lines?.get(path);
    if (line !== undefined) return { ...refusal, where: { ...refusal.where, line } };
  }
  return refusal;
}
