/** Files of facts: their lines or text, and which of the two forms they are in. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { parseCsv } from '../model/parse-csv.ts';
import { type ParsedLine, parseNdjson } from '../model/parse-ndjson.ts';
import { accepted, type Refusal, type Result, refused } from '../model/result.ts';

export interface FactFile {
  /** As it is told to people: a path, or `standard input`. */
  readonly name: string;
  readonly format: 'ndjson' | 'csv';
  parse(strict: boolean): Iterable<ParsedLine>;
}

const chunkBytes = 1024 * 1024;
/** Enough to see past a byte order mark and blank lines. */
const headBytes = 4096;

/** A file that is read as it is parsed, so that its size does not matter. */
export function factFileAt(path: string): Result<FactFile> {
  let head: string;
  try {
    head = headOf(path);
  } catch (error) {
    return refused(unreadable(path, error));
  }
  const format = formatOf(path, head);
  return accepted({
    name: path,
    format,
    parse: (strict) =>
      format === 'csv'
        ? parseCsv(readFileSync(path, 'utf8'), path, { strict })
        : parseNdjson(linesOf(path), path, { strict }),
  });
}

export function factFileOf(name: string, text: string): FactFile {
  const format = formatOf(name, text.slice(0, headBytes));
  return {
    name,
    format,
    parse: (strict) =>
      format === 'csv'
        ? parseCsv(text, name, { strict })
        : parseNdjson(text.split('\n'), name, { strict }),
  };
}

/** A brace begins NDJSON whatever the name; without one, the name decides, else it is CSV. */
function formatOf(name: string, head: string): FactFile['format'] {
  const first = head.replace(/^\ufeff/, '').trimStart()[0];
  if (first === '{') return 'ndjson';
  return /\.(ndjson|jsonl|json)$/i.test(name) || first === '[' ? 'ndjson' : 'csv';
}

function headOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(headBytes);
    return buffer.toString('utf8', 0, readSync(file, buffer));
  } finally {
    closeSync(file);
  }
}

function* linesOf(path: string): Generator<string> {
  const decoder = new StringDecoder('utf8');
  const chunk = Buffer.alloc(chunkBytes);
  const file = openSync(path, 'r');
  try {
    let rest = '';
    for (;;) {
      const length = readSync(file, chunk);
      if (length === 0) break;
      const lines = (rest + decoder.write(chunk.subarray(0, length))).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
    rest += decoder.end();
    if (rest !== '') yield rest;
  } finally {
    closeSync(file);
  }
}

const unreadable = (path: string, error: unknown): Refusal => ({
  code: 'file-unreadable',
  message: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
  where: { file: path },
  rule: 'a file of facts exists and may be read',
  hint: 'check the path; - reads standard input',
});
