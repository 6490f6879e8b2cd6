import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/service/system-clock.ts';
import { keysOf } from '../../../src/service/venues/keys.ts';
import { openVenue } from '../../../src/service/venues/opening.ts';
import { parseVenueSettings } from '../../../src/service/venues/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'trueup-venues-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const main = { exchange: 'bybit', account: 'main' };
const local = 'http://127.0.0.1:1';

describe('settings of venues', () => {
  test('LS40 what is not said is read-only, in USDT, one way', () => {
    const read = parseVenueSettings({ main }, 'trueup.json');
    expect(read).toMatchObject({
      value: { main: { readOnly: true, currency: 'USDT', positionMode: 'net', symbols: [] } },
    });
  });

  test.each<[string, object, string, string]>([
    ['a secret', { secret: 's3cret' }, 'venues-key-unknown', 'venues.main.secret'],
    ['a key', { apiKey: 's3cret' }, 'venues-key-unknown', 'venues.main.apiKey'],
    ['no account', { account: undefined }, 'venues-bad', 'venues.main.account'],
    ['a foreign address', { url: 'https://example.org' }, 'venues-bad', 'venues.main.url'],
    ['two keys', { keyFile: 'k', keyring: 'k' }, 'venues-bad', 'venues.main.keyring'],
    ['an entry with spaces', { keyring: 's3cret x' }, 'venues-bad', 'venues.main.keyring'],
    ['another mode', { mode: 's3cret' }, 'venues-bad', 'venues.main.mode'],
    ['a live one here', { mode: 'live', url: local }, 'venues-bad', 'venues.main.mode'],
    ['a word for yes', { readOnly: 'yes' }, 'venues-bad', 'venues.main.readOnly'],
  ])(
    'LS40 LS46 %s is refused with its key and without its value',
    (_what, changes, code, field) => {
      const read = parseVenueSettings({ main: { ...main, ...changes } }, 'trueup.json');
      expect(read).toMatchObject({ ok: false, refusal: { code, where: { field } } });
      expect(JSON.stringify(read)).not.toMatch(/s3cret/);
    },
  );
});

