/**
 * Lists the sections of a venue page by page into the book. Each page is committed with the place
 * to go on from, so a listing that was broken off goes on there; and behind what was listed once it
 * lists again, so that what came late or was left out is found.
 */
import type { CashFact, Fill } from '../../model/fact.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Feed, NewGap } from '../../store/feeds.ts';
import type { Answer, FactPage, ListedFrom, ToldExecution, Venue } from '../../venues/venue.ts';
import type { Outcome } from '../outcome.ts';
import { type Asked, asked, type Patience } from './asking.ts';
import type { FactDesk } from './fact-desk.ts';
import { identityOf } from './identity.ts';
import type { Span } from './unreadable.ts';

export const sectionNames = ['executions', 'cash-flows'] as const;
export type SectionName = (typeof sectionNames)[number];

export type Listed = Fill | CashFact;

/** What was listed anew behind the watermark: everything in from <= time <= to. */
export interface Relisted {
  readonly from: Instant;
  readonly to: Instant;
  readonly identities: ReadonlySet<string>;
}

export interface SectionResult {
  readonly feed: Feed;
  /** Null: the listing came to its end. */
  readonly why: string | null;
  readonly credentials: boolean;
  /** Null: nothing was listed anew, or not to the end, or not all of it could be read. */
  readonly relisted: Relisted | null;
  /** Rows that could not be read: each is an open gap. */
  readonly unread: readonly string[];
}

export interface ListingParts {
  readonly venue: Venue;
  readonly desk: FactDesk;
  /** What became of each fact of a page. */
  readonly onPage: (facts: readonly Listed[], outcomes: readonly Outcome[]) => Promise<void>;
  /** Gaps to keep with a page of which rows could not be read. */
  readonly gapsOf: (faults: readonly string[], span: Span) => readonly NewGap[];
  readonly onGaps: (gaps: readonly NewGap[], numbers: readonly number[]) => void;
  /** Executions that a page speaks of and does not list. */
  readonly onTold: (told: readonly ToldExecution[]) => void;
}

type Pages = (...from: ListedFrom) => Promise<Answer<FactPage<Listed>>>;

type Page = Promise<Asked<FactPage<Listed>>>;

/** A section that is listed from where it ended last. */
export interface Forward {
  readonly parts: ListingParts;
  readonly before: Feed;
  /** Where there is no cursor yet: as far back as this; null: as the venue goes. */
  readonly since: Instant | null;
}

interface Running extends Forward {
  readonly pages: Pages;
  readonly unread: string[];
  feed: Feed;
  /** The next page, asked for while the one before it is booked. */
  page: Page | null;
  /** Null: it goes on. */
  ended: { readonly why: string | null; readonly credentials: boolean } | null;
}

/** Each section from where it ended last, and then once more what lies an overlap behind that. */
export async function listSections(
  sections: readonly Forward[],
  overlapMs: number,
  patience: Patience,
): Promise<readonly SectionResult[]> {
  const results: SectionResult[] = [];
  for (const [index, forward] of (await listForward(sections, patience)).entries()) {
    const { parts, before } = sections[index]!;
    const isRefused = results.some(({ credentials }) => credentials);
    if (forward.why !== null || before.through === null || isRefused) {
      results.push({ ...forward, relisted: null });
      continue;
    }
    const span = { from: addMilliseconds(before.through, -overlapMs), to: before.through };
    const again = await listAgain(parts, forward.feed, span, patience);
    results.push({ ...forward, ...again, unread: [...forward.unread, ...again.unread] });
  }
  return results;
}

/**
 * Sections side by side, each time a page of the one that is furthest behind: so the book takes
 * what they tell about in the order in which it happened. A refused key ends all of them; those
 * after the one that was asked first may be missing from the answer.
 */
async function listForward(
  sections: readonly Forward[],
  patience: Patience,
): Promise<readonly Omit<SectionResult, 'relisted'>[]> {
  const running = sections.map(
    (one): Running => ({
      ...one,
      ...{ pages: pagesOf(one.parts.venue, one.before.section as SectionName), unread: [] },
      ...{ feed: one.before, page: null, ended: null },
    }),
  );
  for (;;) {
    const next = furthestBehind(running);
    if (next === null) break;
    next.page ??= nextPage(next, patience);
    await listPage(next, await next.page, patience);
  }
  const refused = running.find(({ ended }) => ended?.credentials === true)?.ended;
  const last = running.findLastIndex(({ ended, page }) => ended !== null || page !== null);
  const told = running.slice(0, last + 1);
  return told.map(({ feed, unread, ended }) => ({ feed, unread, ...(ended ?? refused)! }));
}

