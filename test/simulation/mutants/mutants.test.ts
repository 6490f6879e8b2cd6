import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../house/sources.ts';
import { mutated } from './apply.ts';
import { caughtLines } from './caught.ts';
import { mutants } from './mutants.ts';

test('SM6 every mutant still has its place in the sources', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(30);
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  const faults = mutants.flatMap((mutant) => {
    try {
      const text = readFileSync(join(root, mutant.file), 'utf8');
      return mutated(text, mutant) === text ? [`${mutant.name} changes nothing`] : [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
  expect(faults).toEqual([]);
});

test('SM6 docs/PROOFS.md names each mutant with the test that caught it', () => {
  const document = readFileSync(join(root, 'docs', 'PROOFS.md'), 'utf8');
  const section = document.split('### Mutants\n')[1]?.split('\n#')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('- '));
  expect(lines).toEqual(caughtLines());
  expect(lines.filter((line) => line.endsWith('not caught'))).toEqual([]);
});
