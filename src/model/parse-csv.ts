/** Facts as CSV: the columns have the names of the fields, an empty cell is an absent field. */
import { type CsvRow, csvRows, separatorOf } from './csv.ts';
import { type FaultCode, faultTable, refusal, type Warning } from './faults.ts';
import { jsonNumber } from './lossless-json.ts';
import { nearest } from './nearest.ts';
import { factFieldsOf, factKinds, parseFact } from './parse-fact.ts';
import type { ParseOptions } from './parse-fields.ts';
import type { ParsedLine } from './parse-ndjson.ts';
import type { Refusal, Where } from './result.ts';

const booleans: ReadonlySet<string> = new Set(['feesInCost', 'provisional', 'reduceOnly']);
const names = new Set(factKinds.flatMap((kind) => [...(factFieldsOf(kind) ?? [])]));

/**
 * One result for every row below the header. The header itself gives one only when something
 * is wrong with it; a refused header refuses the file. Without a kind, a row with an execution
 * id is a fill. A fee cell of `null` is a fee that is not known.
 */
export function* parseCsv(
  text: string,
  file: string | null,
  options: ParseOptions,
): Generator<ParsedLine> {
  const whereAt = (line: number): Where => (file === null ? { line } : { file, line });
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  let columns: readonly string[] | null = null;
  for (const row of csvRows(body, separatorOf(body))) {
    const { line } = row;
    const where = whereAt(line);
    if (columns === null) {
      columns = row.cells.map((cell) => cell.trim());
      const header = checkHeader(row, columns, where, options);
      if (header.refusals.length + header.warnings.length > 0)
        yield { line, fact: null, ...header };
      if (header.refusals.length > 0) return;
    } else {
      const refusals = rowRefusals(row, columns, where);
      const parsed =
        refusals.length === 0
          ? parseFact(objectOf(row, columns), where, options)
          : { fact: null, refusals, warnings: [] };
      yield { line, ...parsed };
    }
  }
  if (columns !== null) return;
  const refusals = [refusal('csv-header-missing', whereAt(1), 'the file has no header row')];
  yield { line: 1, fact: null, refusals, warnings: [] };
}

/** Unknown columns are told here once, not again in every row. */
function checkHeader(
  row: CsvRow,
  columns: readonly string[],
  where: Where,
  options: ParseOptions,
): { readonly refusals: readonly Refusal[]; readonly warnings: readonly Warning[] } {
  const refusals: Refusal[] = [];
  const warnings: Warning[] = [];
  const say = (list: Refusal[], code: FaultCode, name: string, hint?: string): void => {
    const message = `column ${JSON.stringify(name)} ${faultTable[code].says}`;
    list.push(refusal(code, { ...where, field: name }, message, hint));
  };
  if (row.fault !== null) {
    say(refusals, row.fault, `number ${columns.length}`);
    return { refusals, warnings };
  }
  columns.forEach((name, index) => {
    if (name === '') say(refusals, 'csv-column-unnamed', `number ${index + 1}`);
    else if (columns.indexOf(name) < index) say(refusals, 'csv-column-twice', name);
    else if (!names.has(name)) {
      const meant = nearest(name, names);
      const hint = meant === null ? undefined : `did you mean ${meant}?`;
      say(options.strict ? refusals : warnings, 'unknown-field', name, hint);
    }
  });
  if (!columns.includes('kind') && !columns.includes('executionId')) {
    const hint = 'add a column kind, or executionId if all rows are fills';
    say(refusals, 'kind-missing', 'kind', hint);
  }
  return { refusals, warnings };
}

function rowRefusals(row: CsvRow, columns: readonly string[], where: Where): Refusal[] {
  if (row.fault !== null) {
    const field = columns[row.cells.length - 1] ?? '';
    return [refusal(row.fault, { ...where, field }, `${field} ${faultTable[row.fault].says}`)];
  }
  if (row.cells.length === columns.length) return [];
  const counts = `${row.cells.length} cells, the header has ${columns.length}`;
  const hint = 'quote a cell that holds the separator';
  return [refusal('csv-cell-count', where, `the row has ${counts}`, hint)];
}

function objectOf(row: CsvRow, columns: readonly string[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  columns.forEach((name, index) => {
    const cell = row.cells[index]!;
    if (cell === '' || !names.has(name) || (name === 'fee' && cell === 'null')) return;
    if (booleans.has(name) && /^(true|false)$/.test(cell)) object[name] = cell === 'true';
    else object[name] = name === 'decimals' && /^\d+$/.test(cell) ? jsonNumber(cell) : cell;
  });
  if (object['kind'] === undefined && object['executionId'] !== undefined) object['kind'] = 'fill';
  return object;
}
