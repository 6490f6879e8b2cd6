/** Facts to entries and back: a fact is stored once, in columns first, the rest in its body. */
import type { EntryDraft, EntryRow, Rate } from '../model/entry.ts';
import type { Instant } from '../model/instant.ts';
import { instantText } from '../model/instant.ts';
import { InvariantError } from '../model/result.ts';
import { canonicalJson, type JsonObject } from './canonical-json.ts';
import { decodeFact, decodeRates } from './decode.ts';
import { contentOf, type JournalFact, rateJson, timeOf } from './encode.ts';
import { keyOf, stored } from './key.ts';
import { upcast, versionOf } from './upcast.ts';

/** Files hold nanoseconds in 64 bits: the years 1677 to 2262. */
export const instantMax: Instant = 2n ** 63n - 1n;

const instantMin: Instant = -instantMax;

export const isStorable = (at: Instant): boolean => at <= instantMax && at >= instantMin;

/** The entry that a fact becomes when it takes effect at `effectiveAt`, valued at `rates`. */
export function draftOf(
  fact: JournalFact,
  effectiveAt: Instant,
  rates: readonly Rate[],
): EntryDraft {
  const { sequence: _, ...draft } = entryOf(0, fact, effectiveAt, rates);
  return draft;
}

/** The same with its place in the stream, in one piece: most facts are told only once. */
export function entryOf(
  sequence: number,
  fact: JournalFact,
  effectiveAt: Instant,
  rates: readonly Rate[],
): EntryRow {
  if (!isStorable(effectiveAt)) throw new InvariantError(`${effectiveAt} is no storable time`);
  const key = keyOf(fact);
  const content = contentOf(fact);
  return {
    sequence,
    v: versionOf(fact.kind),
    effectiveAt,
    kind: fact.kind,
    id: key.id,
    instrument: key.instrument === '' ? null : key.instrument,
    side: content.side,
    leg: content.leg,
    quantity: content.quantity,
    price: content.price,
    amount: content.amount,
    currency: storedOrNull(content.currency),
    orderId: storedOrNull(content.orderId),
    body: bodyText(content.body, lateTime(fact, effectiveAt), rates),
    causedBy: null,
  };
}

const storedOrNull = (text: string | null) => (text === null ? null : stored(text));

/** The fact's own time where the entry's column holds another. */
function lateTime(fact: JournalFact, effectiveAt: Instant): Instant | null {
  const time = timeOf(fact);
  return time === effectiveAt ? null : time;
}

function bodyText(
  body: JsonObject | null,
  time: Instant | null,
  rates: readonly Rate[],
): string | null {
  if (time === null && rates.length === 0) {
    return body === null || Object.keys(body).length === 0 ? null : canonicalJson(body);
  }
  return canonicalJson({
    ...body,
    ...(time === null ? {} : { time: instantText(time) }),
    ...(rates.length === 0 ? {} : { rates: rates.map(rateJson) }),
  });
}

/** The fact of an entry, as it was told. Throws when the entry is damaged. */
export const factOf = (row: EntryRow, account: string): JournalFact =>
  decodeFact(upcast(row), account);

/** The rates that an entry carries. */
export const ratesOf = (row: EntryRow): readonly Rate[] =>
  row.body === null ? noRates : decodeRates(upcast(row));

const noRates: readonly Rate[] = [];
