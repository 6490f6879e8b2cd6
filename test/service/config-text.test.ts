/** Settings files as they are written, by people and by those who mean ill. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { toText } from '../../src/decimal/text.ts';
import { readConfiguration } from '../../src/service/config.ts';
import { parseSettingsText } from '../../src/service/config-text.ts';
import { parsePolicy } from '../../src/service/policy/settings.ts';

const home = mkdtempSync(join(tmpdir(), 'trueup-config-text-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function read(text: string, file = 'trueup.yaml') {
  const result = parseSettingsText(text, file);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

function fractionsIn(value: unknown): readonly number[] {
  if (typeof value === 'number') return Number.isInteger(value) ? [] : [value];
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(fractionsIn)
    : [];
}

describe('CF1 a settings file', () => {
  test('CF1 is YAML, with the line of each setting', () => {
    const text =
      'book: a.db # the book\n\nalerts:\n  channels:\n    - name: ops\n      type: slack\n';
    const { value, lines } = read(text);
    expect(value).toEqual({
      book: 'a.db',
      alerts: { channels: [{ name: 'ops', type: 'slack' }] },
    });
    expect(Object.fromEntries(lines)).toMatchObject({
      ...{ book: 1, alerts: 3, 'alerts.channels': 4 },
      ...{ 'alerts.channels[0].name': 5, 'alerts.channels[0].type': 6 },
    });
  });

  test('CF1 JSON is YAML, and a file that says it is JSON has to be', () => {
    const json = '{\n "book": "a.db",\n "venues": {"m": {"symbols": ["é\\u00e9"]}}\n}';
    for (const file of ['trueup.yaml', 'trueup.json']) {
      const { value, lines } = read(json, file);
      expect(value).toEqual(JSON.parse(json));
      expect(lines.get('venues.m.symbols')).toBe(3);
    }
    const refused = parseSettingsText('book: a.db', 'trueup.json');
    expect(refused).toMatchObject({ refusal: { code: 'config-not-json' } });
  });

  test('CF1 every JSON text means the same in both', () => {
    // Numbers apart, which CF2 is about.
    const plain = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        ...[fc.string({ unit: 'binary' }), fc.boolean(), fc.constant(null)],
        fc.integer(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(plain, (value) => {
        const text = JSON.stringify(value, null, 1);
        expect(read(text, 'trueup.json').value).toEqual(JSON.parse(text));
      }),
      { numRuns: 50 },
    );
  });

  const tenTimes = (name: string) => `[${Array(10).fill(`*${name}`).join(', ')}]`;
  const bomb = [
    'a: &a [x, x, x, x]',
    ...['b', 'c', 'd', 'e', 'f'].map(
      (name, index) => `${name}: &${name} ${tenTimes('abcde'[index]!)}`,
    ),
  ].join('\n');

  test.each<[string, string, string, number | undefined, string]>([
    ['a key twice', 'book: a.db\nbook: b.db\n', 'config-key-twice', 2, 'line 2, column 1'],
    ['a quoted key twice', '"book": a\n"book": b\n', 'config-key-twice', 2, '"book" stands twice'],
    ['a list that goes on', 'serve:\n  venues: [a, b\n', 'config-not-yaml', 3, 'line 3, column'],
    ['a tab', 'serve:\n\tport: 1\n', 'config-not-yaml', 2, 'Tabs'],
    ['a tag', 'book: !env BOOK\n', 'config-not-yaml', 1, 'Unresolved tag'],
    ['binary', 'book: !!binary aGk=\n', 'config-not-yaml', 1, 'Unresolved tag'],
    ['an older YAML', '%YAML 1.1\n---\nlisten: yes\n', 'config-not-yaml', undefined, 'older'],
    ['two documents', 'book: a\n---\nbook: b\n', 'config-not-yaml', 2, 'multiple documents'],
    ['no anchor', 'book: *nowhere\n', 'config-not-yaml', 1, 'no &nowhere before it'],
    ['itself', 'serve: &s\n  tls: *s\n', 'config-not-yaml', 2, 'deeper than 32'],
    ['a bomb', bomb, 'config-not-yaml', 1, 'more than 10000 values'],
    ['depth', `a: ${'['.repeat(40)}${']'.repeat(40)}`, 'config-not-yaml', 1, 'deeper than 32'],
    ['size', `book: ${'x'.repeat(100_001)}`, 'config-not-yaml', undefined, 'longer than'],
  ])('CF1 with %s is refused, with its place', (_what, text, code, line, says) => {
    const result = parseSettingsText(text, 'trueup.yaml');
    expect(result).toMatchObject({ ok: false, refusal: { code } });
    if (result.ok) return;
    expect(result.refusal.where.line).toBe(line);
    expect(result.refusal.message).toContain(says);
  });

  test.each([
    ['lists', '[', 20_000],
    ['maps', '{a: ', 5_000],
    ['dashes', '- ', 10_000],
    ['quotes', '"', 9_000],
    ['anchors', '&a ', 7_000],
    ['alias keys', '*a : 1\n', 2_000],
  ])('CF1 %s without end are refused', (_what, piece, times) => {
    const result = parseSettingsText(piece.repeat(times), 'trueup.yaml');
    expect(result).toMatchObject({ ok: false, refusal: { code: 'config-not-yaml' } });
    expect(result.ok || result.refusal.message).not.toContain('stack');
  });

  test('CF1 whatever it holds it is read or refused, and nothing else', () => {
    const pieces = [
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '&a',
      '*a',
      '!',
      '|',
      '>',
      '#',
      '%',
      '---',
      '<<',
      '1.5',
      'null',
      '\t',
      ',',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 20 }), (parts) => {
        for (const file of ['trueup.yaml', 'trueup.json']) {
          const result = parseSettingsText(parts.join(''), file);
          if (result.ok) expect(fractionsIn(result.value.value)).toEqual([]);
          else expect(result.refusal.code).toMatch(/^config-(not-yaml|not-json|key-twice)$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('CF1 may repeat itself by an anchor; a merge is no key', () => {
    const { value } = read('a: &one {settle: 5s}\nb: *one\nc:\n  <<: *one\n');
    const one = { settle: '5s' };
    expect(value).toEqual({ a: one, b: one, c: { '<<': one } });
  });

  test('CF1 no key reaches what all objects share', () => {
    const { value } = read('__proto__: {isAdmin: true}\nconstructor: x\n');
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor']);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });
});

describe('CF1 of two files in a folder', () => {
  const around = (folder: string) => ({ environment: {}, folder, home: folder });

  test('CF1 neither holds, in the project and of the user', () => {
    const [project, user] = [join(home, 'project'), join(home, 'user')];
    const own = join(user, '.config', 'trueup');
    for (const [folder, name] of [
      [project, 'trueup'],
      [own, 'config'],
    ] as const) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${name}.yaml`), 'book: a.db\n');
      writeFileSync(join(folder, `${name}.json`), '{}');
    }
    for (const folder of [project, user]) {
      expect(readConfiguration({}, around(folder))).toMatchObject({
        refusal: { code: 'config-two-files', hint: expect.stringContaining('remove') },
      });
    }
  });

  test('CF1 one that ends otherwise is told to be unread', () => {
    const folder = mkdtempSync(join(home, 'other-'));
    writeFileSync(join(folder, 'trueup.yml'), 'book: a.db\n');
    const read = readConfiguration({}, around(folder));
    expect(read).toMatchObject({
      value: { book: './trueup.db', warnings: [{ code: 'config-file-unread' }] },
    });
  });

  test('CF1 a file in which nothing stands yet sets nothing', () => {
    const folder = mkdtempSync(join(home, 'empty-'));
    writeFileSync(join(folder, 'trueup.yaml'), '# yaml-language-server: $schema=x.json\n');
    expect(readConfiguration({}, around(folder))).toMatchObject({
      value: { book: './trueup.db', warnings: [] },
    });
  });
});

describe('CF2 a sum', () => {
  const alertAbove = (written: string, file: string) => {
    const text = file === 'trueup.json' ? `{"alertAbove": ${written}}` : `alertAbove: ${written}\n`;
    return parsePolicy(read(text, file).value, file);
  };

  test.each([
    ['100.50', '100.5'],
    ['0.1', '0.1'],
    ['1000', '1000'],
    ['"100.50"', '100.5'],
    // 17 and 20 digits: a binary fraction would say ...992 and ...680
    ['9007199254740993', '9007199254740993'],
    ['12345678901234567.891', '12345678901234567.891'],
  ])('CF2 %s is read by its digits, in YAML and in JSON', (written, digits) => {
    for (const file of ['trueup.yaml', 'trueup.json']) {
      const policy = alertAbove(written, file);
      expect(policy.ok && toText(policy.value.alertAbove)).toBe(digits);
    }
  });

  test.each(['1e3', '1.5E+2', '-1', '"1e3"'])('CF2 %s is refused', (written) => {
    for (const file of ['trueup.yaml', 'trueup.json']) {
      expect(alertAbove(written, file)).toMatchObject({
        refusal: { code: 'policy-bad', where: { field: 'policy.alertAbove' } },
      });
    }
  });

  test.each(['0x64', '.inf', '.nan', '+100', '007', '1_000', 'true', '""'])(
    'CF2 %s, as YAML may write a number, is refused',
    (written) => {
      expect(alertAbove(written, 'trueup.yaml').ok).toBe(false);
    },
  );

  test('CF2 every decimal comes back with its digits', () => {
    const digits = fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 25n }), fc.stringMatching(/^\d{0,15}[1-9]$/))
      .map(([whole, fraction]) => `${whole}.${fraction}`);
    fc.assert(
      fc.property(digits, (written) => {
        const policy = alertAbove(written, 'trueup.yaml');
        expect(policy.ok && toText(policy.value.alertAbove)).toBe(written);
      }),
      { numRuns: 50 },
    );
  });
});
