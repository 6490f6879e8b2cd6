import { describe, expect, test } from 'vitest';
import { readRepository } from './house/sources.ts';
import { rulesOf, specFaults } from './house/spec.ts';

const self = 'test/spec.test.ts'; // names rules that do not exist
/** Conformance suites keep their cases in files of their own. */
const isSuite = /\.test\.ts$|-cases\.ts$/;

test('every rule of docs/SPEC.md has a test, every rule named by a test exists', () => {
  const sources = readRepository();
  const spec = sources.find((source) => source.path === 'docs/SPEC.md');
  const tests = sources.filter(({ path }) => isSuite.test(path) && path !== self);
  expect(specFaults(spec?.text ?? '', tests)).toEqual([]);
});

describe('the check itself', () => {
  test.each([
    ['D1 sums are exact', ['D1']],
    ['D1 RC12 sums are exact', ['D1', 'RC12']],
    ['BTC1 is bought', []],
    ['sums are exact, see D1', []],
  ])('reads the rules of "%s"', (name, rules) => {
    expect(rulesOf(name)).toEqual(rules);
  });

  test('finds the untested, the unknown and the repeated', () => {
    const spec = '# Rules\n**D1** Sums.\n**D2** Products.\n**D3** Quotients.\n**D3** Again.';
    const text = [
      `test('D1 sums are exact', run);`,
      `cases('D9 is unknown', run, []);`,
      `test.each([\n  [1, 2],\n])('D3 divides %s by %s', run);`,
    ].join('\n');
    expect(specFaults(spec, [{ path: 'test/a.test.ts', text }])).toEqual([
      'docs/SPEC.md states D3 twice',
      'no test name starts with D2',
      'test/a.test.ts names D9, which docs/SPEC.md does not state',
    ]);
  });

  test('an empty specification is not a fulfilled one', () => {
    expect(specFaults('# Rules', [])).toEqual(['docs/SPEC.md states no rule']);
  });
});
