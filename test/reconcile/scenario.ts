/**
 * Scenarios: what the book holds, what the venue holds, and what reconciliation says of it.
 *
 *   account  USD [hedge]                    first, at most once
 *   both     fill BTC/USD buy 1 @ 100 id a  in the book and at the venue; also book, venue
 *   book     order o1 AGI/USDT:USDT sell 10 @ 5 [status open] [client c1]
 *   says     balance USD 5                  the venue's word instead of its own facts'
 *   without  executions                     a section that the statement does not have
 *   partial  positions [why ...]            one that is not complete, or in error
 *   scope    positions linear:USDT          what a section speaks for
 *   opening  USDT 100 , X/USDT:USDT 5 @ 1   what the book began with, at second 10
 *   withdrawn e1                            a fact of the venue that is busted here
 *   as-of    40                             the statement's instant
 *   settle   60 [now 100] [tolerance 1]     a live venue, and the time of the check
 *   line     position AGI/USDT:USDT net -4160 -3160 1000
 *   break    FILL_MISSING proven EXPLAINED [gross 5] [net 1] [residual 0] [lines 2]
 *   unknown  positions incomplete
 *   entry    book e7 | reverse 4 | correct 4 [approve] | none
 *   left     ask
 *   verdict  break
 *   then     true                           the verdict after the plan is applied, all of it
 *
 * Expected lines of each kind must be all there are. The statement is ten seconds younger than
 * the last fact, and its ranges hold every fact. The venue's numbers come from arithmetic of its
 * own, which src/books never sees.
 */
import { expect, test } from 'vitest';
import { decimal, toText, toTextOrNull } from '../../src/decimal/text.ts';
import type { Mark, Opening, OrderReport } from '../../src/model/fact.ts';
import { instrumentFromName } from '../../src/model/instrument.ts';
import type { Statement, StatementOrder } from '../../src/model/statement.ts';
import type { BookedItem, ListedFact } from '../../src/reconcile/book-side.ts';
import { idOf, isFill } from '../../src/reconcile/gap.ts';
import type { Reconciled } from '../../src/reconcile/reconcile.ts';
import { readEvent } from '../books/scenario-facts.ts';
import { Words } from '../books/words.ts';
import {
  applied,
  at,
  checked,
  type Ledger,
  ledgerOf,
  optionsAt,
  section,
  settingsIn,
  statementAt,
} from './kit.ts';
import { balance, holdingsOf } from './venue.ts';

export function scenario(name: string, table: string): void {
  test(name, () => runScenario(table));
}

type SectionName = 'positions' | 'balances' | 'orders' | 'executions' | 'cashFlows';

interface Story {
  settings: Ledger['settings'];
  readonly items: BookedItem[];
  readonly venue: ListedFact[];
  readonly marks: Mark[];
  readonly bookOrders: OrderReport[];
  readonly venueOrders: StatementOrder[];
  readonly says: Words[];
  readonly without: Set<SectionName>;
  readonly partial: Map<SectionName, string | null>;
  readonly scopes: Map<SectionName, readonly string[]>;
  readonly expected: Map<string, string[]>;
  opening: Opening | null;
  readonly withdrawn: Set<string>;
  asOf: number | null;
  settleMs: number;
  now: number | null;
  toleranceSteps: number;
}

const names: Readonly<Record<string, SectionName>> = {
  positions: 'positions',
  balances: 'balances',
  orders: 'orders',
  executions: 'executions',
  'cash-flows': 'cashFlows',
};

const expectations = ['line', 'break', 'unknown', 'entry', 'left', 'verdict', 'then'];

export function readStory(table: string): Story {
  const story: Story = {
    ...{ settings: settingsIn('USDT'), items: [], venue: [], marks: [], says: [] },
    ...{ bookOrders: [], venueOrders: [], without: new Set(), partial: new Map() },
    ...{ scopes: new Map(), expected: new Map(), settleMs: 0, now: null, toleranceSteps: 0 },
    ...{ opening: null, withdrawn: new Set(), asOf: null },
  };
  let count = 0;
  table.split('\n').forEach((text, index) => {
    const words = new Words(text, index + 1);
    if (words.isEmpty) return;
    const kind = words.next('kind');
    if (expectations.includes(kind)) {
      const list = story.expected.get(kind) ?? [];
      story.expected.set(kind, [...list, words.rest().join(' ')]);
      return;
    }
    if (kind === 'says') {
      story.says.push(words);
      return;
    }
    if (['both', 'book', 'venue'].includes(kind)) {
      count += 1;
      readSide(story, kind, words, count);
    } else readSetting(story, kind, words, count);
    words.end();
  });
  return story;
}

