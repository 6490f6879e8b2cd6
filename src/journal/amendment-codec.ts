/** Entries about entries: what completed a fact, and what contradicted it. */
import { toTextOrNull } from '../decimal/text.ts';
import type { EntryDraft, EntryRow } from '../model/entry.ts';
import { instantTextOrNull } from '../model/instant.ts';
import { invariant } from '../model/result.ts';
import {
  damaged,
  decimalAt,
  instantAt,
  listAt,
  objectOf,
  parseBody,
  requiredText,
  textAt,
} from './body.ts';
import { canonicalJson, type Json, type JsonObject, withoutNulls } from './canonical-json.ts';
import { draftOf, factOf, ratesOf } from './codec.ts';
import { feeOf, ratesIn } from './decode.ts';
import { shortDigest } from './digest.ts';
import { feeJson, rateJson } from './encode.ts';
import type { Completion, Stated } from './material.ts';
import { versionOf } from './upcast.ts';

/** The entry that completes `target`; the same completion twice has the same key. */
export function draftOfCompletion(target: EntryRow, set: Completion): EntryDraft {
  const body = canonicalJson(completionJson(set));
  return amendment('fill-completed', target, body, set.time ?? target.effectiveAt);
}

/** The entry that reports `incoming`, which has the key of `target` and contradicts it. */
export function draftOfConflict(
  target: EntryRow,
  incoming: Stated,
  fields: readonly string[],
): EntryDraft {
  const { fact, rates } = incoming;
  const told = draftOf(fact, timeOrTarget(fact, target), rates);
  const body = canonicalJson({
    fields,
    told: withoutNulls({ ...told, effectiveAt: String(told.effectiveAt) }),
  });
  return amendment('conflict', target, body, told.effectiveAt);
}

const timeOrTarget = (fact: Stated['fact'], target: EntryRow) =>
  fact.kind === 'instrument' ? target.effectiveAt : (fact.time ?? target.effectiveAt);

const amendment = (
  kind: 'fill-completed' | 'conflict',
  target: EntryRow,
  body: string,
  effectiveAt: bigint,
): EntryDraft => ({
  v: versionOf(kind),
  effectiveAt,
  kind,
  id: `${target.kind}:${target.id}:${shortDigest(body)}`,
  instrument: target.instrument,
  side: target.side,
  leg: target.leg,
  quantity: null,
  price: null,
  amount: null,
  currency: null,
  orderId: null,
  body,
  causedBy: target.sequence,
});

const textFields = [
  'currency',
  'leg',
  'orderId',
  'clientOrderId',
  'counterAccount',
  'liquidity',
  'strategy',
  'reason',
  'venueSequence',
  'cause',
  'state',
] as const;

function completionJson(set: Completion): JsonObject {
  const texts = textFields.map((field): [string, Json] => [field, set[field] ?? null]);
  return withoutNulls({
    ...Object.fromEntries(texts),
    amount: toTextOrNull(set.amount ?? null),
    cost: toTextOrNull(set.cost ?? null),
    fee: set.fee === undefined ? null : feeJson(set.fee),
    fees: set.fees === undefined ? null : set.fees.map(feeJson),
    provisional: set.provisional ?? null,
    rates: set.rates === undefined ? null : set.rates.map(rateJson),
    time: instantTextOrNull(set.time ?? null),
  });
}

/** What a `fill-completed` entry adds to the entry that caused it. */
export function completionOf(row: EntryRow): Completion {
  invariant(row.kind === 'fill-completed', `entry ${row.sequence} completes nothing`);
  const body = parseBody(row.body);
  const texts = textFields.map((field): [string, string | null] => [field, textAt(body, field)]);
  const fee = body['fee'] === undefined ? null : feeOf(objectOf(body['fee']));
  const set = {
    ...Object.fromEntries(texts),
    amount: decimalAt(body, 'amount'),
    cost: decimalAt(body, 'cost'),
    fee,
    fees: listAt(body, 'fees')?.map(feeOf) ?? null,
    provisional: body['provisional'] === false ? false : null,
    rates: body['rates'] === undefined ? null : ratesIn(body),
    time: instantAt(body, 'time'),
  };
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== null));
}

/** What a `conflict` entry says: the fact as it was told the second time, and where it differs. */
export function conflictOf(
  row: EntryRow,
  account: string,
): { readonly fields: readonly string[]; readonly incoming: Stated } {
  invariant(row.kind === 'conflict', `entry ${row.sequence} contradicts nothing`);
  const body = parseBody(row.body);
  const told = rowOf(objectOf(body['told'] ?? null), row.sequence);
  const fields = body['fields'];
  return {
    fields: Array.isArray(fields) ? fields.map(String) : damaged('a list in fields', fields),
    incoming: { fact: factOf(told, account), rates: ratesOf(told) },
  };
}

const rowOf = (told: JsonObject, sequence: number): EntryRow => ({
  sequence,
  v: Number(told['v']),
  effectiveAt: BigInt(requiredText(told, 'effectiveAt')),
  kind: requiredText(told, 'kind') as EntryRow['kind'],
  id: requiredText(told, 'id'),
  instrument: textAt(told, 'instrument'),
  side: textAt(told, 'side'),
  leg: textAt(told, 'leg'),
  quantity: textAt(told, 'quantity'),
  price: textAt(told, 'price'),
  amount: textAt(told, 'amount'),
  currency: textAt(told, 'currency'),
  orderId: textAt(told, 'orderId'),
  body: textAt(told, 'body'),
  causedBy: null,
});
