import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { keyringText } from '../../../src/service/venues/keyring.ts';
import { keysOf } from '../../../src/service/venues/keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'trueup-keyring-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

/** A folder for PATH with one program in it, which notes what it was asked for. */
function stub(program: string, script: string) {
  count += 1;
  const path = join(folder, String(count));
  mkdirSync(path);
  const words = join(path, 'words');
  const file = join(path, program);
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$@" > ${words}\n${script}\n`);
  chmodSync(file, 0o755);
  const environment = { PATH: `${path}:/usr/bin:/bin`, TRUEUP_NOTED: 'x' };
  return { environment, words: () => readFileSync(words, 'utf8').trim().split('\n') };
}

const text = '{"key":"k","secret":"s3cret"}';
const programs = { linux: 'secret-tool', darwin: 'security' } as const;
const place = { venue: 'main', keyFile: null, keyring: 'main', settingsFile: 'trueup.json' };
const answered = (environment: Record<string, string>, platform: NodeJS.Platform) =>
  keysOf(place, { environment, home: folder }, platform);

describe('a key in the keyring', () => {
  test.each([
    ['linux', ['lookup', 'service', 'trueup', 'account', 'main']],
    ['darwin', ['find-generic-password', '-s', 'trueup', '-a', 'main', '-w']],
  ] as const)('LS87 is asked for on %s without a shell, and found', async (platform, words) => {
    const ring = stub(programs[platform], `echo '${text}'`);
    const value = { key: 'k', secret: 's3cret' };
    expect(await answered(ring.environment, platform)).toEqual({ ok: true, value });
    expect(ring.words()).toEqual(words);
  });

  test.each([
    ['no such entry', 'linux', 'exit 1', 'keyring-empty'],
    ['no such entry', 'darwin', 'echo could not be found >&2; exit 44', 'keyring-empty'],
    ['an empty one', 'linux', 'exit 0', 'keyring-empty'],
    [
      'a locked one',
      'linux',
      'echo "Cannot unlock: prompt dismissed" >&2; exit 1',
      'keyring-locked',
    ],
    ['a locked one', 'darwin', 'exit 51', 'keyring-locked'],
    ['no service', 'linux', 'echo "Cannot autolaunch D-Bus" >&2; exit 1', 'keyring-failed'],
    ['a crash', 'darwin', 'exit 9', 'keyring-failed'],
    ['words', 'linux', 'echo s3cret', 'key-bad'],
    ['another object', 'darwin', `echo '{"password":"s3cret"}'`, 'key-bad'],
    ['words beside a failure', 'linux', 'echo s3cret; exit 1', 'keyring-empty'],
  ] as const)('LS87 %s on %s (%s) is refused, and nothing of it is told', async (...row) => {
    const [, platform, script, code] = row;
    const read = await answered(stub(programs[platform], script).environment, platform);
    expect(read).toMatchObject({
      ...{ ok: false, refusal: { code, where: { field: 'venues.main.keyring' } } },
    });
    expect(JSON.stringify(read)).not.toMatch(/s3cret/);
  });

  test('LS87 a machine without the program is told what to install', async () => {
    const read = await answered({ PATH: folder }, 'linux');
    expect(read).toMatchObject({
      refusal: { code: 'keyring-missing', hint: 'install it (libsecret-tools), or use keyFile' },
    });
    const other = await answered({ PATH: folder }, 'win32');
    expect(other).toMatchObject({ refusal: { code: 'keyring-unsupported' } });
  });

  test('LS87 one that waits for a password is not waited for', async () => {
    const { environment } = stub('secret-tool', 'exec sleep 30');
    const asked = { entry: 'main', field: 'venues.main.keyring' };
    const read = await keyringText(asked, { environment, platform: 'linux', timeoutMs: 200 });
    expect(read).toMatchObject({
      refusal: {
        code: 'keyring-locked',
        message: 'secret-tool gave no answer within 0.2 s: it may wait for a password',
      },
    });
  });
});
