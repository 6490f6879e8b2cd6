/** Source files as text, and the little the house checks need to know about TypeScript. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';

export interface Source {
  /** From the repository root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export const root = join(import.meta.dirname, '..', '..');

const skipped = new Set([
  '.git',
  '.cache',
  'node_modules',
  'data',
  'dist',
  'coverage',
  'test-artefacts',
]);
const textual = /\.(tsx?|js|mjs|css|html|sql|sh|md|json|ndjson|csv)$|^(bin|\.ci)\/\w+$|^\.\w+$/;

/** Every text file of the repository that somebody wrote. */
export function readRepository(): Source[] {
  const top = readdirSync(root, { withFileTypes: true }).filter((e) => !skipped.has(e.name));
  return top
    .flatMap((entry) => {
      if (!entry.isDirectory()) return [entry.name];
      const files = readdirSync(join(root, entry.name), { recursive: true, withFileTypes: true });
      return files.filter((f) => f.isFile()).map((f) => relative(root, join(f.parentPath, f.name)));
    })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => textual.test(path) && !/node_modules\/|^dashboard\/\.?dist/.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

const patterns = [
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)/,
  /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/,
  /(?<=[(,=:[!&|?{};]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//,
];
const token = new RegExp(patterns.map((pattern) => pattern.source).join('|'), 'g');

const blank = (text: string) => text.replace(/[^\n]/g, ' ');

/** The text with its comments turned into spaces, so that places stay where they were. */
export function withoutComments(text: string): string {
  return text.replace(token, (found, isComment) => (isComment ? blank(found) : found));
}

/** The text with comments, strings and regular expressions turned into spaces. */
export function codeOf(text: string): string {
  return text.replace(token, blank);
}

const imports = [
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /\bimport\s*\(\s*['"`]([^'"`]+)['"`]/g,
  /\bnew URL\(\s*['"]([^'"]+\.ts)['"],\s*import\.meta\.url/g,
];

/** What a file imports, types included: a path of the repository, or a package as it is written. */
export function importsOf(source: Source): string[] {
  const text = withoutComments(source.text);
  const found = imports.flatMap((pattern) => [...text.matchAll(pattern)].map((m) => m[1]!));
  const folder = posix.dirname(source.path);
  return found.map((name) => (name.startsWith('.') ? posix.join(folder, name) : name));
}

const caller = /(?:\b(?:test|it|cases|scenario|property)(?:\.\w+(?:\([^()\n]*\))?)*|\]\))\(\s*/;
const title = new RegExp(`${caller.source}(['"\`])((?:\\\\.|(?!\\1).)*)\\1`, 'g');

/** The names of the tests of a file: `test('name'`, `cases('name'`, `scenario('name'`, ... */
export function testNamesOf(source: Source): string[] {
  return [...withoutComments(source.text).matchAll(title)].map((match) => match[2]!);
}

export const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length;
