/**
 * The books of one account, kept by folding facts as they come. A fact that comes in effective
 * order is applied at once; a late one, a bust or a correction re-folds only the groups it
 * touches, from the page before it, when the batch is settled. The result is the same as folding
 * all facts that are in force in effective order from nothing.
 */
import type { BookedFact } from '../model/entry.ts';
import { invariant } from '../model/result.ts';
import { apply } from './apply.ts';
import { compareOrder, type OrderKey, orderOf } from './effective-order.ts';
import { emptyGroup, type Group } from './group.ts';
import { postingsFromText, stateFromText, stateText } from './group-codec.ts';
import { type Page, type PageStore, pagesBefore } from './pages.ts';
import { addAll, addDifference, emptyPostings, isBalanced, type Postings } from './postings.ts';
import { type GroupSnapshot, RestingGroups } from './resting-groups.ts';
import { groupsOf } from './route.ts';
import type { FoldContext } from './settings.ts';

/** Facts between two pages: a late fact re-folds half of that on average, a page costs one row. */
const pageFactsMin = 64;

/** Groups kept as objects; a batch can touch more, and then they rest after it. */
const liveGroupsMax = 1_000;

/** The facts in force at these sequences; those busted or reversed are left out. */
export type LoadFacts = (sequences: readonly number[]) => readonly BookedFact[];

/** A group with what is needed to keep it folded. */
interface LiveGroup {
  readonly group: Group;
  /** Sequences folded since the newest page. */
  tail: number[];
  pageCount: number;
  /** Postings when the batch first touched it; null outside a batch. */
  before: Postings | null;
  /** Earliest place in effective order that must be folded again; null when in order. */
  dirtyFrom: OrderKey | null;
  /** Sequences that wait for that. */
  pending: number[];
}

/** A group at a page of its history, and what it folded from there on, in effective order. */
export interface GroupPast {
  /** Its own copy. */
  readonly group: Group;
  readonly facts: readonly BookedFact[];
}

export class AccountFold {
  readonly context: FoldContext;
  readonly postings: Postings = emptyPostings();
  /** Late facts that re-folded a group, counted for people and benchmarks. */
  refolds = 0;
  /** Those moved of late, the least recently moved first. */
  readonly #live = new Map<string, LiveGroup>();
  /** All others: text takes a fraction of the memory, and most groups move seldom. */
  readonly #resting = new RestingGroups();
  readonly #touched = new Set<LiveGroup>();
  readonly #pages: PageStore;
  readonly #load: LoadFacts;
  readonly #liveMax: number;

  constructor(
    context: FoldContext,
    pages: PageStore,
    load: LoadFacts,
    liveMax: number = liveGroupsMax,
  ) {
    this.context = context;
    this.#pages = pages;
    this.#load = load;
    this.#liveMax = liveMax;
  }

