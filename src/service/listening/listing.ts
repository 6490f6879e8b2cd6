/**
 * Lists a section of a venue page by page into the book. Each page is committed with the place to
 * go on from, so a listing that was broken off goes on there; and behind what was listed once it
 * lists again, so that what came late or was left out is found.
 */
import type { CashFact, Fill } from '../../model/fact.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Feed, NewGap } from '../../store/feeds.ts';
import type { Answer, FactPage, Venue } from '../../venues/venue.ts';
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
}

type Wanted = { readonly since: Instant | null; readonly overlapMs: number };

export async function listSection(
  parts: ListingParts,
  before: Feed,
  { since, overlapMs }: Wanted,
  patience: Patience,
): Promise<SectionResult> {
  const forward = await listForward(parts, before, since, patience);
  const { feed } = forward;
  if (forward.why !== null || before.through === null) return { ...forward, relisted: null };
  const from = addMilliseconds(before.through, -overlapMs);
  const again = await listAgain(parts, feed, { from, to: before.through }, patience);
  return { ...forward, ...again, unread: [...forward.unread, ...again.unread] };
}

/** From where it ended last. */
async function listForward(
  parts: ListingParts,
  before: Feed,
  since: Instant | null,
  patience: Patience,
): Promise<Omit<SectionResult, 'relisted'>> {
  const section = before.section as SectionName;
  const pages = pagesOf(parts.venue, section);
  const unread: string[] = [];
  let feed = before;
  const ended = (why: string | null) => ({ feed, unread, why, credentials: false });
  for (;;) {
    const { cursor } = feed;
    const page = await asked(() => pages(cursor, cursor === null ? since : null), patience);
    if (!page.ok) return { ...ended(page.why), credentials: page.credentials };
    const { more, faults = [] } = page.value;
    const isStuck = more && page.value.cursor === cursor;
    const through = later(feed.through, page.value.through);
    const next = { ...feed, cursor: page.value.cursor, through, unfinished: more };
    await bookPage(parts, page.value, { feed: next, behind: feed.through }, patience, [next]);
    unread.push(...faults);
    feed = next;
    if (isStuck) return ended(stuckWhy);
    if (!more) return ended(null);
    if (patience.signal.aborted) return ended('it was stopped');
  }
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
    const page: Asked<FactPage<Listed>> = await asked(
      () => pages(at, at === null ? from : null),
      patience,
    );
    if (!page.ok) return { ...ended(page.why), credentials: page.credentials };
    const { facts, more, through, faults = [] } = page.value;
    if (facts.length + faults.length > 0) {
      await bookPage(parts, page.value, { feed, behind: from }, patience, []);
    }
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
  { desk, venue, onPage, gapsOf, onGaps }: ListingParts,
  page: FactPage<Listed>,
  { feed, behind }: PagePlace,
  { clock }: Patience,
  feeds: readonly Feed[],
): Promise<void> {
  const { name, account } = venue;
  const { facts, faults = [], span } = page;
  const stream = `${listedStream}${feed.section}`;
  const receivedAt = clock.now();
  const opened = gapsOf(faults, span ?? { from: behind, to: later(page.through, receivedAt) });
  const kept = await desk.book(facts, {
    ...{ feeds, opened, refusedTo: { venue: name, account, stream, receivedAt } },
  });
  onGaps(opened, kept.gaps);
  await onPage(facts, kept.outcomes);
}

/** Kept messages of these streams are facts of a listing that the book refused. */
export const listedStream = 'listed:';

type Pages = (cursor: string | null, since: Instant | null) => Promise<Answer<FactPage<Listed>>>;

const pagesOf =
  (venue: Venue, section: SectionName): Pages =>
  (cursor, since) =>
    section === 'executions' ? venue.executions(cursor, since) : venue.cashFlows(cursor, since);

const later = (a: Instant | null, b: Instant): Instant => (a === null || b > a ? b : a);
