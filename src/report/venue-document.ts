/** The JSON of `update --venue` and `venue`: what was pulled from a venue, and what it says now. */
import { toText, toTextOrNull } from '../decimal/text.ts';
import type { Fill, Opening } from '../model/fact.ts';
import { type Instant, instantText, instantTextOrNull } from '../model/instant.ts';
import type { Statement, StatementSection } from '../model/statement.ts';
import { writeFact } from '../model/write-fact.ts';

export interface PulledInput {
  readonly venue: string;
  readonly account: string;
  readonly mode: 'live' | 'paper';
  readonly exitCode: number;
  readonly sections: readonly {
    readonly section: string;
    readonly since: Instant | null;
    readonly through: Instant | null;
    readonly why: string | null;
  }[];
  readonly tally: { readonly booked: number; readonly conflicts: number };
  readonly orders: {
    readonly why: string | null;
    readonly found: number;
    readonly ended: number;
    readonly unknown: readonly Readonly<Record<'instrument' | 'orderId' | 'why', string>>[];
  };
  readonly lacking: string | null;
  /** What the account began with just now; null: it was not begun now. */
  readonly opening: Opening | null;
  readonly gaps: readonly GapInput[];
  readonly unread: number;
  readonly marks: readonly {
    readonly instrument: string;
    readonly mark: { readonly price: Parameters<typeof toText>[0]; readonly time: Instant } | null;
    readonly why: string | null;
  }[];
}

interface GapInput {
  readonly stream: string;
  readonly from: Instant | null;
  readonly to: Instant;
  readonly why: string;
}

export type PulledDocument = ReturnType<typeof pulledDocument>;

export function pulledDocument(pulled: PulledInput) {
  const { venue, account, mode, exitCode, sections, tally, orders, gaps, unread } = pulled;
  const { marks, lacking, opening } = pulled;
  const times = sections.map(({ since }) => since);
  const latest = times.reduce((a, b) => (a === null ? b : b === null || a > b ? a : b), null);
  return {
    schema: 'trueup.venue-update/1',
    ...{ venue, account, mode },
    exitCode,
    /** Null: from as far back as the venue goes. */
    since: instantTextOrNull(latest),
    complete: exitCode === 0,
    booked: tally.booked,
    conflicting: tally.conflicts,
    unread,
    sections: sections.map(({ section, since, through, why }) => ({
      section,
      since: instantTextOrNull(since),
      through: instantTextOrNull(through),
      complete: why === null,
      why,
    })),
    opening: opening === null ? null : writeFact(opening),
    /** Of what the account holds, where the venue's records do not reach its beginning. */
    lacking,
    /** Open orders of the book against those that rest at the venue. */
    orders: {
      ...{ compared: orders.why === null, why: orders.why },
      ...{ found: orders.found, ended: orders.ended, unknown: orders.unknown },
    },
    gaps: gaps.map(({ stream, from, to, why }) => ({
      ...{ stream, from: instantTextOrNull(from), to: instantText(to), why },
    })),
    marks: marks.map(({ instrument, mark, why }) => ({
      instrument,
      price: mark === null ? null : toText(mark.price),
      time: instantTextOrNull(mark?.time ?? null),
      why,
    })),
  };
}

export const venueParts = ['positions', 'orders', 'balances', 'executions'] as const;
export type VenuePart = (typeof venueParts)[number];

export interface SaidInput {
  readonly venue: string;
  readonly mode: 'live' | 'paper';
  readonly statement: Statement;
  /** The venue's own words for each item, as JSON; null: not kept. */
  readonly raw?: Readonly<Record<VenuePart, readonly (string | null)[]>>;
}

export type SaidDocument = ReturnType<typeof saidDocument>;

/** One section of a statement; an incomplete one proves nothing about what it does not list. */
export function saidDocument({ venue, mode, statement, raw }: SaidInput, part: VenuePart) {
  const items: readonly Row[] = itemsOf(statement, part);
  const section: StatementSection<unknown> | null = statement[part];
  return {
    schema: 'trueup.venue/1',
    venue,
    account: statement.account,
    mode,
    asOf: instantText(statement.asOf),
    what: part,
    complete: section?.complete ?? false,
    error: section === null ? `the venue says nothing of ${part}` : section.error,
    scope: section?.scope ?? null,
    from: instantTextOrNull(section?.from ?? null),
    to: instantTextOrNull(section?.to ?? null),
    items:
      raw === undefined
        ? items
        : items.map((one, at): Row => ({ ...one, raw: raw[part][at] ?? null })),
  };
}

type Row = Readonly<Record<string, unknown>>;

function itemsOf(statement: Statement, part: VenuePart): readonly Row[] {
  switch (part) {
    case 'positions':
      return (statement.positions?.items ?? []).map((one) => ({
        ...{ instrument: one.instrument, leg: one.leg, quantity: toText(one.quantity) },
        averagePrice: toTextOrNull(one.averagePrice),
        markPrice: toTextOrNull(one.markPrice),
        unrealisedPnl: toTextOrNull(one.unrealisedPnl),
      }));
    case 'balances':
      return (statement.balances?.items ?? []).map((one) => ({
        ...{ currency: one.currency, total: toText(one.total) },
        available: toTextOrNull(one.available),
        equity: toTextOrNull(one.equity),
        borrowed: toTextOrNull(one.borrowed),
      }));
    case 'orders':
      return (statement.orders?.items ?? []).map((one) => ({
        ...{ orderId: one.orderId, clientOrderId: one.clientOrderId, instrument: one.instrument },
        ...{ leg: one.leg, side: one.side, type: one.type, quantity: toText(one.quantity) },
        filled: toTextOrNull(one.filled),
        averagePrice: toTextOrNull(one.averagePrice),
        price: toTextOrNull(one.price),
        ...{ status: one.status, reduceOnly: one.reduceOnly, time: instantTextOrNull(one.time) },
      }));
    case 'executions':
      return (statement.executions?.items ?? []).map((fill: Fill) => writeFact(fill));
  }
}
