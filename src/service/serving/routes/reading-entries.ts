/** Fills and entries of an account, the newest first, and one entry word for word. */
import { z } from 'zod';
import { toText, toTextOrNull } from '../../../decimal/text.ts';
import type { EntryRow } from '../../../model/entry.ts';
import { entryKinds } from '../../../model/entry.ts';
import type { Fill } from '../../../model/fact.ts';
import { instantText, instantTextOrNull } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import type { PageOf } from '../../../store/page-reads.ts';
import { cursorOf, placeOf } from '../cursors.ts';
import * as shown from '../documents/account.ts';
import * as form from '../documents/forms.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { aside } from '../reads/aside.ts';
import { pagesOf } from '../reads/chronicle.ts';
import { entryShown, heardOf } from '../reads/entries.ts';
import { fillsBefore } from '../reads/fills.ts';
import { accountNamed, asOfOf } from '../reads/looks.ts';
import type { FillsAsked } from '../reads/past-rows.ts';
import { route } from '../route.ts';
import { pastHoldsMs as holdsMs, ofAccount, whose } from './reading-accounts.ts';

const words = { method: 'GET', tag: 'accounts', scope: 'read' } as const;

const fills = route(
  {
    ...{ ...words, path: '/api/v1/accounts/:account/fills', holdsMs },
    summary:
      'Fills as they stand, the newest first; of an instant a page may be short, and not the last',
    params: ofAccount,
    query: z.object({
      ...form.pageQuery,
      ...form.asOfIn(
        'Fills that took effect at it or before it, whenever they were recorded, each as it is ' +
          'in force now: corrected, and left out where it was taken back since',
      ),
      instrument: z.string().max(200).optional(),
    }),
    answer: shown.fillsAnswer,
  },
  async (parts, { params, query }) => {
    const one = accountNamed(parts, params.account);
    const { instrument = null, limit } = query;
    const asOf = asOfOf(query);
    const [before] = placeOf('fills', query.cursor, asOf) ?? [headBehind(parts, one)];
    const choice = { before, limit, instrument };
    const show = (row: EntryRow) => fillShown(parts, one, row);
    const page =
      asOf === null
        ? await fillsBefore(parts, one, { ...choice, show })
        : await fillsThenOf(parts, { account: one, asOf, ...choice }, show);
    const { items } = page;
    const next = page.before === null ? null : cursorOf('fills', [page.before], asOf);
    const of = { ...whose(one), asOf: instantTextOrNull(asOf) };
    return { body: { schema: 'trueup.fills/1', ...of, items, next } };
  },
);

export const headBehind = ({ reader }: ServingParts, { account }: Account): number =>
  reader.file.head(account).sequence + 1;

async function fillsThenOf<T>(
  parts: ServingParts,
  asked: FillsAsked,
  show: (row: EntryRow) => readonly T[],
): Promise<PageOf<T>> {
  const { items, before } = await aside(parts, 'fillsThen', asked);
  return { items: items.flatMap(show), before };
}

/** Nothing for one that was taken back. */
function fillShown({ reader }: ServingParts, one: Account, row: EntryRow): shown.FillRow[] {
  const fact = reader.inForce(one, row)?.fact;
  if (fact?.kind !== 'fill') return [];
  const { fee, feeCurrency } = feeOf(fact);
  return [
    {
      ...{ sequence: row.sequence, time: instantText(fact.time) },
      ...{ instrument: fact.instrument, leg: fact.leg, side: fact.side },
      ...{ quantity: toText(fact.quantity), price: toText(fact.price), fee, feeCurrency },
      fees:
        fact.fees?.map(({ currency, amount }) => ({ currency, amount: toText(amount) })) ?? null,
      ...{ liquidity: fact.liquidity, executionId: fact.executionId, orderId: fact.orderId },
      ...{ cause: fact.cause, provisional: fact.provisional },
    },
  ];
}

/** One figure where there is one: of several, the list has them. */
function feeOf({ fees }: Fill) {
  if (fees === null || fees.length > 1) return { fee: null, feeCurrency: null };
  const [fee] = fees;
  return fee === undefined
    ? { fee: '0', feeCurrency: null }
    : { fee: toTextOrNull(fee.amount), feeCurrency: fee.currency };
}

const entries = route(
  {
    ...{ ...words, path: '/api/v1/accounts/:account/entries', holdsMs },
    summary: 'Everything that was recorded, the newest first',
    params: ofAccount,
    query: z.object({
      ...form.pageQuery,
      kind: z.enum(entryKinds as [string, ...string[]]).optional(),
    }),
    answer: shown.entriesAnswer,
  },
  (parts, { params, query }) => {
    const one = accountNamed(parts, params.account);
    const [before] = placeOf('entries', query.cursor) ?? [headBehind(parts, one)];
    const kinds = query.kind === undefined ? null : [query.kind as EntryRow['kind']];
    const choice = { before, limit: query.limit, kinds };
    const page = pagesOf(parts.reader).entriesBefore(one.account, choice);
    const items = page.items.map((row) => entryShown(parts, one, row));
    const next = page.before === null ? null : cursorOf('entries', [page.before]);
    return { body: { schema: 'trueup.entries/1', ...whose(one), items, next } };
  },
);

const entry = route(
  {
    ...{ ...words, path: '/api/v1/accounts/:account/entries/:sequence', holdsMs },
    summary: 'One entry as it is stored, with what the venue sent where that is kept',
    params: ofAccount.extend({
      sequence: z.coerce
        .number()
        .int()
        .min(1)
        .max(2 ** 52),
    }),
    answer: shown.entryAnswer,
  },
  (parts, { params }) => {
    const one = accountNamed(parts, params.account);
    const { file } = parts.reader;
    const [row] = file.entriesAt(one.account, [params.sequence]);
    if (row === undefined) {
      const { sequence } = file.head(one.account);
      const said = `${one.name} has no entry ${params.sequence}: its last one is ${sequence}`;
      throw new Problem('unknown', said);
    }
    return { body: entryAnswerOf(parts, one, row) };
  },
);

function entryAnswerOf(parts: ServingParts, one: Account, row: EntryRow) {
  const { file } = parts.reader;
  const seal = pagesOf(parts.reader).batchOf(one.account, row.sequence);
  const heard = seal && heardOf(parts, one, row, seal.recordedAt, 2_000);
  const { v, instrument, side, leg, quantity, price, amount, currency, orderId, body } = row;
  const stored = { v, instrument, side, leg, quantity, price, amount, currency, orderId, body };
  return {
    schema: 'trueup.entry/1',
    ...whose(one),
    ...entryShown(parts, one, row),
    stored,
    amendedBy: file.amendmentsOf(one.account, row.sequence).map(({ sequence }) => sequence),
    batch: {
      first: seal?.firstSequence ?? row.sequence,
      last: seal?.lastSequence ?? row.sequence,
      hash: seal?.hash ?? '',
    },
    heard: heard && { stream: heard.stream, at: instantText(heard.receivedAt) },
    raw: heard?.text ?? null,
  };
}

export const entryRoutes = [fills, entries, entry];
