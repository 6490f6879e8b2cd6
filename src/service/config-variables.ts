/**
 * Variables that win over settings files: one for each setting that has one place. Venues and
 * channels of alerts are as many as somebody names, and stand in files alone.
 */
import { resolve } from 'node:path';
import { nearest } from '../model/nearest.ts';
import { accepted, type Refusal, type Result, refused } from '../model/result.ts';
import {
  isObject,
  type Section,
  type SectionName,
  type SettingName,
  settingNames,
} from './config-file.ts';

type Kind = 'text' | 'path' | 'source' | 'flag' | 'count' | 'list' | 'sum-or-null';

/** Paths of settings inside sections, and what their variables hold. */
const members: Readonly<Record<string, Kind>> = {
  ...{ 'policy.stopped': 'flag', 'policy.alertAbove': 'text', 'policy.roundingSteps': 'count' },
  'policy.takingBack.valuePerRepair': 'sum-or-null',
  'policy.takingBack.valuePerDay': 'sum-or-null',
  'policy.takingBack.repairsPerDay': 'count',
  'policy.rows.valuePerRepair': 'sum-or-null',
  'policy.rows.valuePerDay': 'sum-or-null',
  ...{ 'policy.rows.repairsPerDay': 'count', 'policy.approvals.fourEyes': 'flag' },
  ...{ 'alerts.threshold': 'text', 'alerts.minSeverity': 'text' },
  ...{ 'serve.host': 'text', 'serve.port': 'count' },
  ...{ 'serve.tls.certificate': 'path', 'serve.tls.key': 'path' },
  ...{ 'serve.proxy.origin': 'text', 'serve.proxy.trust': 'list' },
  ...{ 'serve.source': 'source', 'serve.sourceSchema': 'text', 'serve.venues': 'list' },
  ...{ 'serve.listen': 'flag', 'serve.repair': 'text', 'serve.mirror': 'flag' },
  ...{ 'serve.interval': 'text', 'serve.venueInterval': 'text', 'serve.checkInterval': 'text' },
  'serve.performanceInterval': 'text',
  ...{ 'serve.limits.requestsPerSecond': 'count', 'serve.limits.signInsPerMinute': 'count' },
  ...{ 'serve.limits.streams': 'count', 'serve.limits.streamsPerToken': 'count' },
  ...{ 'serve.report.at': 'text', 'serve.report.zone': 'text', 'serve.report.folder': 'path' },
  'serve.logFile': 'path',
};

/** `policy.rows.repairsPerDay` is TRUEUP_POLICY_ROWS_REPAIRS_PER_DAY. */
export const variableOf = (path: string): string =>
  `TRUEUP_${path.replaceAll('.', '_').replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_')}`.toUpperCase();

export const variableNames = Object.fromEntries(
  settingNames.map((name) => [name, variableOf(name)]),
) as Readonly<Record<SettingName, string>>;

/** The variable of a setting by its path; null: it has none. */
export const variableOfPath = (path: string): string | null =>
  path in members || settingNames.some((name) => name === path) ? variableOf(path) : null;

export interface Overlaid {
  readonly section: Section | null;
  /** Paths that variables set, with the name of each. */
  readonly variables: ReadonlyMap<string, string>;
}

/** The section with what variables say of it, which may be all there is of it. */
export function overlaid(
  name: SectionName,
  section: Section | null,
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): Result<Overlaid> {
  const variables = new Map<string, string>();
  let value: Readonly<Record<string, unknown>> = isObject(section?.value) ? section.value : {};
  for (const [path, kind] of Object.entries(members)) {
    const variable = variableOf(path);
    const given = environment[variable];
    // An empty variable is one that somebody unset the only way their shell allows.
    if (!path.startsWith(`${name}.`) || !given) continue;
    const read = readers[kind](given, folder);
    if (read === undefined) return refused(wrong(variable, kind));
    value = withMember(value, path.split('.').slice(1), read);
    variables.set(path, variable);
  }
  if (variables.size === 0) return accepted({ section, variables });
  const named = [...variables.values()].join(', ');
  const file = section === null ? named : `${section.file} with ${named}`;
  return accepted({ section: { value, file }, variables });
}

const sqlite = 'sqlite:';

/** Undefined: it is none. */
const readers: Readonly<Record<Kind, (text: string, folder: string) => unknown>> = {
  text: (text) => text,
  path: (text, folder) => (text.startsWith('~/') ? text : resolve(folder, text)),
  source: (text, folder) =>
    text.startsWith(sqlite) ? sqlite + resolve(folder, text.slice(sqlite.length)) : text,
  flag: (text) => ({ true: true, false: false })[text],
  count: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
  list: (text) => text.split(',').map((one) => one.trim()),
  'sum-or-null': (text) => (text === 'null' ? null : text),
};

const words: Readonly<Record<Kind, string>> = {
  ...{ text: 'a text', path: 'a path', source: 'an address of a database' },
  ...{ flag: 'true or false', count: 'a whole number' },
  ...{ list: 'texts with commas between them', 'sum-or-null': 'a decimal or null' },
};

const wrong = (variable: string, kind: Kind) => ({
  code: 'variable-bad',
  message: `${variable} is not ${words[kind]}`,
  where: { field: variable },
  rule: `${variable} is ${words[kind]}`,
  hint: `write it like ${kind === 'flag' ? 'true' : '10'}, or unset it`,
});

function withMember(
  value: Readonly<Record<string, unknown>>,
  [first, ...rest]: readonly string[],
  held: unknown,
): Readonly<Record<string, unknown>> {
  const inner = value[first!] ?? {};
  if (rest.length === 0) return { ...value, [first!]: held };
  // What should be an object and is none stays, to be refused.
  return isObject(inner) ? { ...value, [first!]: withMember(inner, rest, held) } : value;
}

const prefixes = ['TRUEUP_POLICY_', 'TRUEUP_ALERTS_', 'TRUEUP_SERVE_'];

/** A stop that is misspelt stops nothing: what looks like a setting and is none is told. */
export function unknownVariables(
  environment: Readonly<Record<string, string | undefined>>,
  sections: readonly (Section | null)[],
): readonly Refusal[] {
  const known = Object.keys(members).map(variableOf);
  const written = JSON.stringify(sections.map((section) => section?.value));
  return (
    Object.keys(environment)
      .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
      .filter((name) => !known.includes(name))
      // A channel may have named its secret so.
      .filter((name) => !written.includes(`"${name.replace(/_FILE$/, '')}"`))
      .map((name) => {
        const meant = nearest(name, known);
        return {
          code: 'variable-unknown',
          message: `${name} is no setting: it was not read`,
          where: { field: name },
          rule: 'variables of settings are those that docs/reference/config.md lists',
          hint: meant === null ? 'unset it' : `did you mean ${meant}?`,
        };
      })
  );
}
