/** Books and statements for tests, and what a service does with a plan. */

import { viewOf } from '../../src/books/book-view.ts';
import { AccountContext } from '../../src/books/context.ts';
import { foldFacts } from '../../src/books/fold-facts.ts';
import { ratesInForce } from '../../src/books/rates-in-force.ts';
import type { AccountSettings } from '../../src/books/settings.ts';
import { add, type Decimal, zero } from '../../src/decimal/decimal.ts';
import type { Break } from '../../src/model/break.ts';
import type { BookedFact } from '../../src/model/entry.ts';
import { isCashFact, type Mark, type Opening, type OrderReport } from '../../src/model/fact.ts';
import { type Instant, instant } from '../../src/model/instant.ts';
import { type Instrument, instrumentFromName } from '../../src/model/instrument.ts';
import type { Statement, StatementSection } from '../../src/model/statement.ts';
import type {
  BookedItem,
  BookOrder,
  BookSide,
  ListedFact,
  Refold,
} from '../../src/reconcile/book-side.ts';
import { completed, knowsMore } from '../../src/reconcile/fact-content.ts';
import type { Finding } from '../../src/reconcile/findings.ts';
import { identityOf, isFill, orderIdentity } from '../../src/reconcile/gap.ts';
import type { InferredFills } from '../../src/reconcile/inferred.ts';
import type { CompareOptions } from '../../src/reconcile/judge.ts';
import { type Reconciled, reconcile } from '../../src/reconcile/reconcile.ts';
import type { Plan } from '../../src/reconcile/repair.ts';

export const start = instant('2024-01-01T00:00:00Z');
export const at = (seconds: number): Instant => start + BigInt(seconds) * 1_000_000_000n;
const forever = 315_360_000_000;

/** A book as a list of facts in force, and what is out of force. */
export interface Ledger {
  readonly settings: AccountSettings;
  readonly items: readonly BookedItem[];
  readonly withdrawn: readonly BookedItem[];
  readonly opening: Opening | null;
  readonly orders: readonly OrderReport[];
  readonly marks: readonly Mark[];
  readonly decimals: ReadonlyMap<string, number>;
  readonly instruments: readonly Instrument[];
  readonly sequence: number;
  /** Ids of corrections, reversals and order reports that were appended. */
  readonly entered: ReadonlySet<string>;
}

export const settingsIn = (currency: string, hedge = false): AccountSettings => ({
  ...{ account: 'main', venue: 'venue', currency, costMethod: 'average', feesInCost: false },
  ...{ mode: 'live', positionMode: hedge ? 'hedge' : 'net' },
});

export const ledgerOf = (
  facts: readonly ListedFact[],
  parts: Partial<Ledger> & { readonly settings: AccountSettings },
): Ledger => ({
  items: facts.map((fact, index) => ({ sequence: index + 1, fact })),
  ...{ withdrawn: [], opening: null, orders: [], marks: [], decimals: new Map() },
  ...{ instruments: [], sequence: facts.length, entered: new Set<string>() },
  ...parts,
});

