/**
 * One account of a venue as the book follows it: what its streams told, what it lists, and the
 * spans in which something could have been missed. `update` and `listen` stand on this.
 */
import type { AccountFact, Fact } from '../../model/fact.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Feed, Gap, NewGap } from '../../store/feeds.ts';
import type { RawEvent, RawMessage } from '../../store/raw-events.ts';
import type { Venue } from '../../venues/venue.ts';
import type { Keeping, Kept } from '../book.ts';
import type { Log } from '../log.ts';
import type { Outcome } from '../outcome.ts';
import type { BookReader } from '../reading.ts';
import type { WaitingClock } from '../system-clock.ts';
import { Amending } from './amending.ts';
import { Amendments } from './amendments.ts';
import type { Patience } from './asking.ts';
import { FactDesk, type Keeper } from './fact-desk.ts';
import { fillsInForce } from './fills-in-force.ts';
import { forgottenGap, GapList, gapWords } from './gap-list.ts';
import { factWords } from './identity.ts';
import {
  type Listed,
  type ListingParts,
  listAgain,
  listSections,
  type SectionName,
  type SectionResult,
  sectionNames,
} from './listing.ts';
import { readMessages, refusedWhy } from './messages.ts';
import { OpenOrders, type OrdersCompared, ordersUnasked } from './open-orders.ts';
import type { ListenSettings } from './settings.ts';
import { type Tally, TallyKeeper } from './tally.ts';
import { tellFacts } from './telling.ts';
import { Told } from './told.ts';
import { isUnreadable, readableAgain, type Span, spanOf, unreadableGaps } from './unreadable.ts';

export interface FollowingParts {
  readonly venue: Venue;
  readonly keeper: Keeper;
  readonly reader: BookReader;
  readonly clock: WaitingClock;
  readonly log: Log;
  readonly settings: ListenSettings;
  /** Whether a stream tells executions: then it owes every one. */
  readonly streams: boolean;
  /** When whoever followed it before listed it far back; absent: nobody did. */
  readonly deepAt?: Instant | null;
  readonly onProgress?: (section: SectionName, facts: number) => void;
  /** After facts were booked from messages, and after each comparison. */
  readonly onBooked?: () => void;
}

export interface Comparison {
  readonly sections: readonly SectionResult[];
  /** Everything up to here was listed; null: not even that is known. */
  readonly through: Instant | null;
  /** Null: everything was listed. */
  readonly why: string | null;
  readonly credentials: boolean;
  readonly orders: OrdersCompared;
}

type KeptMessage = Pick<RawEvent, 'sequence' | 'stream' | 'text'>;

const pageOfMessages = 1_000;

export class Following {
  readonly #parts: FollowingParts;
  readonly #desk: FactDesk;
  readonly #tally = new TallyKeeper();
  readonly #amendments = new Amendments();
  readonly #amending: Amending;
  readonly #orders: OpenOrders;
  readonly #feeds = new Map<SectionName, Feed>();
  readonly #told: Told;
  readonly #unread = new Set<number>();
  /** Kept, and read when the next are kept. */
  #kept: readonly KeptMessage[] = [];
  readonly #progressed = new Map<SectionName, number>();
  #gaps = new GapList([]);
  #deepAt: Instant | null;
  /** The book refused a fact that was listed. */
  #isRefused = false;
  /** The last comparison listed executions anew, to the end. */
  #isRelisted = false;

