/**
 * Readers of one field each. A reader that finds a fault notes it and returns a stand-in, so
 * that every fault of an object is found in one pass; who collects the fields must not use them
 * once a refusal is noted. Null is read as absent.
 */
import { type FaultCode, faultTable, refusal, type Warning } from './faults.ts';
import { type Instant, parseInstant } from './instant.ts';
import { isJsonObject, jsonText, numberText } from './lossless-json.ts';
import { nearest } from './nearest.ts';
import type { Refusal, Where } from './result.ts';

export interface ParseOptions {
  /** Makes refusals of warnings. */
  readonly strict: boolean;
  /** So many faults are told in words of their own, the others counted; absent: all are. */
  readonly toldMax?: number;
}

/** What was found wrong so far in one line or document. */
export interface Findings {
  readonly where: Where;
  readonly strict: boolean;
  readonly toldMax: number;
  readonly refusals: Refusal[];
  readonly warnings: Warning[];
}

/** An object whose fields are being read. */
export interface Fields {
  readonly object: Readonly<Record<string, unknown>>;
  /** What to put before a field's name: '' or 'positions.items[3].'. */
  readonly path: string;
  readonly findings: Findings;
}

export const findingsAt = (where: Where, options: ParseOptions): Findings => ({
  where,
  strict: options.strict,
  toldMax: options.toldMax ?? Number.POSITIVE_INFINITY,
  refusals: [],
  warnings: [],
});

const shownMax = 80;

const shortened = (text: string): string =>
  text.length > shownMax ? `${text.slice(0, shownMax)}...` : text;

/** What is known better than the table's words. */
export interface Saying {
  readonly says?: string;
  readonly hint?: string;
}

/** The fault as a refusal, its message made of field, value and the table's words. */
export function faultOf(f: Fields, code: FaultCode, name: string, saying: Saying = {}): Refusal {
  const field = f.path + name;
  const says = saying.says ?? faultTable[code].says;
  const given = f.object[name];
  const where = { ...f.findings.where, field };
  if (given === undefined) return refusal(code, where, `${field} ${says}`, saying.hint);
  const value = shortened(typeof given === 'string' ? given : jsonText(given));
  const shown = typeof given === 'string' ? JSON.stringify(value) : value;
  return refusal(code, { ...where, value }, `${field} ${shown} ${says}`, saying.hint);
}

export function refuse(f: Fields, code: FaultCode, name: string, saying?: Saying): void {
  const { refusals, toldMax } = f.findings;
  tell(refusals, toldMax, () => faultOf(f, code, name, saying));
}

/** Beyond those that are told the last one stands for each: a document of faults costs no words. */
function tell<T>(faults: T[], toldMax: number, fault: () => T): void {
  faults.push(faults.length < toldMax ? fault() : faults.at(-1)!);
}

export const isAbsent = (f: Fields, name: string): boolean => {
  const value = f.object[name];
  return value === undefined || value === null;
};

/** Warns of every field that is not of this kind. */
export function checkNames(f: Fields, known: ReadonlySet<string>): void {
  for (const name in f.object) {
    if (known.has(name)) continue;
    const { refusals, warnings, strict, toldMax } = f.findings;
    tell<Refusal | Warning>(strict ? refusals : warnings, toldMax, () => {
      const meant = nearestName(name, known);
      const hint = meant === null ? {} : { hint: `did you mean ${meant}?` };
      return faultOf(f, 'unknown-field', name, hint);
    });
  }
}

// The same unknown field stands in every line of a file, and looking for the name that was meant
// costs more than reading the line.
const nearestKept = new WeakMap<ReadonlySet<string>, Map<string, string | null>>();
const nearestKeptMax = 100;

function nearestName(name: string, known: ReadonlySet<string>): string | null {
  let kept = nearestKept.get(known);
  if (kept === undefined || kept.size >= nearestKeptMax) {
    kept = new Map();
    nearestKept.set(known, kept);
  }
  let meant = kept.get(name);
  if (meant === undefined) {
    meant = nearest(name, known);
    kept.set(name, meant);
  }
  return meant;
}

// The plain case in one test: visible ASCII that begins with no blank.
const plainText = /^[!-~][ -~]{0,199}$/;

export function readText(f: Fields, name: string): string {
  const value = f.object[name];
  if (typeof value === 'string' && plainText.test(value)) return value;
  return unusualText(f, name, value);
}