export function sidesOf(ledger: Ledger, asOf: Instant): { book: BookSide; refold: Refold } {
  const context = contextOf(ledger);
  const markAt = (name: string, time: Instant): Mark | null =>
    ledger.marks.findLast((mark) => mark.instrument === name && mark.time <= time) ?? null;
  const heldBy = (items: readonly BookedItem[]) => {
    const facts = items.map(
      ({ sequence, fact }): BookedFact => ({
        ...{ sequence, fact },
        rates: ratesInForce(fact, context, markAt, forever),
      }),
    );
    const opening: BookedFact[] =
      ledger.opening === null ? [] : [{ sequence: 0, fact: ledger.opening, rates: [] }];
    const fold = foldFacts([...opening, ...facts], context, asOf);
    const view = viewOf(fold, { asOf, marks: () => null, markMaxAgeMs: 0 });
    const past = items.filter(({ fact }) => fact.time <= asOf);
    return {
      balances: view.balances.map(({ currency, total }) => ({
        ...{ currency, total, youngest: youngestOf(past, currency) },
        uncertain: uncertainOf(past, currency),
      })),
      positions: view.positions
        .filter(({ asset }) => asset === null)
        .map(({ instrument, leg, quantity, averagePrice }) => ({
          ...{ instrument, leg, quantity, averagePrice, uncertain: null },
          youngest: youngestOf(past, instrument),
        })),
    };
  };
  const book: BookSide = {
    account: ledger.settings.account,
    venue: ledger.settings.venue,
    currency: ledger.settings.currency,
    asOf,
    sequence: ledger.sequence,
    ...heldBy(ledger.items),
    orders: ordersOf(ledger),
    facts: ledger.items,
    withdrawn: ledger.withdrawn,
    history: () => ledger.items,
    inferred: () => inferredOf(ledger),
    openingAt: ledger.opening?.time ?? null,
    beganAt: beganAt(ledger),
    instruments: new Map(context.instruments().map((one) => [one.name, one])),
    decimals: ledger.decimals,
    marks: (name) => markAt(name, asOf),
  };
  const refold: Refold = ({ add: added, remove, replace }) => {
    const replaced = new Map(replace.map((item) => [item.sequence, item]));
    const kept = ledger.items
      .filter(({ sequence }) => !remove.includes(sequence))
      .map((item) => replaced.get(item.sequence) ?? item);
    const fresh = added.map((fact, index) => ({ sequence: 1_000_000 + index, fact }));
    return heldBy([...kept, ...fresh]);
  };
  return { book, refold };
}

function beganAt({ opening, items, withdrawn }: Ledger): Instant | null {
  const facts = [...items, ...withdrawn].map(({ fact }) => fact.time);
  const times = opening === null ? facts : [...facts, opening.time];
  return times.reduce<Instant | null>((a, b) => (a === null || b < a ? b : a), null);
}

function inferredOf({ items, withdrawn }: Ledger): InferredFills {
  const fills = (all: readonly BookedItem[]) =>
    all.flatMap(({ sequence, fact }) => (isFill(fact) ? [{ sequence, fact }] : []));
  const booked = fills(items);
  return {
    provisional: booked.filter(({ fact }) => fact.provisional),
    gone: fills(withdrawn).flatMap(({ fact }) => (fact.provisional ? [fact] : [])),
    real: booked.filter(({ fact }) => !fact.provisional),
  };
}

function contextOf(ledger: Ledger): AccountContext {
  const context = new AccountContext(ledger.settings);
  for (const instrument of ledger.instruments) {
    if (!context.knows(instrument.name)) context.addInstrument(instrument);
  }
  const names = [
    ...ledger.items.map(({ fact }) => fact.instrument),
    ...(ledger.opening?.positions ?? []).map((one) => one.instrument),
    ...ledger.marks.map((mark) => mark.instrument),
  ];
  for (const name of names) {
    const instrument = name === null ? null : instrumentFromName(ledger.settings.venue, name);
    if (instrument !== null && !context.knows(instrument.name)) context.addInstrument(instrument);
  }
  return context;
}

function moves({ fact }: BookedItem, name: string): boolean {
  if (!isFill(fact)) return fact.currency === name || fact.fee?.currency === name;
  const { base, quote, settle } = instrumentFromName('venue', fact.instrument)!;
  const fees = (fact.fees ?? []).map((fee) => fee.currency);
  return [fact.instrument, base, quote, settle, ...fees].includes(name);
}

const youngestOf = (items: readonly BookedItem[], name: string): Instant | null =>
  items
    .filter((item) => moves(item, name))
    .reduce<Instant | null>(
      (newest, { fact }) => (newest === null || fact.time > newest ? fact.time : newest),
      null,
    );

const uncertainOf = (items: readonly BookedItem[], currency: string): string | null =>
  items.some((item) => isFill(item.fact) && item.fact.fees === null && moves(item, currency))
    ? 'a fee is not known'
    : null;

function ordersOf({ orders, items }: Ledger): readonly BookOrder[] {
  const filled = new Map<string, Decimal>();
  for (const { fact } of items) {
    if (!isFill(fact) || fact.orderId === null) continue;
    const key = orderIdentity(fact.instrument, fact.orderId);
    filled.set(key, add(filled.get(key) ?? zero, fact.quantity));
  }
  return orders.map((report) => ({
    report,
    filled: filled.get(orderIdentity(report.instrument, report.orderId)) ?? zero,
  }));
}

