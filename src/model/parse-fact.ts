/** Facts from outside: an object of a known kind, or everything that is wrong with it. */
import { cashKinds, type Fact } from './fact.ts';
import type { Warning } from './faults.ts';
import { isJsonObject } from './lossless-json.ts';
import { cashFieldsOf, readCashFact } from './parse-cash.ts';
import {
  deliveryFields,
  readDelivery,
  readRename,
  readReturnOfCapital,
  readSplit,
  renameFields,
  returnOfCapitalFields,
  splitFields,
} from './parse-corporate-action.ts';
import {
  checkNames,
  type Fields,
  type Findings,
  findingsAt,
  isAbsent,
  nearestHint,
  type ParseOptions,
  refuse,
} from './parse-fields.ts';
import {
  bustFields,
  correctionFields,
  fillFields,
  orderFields,
  readBust,
  readCorrection,
  readFill,
  readOrder,
} from './parse-fill.ts';
import { openingFields, readOpening } from './parse-opening.ts';
import {
  accountFields,
  currencyFields,
  instrumentFields,
  markFields,
  readAccount,
  readCurrency,
  readInstrument,
  readMark,
} from './parse-reference.ts';
import type { Refusal, Where } from './result.ts';

export interface ParsedFact {
  /** Null exactly when there is a refusal. */
  readonly fact: Fact | null;
  readonly refusals: readonly Refusal[];
  readonly warnings: readonly Warning[];
}

interface Kind {
  readonly fields: ReadonlySet<string>;
  readonly read: (f: Fields) => Fact;
}

const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['account', { fields: accountFields, read: readAccount }],
  ['currency', { fields: currencyFields, read: readCurrency }],
  ['instrument', { fields: instrumentFields, read: readInstrument }],
  ['opening', { fields: openingFields, read: readOpening }],
  ['fill', { fields: fillFields, read: readFill }],
  ['order', { fields: orderFields, read: readOrder }],
  ...cashKinds.map((kind): [string, Kind] => [
    kind,
    { fields: cashFieldsOf(kind), read: (f) => readCashFact(f, kind) },
  ]),
  ['bust', { fields: bustFields, read: readBust }],
  ['correction', { fields: correctionFields, read: readCorrection }],
  ['split', { fields: splitFields, read: readSplit }],
  ['return-of-capital', { fields: returnOfCapitalFields, read: readReturnOfCapital }],
  ['rename', { fields: renameFields, read: readRename }],
  ['delivery', { fields: deliveryFields, read: readDelivery }],
  ['mark', { fields: markFields, read: readMark }],
]);

export const factKinds: readonly string[] = [...kinds.keys()];

/** The names a fact of this kind may have; undefined for an unknown kind. */
export const factFieldsOf = (kind: string): ReadonlySet<string> | undefined =>
  kinds.get(kind)?.fields;

/**
 * An object as JSON has it (numbers as JsonNumber or plain) to a fact. Every fault is told, each
 * with `where` and its field; unknown fields are warnings, or refusals when strict.
 */
export function parseFact(value: unknown, where: Where, options: ParseOptions): ParsedFact {
  const findings = findingsAt(where, options);
  const { refusals, warnings } = findings;
  const fact = readFact(value, '', findings);
  return { fact, refusals, warnings };
}

/** Reads the fact at a path of a larger document; null when anything was refused in it. */
export function readFact(value: unknown, path: string, findings: Findings): Fact | null {
  if (!isJsonObject(value)) {
    const name = path === '' ? 'fact' : path.slice(0, -1);
    refuse({ object: { [name]: value }, path: '', findings }, 'not-an-object', name);
    return null;
  }
  const f = { object: value, path, findings };
  const kind = kindOf(f);
  if (kind === null) return null;
  const refusalsBefore = findings.refusals.length;
  checkNames(f, kind.fields);
  const fact = kind.read(f);
  return findings.refusals.length === refusalsBefore ? fact : null;
}

function kindOf(f: Fields): Kind | null {
  const given = f.object['kind'];
  const kind = typeof given === 'string' ? kinds.get(given) : undefined;
  if (kind !== undefined) return kind;
  const hint = nearestHint(given, factKinds);
  refuse(f, isAbsent(f, 'kind') ? 'kind-missing' : 'kind-unknown', 'kind', { hint });
  return null;
}
