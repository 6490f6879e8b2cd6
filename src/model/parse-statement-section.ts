/** One section of a statement: what it covers, whether it is complete, and its items. */

import { isJsonObject } from './lossless-json.ts';
import {
  checkNames,
  type Fields,
  fieldNames,
  isAbsent,
  readBoolean,
  readInstantOrNull,
  readListOrNull,
  refuse,
} from './parse-fields.ts';
import type { StatementSection } from './statement.ts';

const sectionFields = fieldNames('complete', 'scope', 'error', 'from', 'to', 'items');

/**
 * The section of that name, null when it is absent. A ranged one (what happened, rather than
 * what is) can only be complete over a range. Items may be missing where there is an error.
 */
export function readSection<Item>(
  f: Fields,
  name: string,
  ranged: boolean,
  read: (item: Fields) => Item | null,
): StatementSection<Item> | null {
  const object = f.object[name];
  if (object === undefined || object === null) return null;
  if (!isJsonObject(object)) {
    refuse(f, 'not-an-object', name);
    return null;
  }
  const section = { object, path: `${f.path}${name}.`, findings: f.findings };
  checkNames(section, sectionFields);
  const complete = readBoolean(section, 'complete');
  const error = readErrorOrNull(section);
  if (complete && error !== null) refuse(section, 'complete-with-error', 'complete');
  const items = readListOrNull(section, 'items', read);
  if (items === null && error === null) {
    refuse(section, 'field-missing', 'items', { hint: 'write [] where there is nothing' });
  }
  return {
    complete,
    scope: readScopeOrNull(section),
    error,
    ...readRange(section, complete && ranged),
    items: (items ?? []).filter((item) => item !== null),
  };
}

/** Any text: other programs write their errors in many lines. */
function readErrorOrNull(f: Fields): string | null {
  const error = f.object['error'];
  if (error === undefined || error === null) return null;
  if (typeof error === 'string') return error;
  refuse(f, 'not-a-text', 'error');
  return null;
}

const scopeForm = /^(?:spot|linear|inverse)(?::[^\s:/]+)?$|^[^\s/]+\/\S+$/;

function readScopeOrNull(f: Fields): readonly string[] | null {
  const scope = f.object['scope'];
  if (scope === undefined || scope === null) return null;
  if (!Array.isArray(scope)) {
    refuse(f, 'not-a-list', 'scope');
    return null;
  }
  scope.forEach((part: unknown, index) => {
    if (typeof part === 'string' && scopeForm.test(part)) return;
    const at = `scope[${index}]`;
    refuse({ ...f, object: { [at]: part } }, 'scope-unknown', at);
  });
  return scope.filter((part): part is string => typeof part === 'string');
}

function readRange(f: Fields, required: boolean) {
  const from = readInstantOrNull(f, 'from');
  const to = readInstantOrNull(f, 'to');
  if (required && isAbsent(f, 'from')) refuse(f, 'range-missing', 'from');
  if (required && isAbsent(f, 'to')) refuse(f, 'range-missing', 'to');
  if (from !== null && to !== null && to < from) refuse(f, 'range-reversed', 'to');
  return { from, to };
}
