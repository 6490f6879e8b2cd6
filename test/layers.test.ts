import { describe, expect, test } from 'vitest';
import { layerFaults } from './house/layers.ts';
import { readRepository } from './house/sources.ts';

test('the layer table holds', () => {
  expect(layerFaults(readRepository())).toEqual([]);
});

describe('the check itself', () => {
  const faultsOf = (files: Record<string, string>) =>
    layerFaults(Object.entries(files).map(([path, text]) => ({ path, text })));

  test('lets a module import what its row allows', () => {
    const faults = faultsOf({
      'src/books/fold.ts': `import { add } from '../decimal/decimal.ts';\nimport './empty.ts';`,
      'src/journal/chain.ts': `import { createHash } from 'node:crypto';`,
      'src/cli/main.ts': `import { Command } from 'commander';\nawait run();`,
      'src/index.ts': `export { add } from './decimal/decimal.ts';`,
      'emulator/main.ts': `import { match } from '../src/venues/paper/match.ts';`,
    });
    expect(faults).toEqual([]);
  });

  test.each([
    ['a static import', `import { fold } from '../books/fold.ts';`],
    ['a type', `import type {\n  Books,\n} from '../books/fold.ts';`],
    ['a re-export', `export * from '../books/fold.ts';`],
    ['a dynamic import', `const books = await import('../books/fold.ts');`],
    ['a type in place', `let books: import('../books/fold.ts').Books;`],
  ])('finds a wall broken by %s', (_how, text) => {
    const fault =
      'src/venues/paper.ts may not import src/books/fold.ts: venues does not know books';
    expect(faultsOf({ 'src/venues/paper.ts': text })).toEqual([fault]);
  });

  test('sees no import in a comment or in a string', () => {
    const text = `// import '../books/fold.ts';\nconst s = "import '../books/fold.ts'";`;
    expect(faultsOf({ 'src/venues/paper.ts': text })).toEqual([]);
  });

  test('finds a part of a module where only another part is allowed', () => {
    const text = `import { map } from '../src/venues/ccxt/map.ts';`;
    expect(faultsOf({ 'emulator/main.ts': text })).toHaveLength(1);
  });

  test('keeps the page apart from the sources of the service', () => {
    const text = `import type { Fact } from '../../src/model/fact.ts';`;
    expect(faultsOf({ 'dashboard/parts/chip.tsx': text })).toHaveLength(1);
  });

  test('finds I/O and async in a pure module', () => {
    const faults = faultsOf({
      'src/books/read.ts': `import { readFileSync } from 'node:fs';`,
      'src/books/wait.ts': `export async function wait() {}`,
    });
    expect(faults).toEqual([
      'src/books/read.ts may not import node:fs into books',
      'src/books/wait.ts: async in a module that is not async',
    ]);
  });

  test('finds a cycle, types included', () => {
    const faults = faultsOf({
      'src/model/a.ts': `import { b } from './b.ts';`,
      'src/model/b.ts': `import type { A } from './a.ts';`,
    });
    expect(faults).toEqual(['cycle: src/model/a.ts -> src/model/b.ts -> src/model/a.ts']);
  });

  test('finds a module without a row and a folder without a meaning', () => {
    const faults = faultsOf({ 'src/magic/a.ts': '', 'src/model/utils/a.ts': '' });
    expect(faults).toEqual([
      'src/magic/a.ts: magic is not in the layer table',
      'src/model/utils/a.ts: a folder named utils says nothing about what is in it',
    ]);
  });
});
