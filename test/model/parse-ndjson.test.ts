import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNdjson } from '../../src/model/parse-ndjson.ts';
import { examples, fill } from './examples.ts';

const good = JSON.stringify(fill);
const read = (lines: readonly string[]) => [...parseNdjson(lines, 'a.ndjson', { strict: false })];
const summary = (lines: readonly string[]) =>
  read(lines).map(({ line, fact, refusals }) => [line, fact?.kind ?? refusals[0]?.code]);

describe('facts as lines', () => {
  test('M18 one bad line never hides the rest', () => {
    const lines = ['{', good, '[]', good, good.replace('"0.5"', '0.5'), good];
    expect(summary(lines)).toEqual([
      [1, 'json-bad'],
      [2, 'fill'],
      [3, 'not-an-object'],
      [4, 'fill'],
      [5, 'number-not-text'],
      [6, 'fill'],
    ]);
  });

  test('M18 blank lines are counted, not read', () => {
    expect(summary(['', good, '  ', '\r', good])).toEqual([
      [2, 'fill'],
      [5, 'fill'],
    ]);
    expect(summary([])).toEqual([]);
  });

  test('M18 a byte order mark and carriage returns are let pass', () => {
    expect(summary([`\ufeff${good}\r`, `${good}\r`])).toEqual([
      [1, 'fill'],
      [2, 'fill'],
    ]);
    expect(summary([good, `\ufeff${good}`])[1]).toEqual([2, 'json-bad']);
  });

  test('M18 all kinds stand in one file', () => {
    const facts = read(examples.map((one) => JSON.stringify(one)));
    expect(facts.map(({ fact }) => fact?.kind)).toEqual(examples.map((one) => one['kind']));
  });

  test('M17 a fault names its file and line', () => {
    const where = (file: string | null) =>
      [...parseNdjson(['', '{"kind":"fil"}'], file, { strict: false })][0]?.refusals[0]?.where;
    expect(where('a.ndjson')).toEqual({ file: 'a.ndjson', line: 2, field: 'kind', value: 'fil' });
    expect(where(null)).toEqual({ line: 2, field: 'kind', value: 'fil' });
  });

  test('M1 a key that stands twice is refused, whichever of the two is right', () => {
    const lines = [good.replace('{', '{"price":"1",')];
    expect(read(lines)[0]?.refusals[0]).toMatchObject({
      code: 'json-duplicate-key',
      message: 'the key "price" stands twice in one object',
      where: { file: 'a.ndjson', line: 1, field: 'price' },
    });
  });

  test('M17 no line whatever makes the reading throw', () => {
    const cut = fc.nat({ max: good.length }).map((length) => good.slice(0, length));
    const line = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), cut);
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        for (const { fact, refusals } of read(lines)) {
          expect(fact === null).toBe(refusals.length > 0);
        }
      }),
    );
  });
});
