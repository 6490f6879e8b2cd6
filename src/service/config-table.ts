/** Every setting as a row: of the reference what may be set, of `config show` what is. */
import type { Configuration, OriginFile, Setting } from './config.ts';
import { isObject, liveSections, type SectionName, sectionNames } from './config-file.ts';
import { type JsonSchema, jsonSchema } from './config-schema.ts';
import { durationPattern } from './config-values.ts';
import { variableOfPath } from './config-variables.ts';
import { hostOf, withoutSecrets } from './redaction.ts';

export interface SettingRow {
  /** `NAME` stands for any name, `[]` for any place in a list. */
  readonly path: string;
  readonly type: string;
  /** As it is written; null: there is none. */
  readonly usual: string | null;
  readonly meaning: string;
  readonly variable: string | null;
}

export const settingRows = (): readonly SettingRow[] =>
  leavesOf(jsonSchema(), '').map(({ path, schema }) => ({
    path,
    type: typeOf(schema),
    usual: usualOf(schema),
    meaning: schema.description ?? '',
    variable: variableOfPath(path),
  }));

interface Leaf {
  readonly path: string;
  readonly schema: JsonSchema;
}

const joined = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** Settings that hold a value, not others; what all kinds of a channel have stands once. */
function leavesOf(schema: JsonSchema, path: string): readonly Leaf[] {
  const { properties, additionalProperties, items } = schema;
  if (properties !== undefined) {
    return Object.entries(properties).flatMap(([key, one]) => leavesOf(one, joined(path, key)));
  }
  if (typeof additionalProperties === 'object') {
    return leavesOf(additionalProperties, joined(path, 'NAME'));
  }
  if (items?.oneOf === undefined) return [{ path, schema }];
  const all = items.oneOf.flatMap((one) => leavesOf(one, `${path}[]`));
  const kinds = items.oneOf.map(({ properties: kind }) => kind?.['type']?.const);
  const known = new Map(all.map((leaf) => [leaf.path, leaf]));
  return [...known.values()].map((leaf) =>
    leaf.path === `${path}[].type`
      ? { path: leaf.path, schema: { ...leaf.schema, enum: kinds } }
      : leaf,
  );
}

function typeOf(schema: JsonSchema): string {
  const { type, enum: words, const: word, anyOf, items, format, pattern } = schema;
  if (words !== undefined) return words.map(String).join(', ');
  if (word !== undefined) return String(word);
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  if (items !== undefined) return `list of ${typeOf(items)}`;
  if (format === 'uri') return 'address';
  if (pattern === durationPattern) return 'duration';
  return Array.isArray(type) ? 'decimal' : (names[String(type)] ?? 'any');
}

const names: Readonly<Record<string, string>> = {
  ...{ string: 'text', boolean: 'true or false', integer: 'whole number', null: 'null' },
  number: 'whole number',
};

const usualOf = (schema: JsonSchema): string | null =>
  schema.default === undefined ? (schema['x-default'] ?? null) : textOf(schema.default);

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/**
 * Every setting that is set, and those that hold without, with the place that says so. `live`: as
 * a service that runs read them again, which holds for some sections.
 */
export function settingsInForce(
  configuration: Configuration,
  live: Configuration = configuration,
): readonly Setting[] {
  const { properties = {} } = jsonSchema();
  const of = (name: SectionName) => (liveSections.has(name) ? live : configuration);
  return [
    ...configuration.settings,
    ...sectionNames.flatMap((name) => sectionRows(name, properties[name]!, of(name))),
  ];
}

function sectionRows(
  name: SectionName,
  schema: JsonSchema,
  configuration: Configuration,
): readonly Setting[] {
  const { files, variables } = configuration;
  const file = files.find(({ sections }) => sections[name] !== undefined) ?? null;
  return shownRows(schema, configuration[name]?.value, name).map(({ path, value, isSet }) => {
    const variable = variables.get(path);
    if (variable !== undefined) {
      return { name: path, value, origin: 'environment', where: variable, line: null };
    }
    if (isSet && file !== null) return { name: path, value, ...placeOf(file, path) };
    return { name: path, value, origin: 'default', where: null, line: null };
  });
}

const placeOf = ({ origin, path, lines }: OriginFile, setting: string) => ({
  ...{ origin, where: path, line: lines.get(setting) ?? null },
});

interface Shown {
  readonly path: string;
  readonly value: string | null;
  readonly isSet: boolean;
}

/** Nothing that the schema does not know is shown: it may be a secret in the wrong place. */
function shownRows(schema: JsonSchema, value: unknown, path: string): readonly Shown[] {
  const { properties, additionalProperties, items, oneOf } = schema;
  if (oneOf !== undefined) {
    const kind = isObject(value) ? value['type'] : undefined;
    const one = oneOf.find(({ properties: own }) => own?.['type']?.const === kind);
    return one === undefined ? [] : shownRows(one, value, path);
  }
  if (properties !== undefined && (value !== undefined || schema.default !== undefined)) {
    const held = isObject(value) ? value : {};
    return Object.entries(properties).flatMap(([key, one]) =>
      shownRows(one, held[key], joined(path, key)),
    );
  }
  if (typeof additionalProperties === 'object' && isObject(value)) {
    return Object.entries(value).flatMap(([key, one]) =>
      shownRows(additionalProperties, one, joined(path, key)),
    );
  }
  if (items?.oneOf !== undefined && Array.isArray(value) && value.length > 0) {
    return value.flatMap((one, index) => shownRows(items, one, `${path}[${index}]`));
  }
  if (properties !== undefined && isAlways(path)) return shownRows(schema, {}, path);
  const held = value === undefined ? usualOf(schema) : value;
  const text = held === null ? null : shownText(held, schema);
  return [{ path, value: text, isSet: value !== undefined }];
}

/** Sections that hold without being written. */
const isAlways = (path: string): boolean => ['policy', 'alerts', 'serve'].includes(path);

function shownText(value: unknown, { format }: JsonSchema): string {
  if (typeof value !== 'string') return withoutSecrets(JSON.stringify(value));
  return format === 'uri' && URL.canParse(value) ? hostOf(value) : withoutSecrets(value);
}
