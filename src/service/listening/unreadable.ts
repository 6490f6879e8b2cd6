/**
 * Rows of a listing that could not be read: each is a gap of its own, kept together with the place
 * to go on from, and open until a listing of its span is whole without that fault.
 */
import type { Instant } from '../../model/instant.ts';
import type { Gap, NewGap } from '../../store/feeds.ts';

export interface Span {
  /** Null: since ever. */
  readonly from: Instant | null;
  readonly to: Instant;
}

const beginning = 'a row cannot be read: ';
/** Each is told by itself up to here; whoever reads a hundred has understood. */
const gapsMax = 20;
const lengthMax = 300;

const whyOf = (fault: string): string => {
  const whole = `${beginning}${fault}`;
  return whole.length > lengthMax ? `${whole.slice(0, lengthMax - 3)}...` : whole;
};

export const isUnreadable = ({ why }: Pick<NewGap, 'why'>): boolean => why.startsWith(beginning);

/** Gaps for faults that no open gap of that stream names already. */
export function unreadableGaps(
  faults: readonly string[],
  of: Omit<NewGap, 'why' | 'from' | 'to'>,
  { from, to }: Span,
  open: readonly Gap[],
): readonly NewGap[] {
  const told = new Set(open.filter(({ stream }) => stream === of.stream).map(({ why }) => why));
  const whys = [...new Set(faults.map(whyOf))];
  const named = whys.slice(0, gapsMax);
  const others = whys.length - named.length;
  const rest = others === 0 ? [] : [whyOf(`and ${others} more between them`)];
  return [...named, ...rest]
    .filter((why) => !told.has(why))
    .map((why) => ({ ...of, from, to, why }));
}

/** Of gaps whose span was listed anew, to its end and with these faults, those that are no more. */
export function readableAgain(gaps: readonly Gap[], faults: readonly string[]): readonly Gap[] {
  const still = new Set(faults.map(whyOf));
  return gaps.filter(({ why }) => !still.has(why) && (still.size === 0 || !isRest(why)));
}

const isRest = (why: string): boolean => why.startsWith(`${beginning}and `);

/** One listing covers all of them. */
export function spanOf(gaps: readonly Gap[]): Span {
  const [first] = gaps;
  return gaps.reduce<Span>(
    (span, gap) => ({
      from: span.from === null || gap.from === null ? null : least(span.from, gap.from),
      to: gap.to > span.to ? gap.to : span.to,
    }),
    { from: first!.from, to: first!.to },
  );
}

const least = (a: Instant, b: Instant): Instant => (a < b ? a : b);
