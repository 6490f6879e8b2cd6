import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import { csvRows, separatorOf } from '../../src/model/csv.ts';
import { parseCsv } from '../../src/model/parse-csv.ts';
import { currency, factOf, fill, transfer } from './examples.ts';

const columns = Object.keys(fill);
const row = Object.values(fill).join(',');
const sheet = (...rows: readonly string[]) => [columns.join(','), ...rows, ''].join('\n');

const read = (text: string, strict = false) => [...parseCsv(text, 'a.csv', { strict })];
const summary = (text: string, strict = false) =>
  read(text, strict).flatMap(({ line, fact, refusals }) =>
    fact === null ? refusals.map((one) => [line, one.code, one.where.field]) : [[line, fact.kind]],
  );

describe('rows and cells', () => {
  const cellsOf = (text: string) => [...csvRows(text, ',')].map((one) => one.cells);

  // Rows are shown with their cells in brackets.
  test.each([
    ['a,b\n1,2', '[a][b] [1][2]'],
    ['a,b\r\n1,2\r\n', '[a][b] [1][2]'],
    ['"a","b"\r\n"1","2"\r\n', '[a][b] [1][2]'],
    ['"a,b","say ""x"""', '[a,b][say "x"]'],
    ['"two\nlines",x', '[two\nlines][x]'],
    [' a , b ,c', '[a][b][c]'],
    ['a, " b,c " ,d', '[a][ b,c ][d]'],
    ['a,\n,b', '[a][] [][b]'],
    ['a,""', '[a][]'],
    ['\n\r\n', ''],
    ['a"b,c', '[a"b][c]'],
    ['"a"\r', '[a]'],
  ])('M14 %j is read as %j', (text, rows) => {
    const shown = cellsOf(text).map((cells) => cells.map((cell) => `[${cell}]`).join(''));
    expect(shown.join(' ')).toBe(rows);
  });

  test.each([
    ['kind,account', ','],
    ['kind;account;a,b', ';'],
    ['kind\taccount', '\t'],
    ['"a;b;c",d', ','],
    ['kind', ','],
  ])('M14 the separator of %j is %j', (header, separator) => {
    expect(separatorOf(`${header}\n1;2;3;4;5`)).toBe(separator);
  });

  test('M14 quoted cells are read back as they were', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', ';') });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), (given, end) => {
        const text = given.map((cells) => cells.map(quoted).join(',')).join(end);
        expect(cellsOf(text)).toEqual(given);
      }),
    );
  });
});

