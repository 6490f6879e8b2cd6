/**
 * Lists a section of a venue page by page into the book. Each page is committed with the place to
 * go on from, so a listing that was broken off goes on there; and behind what was listed once it
 * lists again, so that what came late or was left out is found.
 */
import type { CashFact, Fill } from '../../model/fact.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Feed } from '../../store/feeds.ts';
import type { Answer, FactPage, Venue } from '../../venues/venue.ts';
import type { Outcome } from '../outcome.ts';
import { type Asked, asked, type Patience } from './asking.ts';
import type { FactDesk } from './fact-desk.ts';
import { identityOf } from './identity.ts';

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
  /** Null: nothing was listed anew, or not to the end. */
  readonly relisted: Relisted | null;
}

export interface ListingParts {
  readonly venue: Venue;
  readonly desk: FactDesk;
  /** What became of each fact of a page. */
  readonly onPage: (facts: readonly Listed[], outcomes: readonly Outcome[]) => Promise<void>;
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
  return { ...forward, ...again };
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
  let feed = before;
  for (;;) {
    const { cursor } = feed;
    const page = await asked(() => pages(cursor, cursor === null ? since : null), patience);
    if (!page.ok) return { feed, ...page };
    const { facts, more } = page.value;
    const isStuck = more && page.value.cursor === cursor;
    const through = later(feed.through, page.value.through);
    const next = { ...feed, cursor: page.value.cursor, through, unfinished: more };
    await bookPage(parts, facts, next, patience, [next]);
    feed = next;
    if (isStuck) {
      return { feed, why: 'the venue gives the same page again and again', credentials: false };
    }
    if (!more) return { feed, why: null, credentials: false };
    if (patience.signal.aborted) return { feed, why: 'it was stopped', credentials: false };
  }
}

/** What was listed before, from the beginning of the overlap. */
async function listAgain(
  parts: ListingParts,
  feed: Feed,
  { from, to }: { readonly from: Instant; readonly to: Instant },
  patience: Patience,
): Promise<Pick<SectionResult, 'why' | 'credentials' | 'relisted'>> {
  const pages = pagesOf(parts.venue, feed.section as SectionName);
  const identities = new Set<string>();
  let cursor: string | null = null;
  for (;;) {
    const at: string | null = cursor;
    const page: Asked<FactPage<Listed>> = await asked(
      () => pages(at, at === null ? from : null),
      patience,
    );
    if (!page.ok) return { ...page, relisted: null };
    const { facts, more, through } = page.value;
    if (facts.length > 0) await bookPage(parts, facts, feed, patience, []);
    for (const fact of facts) identities.add(identityOf(fact)!);
    if (!more || through >= to) {
      return { why: null, credentials: false, relisted: { from, to, identities } };
    }
    const isStuck = page.value.cursor === at;
    if (isStuck || patience.signal.aborted) {
      const why = isStuck ? 'the venue gives the same page again and again' : 'it was stopped';
      return { why, credentials: false, relisted: null };
    }
    cursor = page.value.cursor;
  }
}

async function bookPage(
  { desk, venue, onPage }: ListingParts,
  facts: readonly Listed[],
  feed: Feed,
  { clock }: Patience,
  feeds: readonly Feed[],
): Promise<void> {
  const { name, account } = venue;
  const stream = `${listedStream}${feed.section}`;
  const kept = await desk.book(facts, {
    feeds,
    refusedTo: { venue: name, account, stream, receivedAt: clock.now() },
  });
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
