import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const lines = readFileSync('Dockerfile', 'utf8').split('\n');
const ignored = readFileSync('.dockerignore', 'utf8').split('\n');

interface Compose {
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
const compose = parse(readFileSync('compose.yaml', 'utf8')) as Compose;

const copied = lines.flatMap((line) => {
  const words = line.split(' ');
  return words[0] === 'COPY' && !line.includes('--from') ? words.slice(1, -1) : [];
});

test.each(copied)('CT1 %s is there, and is sent to whoever builds', (path) => {
  expect(existsSync(path)).toBe(true);
  expect(ignored).toContain(`!${path}`);
});

test('CT2 it does not run as root, and stops by the signal that drains', () => {
  const users = lines.filter((line) => line.startsWith('USER '));
  expect(users).toEqual(['USER node']);
  expect(lines.indexOf('USER node')).toBeLessThan(lines.indexOf('ENTRYPOINT ["trueup"]'));
  expect(lines).toContain('STOPSIGNAL SIGTERM');
});

test('CT3 whoever watches it asks by what the service noted, without a token', () => {
  const check = lines.slice(lines.findIndex((line) => line.startsWith('HEALTHCHECK')));
  // test/serving/alive.test.ts: with any port, TLS, and a proxy.
  expect(check[1]!.trim()).toBe('CMD ["trueup", "service", "alive"]');
});

/** Builds the page: without the part of this system it says that it finds no native binding. */
const builders = ['@rolldown/binding-linux-', 'lightningcss-linux-'];

test.each(['x64', 'arm64'])('CT5 what it installs for %s builds the page', (cpu) => {
  const install = lines
    .find((line) => line.startsWith('RUN npm ci'))!
    .split(' ')
    .slice(2);
  const folder = mkdtempSync(join(tmpdir(), 'trueup-image-'));
  const files = ['package.json', 'package-lock.json', '.npmrc'];
  for (const file of files) copyFileSync(file, join(folder, file));
  const words = [
    ...install,
    '--dry-run',
    '--offline',
    '--os=linux',
    `--cpu=${cpu}`,
    '--libc=glibc',
  ];
  const said = execFileSync('npm', words, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  rmSync(folder, { recursive: true });
  for (const builder of builders) expect(said).toContain(`add ${builder}${cpu}-gnu `);
});

test('CT4 composed, it writes to its volume alone, and only the proxy is reached', () => {
  const { trueup, proxy } = compose.services;
  expect(trueup).toMatchObject({
    ...{ read_only: true, cap_drop: ['ALL'] },
    // Not root, whoever it is: the folder of the book is on the machine, and is somebody's.
    user: ['$', '{TRUEUP_UID:-1000}'].join(''),
    security_opt: ['no-new-privileges:true'],
    volumes: ['./data:/data'],
    ports: ['127.0.0.1:8443:8443'],
  });
  expect(proxy).toMatchObject({ network_mode: 'service:trueup' });
  // Docker kills what does not stop in time: it has longer than a drain takes.
  expect(trueup!['stop_grace_period']).toBe('15s');
});