describe('keys', () => {
  const place = {
    venue: 'main',
    keyFile: null,
    keyring: null,
    settingsFile: join(folder, 'trueup.json'),
  };
  const around = (environment: Record<string, string>) => ({ environment, home: folder });
  const keyFile = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const text = '{"key":"k","secret":"s3cret"}';

  test('LS41 they come from the file of the settings, of a variable, or of systemd', async () => {
    const value = { key: 'k', secret: 's3cret' };
    const path = keyFile('key.json', text);
    expect(await keysOf({ ...place, keyFile: 'key.json' }, around({}))).toEqual({
      ok: true,
      value,
    });
    const byVariable = around({ TRUEUP_VENUE_MAIN_KEY_FILE: path });
    expect(await keysOf(place, byVariable)).toEqual({ ok: true, value });
    mkdirSync(join(folder, 'credentials'));
    keyFile('credentials/TRUEUP_VENUE_MAIN_KEY', text);
    const bySystemd = around({ CREDENTIALS_DIRECTORY: join(folder, 'credentials') });
    expect(await keysOf(place, bySystemd)).toEqual({ ok: true, value });
    expect(await keysOf(place, around({}))).toEqual({ ok: true, value: null });
  });

  test.each([
    [0o600, null],
    [0o400, null],
    [0o644, 'key-exposed'], // everybody reads
    [0o640, 'key-exposed'], // a group reads
    [0o602, 'key-exposed'], // everybody writes, and so may put a key of theirs there
    [0o620, 'key-exposed'],
  ])('LS43 a key file of mode %o: %s', async (mode, code) => {
    chmodSync(keyFile('modes.json', text), mode);
    const read = await keysOf({ ...place, keyFile: 'modes.json' }, around({}));
    expect(read.ok ? null : read.refusal.code).toBe(code);
    expect(JSON.stringify(read.ok ? null : read)).not.toMatch(/s3cret/);
  });

  test('LS43 systemd lets its credentials to the user of a service by a list', async () => {
    // The bits of the group are then the most that the list allows, and no group is let in.
    const credentials = join(folder, 'let');
    mkdirSync(credentials);
    const path = keyFile('let/TRUEUP_VENUE_MAIN_KEY', text);
    const bySystemd = around({ CREDENTIALS_DIRECTORY: credentials });
    const byVariable = around({
      ...{ CREDENTIALS_DIRECTORY: credentials, TRUEUP_VENUE_MAIN_KEY_FILE: path },
    });
    for (const [mode, code] of [
      [0o440, null],
      [0o444, 'key-exposed'],
      [0o460, 'key-exposed'],
    ] as const) {
      chmodSync(path, mode);
      for (const where of [bySystemd, byVariable]) {
        const read = await keysOf(place, where);
        expect(read.ok ? null : read.refusal.code).toBe(code);
      }
    }
  });

  test('X23 a key file with one key twice is refused by its name, and tells none', async () => {
    keyFile('twice.json', '{"key":"k","secret":"s3cret","secret":"s3cret-too"}');
    const read = await keysOf({ ...place, keyFile: 'twice.json' }, around({}));
    expect(read).toMatchObject({
      refusal: { code: 'key-bad', message: expect.stringMatching(/"secret" stands twice/) },
    });
    keyFile('strange.json', '{"s3cret":"k","s3cret":"x"}');
    const strange = await keysOf({ ...place, keyFile: 'strange.json' }, around({}));
    expect(strange).toMatchObject({ refusal: { code: 'key-bad' } });
    expect(JSON.stringify([read, strange])).not.toMatch(/s3cret/);
  });

  test.each([
    ['that is not there', 'nowhere.json', 'key-unreadable'],
    ['that is no JSON', 'words.json', 'key-bad'],
  ])('LS41 a file %s is refused, and what it holds is not told', async (_what, name, code) => {
    if (name === 'words.json') keyFile(name, 's3cret');
    const read = await keysOf({ ...place, keyFile: name }, around({}));
    expect(read).toMatchObject({ ok: false, refusal: { code } });
    expect(JSON.stringify(read)).not.toMatch(/s3cret/);
  });

  test.each([
    ['an unknown name', 'mian', main, 'venue-unknown'],
    [
      'an exchange that ccxt does not know',
      'main',
      { ...main, exchange: 'nowhere' },
      'venue-unusable',
    ],
    ['paper', 'main', { ...main, exchange: 'paper' }, 'venue-paper'],
  ])('LS42 %s is refused with what to write', async (_what, name, settings, code) => {
    const venues = { value: { main: settings }, file: 'trueup.json' };
    const opened = await openVenue(name, { venues }, around({}), systemClock);
    expect(opened).toMatchObject({ ok: false, refusal: { code } });
  });

  test.each([
    ['and its settings say so', { mode: 'paper' }],
    ['whether its settings say so or not', {}],
  ])('LS46 what is on this machine is paper, %s', async (_what, mode) => {
    const play = { ...main, ...mode, url: 'http://127.0.0.1:1' };
    const venues = { value: { main: play }, file: 'trueup.json' };
    const opened = await openVenue('main', { venues }, around({}), systemClock);
    if (!opened.ok) throw new Error(opened.refusal.message);
    expect(opened.value.venue.capabilities.mode).toBe('paper');
    await opened.value.venue.close();
  });

  test('LS42 an exchange is opened by its name, read-only', async () => {
    const venues = { value: { main }, file: 'trueup.json' };
    const opened = await openVenue('main', { venues }, around({}), systemClock);
    if (!opened.ok) throw new Error(opened.refusal.message);
    const { venue } = opened.value;
    expect([venue.name, venue.account, venue.capabilities.trading]).toEqual([
      'main',
      'main',
      false,
    ]);
    await venue.close();
  });
});
