/**
 * What a person snoozed or accepted comes back by itself: when its day has come, when another line
 * comes to it, and when it outgrows the sum. A word that covers later breaks of the same reason is
 * one word: its cap is for the sum of all of them, and they come back together.
 */
import { add, compare as compareDecimals, type Decimal, zero } from '../decimal/decimal.ts';
import { type Break, type BreakState, type Hold, type HoldCover, lineId } from '../model/break.ts';
import type { Instant } from '../model/instant.ts';
import { isHeld } from '../model/life-cycle.ts';

export const isOver = ({ hold }: Break, now: Instant): boolean =>
  hold === null || hold.until <= now;

/** Beyond its lines, or beyond its sum; a sum without a price may be any sum. */
export function outgrew(one: Break): boolean {
  const { hold, lines, gross, state } = one;
  const known = hold?.lines;
  if (known !== undefined && lines.some((line) => !known.includes(lineId(line)))) return true;
  return state === 'ACCEPTED' && exceeds(gross, hold?.cap ?? null);
}

const exceeds = (gross: Decimal | null, cap: Decimal | null): boolean =>
  cap === null || gross === null || compareDecimals(gross, cap) > 0;

export interface HoldStep {
  readonly breakId: string;
  readonly to: 'SNOOZED' | 'ACCEPTED' | 'OPEN' | 'REOPENED';
  /** Null: it comes back. */
  readonly hold: Hold | null;
}

/**
 * Steps that follow from what is held together with others. `sees`: the newest comparison found
 * the break. Sorted by age.
 */
export function holdSteps(
  breaks: readonly Break[],
  now: Instant,
  sees: (breakId: string) => boolean,
): readonly HoldStep[] {
  const held = breaks.filter(isHeld);
  const over = held.filter((one) => isOver(one, now));
  const standing = held.filter((one) => !isOver(one, now) && one.hold?.covers !== undefined);
  const words = [...Map.groupBy(standing, ({ hold }) => hold!.covers!.of).values()];
  const beyond = words.filter((all) => isBeyond(all));
  const later = breaks.filter((one) => mayJoin.has(one.state) && sees(one.id));
  const joined = new Set<string>();
  const joining = words
    .filter((all) => !beyond.includes(all))
    .flatMap((all) => {
      const own = joinersOf(
        all,
        later.filter(({ id }) => !joined.has(id)),
      );
      for (const { breakId } of own) joined.add(breakId);
      return own;
    });
  return [...[...over, ...beyond.flat()].map(released), ...joining];
}

const released = ({ id, state }: Break): HoldStep => ({
  ...{ breakId: id, hold: null },
  to: state === 'ACCEPTED' ? 'REOPENED' : 'OPEN',
});

const mayJoin: ReadonlySet<BreakState> = new Set(['OPEN', 'EXPLAINED', 'REOPENED']);

const sumOf = (all: readonly Break[]): Decimal | null =>
  all.reduce<Decimal | null>(
    (sum, { gross }) => (sum === null || gross === null ? null : add(sum, gross)),
    zero,
  );

const isBeyond = (all: readonly Break[]): boolean =>
  all[0]!.state === 'ACCEPTED' && exceeds(sumOf(all), all[0]!.hold!.cap);

/** As many of them, the oldest first, as the sum allows. */
function joinersOf(all: readonly Break[], later: readonly Break[]): readonly HoldStep[] {
  const [first] = all;
  const hold = first!.hold!;
  const to = first!.state as 'SNOOZED' | 'ACCEPTED';
  let sum = sumOf(all);
  return later.flatMap((one): readonly HoldStep[] => {
    if (!isLike(one, first!, hold.covers!)) return [];
    const after = sum === null || one.gross === null ? null : add(sum, one.gross);
    if (to === 'ACCEPTED' && exceeds(after, hold.cap)) return [];
    sum = after;
    return [{ breakId: one.id, to, hold }];
  });
}

/** Of the same account and reason, between the same parties, and later than the word. */
function isLike(one: Break, held: Break, { scope, since }: HoldCover): boolean {
  const [a, b] = [one.lines[0]!, held.lines[0]!];
  return (
    one.openedAt > since &&
    one.account === held.account &&
    one.reason === held.reason &&
    a.oursParty === b.oursParty &&
    a.theirsParty === b.theirsParty &&
    (scope === 'account' || (a.instrument ?? a.key) === (b.instrument ?? b.key))
  );
}
