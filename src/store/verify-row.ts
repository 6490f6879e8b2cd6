/** What one stored entry shows by itself, without its batch's hash. */
import { decimal } from '../decimal/text.ts';
import { parseBody } from '../journal/body.ts';
import { factOf } from '../journal/codec.ts';
import { holdsFact } from '../journal/decode.ts';
import { keyOf } from '../journal/key.ts';
import type { EntryRow } from '../model/entry.ts';
import type { Account } from './accounts.ts';

export interface RowFault {
  readonly code: 'entry-damaged' | 'account-changed';
  readonly message: string;
}

const numbers = ['quantity', 'price', 'amount'] as const;

export function rowFault(row: EntryRow, account: Account): RowFault | null {
  try {
    return faultOf(row, account);
  } catch (error) {
    // The codec throws these two at what it could not have written; all else is a bug.
    if (error instanceof RangeError || error instanceof SyntaxError) return damaged(error.message);
    throw error;
  }
}

const damaged = (message: string): RowFault => ({ code: 'entry-damaged', message });

const required = ['kind', 'id'] as const;
const optional = [
  'instrument',
  'side',
  'leg',
  'quantity',
  'price',
  'amount',
  'currency',
  'orderId',
  'body',
] as const;

/** Whether every column holds what its type says; damage can turn text into a number. */
export const isTyped = (row: EntryRow): boolean =>
  typeof row.effectiveAt === 'bigint' &&
  Number.isSafeInteger(row.sequence) &&
  required.every((column) => typeof row[column] === 'string') &&
  optional.every((column) => row[column] === null || typeof row[column] === 'string');

function faultOf(row: EntryRow, account: Account): RowFault | null {
  if (!isTyped(row)) return damaged('a column holds another type than was written');
  if (row.causedBy !== null && !(row.causedBy < row.sequence)) {
    return damaged(`it is caused by entry ${row.causedBy}, which comes later`);
  }
  for (const column of numbers) {
    const text = row[column];
    if (text !== null) decimal(text);
  }
  if (!holdsFact(row.kind)) {
    parseBody(row.body);
    return null;
  }
  const fact = factOf(row, account.name);
  const key = keyOf(fact);
  if (!isIdOf(row, key.id) || key.instrument !== (row.instrument ?? '')) {
    return damaged(`its key is ${row.id}, its content says ${key.id}`);
  }
  if (fact.kind !== 'account') return null;
  const settings = [
    'venue',
    'currency',
    'costMethod',
    'feesInCost',
    'mode',
    'positionMode',
  ] as const;
  const changed = settings.filter((name) => fact[name] !== account[name]);
  return changed.length === 0
    ? null
    : {
        code: 'account-changed',
        message: `${changed.join(', ')} of the account is not what its entry says`,
      };
}

/** A version of an instrument that says again what an older one said has a number behind its id. */
const isIdOf = ({ kind, id }: EntryRow, key: string): boolean =>
  id === key ||
  (kind === 'instrument' && /^-\d+$/.test(id.slice(key.length)) && id.startsWith(key));
