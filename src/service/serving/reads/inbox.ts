/** The inbox of breaks, of what is on record now, or was at an instant that is past. */
import { toTextOrNull } from '../../../decimal/text.ts';
import { type Break, type BreakState, breakStates } from '../../../model/break.ts';
import { type Instant, instantTextOrNull } from '../../../model/instant.ts';
import { isClosed } from '../../../model/life-cycle.ts';
import { agedOf, bucketOf } from '../../../reconcile/ageing.ts';
import type { Account } from '../../../store/accounts.ts';
import type { BookReader } from '../../reading.ts';
import { pageBehind } from '../cursors.ts';
import type { BreaksAnswer } from '../documents/breaks.ts';
import { breakSummary, compareBreaks, orderOfBreaks, waitsFor } from '../views/break-view.ts';
import { recalledBreaks } from './recalled.ts';

export interface InboxAsked {
  readonly state: BreakState | 'open' | 'closed' | 'held' | 'all' | 'waiting';
  /** Of an age alone; absent: of any. */
  readonly bucket?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** What it is made of. */
export interface ToldOf {
  readonly account: Account;
  readonly breaks: readonly Break[];
  readonly unknown: BreaksAnswer['unknown'];
}

interface Times {
  /** By which breaks are so old. */
  readonly now: Instant;
  /** The instant that was asked for; null: none was. */
  readonly asOf: Instant | null;
}

interface Found {
  readonly one: Break;
  readonly account: Account;
}

/** Throws a Problem for a cursor of another list. */
export function inboxOf(
  told: readonly ToldOf[],
  asked: InboxAsked,
  { now, asOf }: Times,
): BreaksAnswer {
  const all = told.flatMap(({ account, breaks }) => breaks.map((one) => ({ one, account })));
  const chosen = all
    .filter(({ one }) => isChosen(one, asked, now))
    .sort((a, b) => compareBreaks(a.one, b.one));
  const { items, next } = pageBehind('breaks', chosen, asked, orderOfBreaks, asOf);
  return {
    schema: 'trueup.breaks/1',
    asOf: instantTextOrNull(asOf),
    items: items.map(({ one, account }) => breakSummary(one, account, now)),
    next,
    ageing: ageing(all, now),
    ...{ states: statesOf(all), waits: waitsOf(all) },
    unknown: told.flatMap(({ unknown }) => unknown),
  };
}

export interface InboxThenAsked {
  readonly accounts: readonly Account[];
  readonly asked: InboxAsked;
  readonly asOf: Instant;
  readonly now: Instant;
}

/** Closed breaks are many: what is shown of them comes out of the thread, and not all of them. */
export function inboxThen(reader: BookReader, request: InboxThenAsked): BreaksAnswer {
  const { accounts, asked, asOf, now } = request;
  const told = accounts.map((account) => ({
    account,
    ...recalledBreaks(reader, { account, asOf, knownAt: null, now }),
  }));
  return inboxOf(told, asked, { now: asOf < now ? asOf : now, asOf });
}

function isChosen(one: Break, { state, bucket }: InboxAsked, now: Instant): boolean {
  const isHeld = one.state === 'SNOOZED' || one.state === 'ACCEPTED';
  if (bucket !== undefined && (isClosed(one) || bucketOf(one, now) !== bucket)) return false;
  switch (state) {
    case 'all':
      return true;
    case 'open':
      return !isClosed(one);
    case 'closed':
      return isClosed(one);
    case 'held':
      return isHeld;
    case 'waiting':
      return one.state === 'PROPOSED' && one.repair?.needsApproval === true;
    default:
      return one.state === state;
  }
}

/** What a person accepted ages no more. Sums of several currencies are none. */
function ageing(all: readonly Found[], now: Instant): BreaksAnswer['ageing'] {
  const open = all.filter(({ one }) => !isClosed(one) && one.state !== 'ACCEPTED');
  const isSingle = new Set(open.map(({ account }) => account.currency)).size <= 1;
  return agedOf(
    open.map(({ one }) => one),
    now,
  ).map(({ bucket, breaks: count, gross }) => ({
    ...{ bucket, breaks: count, gross: isSingle ? toTextOrNull(gross) : null },
  }));
}

function statesOf(all: readonly Found[]): BreaksAnswer['states'] {
  const counts = Map.groupBy(all, ({ one }) => one.state);
  return Object.fromEntries(breakStates.map((state) => [state, counts.get(state)?.length ?? 0]));
}

const isQuiet = new Set<BreakState>(['SETTLING', 'SNOOZED', 'ACCEPTED']);
const waitedFor = ['person', 'policy', 'venue', 'nobody'] as const;

function waitsOf(all: readonly Found[]): BreaksAnswer['waits'] {
  const open = all.filter(({ one }) => !isClosed(one) && !isQuiet.has(one.state));
  const counts = Map.groupBy(open, ({ one }) => waitsFor(one));
  return Object.fromEntries(waitedFor.map((who) => [who, counts.get(who)?.length ?? 0]));
}
