/**
 * The past since a cursor: window after window, page after page. The first window begins before
 * the last one ended, because what happened is listed late and out of order. Where a venue tells
 * the newest first, windows are as narrow as it takes to hold one whole: the book folds again what
 * follows a fact that comes late, so what happened first has to be handed out first. The cursor
 * is text that says where a window stands, so that a new process goes on at the same page.
 */
import type { CashFact, Fill } from '../../model/fact.ts';
import { fromMilliseconds, type Instant, millisecondsBetween } from '../../model/instant.ts';
import { isJsonObject } from '../../model/lossless-json.ts';
import type { FactPage, ListedFrom, ToldExecution } from '../venue.ts';
import type { History, HistoryPage, Window } from './dialect.ts';
import { ExchangeFailure, refusal } from './failure.ts';
import type { MappingContext } from './mapping/bybit-executions.ts';
import { type Mapped, PayloadFault } from './raw.ts';

/** How much of the past is listed again, and how late a venue may list what happened. */
export interface Pace {
  readonly overlapMs: number;
  readonly lagMs: number;
  /** Answers grow to about so many facts before they are handed out. */
  readonly factsAtOnce: number;
}

/** A window, and the present when it was made: where it ends before that, another follows. */
interface Stretch extends Window {
  readonly until: number;
}

interface Position {
  /** Everything before it has been listed. */
  readonly through: number;
  readonly window: Stretch | null;
  readonly page: string | null;
}

const milliseconds = (at: Instant): number => millisecondsBetween(0n, at);

export async function readHistory<F extends Fill | CashFact>(
  history: History<F>,
  context: MappingContext,
  [cursor, since, order]: ListedFrom,
  now: Instant,
  pace: Pace,
): Promise<FactPage<F>> {
  const today = milliseconds(now);
  const facts: F[] = [];
  const faults: string[] = [];
  const executions: ToldExecution[] = [];
  let [from, to] = [today, 0];
  let at = cursor === null ? beginning(history, since, today, pace.overlapMs) : parseCursor(cursor);
  let isFurther = false;
  let more = true;
  for (let windows = 0; more && isAtOnce(facts.length, windows, pace); windows += 1) {
    const window = at.window ?? windowFrom(at.through - pace.overlapMs, history.windowMs, today);
    const part = await readPart(history, context, window, at.page, isFurther, pace);
    const isTurned = history.newestFirst === true && at.page === null && order !== 'any';
    const narrower = isTurned ? narrowed(window, part) : null;
    isFurther = true;
    if (narrower !== null) {
      at = { through: at.through, window: narrower, page: null };
      continue;
    }
    facts.push(...part.items);
    faults.push(...part.faults);
    executions.push(...part.executions);
    if (part.pages > 0) [from, to] = [Math.min(from, window.from), Math.max(to, window.to)];
    if (part.next !== null || part.failed) {
      // What was read before it failed stands, and the next call begins at what failed.
      at = { through: at.through, window, page: part.next };
      break;
    }
    at = behind(history, at.through, window, part.items.length, today, pace);
    more = at.window !== null;
  }
  return {
    facts: facts.sort(byTime),
    faults,
    executions,
    span: { from: fromMilliseconds(from), to: fromMilliseconds(Math.max(from, to)) },
    cursor: JSON.stringify({ v: 1, ...at }),
    through: fromMilliseconds(at.through),
    more,
  };
}

/** A long past with little in it is handed out in parts too: they need not be asked for again. */
const windowsAtOnce = 8;

const isAtOnce = (facts: number, windows: number, { factsAtOnce }: Pace): boolean =>
  facts < factsAtOnce && windows < windowsAtOnce;

/** Where it goes on after a window that was listed to its end. */
function behind(
  { windowMs }: History<unknown>,
  through: number,
  window: Stretch,
  facts: number,
  today: number,
  { overlapMs, lagMs, factsAtOnce }: Pace,
): Position {
  const listed = Math.max(through, Math.min(window.to, today - lagMs));
  // Time that passed while a window was read is no more of the past than what lags anyway.
  const isLast = window.to >= window.until && window.to >= today - lagMs;
  if (isLast) return { through: listed, window: null, page: null };
  const width = window.to - window.from;
  // The next begins before this one ended, and leads on however narrow it is.
  const from = window.to - Math.min(overlapMs, Math.floor(width / 8));
  const wider = Math.min(8, Math.max(1, Math.floor(factsAtOnce / (2 * facts))));
  const next = Math.min(windowMs, Math.max(1, width) * wider);
  return { through: listed, window: windowFrom(from, next, today), page: null };
}

/** The beginning of a window that holds too much to be read before it is handed out; or null. */
function narrowed(window: Stretch, { items, next, failed }: Part<Fill | CashFact>): Stretch | null {
  const width = window.to - window.from;
  if (next === null || failed || width <= 1) return null;
  const oldest = milliseconds(items.reduce((a, { time }) => (time < a ? time : a), items[0]!.time));
  // What reaches to the window's beginning, or before it, is not to be had in smaller pieces.
  if (oldest <= window.from) return null;
  const fits = Math.floor((window.to - oldest) * 0.75);
  const half = Math.floor(width / 2);
  return { ...window, to: window.from + Math.max(1, Math.min(fits, half)) };
}

interface Part<F> {
  readonly items: readonly F[];
  readonly faults: readonly string[];
  readonly executions: readonly ToldExecution[];
  /** Null: the window was read to its end. */
  readonly next: string | null;
  readonly pages: number;
  /** A page failed, after others that did not. */
  readonly failed: boolean;
}

/** As many pages of a window as an answer holds. */
async function readPart<F extends Fill | CashFact>(
  history: History<F>,
  context: MappingContext,
  window: Window,
  page: string | null,
  isFurther: boolean,
  { factsAtOnce }: Pace,
): Promise<Part<F>> {
  const items: F[] = [];
  const faults: string[] = [];
  const executions: ToldExecution[] = [];
  let next = page;
  for (let pages = 0; ; pages += 1) {
    const read = await pageOrEnd(history, context, window, next, isFurther || pages > 0);
    if (read === null) return { items, faults, executions, next, pages, failed: true };
    items.push(...read.items);
    faults.push(...(read.unread ?? read.faults));
    executions.push(...(read.executions ?? []));
    next = read.next;
    if (next === null || items.length >= factsAtOnce) {
      return { items, faults, executions, next, pages: pages + 1, failed: false };
    }
  }
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

const windowFrom = (from: number, width: number, today: number): Stretch => {
  const start = Math.max(0, Math.min(from, today));
  return { from: start, to: Math.min(start + width, today), until: today };
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
  const { from, to, until = to } = window;
  if (![from, to, until].every(Number.isSafeInteger)) throw bad();
  const stretch = { from: Number(from), to: Number(to), until: Number(until) };
  return { through: Number(through), window: stretch, page };
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
  const executions: ToldExecution[] = [];
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
  return { items: once, faults, executions: standing(executions) };
}

/** Ids of those that the list does not take back. */
export function standing(told: readonly ToldExecution[]): readonly string[] {
  const back = new Set(told.filter((one) => one.takenBack).map((one) => one.executionId));
  return told.map(({ executionId }) => executionId).filter((id) => !back.has(id));
}

const factKey = (fact: Fill | CashFact): string =>
  fact.kind === 'fill'
    ? ['fill', fact.instrument, fact.executionId, fact.side, fact.leg].join('|')
    : [fact.kind, fact.currency, fact.instrument, fact.id].join('|');
