/**
 * What a program believes that trusts the library's own memory: positions, balances and orders as
 * the client keeps them from its stream, beside what the exchange answers when it is asked.
 */
import { type Decimal, isZero } from '../../decimal/decimal.ts';
import { toText, toTextOrNull } from '../../decimal/text.ts';
import type { OrderReport } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import { isJsonObject } from '../../model/lossless-json.ts';
import type { StatementBalance, StatementPosition } from '../../model/statement.ts';
import type { CachedAnswers, CachedLine, CachedSection } from '../venue.ts';
import type { Dialect } from './dialect.ts';
import type { ExchangeClient } from './exchange-client.ts';
import { noAnswerOf } from './failure.ts';
import type { MappingContext } from './mapping/bybit-executions.ts';
import { mapUnifiedBalances, mapUnifiedOrders, mapUnifiedPositions } from './mapping/unified.ts';
import { list, type Mapped, PayloadFault, type Raw } from './raw.ts';

export interface CachedQuestion {
  /** A client of its own, whose stream nobody taps: the library keeps what it is told. */
  readonly client: ExchangeClient;
  readonly dialect: Dialect;
  readonly context: MappingContext;
  readonly now: () => Instant;
  /** How long the stream may fill the memory. */
  readonly listen: () => Promise<void>;
  readonly listenedMs: number;
}

type Amounts = ReadonlyMap<string, string>;
type Asked = { readonly amounts: Amounts } | { readonly why: string };

interface Part {
  readonly section: CachedSection['section'];
  readonly watch: string;
  readonly fresh: () => Promise<Amounts>;
  /** Null: the client keeps nothing. */
  readonly kept: () => Amounts | null;
}

export async function cachedAnswers(question: CachedQuestion): Promise<CachedAnswers> {
  const { client, listen, listenedMs, now } = question;
  const parts = partsOf(question);
  await client.call('loadMarkets');
  const before = await each(parts, ({ fresh }) => tried(fresh));
  const watched = parts.map(({ watch }) => watchOf(client, watch));
  await listen();
  const told = watched.map((one) => one.said());
  const after = await each(parts, ({ fresh }) => tried(fresh));
  const sections = parts.map((part, index) =>
    compared(part, before[index]!, after[index]!, told[index]!),
  );
  return { asOf: now(), listenedMs, sections };
}

async function each<T, U>(items: readonly T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const done: U[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}

async function tried(ask: () => Promise<Amounts>): Promise<Asked> {
  try {
    return { amounts: await ask() };
  } catch (error) {
    return { why: noAnswerOf(error).why };
  }
}

/** Keeps a subscription until the client is closed; says how it fares. */
function watchOf(client: ExchangeClient, method: string) {
  let said: string | null = null;
  const keep = async (): Promise<void> => {
    while (said === null) await client.call(method);
  };
  if (!client.has(method)) said = `the library has no ${method} for ${client.id}`;
  else {
    keep().catch((error: unknown) => {
      said ??= error instanceof Error ? error.message : String(error);
    });
  }
  return {
    said: () => {
      const until = said;
      // What fails from now on does so because the client is closed.
      said ??= 'ended';
      return until;
    },
  };
}

const partsOf = ({ client, dialect, context }: CachedQuestion): readonly Part[] => [
  {
    section: 'positions',
    watch: 'watchPositions',
    fresh: async () => positionsOf(whole(await dialect.positions(context))),
    kept: () => {
      const rows = client.kept('positions');
      if (!Array.isArray(rows)) return null;
      return positionsOf(whole(mapUnifiedPositions(context, list([...rows], 'positions'))));
    },
  },
  {
    section: 'balances',
    watch: 'watchBalance',
    fresh: async () => balancesOf(whole(await dialect.balances(context))),
    kept: () => {
      const wallets = walletsOf(client.kept('balance'));
      if (wallets.length === 0) return null;
      return balancesOf(wallets.flatMap((one) => whole(mapUnifiedBalances(one))));
    },
  },
  {
    section: 'orders',
    watch: 'watchOrders',
    fresh: async () => ordersOf(whole(await dialect.openOrders(context))),
    kept: () => {
      const rows = client.kept('orders');
      if (!Array.isArray(rows)) return null;
      return ordersOf(whole(mapUnifiedOrders(context, list([...rows], 'orders'))));
    },
  },
];

/** One, or one for each kind of account. */
function walletsOf(kept: unknown): readonly Raw[] {
  if (!isJsonObject(kept)) return [];
  const hasTotals = (one: unknown): one is Raw => isJsonObject(one) && isJsonObject(one['total']);
  return hasTotals(kept) ? [kept] : Object.values(kept).filter(hasTotals);
}

/** A list with rows that could not be read is nothing to compare. */
function whole<T>({ items, faults }: Mapped<T>): readonly T[] {
  if (faults.length > 0) throw new PayloadFault(faults[0]!);
  return items;
}

const positionsOf = (items: readonly StatementPosition[]): Amounts =>
  sizes(items.map(({ instrument, leg, quantity }) => [`${instrument} ${leg}`, quantity]));

const balancesOf = (items: readonly StatementBalance[]): Amounts =>
  sizes(items.map(({ currency, total }) => [currency, total]));

/** None and zero are the same here: both say that there is nothing. */
const sizes = (pairs: readonly (readonly [string, Decimal])[]): Amounts =>
  new Map(pairs.filter(([, size]) => !isZero(size)).map(([key, size]) => [key, toText(size)]));

/** By what is open and how much of it filled. */
const ordersOf = (items: readonly OrderReport[]): Amounts =>
  new Map(
    items
      .filter(({ status }) => status === 'open')
      .map(({ orderId, filled, quantity }) => [
        orderId,
        `${toTextOrNull(filled) ?? '?'} of ${toText(quantity)} filled`,
      ]),
  );

function compared(part: Part, before: Asked, after: Asked, told: string | null): CachedSection {
  const { section } = part;
  if ('why' in before) return { section, why: `asked first: ${before.why}`, lines: [] };
  if ('why' in after) return { section, why: `asked again: ${after.why}`, lines: [] };
  const read = keptOf(part);
  const none = told ?? 'nothing was pushed: the client remembers nothing';
  const why = typeof read === 'string' ? read : read === null ? none : null;
  const kept: Amounts = read === null || typeof read === 'string' ? new Map() : read;
  const keys = new Set([before.amounts, after.amounts, kept].flatMap((one) => [...one.keys()]));
  const lines = [...keys].sort().map((what): CachedLine => {
    const of = (amounts: Amounts) => amounts.get(what) ?? null;
    return { what, cached: of(kept), first: of(before.amounts), fresh: of(after.amounts) };
  });
  return { section, why, lines };
}

function keptOf({ kept }: Part): Amounts | string | null {
  try {
    return kept();
  } catch (error) {
    return `what the client remembers cannot be read: ${noAnswerOf(error).why}`;
  }
}
