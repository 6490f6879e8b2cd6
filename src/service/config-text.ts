/**
 * A settings file as a value: YAML 1.2 of the core schema, of which JSON is a part. No number
 * becomes a binary fraction: a plain whole number is one, and every other is the text it was
 * written as.
 */
import { createRequire } from 'node:module';
import type { Document, Node, Pair } from 'yaml';
import { parsePlainJson } from '../model/lossless-json.ts';
import { accepted, type Refusal, type Result, refused } from '../model/result.ts';

export interface SettingsText {
  readonly value: unknown;
  /** Lines of settings by their path, such as `alerts.channels[0].name`; the first line is 1. */
  readonly lines: ReadonlyMap<string, number>;
}

type Yaml = typeof import('yaml');
/** Most commands run where no settings file is: they do not wait for its reader. */
const yamlReader = (): Yaml => createRequire(import.meta.url)('yaml') as Yaml;

const lengthMax = 100_000;
/** Aliases may repeat one another: what a few lines say can be a million values. */
const valuesMax = 10_000;
const depthMax = 32;
const tooDeep = `it is nested deeper than ${depthMax}`;

export function parseSettingsText(text: string, file: string): Result<SettingsText> {
  const isJson = file.endsWith('.json');
  const refuse = (at: Place | null, why: string) => refused(textRefusal(isJson, file, at, why));
  if (text.length > lengthMax) return refuse(null, `it is longer than ${lengthMax} letters`);
  if (isJson) {
    const strict = parsePlainJson(text);
    if (!strict.ok) return refused(jsonRefusal(file, strict.refusal));
  }
  const yaml = yamlReader();
  const lineCounter = new yaml.LineCounter();
  const placeOf = (offset: number): Place => lineCounter.linePos(offset);
  const document: Document = yaml.parseDocument(text, { ...strictly, lineCounter });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) {
    const why = fault.code === 'RESOURCE_EXHAUSTION' ? tooDeep : fault.message;
    return refuse(placeOf(fault.pos[0]), why);
  }
  if (document.directives?.yaml.version !== '1.2') return refuse(null, 'it asks for an older YAML');
  const reader = new ValueReader(yaml, placeOf);
  try {
    return accepted({ value: reader.valueAt(document.contents, '', 0), lines: reader.lines });
  } catch (error) {
    if (!(error instanceof Beyond)) throw error;
    const { at, message, key } = error;
    return key === null ? refuse(at, message) : refused(twice(file, at, key));
  }
}

const strictly = {
  version: '1.2',
  schema: 'core',
  resolveKnownTags: false,
  stringKeys: true,
  // Found here: the library compares each key with all before it.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'error',
} as const;

/** The plain value of each node, with the line on which it stands. */
class ValueReader {
  readonly lines = new Map<string, number>();
  readonly #yaml: Yaml;
  /** As far as it was read: an alias stands behind its anchor. */
  readonly #anchors = new Map<string, Node>();
  readonly #placeOf: (offset: number) => Place;
  #values = 0;

  constructor(yaml: Yaml, placeOf: (offset: number) => Place) {
    this.#yaml = yaml;
    this.#placeOf = placeOf;
  }

  valueAt(node: Node | null, path: string, depth: number): unknown {
    const { isAlias, isMap, isScalar, isSeq } = this.#yaml;
    const at = node?.range ? this.#placeOf(node.range[0]) : null;
    this.#values += 1;
    if (this.#values > valuesMax) throw new Beyond(at, `it holds more than ${valuesMax} values`);
    if (depth > depthMax) throw new Beyond(at, tooDeep);
    if (at !== null && !this.lines.has(path)) this.lines.set(path, at.line);
    if (node !== null && !isAlias(node) && node.anchor) this.#anchors.set(node.anchor, node);
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target === undefined) throw new Beyond(at, `there is no &${node.source} before it`);
      return this.valueAt(target, path, depth + 1);
    }
    if (isSeq(node)) {
      return node.items.map((one, index) =>
        this.valueAt(one as Node, `${path}[${index}]`, depth + 1),
      );
    }
    if (isMap(node)) {
      const members = new Map<string, unknown>();
      for (const one of node.items) this.#member(one, path, depth, members);
      return Object.fromEntries(members);
    }
    return isScalar(node) ? scalarOf(node.value, node.source) : null;
  }

  #member({ key, value }: Pair, path: string, depth: number, members: Map<string, unknown>): void {
    const name = this.#yaml.isScalar(key) ? String(key.value) : '';
    const inside = path === '' ? name : `${path}.${name}`;
    const { range } = key as Node;
    const at = range ? this.#placeOf(range[0]) : null;
    if (members.has(name)) throw new Beyond(at, 'a key stands twice', name);
    if (at !== null) this.lines.set(inside, at.line);
    members.set(name, this.valueAt(value as Node | null, inside, depth + 1));
  }
}

interface Place {
  readonly line: number;
  readonly col: number;
}

class Beyond extends Error {
  readonly at: Place | null;
  /** That stands twice; null: something else is wrong. */
  readonly key: string | null;

  constructor(at: Place | null, message: string, key: string | null = null) {
    super(message);
    this.at = at;
    this.key = key;
  }
}

/** A text is itself; a number is one only where its digits are those of a whole one. */
function scalarOf(value: unknown, source: string | undefined): unknown {
  if (typeof value !== 'number') return value;
  const written = source ?? String(value);
  return Number.isSafeInteger(value) && String(value) === written ? value : written;
}

function jsonRefusal(file: string, { code, message, where }: Refusal): Refusal {
  if (code === 'json-duplicate-key') return twice(file, null, where.field ?? '');
  return textRefusal(true, file, null, message);
}

/** Which of the two is meant nobody can know: the last one would win without a word. */
const twice = (file: string, at: Place | null, field: string): Refusal => ({
  code: 'config-key-twice',
  message: `${placed(file, at)}: the key "${field}" stands twice in one object`,
  where: { file, ...lineOf(at), field },
  rule: 'a key stands once in its object',
  hint: 'remove one of the two, or rename it',
});

const textRefusal = (isJson: boolean, file: string, at: Place | null, why: string): Refusal => ({
  code: isJson ? 'config-not-json' : 'config-not-yaml',
  message: `${placed(file, at)}: ${why}`,
  where: { file, ...lineOf(at) },
  rule: `a settings file is one ${isJson ? 'JSON object' : 'YAML 1.2 mapping'}, without tags`,
  hint: isJson ? 'write {"book": "./trueup.db"}' : 'write book: ./trueup.db',
});

const placed = (file: string, at: Place | null): string =>
  at === null ? file : `${file}, line ${at.line}, column ${at.col}`;

const lineOf = (at: Place | null) => (at === null ? {} : { line: at.line });
