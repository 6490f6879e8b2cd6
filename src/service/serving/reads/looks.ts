/** The books of an account as somebody asks for them: as they are, or as they were. */
import { compareOrder, fillRank, type OrderKey } from '../../../books/effective-order.ts';
import { coinOf } from '../../../books/group.ts';
import type { EntryKind } from '../../../model/entry.ts';
import { type Instant, instant } from '../../../model/instant.ts';
import type { Statement } from '../../../model/statement.ts';
import { gateMaxAgeMs } from '../../../reconcile/gate.ts';
import type { Account } from '../../../store/accounts.ts';
import type { Look } from '../../reading.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { legName, type Moved, type SeenBook } from '../views/account-view.ts';
import { standingsOf } from './standings.ts';

export interface LookAsked {
  readonly as_of?: string | undefined;
  readonly known_at?: number | undefined;
}

/** The account of that name, or the problem that lists those there are. */
export function accountNamed({ reader }: ServingParts, name: string): Account {
  const account = reader.file.accountNamed(name);
  if (account !== null) return account;
  const accounts = reader.file.accounts().map((one) => one.name);
  throw new Problem('unknown', `the book has no account ${name}`, { accounts });
}

/** Named, or the default of the settings, or the only one; else the problem that lists them. */
export function accountChosen(parts: ServingParts, name: string | undefined): Account {
  const { reader, configuration } = parts;
  const chosen = name ?? configuration.account;
  if (chosen !== null) return accountNamed(parts, chosen);
  const all = reader.file.accounts();
  const [only, second] = all;
  if (only !== undefined && second === undefined) return only;
  const accounts = all.map((one) => one.name);
  const said =
    only === undefined ? 'the book has no account yet' : `the book has ${all.length} accounts`;
  throw new Problem('invalid', `${said}, and this is about one`, {
    errors: [{ where: 'querystring/account', message: 'is missing' }],
    accounts,
    hint: 'name one with ?account=, or with the setting account; they are never added up',
  });
}

/** Of a list that may be of one account, by its name. */
export const accountsChosen = (
  parts: ServingParts,
  name: string | undefined,
): readonly Account[] =>
  name === undefined ? parts.reader.file.accounts() : [accountNamed(parts, name)];

export const isNow = ({ as_of, known_at }: LookAsked): boolean =>
  as_of === undefined && known_at === undefined;

const nothingMoved: Moved = { at: null, sequence: null };

/** The entry of the fact that a group folded last; null: it has no name of its own. */
function sequenceOf({ reader }: ServingParts, { account }: Account, last: OrderKey) {
  const kind = (last.rank === fillRank ? 'fill' : last.side) as EntryKind;
  return reader.file.entriesWithId(account, kind, last.id).at(-1)?.sequence ?? null;
}

/** A look with what the venue said beside it; of the past, nobody is put beside it. */
export function seenBook(parts: ServingParts, look: Look, asked: LookAsked): SeenBook {
  const { reader, clock, desks } = parts;
  const { account, view, fold } = look;
  const { lastAnswered, breaks } = standingsOf(reader).of(account);
  const desk = desks.find((one) => one.account === account.name);
  const noted = isNow(asked) ? (lastAnswered?.statement() ?? null) : null;
  const statement = noted && withFree(noted, desk?.told ?? null);
  const isLive = desk !== undefined;
  const moved = new Map<string, OrderKey>();
  const move = (key: string, last: OrderKey) => {
    const before = moved.get(key);
    if (before === undefined || compareOrder(before, last) < 0) moved.set(key, last);
  };
  for (const { key, last, state } of fold.groups()) {
    if (last === null) continue;
    // Whatever moves a group may move the money of the account as well.
    move(account.currency, last);
    const coin = coinOf(key);
    if (coin !== null) move(fold.context.nameOf(coin), last);
    for (const leg of state.legs.values()) {
      move(legName(fold.context.nameOf(leg.instrument), leg.leg), last);
    }
  }
  return {
    view,
    moved: (key) => {
      const last = moved.get(key);
      if (last === undefined) return nothingMoved;
      return { at: last.time, sequence: sequenceOf(parts, account, last) };
    },
    instrument: (name) => fold.context.instruments().find((one) => one.name === name) ?? null,
    theirs:
      statement === null
        ? null
        : {
            ...{ statement, at: lastAnswered!.at, party: isLive ? 'venue' : 'statement' },
            ...{ breaks: [...breaks.values()], now: clock.now(), maxAgeMs: gateMaxAgeMs },
          },
  };
}

/** What is free changes with every price, and is not written down: it is as it was told last. */
function withFree(noted: Statement, told: Statement | null): Statement {
  const { balances, asOf } = noted;
  if (balances === null || told === null || told.asOf !== asOf) return noted;
  const free = new Map(told.balances?.items.map((one) => [one.currency, one.available]));
  const items = balances.items.map((one) => ({
    ...one,
    available: one.available ?? free.get(one.currency) ?? null,
  }));
  return { ...noted, balances: { ...balances, items } };
}

export const asOfOf = ({ as_of }: LookAsked): Instant | null =>
  as_of === undefined ? null : instant(as_of);
