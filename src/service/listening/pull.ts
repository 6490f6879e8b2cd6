/**
 * Brings the book to what a venue lists, once: executions and cash flows from where the last pull
 * ended, page by page, and the prices of what is held. A pull that was broken off goes on there.
 */
import { isZero } from '../../decimal/decimal.ts';
import type { Mark } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Gap } from '../../store/feeds.ts';
import type { Venue } from '../../venues/venue.ts';
import type { BookReader } from '../reading.ts';
import type { WaitingClock } from '../system-clock.ts';
import { asked, type Patience } from './asking.ts';
import { isFirstListing, lackingAtBeginning } from './beginning.ts';
import type { Keeper } from './fact-desk.ts';
import type { Comparison, Following } from './following.ts';
import { isOfBeginning } from './gap-list.ts';
import { type SectionName, type SectionResult, sectionNames } from './listing.ts';
import type { OrdersCompared } from './open-orders.ts';
import type { Tally } from './tally.ts';

export interface PulledSection {
  readonly section: SectionName;
  /** Everything from here (null: as far back as the venue goes) ... */
  readonly since: Instant | null;
  /** ... up to here is in the book; null: nothing was listed. */
  readonly through: Instant | null;
  /** Null: it is complete. */
  readonly why: string | null;
}

export interface Pulled {
  readonly venue: string;
  readonly account: string;
  /** 0 everything was listed, 4 credentials, 5 something may be missing. */
  readonly exitCode: 0 | 4 | 5;
  readonly sections: readonly PulledSection[];
  readonly tally: Tally;
  readonly orders: OrdersCompared;
  /** Spans in which something may still be missing. */
  readonly gaps: readonly Gap[];
  /** Messages and listed facts that are kept and not in the book. */
  readonly unread: number;
  readonly marks: readonly PulledMark[];
  /** What the book lacks of an account that is older than the venue's records; null: nothing. */
  readonly lacking: string | null;
}

export interface PulledMark {
  readonly instrument: string;
  /** Null: the venue gave no price, and why. */
  readonly mark: Mark | null;
  readonly why: string | null;
}

export interface PullParts {
  readonly venue: Venue;
  readonly following: Following;
  readonly keeper: Keeper;
  readonly reader: BookReader;
  readonly clock: WaitingClock;
  readonly signal: AbortSignal;
  readonly markMaxAgeMs: number;
}

/** A venue that lags lists what is a little younger when it is asked again. */
const tries = 5;

/** `following` has begun. `since`: nothing older is wanted of an account new to the book. */
export async function pull(parts: PullParts, since: Instant | null): Promise<Pulled> {
  const { venue, following, clock, signal } = parts;
  const patience: Patience = { clock, signal, tries };
  const isFirst = since === null && isFirstListing(parts);
  const comparison = await following.compare(patience, since);
  const isStopped = comparison.credentials || signal.aborted;
  const marks = isStopped ? [] : await pullMarks(parts, patience);
  const sections = sectionNames.map((section, index) =>
    sectionOf(parts, section, whyOf(comparison.sections[index])),
  );
  const { orders } = comparison;
  const isListed = sections.every(({ why }) => why === null);
  const isWhole = isListed && following.unread === 0 && isAnswered(orders);
  const isOnlyBegun = isWhole && following.gaps.open.every(isOfBeginning);
  const lacking =
    comparison.why === null && !signal.aborted
      ? await lackingAtBeginning(parts, patience, { isFirst, isWhole: isOnlyBegun })
      : null;
  return {
    ...{ venue: venue.name, account: venue.account, sections, orders, marks, lacking },
    gaps: following.gaps.open,
    exitCode: exitCodeOf(comparison, isWhole && following.gaps.open.length === 0),
    tally: following.tally,
    unread: following.unread,
  };
}

const isAnswered = ({ why, unknown }: OrdersCompared): boolean =>
  why === null && unknown.length === 0;

const exitCodeOf = ({ credentials }: Comparison, isComplete: boolean): 0 | 4 | 5 =>
  credentials ? 4 : isComplete ? 0 : 5;

/** Undefined: it was not come to. */
function whyOf(result: SectionResult | undefined): string | null | undefined {
  if (result === undefined || result.why !== null) return result?.why;
  const [first] = result.unread;
  const count = new Set(result.unread).size;
  return first === undefined ? null : `${count} of its rows cannot be read, as this: ${first}`;
}

/** `why` undefined: it was not come to. */
function sectionOf(
  { venue, following }: PullParts,
  section: SectionName,
  why: string | null | undefined,
): PulledSection {
  const { since, through } = following.feed(section);
  const { capabilities } = venue;
  const { complete } = section === 'executions' ? capabilities.executions : capabilities.cashFlows;
  const unlisted = complete ? null : `${venue.name} has no complete list of ${section}`;
  return {
    section,
    since,
    through,
    why: why === undefined ? 'it was not asked' : (why ?? unlisted),
  };
}

/** The price of every instrument held, and of every coin in the reporting currency. */
async function pullMarks(
  { venue, keeper, reader, markMaxAgeMs }: PullParts,
  patience: Patience,
): Promise<readonly PulledMark[]> {
  const account = reader.file.accountNamed(venue.account)!;
  const { view } = reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs });
  const held = view.positions.filter(({ quantity }) => !isZero(quantity));
  const names = new Set(held.map(({ instrument }) => instrument));
  const marks: PulledMark[] = [];
  for (const instrument of [...names].toSorted()) {
    marks.push(await markOf(venue, instrument, patience));
  }
  const known = marks.flatMap(({ mark }) => mark ?? []);
  if (known.length > 0) await keeper.keep(known, {});
  return marks;
}

async function markOf(venue: Venue, instrument: string, patience: Patience): Promise<PulledMark> {
  const answer = await asked(() => venue.ticker(instrument), { ...patience, tries: 2 });
  if (!answer.ok) return { instrument, mark: null, why: answer.why };
  const { at, mark, last } = answer.value;
  const price = mark ?? last;
  if (price === null) return { instrument, mark: null, why: 'the venue tells no price' };
  const { name: source } = venue;
  return { instrument, mark: { kind: 'mark', instrument, price, source, time: at }, why: null };
}