export const readTextOrNull = (f: Fields, name: string): string | null =>
  isAbsent(f, name) ? null : readText(f, name);

function unusualText(f: Fields, name: string, value: unknown): string {
  if (value === undefined || value === null) refuse(f, 'field-missing', name);
  else if (typeof value !== 'string') refuse(f, 'not-a-text', name);
  else {
    const fault = textFault(value);
    if (fault === null) return value;
    refuse(f, fault, name);
  }
  return '';
}

function textFault(text: string): FaultCode | null {
  if (text.trim() === '') return 'text-empty';
  if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(text)) return 'text-control-character';
  if (text.includes('\ufffd') || !text.isWellFormed()) return 'text-not-unicode';
  return text.length > 200 && [...text].length > 200 ? 'text-too-long' : null;
}

/** A word of the list; absent means the fallback, and is refused without one. */
export function readOneOf<T extends string>(
  f: Fields,
  name: string,
  choices: readonly T[],
  fallback?: T,
): T {
  const value = f.object[name];
  for (const choice of choices) if (value === choice) return choice;
  if (value === undefined || value === null) {
    if (fallback !== undefined) return fallback;
    refuse(f, 'field-missing', name, { hint: `add it: ${choices.join(', ')}` });
  } else {
    refuse(f, 'not-one-of', name, {
      says: `is not one of ${choices.join(', ')}`,
      hint: nearestHint(value, choices),
    });
  }
  return choices[0]!;
}

export const readOneOfOrNull = <T extends string>(
  f: Fields,
  name: string,
  choices: readonly T[],
): T | null => (isAbsent(f, name) ? null : readOneOf(f, name, choices));

export function nearestHint(value: unknown, choices: readonly string[]): string {
  const meant = typeof value === 'string' ? nearest(value, choices) : null;
  return meant === null ? `write one of ${choices.join(', ')}` : `did you mean ${meant}?`;
}

export function readBoolean(f: Fields, name: string, fallback?: boolean): boolean {
  const value = f.object[name];
  if (typeof value === 'boolean') return value;
  if (value === undefined || value === null) {
    if (fallback === undefined) refuse(f, 'field-missing', name, { hint: 'write true or false' });
    return fallback ?? false;
  }
  refuse(f, 'not-a-boolean', name);
  return false;
}

// The ends of what 64 bits of nanoseconds can hold, in whole years.
const earliest = -2_208_988_800_000_000_000n;
const latest = 9_214_646_400_000_000_000n;

export function readInstant(f: Fields, name: string): Instant {
  const value = f.object[name];
  if (typeof value !== 'string') {
    if (value === undefined || value === null) refuse(f, 'field-missing', name);
    else refuse(f, 'not-a-time', name);
    return 0n;
  }
  const at = parseInstant(value);
  if (at === null) refuse(f, timeFault(value), name);
  else if (at < earliest || at >= latest) refuse(f, 'time-out-of-range', name);
  else return at;
  return 0n;
}

export const readInstantOrNull = (f: Fields, name: string): Instant | null =>
  isAbsent(f, name) ? null : readInstant(f, name);

function timeFault(text: string): FaultCode {
  if (parseInstant(`${text}Z`) !== null) return 'time-without-offset';
  const cut = text.replace(/(\.\d{9})\d+/, '$1');
  return cut !== text && parseInstant(cut) !== null ? 'time-too-fine' : 'not-a-time';
}

/** A list of objects, each read with its own path; null when absent, empty when refused. */
export function readListOrNull<T>(
  f: Fields,
  name: string,
  read: (item: Fields) => T,
): readonly T[] | null {
  if (isAbsent(f, name)) return null;
  const list = f.object[name];
  if (!Array.isArray(list)) {
    refuse(f, 'not-a-list', name);
    return [];
  }
  const items: T[] = [];
  const { findings, path } = f;
  list.forEach((object: unknown, index) => {
    const at = `${name}[${index}]`;
    if (isJsonObject(object)) items.push(read({ object, path: `${path}${at}.`, findings }));
    else {
      const fault = () => faultOf({ ...f, object: { [at]: object } }, 'not-an-object', at);
      tell(findings.refusals, findings.toldMax, fault);
    }
  });
  return items;
}

export const fieldNames = (...names: readonly string[]): ReadonlySet<string> => new Set(names);

/** The digits of a JSON number as they were written; null where there is none. */
export const givenNumber = (f: Fields, name: string): string | null => numberText(f.object[name]);
