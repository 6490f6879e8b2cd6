/**
 * The past since a cursor: window after window, page after page, and each window begins before the
 * last one ended, because what happened is listed late and out of order. The cursor is text that
 * says where a window stands, so that a new process goes on at the same page.
 */
import type { CashFact, Fill } from '../../model/fact.ts';
import { fromMilliseconds, type Instant, millisecondsBetween } from '../../model/instant.ts';
import { isJsonObject } from '../../model/lossless-json.ts';
import type { FactPage } from '../venue.ts';
import type { History, HistoryPage, Window } from './dialect.ts';
import { ExchangeFailure, refusal } from './failure.ts';
import type { MappingContext } from './mapping/bybit-executions.ts';
import { type Mapped, PayloadFault } from './raw.ts';

/** How much of the past is listed again, and how late a venue may list what happened. */
export interface Overlap {
  readonly overlapMs: number;
  readonly lagMs: number;
}

interface Position {
  /** Everything before it has been listed. */
  readonly through: number;
  readonly window: Window | null;
  readonly page: string | null;
}

/** Answers grow to about so many facts before they are handed out. */
const factsEnough = 500;

const milliseconds = (at: Instant): number => millisecondsBetween(0n, at);

export async function readHistory<F extends Fill | CashFact>(
  history: History<F>,
  context: MappingContext,
  cursor: string | null,
  since: Instant | null,
  now: Instant,
  { overlapMs, lagMs }: Overlap,
): Promise<FactPage<F>> {
  const today = milliseconds(now);
  const facts: F[] = [];
  const faults: string[] = [];
  let [from, to] = [today, 0];
  let at = cursor === null ? beginning(history, since, today, overlapMs) : parseCursor(cursor);
  let more = true;
  for (let pages = 0; more && facts.length < factsEnough; pages += 1) {
    const window = at.window ?? windowFrom(at.through - overlapMs, history.windowMs, today);
    const page = await pageOrEnd(history, context, window, at.page, pages > 0);
    // What was read before it stands, and the next call begins at what failed.
    if (page === null) break;
    facts.push(...page.items);
    faults.push(...(page.unread ?? page.faults));
    from = Math.min(from, window.from);
    to = Math.max(to, window.to);
    const ended = page.next === null;
    at = ended
      ? {
          through: Math.max(at.through, Math.min(window.to, today - lagMs)),
          window: null,
          page: null,
        }
      : { through: at.through, window, page: page.next };
    // Time that passed while a window was read is no more of the past than what lags anyway.
    more = !ended || window.to < today - lagMs;
  }
  return {
    facts: facts.sort(byTime),
    faults,
    span: { from: fromMilliseconds(from), to: fromMilliseconds(to) },
    cursor: JSON.stringify({ v: 1, ...at }),
    through: fromMilliseconds(at.through),
    more,
  };
}

/** Null: it failed, after others that did not. */
async function pageOrEnd<F>(
  history: History<F>,
  context: MappingContext,
  window: Window,
  page: string | null,
  isFurther: boolean,
): Promise<HistoryPage<F> | null> {
  try {
    return await pageOf(history, context, window, page);
  } catch (error) {
    const isAnswer = error instanceof ExchangeFailure || error instanceof PayloadFault;
    if (isFurther && isAnswer) return null;
    throw error;
  }
}

const byTime = (a: { time: Instant }, b: { time: Instant }) =>
  a.time < b.time ? -1 : a.time > b.time ? 1 : 0;

function beginning(
  history: History<unknown>,
  since: Instant | null,
  today: number,
  overlapMs: number,
): Position {
  const oldest = history.historyMs === null ? 0 : today - history.historyMs + overlapMs + 60_000;
  const through = since === null ? oldest : Math.max(milliseconds(since), oldest);
  return { through, window: null, page: null };
}

const windowFrom = (from: number, width: number, today: number): Window => {
  const start = Math.max(0, Math.min(from, today));
  return { from: start, to: Math.min(start + width, today) };
};

/** A venue forgets where a list stood; the window then begins again, as facts are absorbed. */
async function pageOf<F>(
  history: History<F>,
  context: MappingContext,
  window: Window,
  page: string | null,
) {
  try {
    return await history.page(context, window, page);
  } catch (error) {
    const forgotten = error instanceof ExchangeFailure && error.answer.status === 'refused';
    if (page === null || !forgotten) throw error;
    return await history.page(context, window, null);
  }
}

function parseCursor(cursor: string): Position {
  const bad = () => new ExchangeFailure(refusal('cursor-bad', `"${cursor}" is no cursor of ours`));
  let value: unknown;
  try {
    value = JSON.parse(cursor);
  } catch (error) {
    if (error instanceof SyntaxError) throw bad();
    throw error;
  }
  if (!isJsonObject(value) || value['v'] !== 1) throw bad();
  const { through, window, page } = value;
  if (!Number.isSafeInteger(through) || !(page === null || typeof page === 'string')) throw bad();
  if (window === null) return { through: Number(through), window: null, page };
  if (!isJsonObject(window)) throw bad();
  const { from, to } = window;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) throw bad();
  return { through: Number(through), window: { from: Number(from), to: Number(to) }, page };
}

/** What was listed in a range, and which executions it speaks of. */
export interface Range<F> extends Mapped<F> {
  readonly executions: readonly string[];
}

/** A whole range, window after window, for a statement. */
export async function readRange<F extends Fill | CashFact>(
  history: History<F>,
  context: MappingContext,
  range: Window,
): Promise<Range<F>> {
  const items: F[] = [];
  const executions: string[] = [];
  const faults: string[] = [];
  for (let from = range.from; from < range.to; from += history.windowMs) {
    const window = { from, to: Math.min(from + history.windowMs, range.to) };
    let page: string | null = null;
    do {
      const answer: HistoryPage<F> = await pageOf(history, context, window, page);
      items.push(...answer.items);
      faults.push(...answer.faults);
      executions.push(...(answer.executions ?? []));
      page = answer.next;
    } while (page !== null);
  }
  // Neighbouring windows share their edge.
  const seen = new Set<string>();
  const once = items.filter((fact) => {
    const key = factKey(fact);
    return !seen.has(key) && seen.add(key);
  });
  return { items: once, faults, executions };
}

const factKey = (fact: Fill | CashFact): string =>
  fact.kind === 'fill'
    ? ['fill', fact.instrument, fact.executionId, fact.side, fact.leg].join('|')
    : [fact.kind, fact.currency, fact.instrument, fact.id].join('|');
