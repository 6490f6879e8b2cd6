import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isJsonObject,
  jsonText,
  numberText,
  parseJson,
  parseJsonAsText,
} from '../../src/model/lossless-json.ts';

const parsed = (text: string) => {
  const result = parseJson(text);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
};

const codeOf = (text: string) => {
  const result = parseJson(text, { file: 'a.json', line: 3 });
  return result.ok ? null : [result.refusal.code, result.refusal.where];
};

describe('what JSON says', () => {
  test.each([
    '0.1',
    '60000.10',
    '1e400',
    '-0',
    '12345678901234567890.123456789',
    '0.30000000000000001',
  ])('M1 the number %s keeps its digits', (digits) => {
    const value = parsed(`{"a":[${digits}],"b":"${digits}"}`) as { a: unknown[]; b: unknown };
    expect([numberText(value.a[0]), value.b]).toEqual([digits, digits]);
  });

  const written = fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.constantFrom('0', '7', '1700000000123', '999999999999999', '9007199254740993'),
      fc.constantFrom('', '.0', '.10', '.1e5'),
      fc.constantFrom('', '', 'e2', 'E-07'),
    )
    .map((parts) => parts.join(''))
    .filter((text) => /^-?\d+(\.\d+)?([eE]-?\d+)?$/.test(text));

  test('M1 numbers of all kinds beside each other keep their digits', () => {
    const numbers = fc.array(written, { minLength: 1, maxLength: 4 });
    const space = fc.constantFrom('', ' ', '\n');
    fc.assert(
      fc.property(numbers, space, (all, gap) => {
        const members = all.map((digits, index) => `"${index}":${gap}{"x":[${gap}${digits}]}`);
        const text = `{${members.join(',')}}`;
        const expected = all.map((digits, index) => [String(index), { x: [digits] }]);
        expect(parseJsonAsText(text)).toEqual({ ok: true, value: Object.fromEntries(expected) });
        const bare = text.replaceAll(/\s/g, '');
        expect(jsonText(parsed(text), -2)).toBe(bare);
      }),
    );
  });

  test('M1 an object cannot pass for a number', () => {
    expect(numberText(parsed('{"digits":"1","Symbol(digits)":"1"}'))).toBeNull();
    expect(isJsonObject(parsed('7'))).toBe(false);
  });

  test('M1 the reading equals JSON.parse for every value without numbers', () => {
    const noNumbers = fc.json().filter((text) => !/\d/.test(text));
    fc.assert(
      fc.property(noNumbers, (text) => {
        expect(parsed(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('M1 the text of a value is the value again', () => {
    const text = '{"a":[1.50,null,true,"x\\n"],"b":{}}';
    expect(jsonText(parsed(text))).toBe(text);
  });
});

describe('what is refused', () => {
  test.each([
    '',
    '{',
    '{"a":}',
    "{'a':1}",
    '{"a":1,}',
    '{"a":1} {"b":2}',
    '{"a":01}',
    'NaN',
    '{"a":"\t"}',
  ])('M1 bad JSON: %j', (text) => {
    expect(codeOf(text)).toEqual(['json-bad', { file: 'a.json', line: 3 }]);
  });

  test.each([
    ['{"price":"1","price":"2"}', 'price'],
    ['{"price":"1","price":"1"}', 'price'],
    ['{"price":1,"\\u0070rice":2}', 'price'],
    ['{"a":{"b":{}},"c":[{"b":"1"},{"x":"1","x":[]}]}', 'x'],
    ['{"":"","":""}', ''],
    ['{"a\\"b":"{","a\\"b":"}"}', 'a"b'],
  ])('M1 a key that stands twice: %s', (text, key) => {
    const where = { file: 'a.json', line: 3, field: key };
    expect(codeOf(text)).toEqual(['json-duplicate-key', where]);
  });

  test.each([
    '{"a":{"x":"1"},"b":{"x":"1"}}',
    '[{"x":"1"},{"x":"2"}]',
    '{"x":"x","y":"x:x","z":"{\\"x\\":1}"}',
  ])('M1 lets the same key in two objects pass: %s', (text) => {
    expect(parsed(text)).toEqual(JSON.parse(text));
  });

  test('M1 nesting that would exhaust the stack', () => {
    const deep = (inner: string) => '['.repeat(200_000) + inner + ']'.repeat(200_000);
    expect(codeOf(deep('1'))?.[0]).toBe('json-too-deep');
    expect(codeOf(deep('"a"'))?.[0]).toBe('json-too-deep');
  });

  test('M1 takes a very long text in its stride', () => {
    const long = 'x'.repeat(20_000_000);
    expect(parsed(`{"a":1,"b":"${long}\\n"}`)).toHaveProperty('b', `${long}\n`);
  });
});
