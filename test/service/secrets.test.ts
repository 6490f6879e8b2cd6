/** Secrets in files: whoever may read one besides its owner is told of, and it is not used. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openAlerts } from '../../src/service/alerts/opening.ts';
import { readConfiguration } from '../../src/service/config.ts';
import { secretOf } from '../../src/service/secrets.ts';
import { tlsRefusal } from '../../src/service/serving/tls.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { keysOf } from '../../src/service/venues/keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'trueup-secret-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const marker = 'marker-of-a-secret';

function secretFile(name: string, text: string, mode: number): string {
  const path = join(folder, name);
  rmSync(path, { force: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

interface Kind {
  readonly name: string;
  readonly text: string;
  readonly read: (environment: Readonly<Record<string, string>>) => Promise<unknown>;
}

const tls = { certificate: join(folder, 'tls.pem'), key: join(folder, 'tls.pem') };

test.each([
  [0o600, null],
  [0o640, 'secret-exposed'],
])('CF6 the key of TLS, in a file of mode %o: %s', (mode, code) => {
  secretFile('tls.pem', marker, mode);
  const refusal = tlsRefusal({ tls }, {});
  expect(refusal?.code ?? null).toBe(code);
  expect(tlsRefusal({ tls: null }, {})).toBeNull();
});

const source = `postgresql://bot:${marker}@db/bot`;
const hook = `https://hooks.example.org/${marker}`;

/** Every secret there is, each by the way in which commands come by it. */
const kinds: readonly Kind[] = [
  {
    name: 'TRUEUP_SMTP_PASSWORD',
    text: marker,
    read: async (e) => secretOf('TRUEUP_SMTP_PASSWORD', e),
  },
  {
    name: 'TRUEUP_ALERT_WEBHOOK',
    text: hook,
    read: async (environment) => openAlerts({ alerts: null }, { environment }, systemClock),
  },
  {
    name: 'TRUEUP_SOURCE',
    text: source,
    read: async (environment) => readConfiguration({}, { environment, folder, home: folder }),
  },
  {
    name: 'TRUEUP_VENUE_MAIN_KEY',
    text: JSON.stringify({ key: 'k', secret: marker }),
    read: (environment) => {
      const settingsFile = join(folder, 'trueup.yaml');
      const place = { venue: 'main', keyFile: null, keyring: null, settingsFile };
      return keysOf(place, { environment, home: folder });
    },
  },
];

describe.each(kinds)('CF6 $name', ({ name, text, read }) => {
  test.each([
    [0o600, true],
    [0o400, true],
    [0o644, false],
    [0o640, false],
    [0o602, false],
  ])('CF6 $name in a file of mode %o: %s', async (mode, isFine) => {
    const path = secretFile(name, text, mode);
    const found = await read({ [`${name}_FILE`]: path });
    expect(found).toMatchObject({ ok: isFine });
    if (isFine) return;
    expect(found).toMatchObject({
      refusal: { code: expect.stringMatching(/^(secret|key)-exposed$/), hint: `chmod 600 ${path}` },
    });
    expect(JSON.stringify(found)).not.toContain(marker);
  });

  test('CF6 $name as a credential of systemd, which shows access lists as its group', async () => {
    secretFile(name, text, 0o440);
    expect(await read({ CREDENTIALS_DIRECTORY: folder })).toMatchObject({ ok: true });
    secretFile(name, text, 0o444);
    expect(await read({ CREDENTIALS_DIRECTORY: folder })).toMatchObject({ ok: false });
  });
});

test('CF6 an address of a database from a file is used, and shown without its password', () => {
  const environment = { TRUEUP_SOURCE_FILE: secretFile('source', `${source}\n`, 0o600) };
  const read = readConfiguration({}, { environment, folder, home: folder });
  if (!read.ok) throw new Error(read.refusal.message);
  expect(read.value.source).toBe(source);
  expect(JSON.stringify(read.value.settings)).not.toContain(marker);
  expect(read.value.settings.find(({ name }) => name === 'source')).toMatchObject({
    ...{ origin: 'environment', where: 'TRUEUP_SOURCE_FILE' },
  });
});
