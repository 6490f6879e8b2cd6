/** Accounts, and what each holds: by its fills, beside what the venue said last. */
import { z } from 'zod';
import { instantText, instantTextOrNull } from '../../../model/instant.ts';
import { writeStatement } from '../../../model/write-statement.ts';
import { bookDocument } from '../../../report/book-document.ts';
import type { Account } from '../../../store/accounts.ts';
import { cursorOf, pageOfList, placeOf } from '../cursors.ts';
import * as shown from '../documents/account.ts';
import { bookAnswer } from '../documents/book.ts';
import * as form from '../documents/forms.ts';
import type { ServingParts } from '../parts.ts';
import { aside } from '../reads/aside.ts';
import { pagesOf } from '../reads/chronicle.ts';
import { accountNamed, asOfOf, isNow, type LookAsked, seenBook } from '../reads/looks.ts';
import { standingsOf } from '../reads/standings.ts';
import { summaryOf } from '../reads/summaries.ts';
import { route } from '../route.ts';
import { balanceRows, orderShown, positionRows } from '../views/account-view.ts';

export const ofAccount = z.object({ account: z.string().min(1).max(200) });
const lookQuery = z.object(form.lookQuery);
const flag = z.enum(['true', 'false']).default('false');
const words = { method: 'GET', tag: 'accounts', scope: 'read' } as const;
/** What changes with time alone is an age, and what is too old; the rest changes with the book. */
export const holdsMs = 1_000;
/** Of an instant that is past, nothing changes but by what becomes known. */
export const pastHoldsMs = 60_000;

export const whose = ({ name, mode, currency }: Account) => ({ account: name, mode, currency });

const accounts = route(
  {
    ...{ ...words, path: '/api/v1/accounts', summary: 'Every account with its verdict', holdsMs },
    query: z.object({ ...form.pageQuery, mode: form.mode.optional() }),
    answer: shown.accountsAnswer,
  },
  (parts, { query }) => {
    const chosen = parts.reader.file
      .accounts()
      .filter(({ mode }) => query.mode === undefined || mode === query.mode)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = pageOfList('accounts', chosen, query);
    const summaries = items.map((one) => summaryOf(parts, one).summary);
    return { body: { schema: 'trueup.accounts/1', items: summaries, next } };
  },
);

const account = route(
  {
    ...{ ...words, path: '/api/v1/accounts/:account', holdsMs },
    summary: 'An account: verdict, balances, positions, equity, open orders, gate',
    params: ofAccount,
    query: lookQuery,
    answer: shown.accountAnswer,
  },
  async (parts, { params, query }) => {
    const one = accountNamed(parts, params.account);
    if (!isNow(query)) return { body: await accountThen(parts, one, query) };
    return { body: parts.reader.file.read(() => accountNow(parts, one)) };
  },
);

/** What was said then: a verdict of now beside figures of then would be of no instant. */
async function accountThen(
  parts: ServingParts,
  one: Account,
  query: LookAsked,
): Promise<shown.AccountAnswer> {
  const { asOf, sequence, balances, positions, equity } = await lookedBack(parts, one, query);
  return {
    schema: 'trueup.account/1',
    ...{ account: one.name, mode: one.mode, currency: one.currency, venue: one.venue },
    ...(await recalledOf(parts, one, query)),
    ...{ asOf: instantText(asOf), sequence },
    balances: [...balances],
    positions: positions.filter(isHeld),
    equityParts: equity,
    ...{ equity: equity.total, equityKnown: equity.known },
    openOrders: (await openOrdersOf(parts, one, query)).map(orderShown),
  };
}

const isHeld = ({ quantity }: shown.PositionRow): boolean => quantity.ours !== '0';

function accountNow(parts: ServingParts, one: Account): shown.AccountAnswer {
  const { summary, look, gate, equity } = summaryOf(parts, one);
  const seen = seenBook(parts, look, {});
  return {
    schema: 'trueup.account/1',
    ...summary,
    asOf: instantText(look.view.asOf),
    balances: [...balanceRows(seen)],
    positions: [...positionRows(seen)],
    equityParts: equity,
    openOrders: pagesOf(parts.reader).openOrders(one.account).map(orderShown),
    gateReasons: gate.reasons.map(({ code, why }) => ({ code, why })),
  };
}

const lookedBack = (parts: ServingParts, one: Account, query: LookAsked) =>
  aside(parts, 'looked', {
    ...{ account: one, markMaxAgeMs: parts.markMaxAgeMs },
    ...{ asOf: asOfOf(query), knownAt: query.known_at ?? null },
  });

const recalledOf = (parts: ServingParts, one: Account, query: LookAsked) =>
  aside(parts, 'recalled', {
    ...{ account: one, asOf: asOfOf(query), knownAt: query.known_at ?? null },
    now: parts.clock.now(),
  });

