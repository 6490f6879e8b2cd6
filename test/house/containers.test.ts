import { existsSync, readFileSync } from 'node:fs';
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

test('CT3 whoever watches it asks for what needs no token', () => {
  const check = lines.slice(lines.findIndex((line) => line.startsWith('HEALTHCHECK')));
  expect(check[1]).toContain("fetch('http://127.0.0.1:8787/healthz')");
});

test('CT4 composed, it writes to its volume alone, and only the proxy is reached', () => {
  const { trueup, proxy } = compose.services;
  expect(trueup).toMatchObject({
    ...{ read_only: true, user: 'node', cap_drop: ['ALL'] },
    security_opt: ['no-new-privileges:true'],
    volumes: ['./data:/data'],
    ports: ['127.0.0.1:8443:8443'],
  });
  expect(proxy).toMatchObject({ network_mode: 'service:trueup' });
  // Docker kills what does not stop in time: it has longer than a drain takes.
  expect(trueup!['stop_grace_period']).toBe('15s');
});