  /** Those that a fact in force has moved; a bust can leave one without any. */
  *groups(): Generator<Group> {
    for (const { group } of this.#live.values()) if (isInUse(group)) yield group;
    for (const snapshot of this.#resting.all()) yield this.#liveOf(snapshot).group;
  }

  group(key: string): Group | undefined {
    const live = this.#live.get(key);
    if (live !== undefined) return live.group;
    const snapshot = this.#resting.get(key);
    return snapshot === undefined ? undefined : this.#liveOf(snapshot).group;
  }

  /** From the last page that ends before a place in effective order; behind all, as it is. */
  pastOf(key: string, from: OrderKey): GroupPast {
    const awake = this.#live.get(key);
    const resting = awake === undefined ? this.#resting.get(key) : undefined;
    const live = awake ?? (resting === undefined ? undefined : this.#liveOf(resting));
    if (live === undefined) return { group: this.#groupAt(key, undefined), facts: [] };
    const { group } = live;
    if (group.last !== null && compareOrder(group.last, from) < 0) {
      const state = stateText(group.state);
      return { group: awake ? this.#groupAt(key, { state, last: group.last }) : group, facts: [] };
    }
    const { base, members } = this.#since(live, from);
    return { group: this.#groupAt(key, base), facts: this.#load(members) };
  }

  /** Books a fact. The fold is right after the next `settle`. */
  add(booked: BookedFact): void {
    const order = orderOf(booked);
    for (const key of groupsOf(booked, this.context)) {
      const live = this.#touch(key);
      const { group } = live;
      if (live.dirtyFrom !== null) this.#defer(live, order, booked.sequence);
      else if (group.last !== null && compareOrder(order, group.last) < 0) {
        this.#defer(live, order, booked.sequence);
      } else this.#fold(live, booked, order);
    }
  }

  /** A booked fact became another one, went out of force (after null), or came back into it. */
  amend(before: BookedFact | null, after: BookedFact | null): void {
    const old = before === null ? [] : groupsOf(before, this.context);
    for (const key of old) this.#defer(this.#touch(key), orderOf(before!), null);
    if (after === null) return;
    for (const key of groupsOf(after, this.context)) {
      this.#defer(this.#touch(key), orderOf(after), old.includes(key) ? null : after.sequence);
    }
  }

  /** Ends a batch: folds what is late, adds up the postings, and proves that they balance. */
  settle(): readonly Group[] {
    for (const live of this.#touched) {
      if (live.dirtyFrom !== null) this.#refold(live, live.dirtyFrom);
      addDifference(this.postings, live.before!, live.group.state.postings);
      live.before = null;
    }
    const touched = Array.from(this.#touched, (live) => live.group);
    this.#touched.clear();
    this.#rest();
    invariant(isBalanced(this.postings), 'postings sum to zero per currency');
    return touched;
  }

  /** Everything that is needed to go on with a group later. */
  snapshotOf(key: string): GroupSnapshot {
    const live = this.#live.get(key);
    if (live !== undefined) return snapshotOf(live);
    const resting = this.#resting.get(key);
    invariant(resting !== undefined, `there is a group ${key}`);
    return resting;
  }

  /** All groups, in the order of their keys. */
  snapshot(): readonly GroupSnapshot[] {
    const live = [...this.#live.values()].filter(({ group }) => isInUse(group));
    return [...live.map(snapshotOf), ...this.#resting.all()].sort((a, b) =>
      a.key < b.key ? -1 : 1,
    );
  }

  /** `awake`: as objects, if they are few, for whoever reads them more than once. */
  restore(groups: readonly GroupSnapshot[], awake = false): void {
    invariant(this.#live.size === 0, 'only an empty fold is restored');
    const wakes = awake && groups.length <= this.#liveMax;
    for (const snapshot of groups) {
      const live = wakes ? this.#liveOf(snapshot) : null;
      if (live === null) this.#resting.put(snapshot);
      else this.#live.set(snapshot.key, live);
      addAll(this.postings, live?.group.state.postings ?? postingsFromText(snapshot.state));
    }
  }

  #liveOf({ key, state, last, tail, pageCount }: GroupSnapshot): LiveGroup {
    const restored = stateFromText(state, key, this.context.settings.costMethod);
    return { ...fresh({ key, state: restored, last }), tail: [...tail], pageCount };
  }

  /** Lets those rest that have not moved for longest. */
  #rest(): void {
    for (const [key, live] of this.#live) {
      if (this.#live.size <= this.#liveMax) return;
      this.#live.delete(key);
      if (isInUse(live.group)) this.#resting.put(snapshotOf(live));
    }
  }

  #touch(key: string): LiveGroup {
    let live = this.#live.get(key);
    if (live?.before) return live;
    if (live === undefined) {
      const resting = this.#resting.take(key);
      live =
        resting === undefined
          ? fresh(emptyGroup(key, this.context.settings.costMethod))
          : this.#liveOf(resting);
    } else this.#live.delete(key);
    this.#live.set(key, live);
    live.before = { ...live.group.state.postings };
    this.#touched.add(live);
    return live;
  }

  #fold(live: LiveGroup, booked: BookedFact, order: OrderKey): void {
    apply(live.group, booked, this.context);
    live.group.last = order;
    live.tail.push(booked.sequence);
    if (isPageFull(live.group, live.tail.length)) this.#turnPage(live, order);
  }

  #turnPage(live: LiveGroup, last: OrderKey): void {
    const { group } = live;
    this.#pages.put(group.key, {
      index: live.pageCount,
      last,
      members: live.tail,
      state: stateText(group.state),
    });
    live.pageCount += 1;
    live.tail = [];
  }

  #defer(live: LiveGroup, order: OrderKey, sequence: number | null): void {
    if (live.dirtyFrom === null || compareOrder(order, live.dirtyFrom) < 0) live.dirtyFrom = order;
    if (sequence !== null) live.pending.push(sequence);
  }

  /** The page before a place, how many there are up to it, and what was folded after it. */
  #since({ group, pageCount, tail }: LiveGroup, from: OrderKey) {
    const { key } = group;
    const kept = pagesBefore(this.#pages, key, pageCount, from);
    const base = kept === 0 ? undefined : this.#pages.page(key, kept - 1);
    const members: number[] = [];
    for (let index = kept; index < pageCount; index++) {
      members.push(...this.#pages.page(key, index).members);
    }
    return { kept, base, members: [...members, ...tail] };
  }

  #groupAt(key: string, page: Pick<Page, 'state' | 'last'> | undefined): Group {
    const { costMethod } = this.context.settings;
    if (page === undefined) return emptyGroup(key, costMethod);
    return { key, state: stateFromText(page.state, key, costMethod), last: page.last };
  }

  #refold(live: LiveGroup, from: OrderKey): void {
    const { group } = live;
    const { kept, base, members } = this.#since(live, from);
    const facts = this.#load([...new Set([...members, ...live.pending])])
      .filter((booked) => groupsOf(booked, this.context).includes(group.key))
      .map((booked) => ({ booked, order: orderOf(booked) }))
      .sort((a, b) => compareOrder(a.order, b.order));
    this.#pages.removeFrom(group.key, kept);
    const { state, last } = this.#groupAt(group.key, base);
    group.state = state;
    group.last = last;
    live.pageCount = kept;
    live.tail = [];
    live.pending = [];
    live.dirtyFrom = null;
    this.refolds += 1;
    for (const { booked, order } of facts) this.#fold(live, booked, order);
  }
}

function snapshotOf({ group, tail, pageCount, dirtyFrom }: LiveGroup): GroupSnapshot {
  invariant(dirtyFrom === null, `group ${group.key} is settled`);
  return { key: group.key, state: stateText(group.state), last: group.last, tail, pageCount };
}

export const isInUse = (group: Group): boolean => group.last !== null;

const fresh = (group: Group): LiveGroup => ({
  group,
  tail: [],
  pageCount: 0,
  before: null,
  dirtyFrom: null,
  pending: [],
});

/**
 * A page costs as much as the group is large, so a group of many lots turns pages less often; that
 * new facts are half of it comes true even where every one of them opens a lot.
 */
function isPageFull(group: Group, facts: number): boolean {
  if (facts < pageFactsMin) return false;
  const { coin, legs } = group.state;
  let size = (coin?.holding.lots?.length ?? 0) + legs.size * 4;
  for (const leg of legs.values()) size += leg.holding.lots?.length ?? 0;
  return facts * 2 >= size;
}