/** Balances or positions, as they are or as they were. */
async function held(parts: ServingParts, name: string, query: LookAsked, all: boolean) {
  const one = accountNamed(parts, name);
  if (!isNow(query)) {
    const { asOf, sequence, balances, positions } = await lookedBack(parts, one, query);
    const rows = all ? positions : positions.filter(isHeld);
    return { ...whose(one), asOf: instantText(asOf), sequence, balances, positions: rows };
  }
  const { reader, markMaxAgeMs } = parts;
  return reader.file.read(() => {
    const look = reader.look(one, { asOf: null, knownAt: null, markMaxAgeMs });
    const seen = seenBook(parts, look, query);
    return {
      ...{ ...whose(one), asOf: instantText(look.view.asOf), sequence: look.head.sequence },
      ...{ balances: balanceRows(seen), positions: positionRows(seen, all) },
    };
  });
}

const balances = route(
  {
    ...{ ...words, path: '/api/v1/accounts/:account/balances', holdsMs },
    summary: 'Balances, ours beside theirs',
    params: ofAccount,
    query: lookQuery,
    answer: shown.balancesAnswer,
  },
  async (parts, { params, query }) => {
    const {
      balances: items,
      positions: _,
      ...rest
    } = await held(parts, params.account, query, true);
    return { body: { schema: 'trueup.balances/1', ...rest, items, next: null } };
  },
);

const positions = route(
  {
    ...{ ...words, path: '/api/v1/accounts/:account/positions', holdsMs },
    summary: 'Positions: the quantity by fills beside that of the venue',
    params: ofAccount,
    query: lookQuery.extend({ all: flag.meta({ description: 'Keeps flat ones' }) }),
    answer: shown.positionsAnswer,
  },
  async (parts, { params, query }) => {
    const all = query.all === 'true';
    const {
      positions: items,
      balances: _,
      ...rest
    } = await held(parts, params.account, query, all);
    return { body: { schema: 'trueup.positions/1', ...rest, items, next: null } };
  },
);

const book = route(
  {
    ...{ ...words, path: '/api/v1/accounts/:account/book', holdsMs },
    summary: 'The books, exact and complete, as `trueup book --json` prints them',
    params: ofAccount,
    query: lookQuery.extend({ all: flag.meta({ description: 'Keeps flat positions' }) }),
    answer: bookAnswer,
  },
  async (parts, { params, query }) => {
    const one = accountNamed(parts, params.account);
    const all = query.all === 'true';
    if (!isNow(query)) {
      const { book: whole } = await lookedBack(parts, one, query);
      const kept = whole.positions.filter(({ quantity }) => all || quantity !== '0');
      return { body: { ...whole, positions: kept } };
    }
    const { reader, markMaxAgeMs } = parts;
    const look = reader.look(one, { asOf: null, knownAt: null, markMaxAgeMs });
    return { body: bookDocument(look, { all }) };
  },
);

const statement = route(
  {
    ...{ ...words, path: '/api/v1/accounts/:account/statement', holdsMs: pastHoldsMs },
    summary: 'The newest statement on record that was an answer',
    params: ofAccount,
    answer: shown.statementAnswer,
  },
  (parts, { params }) => {
    const one = accountNamed(parts, params.account);
    const { lastAnswered: last } = standingsOf(parts.reader).of(one);
    const told = last?.statement() ?? null;
    return {
      body: {
        schema: 'trueup.statement-on-record/1',
        ...whose(one),
        sequence: last?.sequence ?? null,
        verdict: last?.verdict ?? null,
        complete: last?.complete ?? null,
        checkedAt: last === null ? null : instantText(last.at),
        statement: told === null ? null : writeStatement(told),
      },
    };
  },
);

const orders = route(
  {
    ...{ ...words, path: '/api/v1/accounts/:account/orders', holdsMs: pastHoldsMs },
    summary: 'Orders, those first of which something was told last',
    params: ofAccount,
    query: z.object({
      ...form.pageQuery,
      ...form.asOfIn(
        'Each order by the last of its reports that took effect at it or before it, whenever ' +
          'they were recorded; `status=open` are those that rested then',
      ),
      status: z.enum(['open', 'all']).default('all'),
    }),
    answer: shown.ordersAnswer,
  },
  async (parts, { params, query }) => {
    const one = accountNamed(parts, params.account);
    const asOf = asOfOf(query);
    const head = { schema: 'trueup.orders/1', ...whose(one), asOf: instantTextOrNull(asOf) };
    if (query.status === 'open') {
      const open = await openOrdersOf(parts, one, query);
      return { body: { ...head, items: open.map(orderShown), next: null } };
    }
    const [before] = placeOf('orders', query.cursor, asOf) ?? [Number.MAX_SAFE_INTEGER];
    const { limit } = query;
    const { items, before: next } =
      asOf === null
        ? pagesOf(parts.reader).ordersBefore(one.account, before, limit)
        : await aside(parts, 'ordersThen', { account: one, asOf, before, limit });
    const cursor = next === null ? null : cursorOf('orders', [next], asOf);
    return { body: { ...head, items: items.map(orderShown), next: cursor } };
  },
);

const openOrdersOf = (parts: ServingParts, one: Account, query: LookAsked) =>
  isNow(query)
    ? pagesOf(parts.reader).openOrders(one.account)
    : aside(parts, 'openOrdersThen', {
        ...{ account: one, asOf: asOfOf(query), knownAt: query.known_at ?? null },
      });

export const accountRoutes = [accounts, account, balances, positions, book, statement, orders];