  constructor(parts: FollowingParts) {
    this.#parts = parts;
    this.#deepAt = parts.deepAt ?? null;
    this.#desk = new FactDesk(parts.venue, parts.keeper);
    const [amendments, book] = [this.#amendments, (facts: readonly Fact[]) => this.#bookOwn(facts)];
    this.#told = new Told(parts);
    this.#amending = new Amending({ ...parts, amendments, book });
    this.#orders = new OpenOrders({ ...parts, progress: amendments.progress, book });
  }

  get tally(): Tally {
    return this.#tally.now;
  }

  get gaps(): Pick<GapList, 'open' | 'opened'> {
    return this.#gaps;
  }

  /** Messages that are kept and not in the book. */
  get unread(): number {
    return this.#unread.size;
  }

  get progress() {
    return this.#amendments.progress;
  }

  /** When it was listed far back, to the end; null: never yet. */
  get deepAt(): Instant | null {
    return this.#deepAt;
  }

  feed(section: SectionName): Feed {
    const { name: venue, account } = this.#parts.venue;
    const nothing = { cursor: null, since: null, through: null, unfinished: false };
    return this.#feeds.get(section) ?? { venue, account, section, ...nothing };
  }

  /** Everything the venue lists was listed up to here. */
  get through(): Instant | null {
    const times = sectionNames.map((section) => this.feed(section).through);
    return times.reduce((a, b) => (a === null || b === null ? null : a < b ? a : b));
  }

  /** Makes the account where there is none, and takes up where the book stands. */
  async begin(account: AccountFact, patience: Patience): Promise<void> {
    const { venue, reader, clock, log, settings } = this.#parts;
    if (reader.file.accountNamed(venue.account) === null) await this.#desk.open(account);
    for (const section of sectionNames) {
      const feed = reader.file.feed(venue.name, venue.account, section);
      if (feed !== null) this.#feeds.set(section, feed);
    }
    this.#gaps = new GapList(reader.file.openGaps(venue.name, venue.account));
    const known = reader.file.accountNamed(venue.account)!;
    const reachMs = this.#isDeepDue(clock.now()) ? settings.deepOverlapMs : 2 * settings.overlapMs;
    const from = addMilliseconds(clock.now(), -reachMs);
    for (const fill of fillsInForce(reader, known, from)) this.#amendments.load(fill);
    const listed = await this.#desk.readInstruments(patience);
    if (!listed.ok) {
      log.warn({ event: 'instruments.unread', msg: `Instruments cannot be read: ${listed.why}` });
    }
    await this.#readOpen();
  }

  /**
   * Messages in the order in which they came. They are kept, in the transaction that books what
   * those before them told: nothing is read before it is kept, and a commit does for both.
   */
  async take(messages: readonly RawMessage[], gaps: readonly NewGap[]): Promise<void> {
    const { opened, extended } = this.#gaps.grow(gaps, this.through);
    const kept = await this.#read(this.#kept, { messages, opened, extended });
    this.#addGaps(opened, kept.gaps);
    this.#kept = messages.map(({ stream, text }, index) => {
      return { sequence: kept.sequences[index]!, stream, text };
    });
  }

  /** Reads what was kept last into the book. */
  async readKept(): Promise<void> {
    if (this.#kept.length > 0) await this.#read(this.#kept, {});
    this.#kept = [];
  }

  async prune(): Promise<void> {
    const { keeper, clock, settings } = this.#parts;
    await keeper.keep([], { pruneBefore: addMilliseconds(clock.now(), -settings.keepMessagesMs) });
  }

  /** Lists everything since it was listed last, and what lies an overlap behind, once. */
  async compare(patience: Patience, since: Instant | null = null): Promise<Comparison> {
    const { clock, settings } = this.#parts;
    const began = clock.now();
    if (this.#unread.size > 0) await this.#readAgain(patience);
    this.#isRefused = false;
    const unreadable = this.#gaps.open.filter(isUnreadable);
    const isDeep = this.#isDeepDue(began) || this.#amendments.suspects;
    const overlapMs = isDeep ? settings.deepOverlapMs : settings.overlapMs;
    this.#amendments.begin(addMilliseconds(began, -2 * settings.deepOverlapMs), this.#isRelisted);
    for (const section of sectionNames) await this.#noteForgotten(section, began);
    const starts = sectionNames.map((section) => {
      const before = this.feed(section);
      const from = since ?? before.since;
      const start = before.cursor === null ? { ...before, since: from } : before;
      return { parts: this.#listing(section), before: start, since: from };
    });
    const sections = await listSections(starts, overlapMs, patience);
    for (const { feed } of sections) this.#feeds.set(feed.section as SectionName, feed);
    if (this.#isRefused) await this.#readAgain(patience);
    if (isDeep && sections.every(({ why }) => why === null)) this.#deepAt = began;
    const relisted = sections[0]?.relisted ?? null;
    this.#isRelisted = relisted !== null;
    if (relisted !== null) await this.#amending.takeBack(relisted, patience);
    const readable = isDeep ? await this.#lookAgain(unreadable, patience) : [];
    const listed = await this.#lookForTold(sections, patience);
    const orders = await this.#compareOrders(sections, isDeep, patience);
    const concluded = await this.#concluded(sections, began, [...readable, ...listed]);
    this.#parts.onBooked?.();
    return { ...concluded, orders };
  }

  #isDeepDue(now: Instant): boolean {
    const { deepEveryMs } = this.#parts.settings;
    return this.#deepAt === null || addMilliseconds(this.#deepAt, deepEveryMs) <= now;
  }

  /** After what filled them: only then is what an order says no surprise. */
  async #compareOrders(
    sections: readonly SectionResult[],
    isDeep: boolean,
    patience: Patience,
  ): Promise<OrdersCompared> {
    if (sections.some(({ why }) => why !== null)) return ordersUnasked;
    if (isDeep) this.#orders.load();
    return await this.#orders.compare(patience);
  }

  #listing(section: SectionName): ListingParts {
    const { venue } = this.#parts;
    const { name, account } = venue;
    return {
      ...{ venue, desk: this.#desk, onPage: this.#onPage(section) },
      gapsOf: (faults, span) =>
        unreadableGaps(faults, { venue: name, account, stream: section }, span, this.#gaps.open),
      onGaps: (gaps, numbers) => this.#addGaps(gaps, numbers),
      onTold: (told) => this.#told.take(told),
    };
  }

  /** Lists once more where rows could not be read: the gaps whose rows now can. */
  async #lookAgain(gaps: readonly Gap[], patience: Patience): Promise<readonly Gap[]> {
    const readable: Gap[] = [];
    for (const section of sectionNames) {
      const own = gaps.filter(({ stream }) => stream === section);
      if (own.length === 0) continue;
      const again = listAgain(this.#listing(section), this.feed(section), spanOf(own), patience);
      const { why, unread } = await again;
      if (why === null) readable.push(...readableAgain(own, unread));
    }
    return readable;
  }

  /** After a listing that came to its end: the gaps in which nothing told of is missing now. */
  async #lookForTold(
    sections: readonly SectionResult[],
    patience: Patience,
  ): Promise<readonly Gap[]> {
    if (sections.some(({ why }) => why !== null)) return [];
    const again = (span: Span) => this.#relist(span, patience);
    const found = await this.#told.found(this.#gaps.open, again);
    await this.openGaps(this.#told.unlisted(this.feed('executions'), this.#gaps.open));
    return found;
  }

  /** Lists a span of both sections once more: whether it came to its end. */
  async #relist(span: Span, patience: Patience): Promise<boolean> {
    for (const section of sectionNames.toReversed()) {
      const again = listAgain(this.#listing(section), this.feed(section), span, patience);
      if ((await again).why !== null) return false;
    }
    return true;
  }

  async openGaps(gaps: readonly NewGap[]): Promise<void> {
    if (gaps.length === 0) return;
    const kept = await this.#parts.keeper.keep([], { opened: gaps });
    this.#addGaps(gaps, kept.gaps);
  }

  #onPage(section: SectionName) {
    return async (facts: readonly Listed[], outcomes: readonly Outcome[]): Promise<void> => {
      const { clock, log, streams, onProgress } = this.#parts;
      const now = clock.now();
      this.#amendments.take(facts, outcomes);
      for (const [index, fact] of facts.entries()) {
        const outcome = outcomes[index]!;
        if (outcome.status === 'refused') this.#isRefused = true;
        const explained = outcome.status === 'booked' ? this.#gaps.explains(fact) : null;
        const owes = streams && section === 'executions';
        this.#tally.listed(fact, outcome, owes || explained === true ? explained : null, now);
      }
      tellFacts(log, facts, outcomes, this.progress);
      const told = (this.#progressed.get(section) ?? 0) + facts.length;
      this.#progressed.set(section, told);
      onProgress?.(section, told);
      this.#told.listed(facts, outcomes);
      await this.#amending.listed(facts, outcomes);
    };
  }

  async #bookOwn(facts: readonly Fact[]): Promise<Kept> {
    const kept = await this.#desk.book(facts, {});
    this.#amendments.take(facts, kept.outcomes);
    return kept;
  }

  /** Of gaps it is known that nothing is missing in them any more. */
  async close(gaps: readonly Gap[]): Promise<void> {
    if (gaps.length === 0) return;
    const { keeper, clock, log } = this.#parts;
    const at = clock.now();
    // At once: what a stream tells meanwhile must not make one grow that is about to be closed.
    this.#gaps.close(gaps);
    await keeper.keep([], { closed: gaps.map(({ gap, found }) => ({ gap, at, found })) });
    for (const gap of gaps) {
      const msg = `Gap filled, ${gap.found} facts were missing in it: ${gapWords(gap)}`;
      log.info({ event: 'gap.closed', msg });
    }
  }

  async #concluded(
    sections: readonly SectionResult[],
    began: Instant,
    whole: readonly Gap[],
  ): Promise<Omit<Comparison, 'orders'>> {
    const { clock, log, settings } = this.#parts;
    const failed = sections.find(({ why }) => why !== null);
    const through = this.through;
    if (failed === undefined && through !== null) {
      // What ended after the listing began is closed by the next one.
      const until = through < began ? through : began;
      await this.close(this.#gaps.closable(until, new Set(whole.map(({ gap }) => gap))));
    }
    for (const fact of this.#tally.missed(clock.now(), settings.compareEveryMs / 2)) {
      const msg = `LATE_ARRIVAL: the stream never told ${factWords(fact)}; a listing did`;
      log.warn({ event: 'fill.late', account: this.#parts.venue.account, msg });
    }
    const credentials = failed?.credentials ?? false;
    return { sections, through, why: failed?.why ?? null, credentials };
  }

  async #noteForgotten(section: SectionName, now: Instant): Promise<void> {
    const { venue, log } = this.#parts;
    const { through } = this.feed(section);
    const gap = forgottenGap(venue, section, through, now);
    if (gap === null) return;
    if (this.#gaps.open.some((one) => one.stream === section && one.from === through)) return;
    await this.openGaps([gap]);
    log.error({ event: 'gap.lost', account: venue.account, msg: `Lost: ${gapWords(gap)}` });
  }

  #addGaps(gaps: readonly NewGap[], numbers: readonly number[]): void {
    this.#gaps.add(gaps, numbers);
    for (const gap of gaps) {
      this.#parts.log.warn({ event: 'gap.opened', msg: `Gap: ${gapWords(gap)}` });
    }
  }

  async #read(events: readonly KeptMessage[], beside: Keeping): Promise<Kept> {
    const { venue, log } = this.#parts;
    const { facts, read } = readMessages(venue, events);
    const kept = await this.#desk.book(facts, { ...beside, read });
    this.#amendments.take(facts, kept.outcomes);
    this.#orders.heard(facts);
    this.#tally.streamed(events.length, facts, kept.outcomes);
    tellFacts(log, facts, kept.outcomes, this.progress);
    if (facts.length > 0) this.#parts.onBooked?.();
    for (const { sequence, why, from, to } of read) {
      const problem = why ?? refusedWhy(kept, from, to);
      if (problem === null) this.#unread.delete(sequence);
      else if (!this.#unread.has(sequence)) {
        this.#unread.add(sequence);
        const msg = `Message ${sequence} is kept and not in the book yet: ${problem}`;
        log.warn({ event: 'message.unread', account: venue.account, msg });
      }
    }
    return kept;
  }

  /** Reads the venue's instruments again, and then what could not be read without them. */
  async #readAgain(patience: Patience): Promise<void> {
    const listed = await this.#desk.readInstruments({ ...patience, tries: 1 });
    const { log } = this.#parts;
    if (!listed.ok) {
      log.warn({ event: 'instruments.unread', msg: `Instruments cannot be read: ${listed.why}` });
    }
    await this.#readOpen();
  }

  /** What was kept and is not in the book: after a crash, or with instruments read again. */
  async #readOpen(): Promise<void> {
    const { reader, venue } = this.#parts;
    for (let after = 0; ; ) {
      const { name, account } = venue;
      const events = reader.file.openMessages(name, account, after, pageOfMessages);
      const inHand = new Set(this.#kept.map(({ sequence }) => sequence));
      const open = events.filter(({ sequence }) => !inHand.has(sequence));
      if (open.length > 0) await this.#read(open, {});
      if (events.length < pageOfMessages) return;
      after = events.at(-1)!.sequence;
    }
  }
}
