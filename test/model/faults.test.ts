import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { faultTable, parseRules, refusal } from '../../src/model/faults.ts';

const codes = Object.keys(faultTable);

test('M17 every code has its rule, its words and, at the latest when used, a hint', () => {
  const rules = new Set<string>(Object.values(faultTable).map((one) => one.rule));
  expect([...rules].sort()).toEqual(Object.keys(parseRules).sort());
  expect(codes.filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
  expect(Object.values(faultTable).filter((one) => one.says === '')).toEqual([]);
  expect(refusal('negative', { line: 1 }, 'cost "-1" is less than 0')).toEqual({
    code: 'negative',
    message: 'cost "-1" is less than 0',
    where: { line: 1 },
    rule: `M6: ${parseRules.M6}`,
    hint: 'write it without the sign',
  });
});

test('M17 every code occurs in a test', () => {
  const folder = import.meta.dirname;
  const tests = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  const text = tests.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  expect(codes.filter((code) => !text.includes(`'${code}'`))).toEqual([]);
});