function readSide(story: Story, side: string, words: Words, count: number): void {
  const what = words.next('fact');
  if (what === 'order') {
    const report = readOrder(words, count);
    if (side !== 'venue') story.bookOrders.push(report);
    const { account: _, kind: __, ...order } = report;
    if (side !== 'book') story.venueOrders.push(order);
    return;
  }
  const orderId = words.after('order')?.[0] ?? null;
  const provisional = words.has('provisional');
  const event = readEvent(what, words, count);
  if (event?.kind !== 'fact') throw new Error(`${what} is no fact`);
  const fact = event.fact as ListedFact;
  const told = isFill(fact) ? { ...fact, orderId, provisional } : fact;
  if (side !== 'venue') story.items.push({ sequence: story.items.length + 1, fact: told });
  if (side !== 'book') story.venue.push(told);
}

function readOrder(words: Words, count: number): OrderReport {
  const price = words.after('@')?.[0] ?? null;
  const filled = words.after('filled')?.[0] ?? null;
  const status = (words.after('status')?.[0] ?? 'open') as OrderReport['status'];
  const clientOrderId = words.after('client')?.[0] ?? null;
  const seconds = Number(words.after('at')?.[0] ?? count * 10);
  const orderId = words.next('id');
  const instrument = words.next('instrument');
  const side = words.oneOf(['buy', 'sell'])!;
  return {
    ...{ kind: 'order', account: 'main', instrument, leg: 'net', orderId, clientOrderId, side },
    ...{ type: 'limit', quantity: decimal(words.next('quantity')), status, reduceOnly: false },
    price: price === null ? null : decimal(price),
    filled: filled === null ? null : decimal(filled),
    ...{ averagePrice: null, time: at(seconds) },
  };
}

function readSetting(story: Story, kind: string, words: Words, count: number): void {
  switch (kind) {
    case 'account':
      story.settings = settingsIn(words.next('currency'), words.has('hedge'));
      return;
    case 'mark': {
      const instrument = words.next('instrument');
      const price = decimal(words.next('price'));
      const time = at(Number(words.after('at')?.[0] ?? count * 10));
      story.marks.push({ kind, instrument, price, source: null, time });
      return;
    }
    case 'opening':
      story.opening = (readEvent(kind, words, 1) as { fact: Opening }).fact;
      return;
    case 'withdrawn':
      story.withdrawn.add(words.next('id'));
      return;
    case 'as-of':
      story.asOf = Number(words.next('seconds'));
      return;
    case 'without':
      for (const name of words.rest()) story.without.add(names[name]!);
      return;
    case 'partial':
      story.partial.set(names[words.next('section')]!, words.after('why')?.[0] ?? null);
      return;
    case 'scope':
      story.scopes.set(names[words.next('section')]!, words.rest());
      return;
    case 'settle':
      story.now = Number(words.after('now')?.[0] ?? 0);
      story.toleranceSteps = Number(words.after('tolerance')?.[0] ?? 0);
      story.settleMs = Number(words.next('seconds')) * 1000;
      return;
    default:
      throw new Error(`line ${words.line}: ${kind}?`);
  }
}

export function statementOf(story: Story): Statement {
  const facts = [...story.items.map(({ fact }) => fact), ...story.venue];
  const times = [...facts, ...story.bookOrders, ...story.marks].map(({ time }) => time);
  const last = times.reduce((newest, time) => (time > newest ? time : newest), at(0));
  const asOf = story.asOf === null ? last + 10_000_000_000n : at(story.asOf);
  const { balances, positions } = holdingsOf(story.venue);
  const parts = (name: SectionName) => ({
    complete: !story.partial.has(name),
    error: story.partial.get(name) ?? null,
    scope: story.scopes.get(name) ?? null,
  });
  // The range may promise more than the statement can know.
  const range = { from: at(0), to: asOf + 60_000_000_000n };
  const all = {
    positions: section(positions, parts('positions')),
    balances: section(balances, parts('balances')),
    orders: section(story.venueOrders, parts('orders')),
    executions: section(story.venue.filter(isFill), { ...parts('executions'), ...range }),
    cashFlows: section(
      story.venue.filter((fact) => !isFill(fact)),
      { ...parts('cashFlows'), ...range },
    ),
  };
  const kept = Object.entries(all).filter(([name]) => !story.without.has(name as SectionName));
  return story.says.reduce(withWord, statementAt(asOf, Object.fromEntries(kept)));
}

/** `balance USD 5`, `balance USD gone`, `position AGI/USDT:USDT 5 @ 1`, `position X gone`. */
function withWord(statement: Statement, words: Words): Statement {
  const what = words.next('what');
  const key = words.next('key');
  const gone = words.has('gone');
  if (what === 'balance') {
    const kept = statement.balances!.items.filter((item) => item.currency !== key);
    const items = gone ? kept : [...kept, balance(key, decimal(words.next('total')))];
    return { ...statement, balances: { ...statement.balances!, items } };
  }
  const leg = words.oneOf(['net', 'long', 'short']) ?? 'net';
  const kept = statement.positions!.items.filter(
    (item) => item.instrument !== key || item.leg !== leg,
  );
  const price = words.after('@')?.[0] ?? null;
  const averagePrice = price === null ? null : decimal(price);
  const fresh = gone
    ? []
    : [{ instrument: key, leg, quantity: decimal(words.next('quantity')), averagePrice }];
  const items = [
    ...kept,
    ...fresh.map((one) => ({ ...one, markPrice: null, unrealisedPnl: null })),
  ];
  return { ...statement, positions: { ...statement.positions!, items } };
}