/** Null: all of them ended, or the key was refused. */
function furthestBehind(running: readonly Running[]): Running | null {
  if (running.some(({ ended }) => ended?.credentials === true)) return null;
  const going = running.filter(({ ended }) => ended === null);
  return going.reduce<Running | null>(
    (first, one) => (first === null || isBehind(one.feed, first.feed) ? one : first),
    null,
  );
}

const isBehind = ({ through: a }: Feed, { through: b }: Feed): boolean =>
  b !== null && (a === null || a < b);

const nextPage = ({ pages, feed: { cursor }, since }: Running, patience: Patience): Page =>
  asked(() => pages(cursor, cursor === null ? since : null), patience);

async function listPage(section: Running, page: Awaited<Page>, patience: Patience): Promise<void> {
  const { feed, parts } = section;
  if (!page.ok) {
    section.ended = { why: page.why, credentials: page.credentials };
    return;
  }
  const { more, cursor, faults = [] } = page.value;
  const isStuck = more && cursor === feed.cursor;
  const through = later(feed.through, page.value.through);
  section.feed = { ...feed, cursor, through, unfinished: more };
  section.page = null;
  const why = isStuck ? stuckWhy : patience.signal.aborted ? 'it was stopped' : null;
  if (!more || why !== null) section.ended = { why: more ? why : null, credentials: false };
  else section.page = nextPage(section, patience);
  const place = { feed: section.feed, behind: feed.through };
  await bookPage(parts, page.value, place, patience, [section.feed]);
  section.unread.push(...faults);
}

const stuckWhy = 'the venue gives the same page again and again';

/** What was listed before, from an instant on. */
export async function listAgain(
  parts: ListingParts,
  feed: Feed,
  { from, to }: Span,
  patience: Patience,
): Promise<Omit<SectionResult, 'feed'>> {
  const pages = pagesOf(parts.venue, feed.section as SectionName);
  const identities = new Set<string>();
  const unread: string[] = [];
  const ended = (why: string | null) => ({ why, unread, credentials: false, relisted: null });
  let cursor: string | null = null;
  for (;;) {
    const at: string | null = cursor;
    // Nearly all of it is in the book.
    const page: Awaited<Page> = await asked(
      () => pages(at, at === null ? from : null, 'any'),
      patience,
    );
    if (!page.ok) return { ...ended(page.why), credentials: page.credentials };
    const { facts, more, through, faults = [], executions = [] } = page.value;
    if (facts.length + faults.length > 0) {
      await bookPage(parts, page.value, { feed, behind: from }, patience, []);
    } else parts.onTold(executions);
    unread.push(...faults);
    for (const fact of facts) identities.add(identityOf(fact)!);
    if (!more || through >= to) {
      // A fact whose row cannot be read is listed all the same.
      if (unread.length > 0 || from === null) return ended(null);
      return { ...ended(null), relisted: { from, to, identities } };
    }
    if (page.value.cursor === at) return ended(stuckWhy);
    if (patience.signal.aborted) return ended('it was stopped');
    cursor = page.value.cursor;
  }
}

interface PagePlace {
  readonly feed: Feed;
  /** Everything up to here was listed before the page. */
  readonly behind: Instant | null;
}

/** What could not be read is kept as a gap together with the place to go on from. */
async function bookPage(
  { desk, venue, onPage, gapsOf, onGaps, onTold }: ListingParts,
  page: FactPage<Listed>,
  { feed, behind }: PagePlace,
  { clock }: Patience,
  feeds: readonly Feed[],
): Promise<void> {
  const { name, account } = venue;
  const { facts, faults = [], executions = [], span } = page;
  const stream = `${listedStream}${feed.section}`;
  const receivedAt = clock.now();
  const opened = gapsOf(faults, span ?? { from: behind, to: later(page.through, receivedAt) });
  const kept = await desk.book(facts, {
    ...{ feeds, opened, refusedTo: { venue: name, account, stream, receivedAt } },
  });
  onGaps(opened, kept.gaps);
  await onPage(facts, kept.outcomes);
  onTold(executions);
}

/** Kept messages of these streams are facts of a listing that the book refused. */
export const listedStream = 'listed:';

const pagesOf =
  (venue: Venue, section: SectionName): Pages =>
  (...from) =>
    section === 'executions' ? venue.executions(...from) : venue.cashFlows(...from);

const later = (a: Instant | null, b: Instant): Instant => (a === null || b > a ? b : a);
