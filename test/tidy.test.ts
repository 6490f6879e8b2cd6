import { describe, expect, test } from 'vitest';
import { readRepository } from './house/sources.ts';
import { medianLength, tidyFaults, unreachedFiles } from './house/tidy.ts';

const self = 'test/tidy.test.ts'; // full of what it forbids
const sources = readRepository().filter((source) => source.path !== self);

test(`every file is tidy (the median of src is ${medianLength(sources)} lines)`, () => {
  expect(sources.flatMap(tidyFaults)).toEqual([]);
});

test('every file of src is reached from an entry point, a test, a bench or the emulator', () => {
  expect(unreachedFiles(sources)).toEqual([]);
});

describe('the check itself', () => {
  test.each([
    ['src/books/fold.ts', 'const now = Date.now();'],
    ['src/books/fold.ts', 'const now = new Date();'],
    ['src/books/fold.ts', 'setTimeout(run, 5);'],
    ['src/books/fold.ts', 'const id = crypto.randomUUID();'],
    ['src/books/fold.ts', 'const home = process.env.HOME;'],
    ['src/books/fold.ts', 'const text = price.toFixed(2);'],
    ['src/books/fold.ts', 'const price = parseFloat(text);'],
    ['src/books/fold.ts', 'const unrealizedPnl = 0;'],
    ['src/books/fold.ts', '// the realized part'],
    ['src/books/fold.ts', 'console.log(books);'],
    ['src/books/fold.ts', 'export default fold;'],
    ['src/books/fold.ts', 'export const enum Side { Long }'],
    ['src/books/fold.ts', 'const fold = (entry: any) => entry;'],
    ['src/books/fold.ts', 'fold(entry as any);'],
    ['src/books/fold.ts', 'try { fold(); } catch (error) {\n}'],
    ['dashboard/parts/chip.tsx', 'console.log(verdict);'],
    ['dashboard/parts/VerdictChip.tsx', ''],
    ['src/books/applyFill.ts', ''],
    ['src/Books/fold.ts', ''],
    ['docs/guide.md', `see /${'home'}/somebody/notes`],
    ['package-lock.json', `"https://registry.${'npmjs'}.org/big.js"`],
    ['test/books/kit.ts', 'afterAll(() => rmSync(folder));'],
    ['test/fold.test.ts', `test.only('folds', run);`],
    ['test/fold.test.ts', `describe.skip('folding', run);`],
    ['test/fold.test.ts', `test('folds', run);\ntest('folds', run);`],
  ])('finds in %s: %j', (path, text) => {
    expect(tidyFaults({ path, text })).toHaveLength(1);
  });

  test.each([
    ['src/service/system-clock.ts', 'const now = Date.now();'],
    ['src/service/lease.ts', 'const now = Date.now(); // ambient-ok: compared with file times'],
    ['src/books/fold.ts', '// never Date.now(), never console.log, never as any'],
    ['src/books/fold.ts', `refuse('price: any number is too much');`],
    ['src/venues/ccxt/map.ts', 'const pnl = position.realizedPnl;'],
    ['src/cli/main.ts', 'console.log(books);'],
    ['src/books/fold.ts', 'try { fold(); } catch { /* it is closed already */ }'],
    ['vitest.config.ts', 'export default {};'],
    ['test/fold.test.ts', 'afterAll(() => rmSync(folder));'],
    ['test/books/kit.ts', 'export const kit = () =>\n  afterAll(() => rmSync(folder));'],
    ['test/fold.test.ts', `test.skipIf(!hasServer)('stores', run); // needs a server`],
    ['test/fold.test.ts', 'const pick = (x: string) => map.get(x)?.only(1);'],
  ])('lets pass in %s: %j', (path, text) => {
    expect(tidyFaults({ path, text })).toEqual([]);
  });

  test('measures lines and files, but not documents', () => {
    const text = `${'x'.repeat(101)}${'\n'.repeat(400)}x`;
    expect(tidyFaults({ path: 'src/a.ts', text })).toHaveLength(2);
    expect(tidyFaults({ path: 'docs/a.md', text })).toEqual([]);
  });

  test('says where, what and what to do instead', () => {
    const text = '\nconst text = price.toFixed(2);';
    const fault = 'src/a.ts:2 .toFixed( - use src/decimal: binary floats lose cents';
    expect(tidyFaults({ path: 'src/a.ts', text })).toEqual([fault]);
  });

  test('finds a file that nothing imports', () => {
    const unreached = unreachedFiles([
      { path: 'src/index.ts', text: `export { fold } from './books/fold.ts';` },
      { path: 'src/books/fold.ts', text: `import type { Entry } from '../model/entry.ts';` },
      { path: 'src/model/entry.ts', text: '' },
      { path: 'src/model/forgotten.ts', text: `import './entry.ts';` },
    ]);
    expect(unreached).toEqual(['src/model/forgotten.ts']);
  });
});
