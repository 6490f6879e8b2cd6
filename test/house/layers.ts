/** Which module may import which. A module is a folder of src, or emulator or dashboard. */
import { codeOf, importsOf, type Source } from './sources.ts';

interface Layer {
  /** Modules, or a folder inside one (`venues/paper`). */
  readonly imports: readonly string[];
  /** Node modules and packages it may use; without it, any. */
  readonly outside?: readonly string[];
  readonly sync?: true;
}

const pure = (imports: readonly string[], outside: readonly string[] = []): Layer => ({
  imports,
  outside,
  sync: true,
});

const core = ['decimal', 'model', 'journal', 'books', 'venues', 'sources', 'reconcile', 'exits'];
const belowService = [...core, 'strategies', 'report', 'store'];

export const layers: Readonly<Record<string, Layer>> = {
  decimal: pure([]),
  model: pure(['decimal']),
  journal: { imports: ['decimal', 'model'], outside: ['node:crypto'] },
  books: pure(['decimal', 'model']),
  // Never books: the other side of a reconciliation is computed by different code.
  venues: { imports: ['decimal', 'model'] },
  sources: { imports: ['decimal', 'model'] },
  reconcile: pure(['decimal', 'model', 'books'], ['node:crypto']),
  exits: pure(['decimal', 'model', 'books']),
  strategies: pure(['decimal', 'model', 'books']),
  report: pure(['decimal', 'model', 'books', 'reconcile', 'exits']),
  store: { imports: ['decimal', 'model', 'journal'] },
  service: { imports: belowService },
  // The emulator is a tool for development: its command loads it, and a rehearsal is handed it.
  cli: { imports: ['decimal', 'model', 'report', 'service', 'emulator'] },
  index: { imports: [...belowService, 'service'] },
  dashboard: { imports: [] },
  emulator: { imports: ['decimal', 'model', 'venues/paper'] },
};

const vague = ['utils', 'helpers', 'common', 'shared', 'types', 'lib', 'misc'];

/** Every way in which the files break the table, one sentence each. */
export function layerFaults(sources: readonly Source[]): string[] {
  const layered = sources.filter((s) => moduleOf(s.path) && !s.path.endsWith('.test.ts'));
  return [...layered.flatMap(faultsOf), ...cyclesOf(layered)];
}

/** `src/books/fold.ts` is in `books`, `src/index.ts` is `index`. */
function moduleOf(path: string): string | undefined {
  const match = path.match(/^src\/([\w-]+)(?:\/.*)?\.ts$|^(emulator|dashboard)\/.*\.tsx?$/);
  return match?.[1] ?? match?.[2];
}

function faultsOf(source: Source): string[] {
  const { path } = source;
  const module = moduleOf(path)!;
  const layer = layers[module];
  if (!layer) return [`${path}: ${module} is not in the layer table`];
  const folder = path.split('/').find((part) => vague.includes(part));
  return [
    ...(folder ? [`${path}: a folder named ${folder} says nothing about what is in it`] : []),
    ...(layer.sync ? asyncFaults(source) : []),
    ...importsOf(source).flatMap((target) => importFaults(path, module, layer, target)),
  ];
}

function asyncFaults({ path, text }: Source): string[] {
  const word = codeOf(text).match(/\basync\b|\bawait\b|\bnew Promise\b|\bPromise\.\w+/);
  return word ? [`${path}: ${word[0]} in a module that is not async`] : [];
}

function importFaults(path: string, module: string, layer: Layer, target: string): string[] {
  const to = moduleOf(target);
  if (to === module) return [];
  if (!to) {
    const isOurs = /^(test|bench)\//.test(target);
    const allowed = !layer.outside || layer.outside.includes(target) || target.endsWith('.json');
    return allowed && !isOurs ? [] : [`${path} may not import ${target} into ${module}`];
  }
  const inside = target.replace(/^src\//, '');
  const allowed = layer.imports.some((one) => to === one || inside.startsWith(`${one}/`));
  return allowed ? [] : [`${path} may not import ${target}: ${module} does not know ${to}`];
}

function cyclesOf(sources: readonly Source[]): string[] {
  const edges = new Map(sources.map((source) => [source.path, importsOf(source)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) {
      cycles.push(`cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}`);
    } else if (!done.has(path)) {
      for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
      done.add(path);
    }
  };
  for (const path of edges.keys()) visit(path, []);
  return cycles;
}
