/** Taste as a check. Every rule says what to do instead. */
import { codeOf, importsOf, lineAt, type Source, testNamesOf, withoutComments } from './sources.ts';

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
  readonly where: (path: string) => boolean;
  /** What the pattern is looked up in; without it, in everything. */
  readonly view?: (text: string) => string;
  /** A line that matches this is excused. */
  readonly unless?: RegExp;
}

const lineCountMax = 400;
const columnsMax = 100;

const anywhere = () => true;
const isScript = (path: string) => /\.tsx?$/.test(path);
const isTest = (path: string) => path.endsWith('.test.ts');
const isData = (path: string) => /\/fixtures\/|\.(md|json|ndjson|csv)$/.test(path);
/** What people run at a terminal. */
const isPrinter = (path: string) => /^(src\/cli|bench|examples|test\/soak|emulator)\//.test(path);
const isSource = (path: string) => isScript(path) && path.startsWith('src/') && !isTest(path);
const isCore = (path: string) =>
  isSource(path) && !/^src\/service\/(system-clock|config)\.ts$/.test(path);

const ambient = (pattern: RegExp, instead: string): Ban => ({
  pattern,
  instead: `${instead}, or say \`ambient-ok: <reason>\` on the line`,
  where: isCore,
  view: withoutComments,
  unless: /ambient-ok: \S/,
});

const bans: readonly Ban[] = [
  ambient(/\bDate\.now\(|\bnew Date\(\)/g, 'take the time from a Clock'),
  ambient(/\bsetTimeout\(|\bsetInterval\(/g, 'wait on a Clock'),
  ambient(/\bMath\.random\(|\brandomUUID\(/g, 'derive it from the fact, so that it repeats'),
  ambient(/\bprocess\.env\b/g, 'take a value that src/service/config.ts has read'),
  {
    pattern: /\.toFixed\(|\bparseFloat\(/g,
    instead: 'use src/decimal: binary floats lose cents',
    where: isSource,
    view: withoutComments,
  },
  {
    pattern: /(?<![a-z])(un)?realized/gi,
    instead: 'spell it realised, unrealised',
    where: (path) => isSource(path) && !/^src\/(venues\/ccxt|sources)\//.test(path),
  },
  {
    pattern: /\bconsole\.|\bprocess\.std(out|err)\b/g,
    instead: 'return it: only the command line prints',
    where: (path) => isScript(path) && !isPrinter(path),
    view: codeOf,
  },
  {
    pattern: /(: |\bas |<)any\b/g,
    instead: 'say what it is, or unknown',
    where: isScript,
    view: codeOf,
  },
  {
    pattern: /^export default\b/gm,
    instead: 'export a name',
    where: (path) => isScript(path) && !path.endsWith('.config.ts'),
    view: codeOf,
  },
  {
    pattern: /^\s*(export )?(const )?enum\b/gm,
    instead: 'use a union of string literals',
    where: isScript,
    view: codeOf,
  },
  {
    pattern: /\bcatch\s*(\([^)]*\))?\s*\{\s*\}/g,
    instead: 'crash, refuse or report, or say why nothing is to be done',
    where: isScript,
  },
  {
    pattern: /\b(test|it|describe|cases|scenario)\b[.\w]*\.(skip|only|todo|skipIf|runIf)\(/g,
    instead: 'run it, or say why not in a comment on the line',
    where: isTest,
    view: codeOf,
    unless: /\/\/ \S/,
  },
  {
    pattern: /^(before|after)(All|Each)\(/gm,
    instead: 'leave hooks to a function that each test file calls: a worker loads this only once',
    where: (path) => isScript(path) && !isTest(path),
    view: codeOf,
  },
  {
    pattern: /(?<![\w.~-])\/(home|root|work|Users)\/\w/g,
    instead: 'no path of one machine',
    where: anywhere,
  },
  {
    pattern: /registry\.(npmjs|yarnpkg)\./g,
    instead: 'no address of a registry',
    where: anywhere,
  },
];

/** What is untidy in one file, one line each. */
export function tidyFaults(source: Source): string[] {
  return [...bans.flatMap((ban) => banFaults(source, ban)), ...shapeFaults(source)];
}

function banFaults({ path, text }: Source, { pattern, instead, where, view, unless }: Ban) {
  if (!where(path)) return [];
  const lines = text.split('\n');
  return [...(view?.(text) ?? text).matchAll(pattern)]
    .map((match) => ({ found: match[0].trim(), line: lineAt(text, match.index) }))
    .filter(({ line }) => !unless?.test(lines[line - 1]!))
    .map(({ found, line }) => `${path}:${line} ${found} - ${instead}`);
}

function shapeFaults(source: Source): string[] {
  const { path, text } = source;
  if (isData(path)) return [];
  const lines = text.trimEnd().split('\n');
  const faults = lines.flatMap((line, index) =>
    line.length > columnsMax ? [`${path}:${index + 1} is longer than ${columnsMax} columns`] : [],
  );
  if (lines.length > lineCountMax && isScript(path)) {
    faults.push(`${path} has ${lines.length} lines - split it, ${lineCountMax} is the most`);
  }
  if (isScript(path) && !/^([a-z0-9]+[-./])*[a-z0-9]+$/.test(path)) {
    faults.push(`${path} - name files and folders in kebab-case`);
  }
  return isTest(path) ? [...faults, ...repeatedNames(source)] : faults;
}

function repeatedNames(source: Source): string[] {
  const names = testNamesOf(source).filter((name) => !/\$\{|%[sdijo]/.test(name));
  const repeated = names.filter((name, index) => names.indexOf(name) < index);
  return repeated.map((name) => `${source.path} has two tests named '${name}'`);
}

/** Files of src that no entry point, test, bench or emulator reaches by import. */
export function unreachedFiles(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const isRoot = (path: string) =>
    ['src/index.ts', 'src/cli/main.ts'].includes(path) ||
    /^(test|bench|emulator)\/.*\.ts$|\.test\.ts$/.test(path);
  const reached = new Set<string>();
  const visit = (path: string) => {
    const source = byPath.get(path);
    if (!source || reached.has(path)) return;
    reached.add(path);
    importsOf(source).forEach(visit);
  };
  [...byPath.keys()].filter(isRoot).forEach(visit);
  return [...byPath.keys()].filter((path) => isSource(path) && !reached.has(path));
}

/** The middle length of the files of src, in lines. */
export function medianLength(sources: readonly Source[]): number {
  const lengths = sources.filter((s) => isSource(s.path)).map((s) => s.text.split('\n').length - 1);
  return lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0;
}
