/**
 * Builds the page where it is missing or older than its sources. In an installation without the
 * tools or the sources nothing is built, and what was is served as it is.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const dashboardFolder = join(import.meta.dirname, '..', '..', '..', 'dashboard');

/** Builds the sources in `folder` into a folder that is not there yet. */
export type BuildTool = (folder: string, into: string) => Promise<void>;

export interface PageBuild {
  /** Where its sources are, and `dist` is made; absent: the project's own. */
  readonly folder?: string;
  /** Progress, a line at a time. */
  readonly tell: (line: string) => void;
  /** Absent: Vite, where it is installed. Null: there is no tool. */
  readonly build?: BuildTool | null;
}

/** The folder of the built page; null: there is none, and `tell` was told why. */
export async function builtPage({
  folder = dashboardFolder,
  tell,
  build,
}: PageBuild): Promise<string | null> {
  const page = join(folder, 'dist');
  const isBuilt = existsSync(join(page, 'index.html'));
  if (isBuilt && !isOlder(page, folder)) return page;
  const tool = build === undefined ? viteBuild() : build;
  if (tool === null || !existsSync(join(folder, 'index.html'))) {
    if (!isBuilt) tell('page: not built, and the tool that builds it is not installed');
    return isBuilt ? page : null;
  }
  tell(`page: ${isBuilt ? 'older than its sources' : 'not built yet'}, building it`);
  try {
    await buildWhole(tool, folder, page);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    tell(`page: it could not be built: ${why}`);
    return isBuilt ? page : null;
  }
  tell('page: built');
  return page;
}

/** In a folder of its own first: who serves meanwhile serves the old page or the new one, whole. */
async function buildWhole(build: BuildTool, folder: string, page: string): Promise<void> {
  const into = join(folder, `.dist-${process.pid}`);
  const old = `${into}-old`;
  try {
    await build(folder, into);
    if (existsSync(page)) renameSync(page, old);
    renameSync(into, page);
  } finally {
    for (const left of [into, old]) rmSync(left, { recursive: true, force: true });
  }
}

/** Whether a source was changed after the page was built. */
function isOlder(page: string, folder: string): boolean {
  const builtAt = statSync(join(page, 'index.html')).mtimeMs;
  return readdirSync(folder, { recursive: true, withFileTypes: true }).some(
    (entry) =>
      entry.isFile() &&
      !made.test(entry.parentPath.slice(folder.length + 1)) &&
      statSync(join(entry.parentPath, entry.name)).mtimeMs > builtAt,
  );
}

/** Nobody wrote what is in there. */
const made = /^\.?dist/;

/**
 * In a process of its own: what the tool takes of memory is given back, and people are answered
 * meanwhile. Null: a production installation has no such tool.
 */
function viteBuild(): BuildTool | null {
  let vite: string;
  try {
    vite = createRequire(import.meta.url).resolve('vite/package.json');
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
    if (isAbsent) return null;
    throw error;
  }
  const tool = join(dirname(vite), 'bin', 'vite.js');
  return async (folder, outDir) => {
    const config = join(folder, 'vite.config.ts');
    const words = ['build', folder, '--config', config, '--outDir', outDir, '--logLevel', 'error'];
    await run(process.execPath, [tool, ...words]);
  };
}
