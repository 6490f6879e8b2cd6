/** Facts as NDJSON: one JSON object a line, in any order. */
import { parseJson } from './lossless-json.ts';
import { type ParsedFact, parseFact } from './parse-fact.ts';
import type { ParseOptions } from './parse-fields.ts';

export interface ParsedLine extends ParsedFact {
  /** From 1; a CSV row's first line. */
  readonly line: number;
}

/**
 * One result for every line that is not blank. A bad line never hides the rest. Lines come
 * without their line feed; a carriage return at the end and a byte order mark are let pass.
 */
export function* parseNdjson(
  lines: Iterable<string>,
  file: string | null,
  options: ParseOptions,
): Generator<ParsedLine> {
  let line = 0;
  for (const raw of lines) {
    line += 1;
    const text = line === 1 && raw.startsWith('\ufeff') ? raw.slice(1) : raw;
    if (text.trim() === '') continue;
    const where = file === null ? { line } : { file, line };
    const json = parseJson(text, where);
    if (json.ok) {
      const { fact, refusals, warnings } = parseFact(json.value, where, options);
      yield { line, fact, refusals, warnings };
    } else yield { line, fact: null, refusals: [json.refusal], warnings: [] };
  }
}