export const section = <Item>(
  items: readonly Item[],
  parts: Partial<StatementSection<Item>> = {},
): StatementSection<Item> => ({
  ...{ complete: true, scope: null, error: null, from: null, to: null, items },
  ...parts,
});

export const statementAt = (asOf: Instant, parts: Partial<Statement> = {}): Statement => ({
  ...{ account: 'main', venue: 'venue', asOf, takenAt: null },
  ...{ positions: null, balances: null, orders: null, executions: null, cashFlows: null },
  ...parts,
});

export const optionsAt = (
  now: Instant,
  parts: Partial<Omit<CompareOptions, 'seen'>> = {},
): Omit<CompareOptions, 'seen'> => ({
  ...{ now, settleMs: 0, toleranceSteps: 0, markMaxAgeMs: forever, statementMaxAgeMs: null },
  theirsParty: 'venue',
  ...parts,
});

export interface Checking {
  readonly known?: readonly Break[];
  readonly findings?: readonly Finding[];
  readonly adjust?: ReadonlySet<string>;
  readonly strict?: boolean;
}

export function checked(
  ledger: Ledger,
  statement: Statement,
  options: Omit<CompareOptions, 'seen'>,
  { known = [], findings = [], adjust = new Set(), strict = false }: Checking = {},
): Reconciled {
  const sides = sidesOf(ledger, statement.asOf);
  return reconcile({ ...sides, statement, options, findings, known, adjust, strict });
}

export interface Applied {
  readonly ledger: Ledger;
  /** Entries that were not there before. */
  readonly appended: number;
}

/** What a journal makes of a plan: a fact it has is completed or absorbed, never appended twice. */
export function applied(before: Ledger, plan: Plan): Applied {
  let ledger = before;
  let appended = 0;
  for (const { action, id, fact, target } of plan.repairs.flatMap((one) => one.entries)) {
    const key = `${action} ${id}`;
    const isFact = fact !== null && (fact.kind === 'fill' || isCashFact(fact));
    if (ledger.entered.has(key) && !(isFact && action === 'book')) continue;
    const after = appliedEntry(ledger, action, fact, target);
    if (after === ledger) continue;
    appended += 1;
    const entered = new Set([...ledger.entered, key]);
    ledger = { ...after, sequence: ledger.sequence + 1, entered };
  }
  return { ledger, appended };
}

function appliedEntry(
  ledger: Ledger,
  action: string,
  fact: Plan['repairs'][number]['entries'][number]['fact'],
  target: number | null,
): Ledger {
  const { items } = ledger;
  const own = items.find(({ sequence }) => sequence === target);
  if (action === 'reverse') {
    if (own === undefined) return ledger;
    const kept = items.filter((item) => item !== own);
    return { ...ledger, items: kept, withdrawn: [...ledger.withdrawn, own] };
  }
  const replaced = (changed: ListedFact): Ledger => ({
    ...ledger,
    items: items.map((item) => (item === own ? { ...item, fact: changed } : item)),
  });
  if (fact?.kind === 'correction') {
    if (own === undefined || !isFill(own.fact)) return ledger;
    const { quantity, price, fees } = fact;
    const old = own.fact;
    return replaced({
      ...old,
      quantity: quantity ?? old.quantity,
      price: price ?? old.price,
      fees: fees ?? old.fees,
    });
  }
  if (fact?.kind === 'order') {
    const kept = ledger.orders.filter(
      (one) =>
        one.orderId !== fact.orderId &&
        (one.clientOrderId === null || one.clientOrderId !== fact.clientOrderId),
    );
    return { ...ledger, orders: [...kept, fact] };
  }
  if (fact === null || (fact.kind !== 'fill' && !isCashFact(fact))) throw new Error(action);
  if (action === 'correct') return own === undefined ? ledger : replaced(fact);
  const same = items.find((item) => identityOf(item.fact) === identityOf(fact));
  if (same === undefined) {
    return { ...ledger, items: [...items, { sequence: ledger.sequence + 1, fact }] };
  }
  if (!knowsMore(fact, same.fact)) return ledger;
  const after = completed(same.fact, fact);
  return {
    ...ledger,
    items: items.map((item) => (item === same ? { ...item, fact: after } : item)),
  };
}