export function ledgerOfStory(story: Story): Ledger {
  return {
    ...ledgerOf([], { settings: story.settings }),
    items: story.items,
    opening: story.opening,
    withdrawn: story.venue
      .filter((fact) => story.withdrawn.has(idOf(fact)))
      .map((fact, index) => ({ sequence: 500 + index, fact })),
    orders: story.bookOrders,
    marks: story.marks,
    sequence: story.items.length,
    decimals: new Map([
      ['USDT', 6],
      ['USD', 4],
      ['BTC', 8],
    ]),
    instruments: [
      { ...instrumentFromName('venue', 'AGI/USDT:USDT')!, lotSize: decimal('1') },
      { ...instrumentFromName('venue', 'AAPL/USD')!, class: 'equity' },
      ...story.venue.flatMap(({ instrument }) => {
        const named = ['AGI/USDT:USDT', 'AAPL/USD', null].includes(instrument);
        return named ? [] : (instrumentFromName('venue', instrument!) ?? []);
      }),
    ],
  };
}

function runScenario(table: string): void {
  const story = readStory(table);
  const statement = statementOf(story);
  const ledger = ledgerOfStory(story);
  const now = story.now === null ? statement.asOf : at(story.now);
  const { settleMs, toleranceSteps } = story;
  const options = optionsAt(now, { settleMs, toleranceSteps });
  const result = checked(ledger, statement, options);
  for (const [kind, expected] of story.expected) {
    if (kind === 'then') continue;
    expect(said(kind, result, expected), `${kind}\n${table}`).toEqual(expected);
  }
  const [after] = story.expected.get('then') ?? [];
  if (after === undefined) return;
  const repaired = applied(ledger, result.plan);
  const again = checked(repaired.ledger, statement, options, { known: result.breaks });
  expect(again.verdict, table).toBe(after);
  expect(again.plan.repairs.flatMap((one) => one.entries)).toEqual([]);
  // R2: the same plan once more appends nothing.
  expect(applied(repaired.ledger, result.plan).appended, table).toBe(0);
}

/** What the result says, in the words of the table: as many words of each as were expected. */
function said(kind: string, result: Reconciled, expected: readonly string[]): readonly string[] {
  switch (kind) {
    case 'line':
      return result.breaks
        .flatMap((one) =>
          one.lines.map((line) =>
            [
              ...[line.what, line.key, line.leg ?? '', line.detail ?? ''],
              ...[
                toTextOrNull(line.ours),
                toTextOrNull(line.theirs),
                toTextOrNull(line.difference),
              ],
            ]
              .map((word) => word ?? 'null')
              .filter((word) => word !== '')
              .join(' '),
          ),
        )
        .sort(asIn(expected));
    case 'break':
      return result.breaks
        .map((one, index) => {
          const text = expected[index] ?? '';
          const extras = {
            gross: toTextOrNull(one.gross) ?? 'null',
            net: toTextOrNull(one.net) ?? 'null',
            residual: toTextOrNull(one.explanation.residual) ?? 'null',
            lines: String(one.lines.length),
          };
          const wanted = Object.entries(extras).filter(([name]) => text.includes(` ${name} `));
          const plain = [one.reason, one.confidence, one.state].join(' ');
          return [plain, ...wanted.map(([name, value]) => `${name} ${value}`)].join(' ');
        })
        .sort(asIn(expected));
    case 'unknown':
      return result.unknown.map(({ section: name, scope, why }) =>
        [name, ...(scope === null ? [] : [scope]), why].join(' '),
      );
    case 'entry': {
      const entries = result.plan.repairs.flatMap(({ entries: all, needsApproval }) =>
        all.map(({ action, id, target }) =>
          [action, target ?? id, ...(needsApproval ? ['approve'] : [])].join(' '),
        ),
      );
      return entries.length === 0 ? ['none'] : entries;
    }
    case 'left':
      return result.plan.leftAlone.map(({ decision }) => decision);
    default:
      return [result.verdict];
  }
}

/** Breaks come in the order of their names, which a table cannot foresee. */
const asIn =
  (expected: readonly string[]) =>
  (a: string, b: string): number =>
    place(expected, a) - place(expected, b) || (a < b ? -1 : 1);

const place = (expected: readonly string[], text: string): number => {
  const index = expected.indexOf(text);
  return index < 0 ? expected.length : index;
};

export const textOf = toText;