describe('facts as rows', () => {
  test('M19 the columns have the names of the fields', () => {
    expect(read(sheet(row))).toEqual([{ line: 2, fact: factOf(fill), refusals: [], warnings: [] }]);
  });

  test.each([';', '\t'])('M19 separated by %j, with a byte order mark', (separator) => {
    const text = `\ufeff${sheet(row)}`.replaceAll(',', separator).replaceAll('\n', '\r\n');
    expect(read(text)[0]?.fact).toEqual(factOf(fill));
  });

  test('M19 an empty cell is an absent field', () => {
    const { price: _price, ...rest } = fill;
    const emptied = columns.map((name) => ('price' === name ? '' : rest[name])).join(',');
    expect(summary(sheet(emptied))).toEqual([[2, 'field-missing', 'price']]);
  });

  test('M19 without a kind a row with an execution id is a fill', () => {
    const nameless = (text: string) => text.slice(text.indexOf(',') + 1);
    expect(summary([nameless(columns.join(',')), nameless(row)].join('\n'))).toEqual([[2, 'fill']]);
    expect(summary(sheet(`,${nameless(row)}`))).toEqual([[2, 'fill']]);
    const withoutId = row.replace('e1', '').replace('fill', '');
    expect(summary(sheet(withoutId))).toEqual([[2, 'kind-missing', 'kind']]);
  });

  test('M19 kinds may be mixed, and words stand for true, false and counts', () => {
    const names = ['kind', 'account', 'currency', 'decimals', 'amount', 'transferId', 'time'];
    const rowOf = (of: Readonly<Record<string, unknown>>) => names.map((name) => of[name]).join();
    const { counterAccount: _none, ...moved } = transfer;
    const text = [names.join(), rowOf(moved), rowOf(currency)].join('\n');
    expect(read(text).map((one) => one.fact)).toEqual([factOf(moved), factOf(currency)]);
    const account = 'kind,account,currency,feesInCost\naccount,main,USD,true';
    expect(read(account)[0]?.fact).toMatchObject({ feesInCost: true });
    expect(summary(account.replace('true', 'yes'))).toEqual([[2, 'not-a-boolean', 'feesInCost']]);
  });

  test.each([
    ['null', null],
    ['', null],
    ['0', []],
    ['0.1', [{ currency: 'USDT', amount: decimal('0.1') }]],
  ])('M19 a fee cell of %j', (cell, fees) => {
    const text = `${columns.join(',')},fee,feeCurrency\n${row},${cell},USDT`;
    expect(read(text)[0]?.fact).toMatchObject({ fees });
  });

  test('M19 lines are counted through quoted line breaks and blank lines', () => {
    const broken = `${row.slice(0, row.lastIndexOf(','))},"2024-05-01\n12:30"`;
    expect(summary(sheet(row, broken, '', row, broken.replace('fill', 'x')))).toEqual([
      [2, 'fill'],
      [3, 'not-a-time', 'time'],
      [6, 'fill'],
      [7, 'kind-unknown', 'kind'],
    ]);
  });

  test.each([
    ['a quote that does not end', '"fill,main', 'csv-quote-open', 'kind'],
    ['text behind a quote', 'fill,"main"x', 'csv-quote-stray', 'account'],
    ['a cell too many', `${row},1`, 'csv-cell-count', undefined],
    ['a cell too few', 'fill,main', 'csv-cell-count', undefined],
  ])('M14 %s is refused, the next row is read', (_what, bad, code, field) => {
    expect(summary(sheet(row, bad, row))).toEqual([
      [2, 'fill'],
      [3, code, field],
      [4, 'fill'],
    ]);
  });
});

describe('headers', () => {
  test.each([
    ['', 1, 'csv-header-missing', undefined],
    ['\n\n', 1, 'csv-header-missing', undefined],
    ['kind,account,kind\nx,y,z', 1, 'csv-column-twice', 'kind'],
    ['kind,,account\nx,y,z', 1, 'csv-column-unnamed', 'number 2'],
    ['\naccount,price\nmain,1', 2, 'kind-missing', 'kind'],
    ['kind,"account\nmain,1', 1, 'csv-quote-open', 'number 2'],
  ])('M14 %j is refused on line %i: %s', (text, line, code, field) => {
    expect(summary(text)).toEqual([[line, code, field]]);
  });

  test('M10 an unknown column is warned of once, and refuses the file when strict', () => {
    const text = `${columns.join(',')},note\n${row},hello\n${row},there\n`;
    const [header, ...rows] = read(text);
    expect(header?.warnings.map((one) => [one.code, one.message])).toEqual([
      ['unknown-field', 'column "note" is no field of this kind'],
    ]);
    expect(rows.map((one) => [one.fact?.kind, one.warnings])).toEqual([
      ['fill', []],
      ['fill', []],
    ]);
    expect(summary(text, true)).toEqual([[1, 'unknown-field', 'note']]);
  });

  test('M10 a column of another kind is warned of where it is filled', () => {
    const text = `${columns.join(',')},ratio\n${row},\n${row},7/1\n`;
    const warned = read(text).flatMap((one) => one.warnings);
    expect(warned.map((one) => one.where)).toEqual([
      { file: 'a.csv', line: 3, field: 'ratio', value: '7/1' },
    ]);
  });

  test('M17 no text whatever makes the reading throw, and lines never go back', () => {
    const part = fc.constantFrom('"', ',', '\n', '\r', ';', '\t', ' ', row, columns.join(), 'kind');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const results = read(parts.join(''));
        const lines = results.map((one) => one.line);
        expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
        for (const { fact, refusals, warnings } of results) {
          expect(fact !== null || refusals.length + warnings.length > 0).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
