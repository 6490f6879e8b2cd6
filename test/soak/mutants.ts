/**
 * `npm run mutants`: each mutant in a copy of the tree, with the tests that have to notice it.
 * `--only TEXT` runs those with it in their names; `--update` writes down who caught which.
 * Exit code 1: one lives, or its place is gone.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../house/sources.ts';
import { mutated } from '../simulation/mutants/apply.ts';
import { type Caught, caughtPath } from '../simulation/mutants/caught.ts';
import { type Mutant, mutants } from '../simulation/mutants/mutants.ts';

const parts = ['src', 'test', 'emulator', 'bench', 'docs', 'bin', 'package.json'];
const more = ['tsconfig.json', 'vitest.config.ts'];

export async function soak(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { only: { type: 'string', default: '' }, update: { type: 'boolean', default: false } },
  });
  const tree = mkdtempSync(join(tmpdir(), 'trueup-mutants-'));
  try {
    for (const part of [...parts, ...more]) {
      cpSync(join(root, part), join(tree, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
    const chosen = mutants.filter(({ name }) => name.includes(values.only));
    // What fails without a mutant notices nothing.
    for (const file of new Set(chosen.flatMap(({ tests }) => tests))) {
      const test = failing(tree, file);
      if (test !== null) throw new Error(`${file} fails without a mutant: ${test}`);
    }
    const caught = chosen.map((mutant) => ({ mutant, by: killed(tree, mutant) }));
    const living = caught.filter(({ by }) => by === null);
    if (values.update) note(caught);
    console.log(`mutants: ${chosen.length - living.length} of ${chosen.length} caught`);
    return living.length === 0 ? 0 : 1;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

/** The first test that noticed; null: none did. */
function killed(tree: string, mutant: Mutant): Caught | null {
  const path = join(tree, mutant.file);
  const whole = readFileSync(path, 'utf8');
  try {
    writeFileSync(path, mutated(whole, mutant));
    for (const file of mutant.tests) {
      const test = failing(tree, file);
      if (test === null) continue;
      console.log(`${mutant.name} -> ${file}: ${test}`);
      return { file, test };
    }
    console.log(`${mutant.name} -> LIVES`);
    return null;
  } catch (error) {
    console.log(`${mutant.name} -> ${error instanceof Error ? error.message : String(error)}`);
    return null;
  } finally {
    writeFileSync(path, whole);
  }
}

/** The name of the first test that fails. A file that cannot be run at all is no test that does. */
function failing(tree: string, file: string): string | null {
  const report = join(tree, 'report.json');
  rmSync(report, { force: true });
  const reporter = ['--reporter=json', `--outputFile=${report}`];
  const command = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporter];
  spawnSync(process.execPath, [...command, '--bail=1', file], { cwd: tree, timeout: 300_000 });
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  if (tests.length === 0) throw new Error(`${file} does not run`);
  return tests.find(({ status }) => status === 'failed')?.title ?? null;
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[];
  }[];
}

function note(caught: readonly { readonly mutant: Mutant; readonly by: Caught | null }[]): void {
  const known = JSON.parse(readFileSync(caughtPath, 'utf8')) as Record<string, Caught>;
  const names = new Set(mutants.map(({ name }) => name));
  const fresh = caught.flatMap(({ mutant, by }) =>
    by === null ? [] : [[mutant.name, by] as const],
  );
  const all = Object.entries({ ...known, ...Object.fromEntries(fresh) });
  const kept = all.filter(([name]) => names.has(name)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(caughtPath, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}
