/** Why a number is what it is: every figure opens to the entries that made it. */
import { z } from 'zod';
import {
  compareOrder,
  type OrderKey,
  orderFromText,
  orderOf,
  orderText,
} from '../../../books/effective-order.ts';
import { coinOf } from '../../../books/group.ts';
import { type Decimal, subtract, total as sumOf } from '../../../decimal/decimal.ts';
import { decimal, toText } from '../../../decimal/text.ts';
import { instantText } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import { wordsOf } from '../../auditing.ts';
import { movesBooks } from '../../in-force.ts';
import type { Books } from '../../reading.ts';
import { type CursorPlace, cursorOf, placeOf } from '../cursors.ts';
import { type WhyAnswer, whyAnswer } from '../documents/account.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { pagesOf } from '../reads/chronicle.ts';
import { rawOf } from '../reads/entries.ts';
import { type FigureAsked, figureOf } from '../reads/figures.ts';
import { type Change, History } from '../reads/history.ts';
import { accountNamed } from '../reads/looks.ts';
import { route } from '../route.ts';
import { ofAccount } from './reading-accounts.ts';

const query = z.object({
  what: z.enum(['balance', 'position', 'realised', 'fees']),
  key: z.string().min(1).max(200).meta({
    description: 'A currency, an instrument or a coin; `*`: realised and fees of the account',
  }),
  leg: z.enum(['net', 'long', 'short']).default('net'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1_500).optional(),
});

type Asked = z.output<typeof query>;

const why = route(
  {
    ...{ method: 'GET', path: '/api/v1/accounts/:account/why', tag: 'accounts', scope: 'read' },
    summary: 'The entries that made a figure, the newest first, with the figure after each',
    holdsMs: 60_000,
    params: ofAccount,
    query,
    answer: whyAnswer,
  },
  (parts, { params, query: asked }) => {
    const account = accountNamed(parts, params.account);
    return { body: parts.reader.file.read(() => whyOf(parts, account, asked)) };
  },
);

function whyOf(parts: ServingParts, account: Account, asked: Asked): WhyAnswer {
  const { reader, markMaxAgeMs } = parts;
  const books = reader.booksNow(account, markMaxAgeMs);
  const figure = figureOf(books.fold, asked);
  if (figure === null) {
    const said = `${account.name} never held ${asked.key} ${asked.leg}: it has no ${asked.what}`;
    throw new Problem('unknown', said, { hint: 'name what balances and positions list' });
  }
  const groups = [...books.fold.groups()];
  const parted = groups.flatMap(({ state, key }) => figure.of(state, key) ?? []);
  const isPartial = groups.some(({ state, key }) => figure.isPartial(state, key));
  const total = sumOf(parted);
  const from = startOf(parts, books, asked, total);
  const shown = changesFrom(new History(reader, books, figure.of, from.upTo), asked.limit);
  const entries = entriesOf(parts, account, shown.changes, from.figure);
  const next = shown.place && [orderText(shown.place), toText(entries.before), books.head.sequence];
  return {
    ...{ schema: 'trueup.why/1', account: account.name, what: asked.what, key: asked.key },
    ...{ leg: legOf(books, asked), unit: figure.unit },
    total: isPartial ? null : toText(total),
    formula: isPartial ? `${figure.formula}; a part of it is not known` : figure.formula,
    entries: entries.rows,
    next: next && cursorOf('why', next as CursorPlace<'why'>),
  };
}

/** A coin has no leg, and neither has what is of the whole account. */
const legOf = ({ fold }: Books, { what, key, leg }: FigureAsked): string | null => {
  const isCoin = [...fold.groups()].some((group) => coinOf(group.key) === key);
  return what === 'balance' || key === '*' || isCoin ? null : leg;
};

interface Start {
  readonly upTo: OrderKey | null;
  readonly figure: Decimal;
}

/** Where the last page ended. What came since must not lie before that. */
function startOf({ reader }: ServingParts, books: Books, asked: Asked, total: Decimal): Start {
  const place = placeOf('why', asked.cursor);
  if (place === null) return { upTo: null, figure: total };
  const [order, figure, known] = place;
  const { account, head } = books;
  const upTo = orderFromText(order);
  for (const late of reader.file.entries(account.account, known, head.sequence)) {
    if (isBefore(reader, account, late, upTo)) throw moved();
  }
  return { upTo, figure: decimal(figure) };
}

/** A fact of an earlier time, or a word about one: what was shown before it has other figures. */
function isBefore(
  reader: ServingParts['reader'],
  account: Account,
  row: Parameters<typeof movesBooks>[0] & Parameters<ServingParts['reader']['inForce']>[1],
  place: OrderKey,
): boolean {
  if (amending.has(row.kind)) return true;
  const booked = movesBooks(row) ? reader.inForce(account, row) : null;
  return booked !== null && compareOrder(orderOf(booked), place) <= 0;
}

const amending: ReadonlySet<string> = new Set([
  ...['fill-completed', 'reversal', 'bust', 'correction', 'rename'],
]);

const moved = () =>
  new Problem('conflict', 'the history before this place has changed meanwhile', {
    hint: 'begin again without a cursor',
  });

/** Messages that are looked through for each entry: one alone is looked for farther. */
const messagesEach = 100;
/** Where few facts move the figure, a page is short, and yet not the last. */
function changesFrom(history: History, limit: number) {
  const changes: Change[] = [];
  while (changes.length < limit) {
    const change = history.next();
    if (change === null) break;
    changes.push(change);
  }
  return { changes, place: history.place };
}

function entriesOf(
  parts: ServingParts,
  account: Account,
  changes: readonly Change[],
  figure: Decimal,
): { readonly rows: WhyAnswer['entries']; readonly before: Decimal } {
  const pages = pagesOf(parts.reader);
  let after = figure;
  const rows = changes.map(({ row, change }) => {
    const seal = pages.batchOf(account.account, row.sequence);
    const shown = {
      ...{ sequence: row.sequence, time: instantText(row.effectiveAt), kind: row.kind },
      words: wordsOf(parts.reader.file, row, account.name),
      ...{ change: toText(change), after: toText(after), hash: seal?.hash ?? '' },
      raw: seal === null ? null : rawOf(parts, account, row, seal.recordedAt, messagesEach),
    };
    after = subtract(after, change);
    return shown;
  });
  return { rows, before: after };
}

export const whyRoutes = [why];
