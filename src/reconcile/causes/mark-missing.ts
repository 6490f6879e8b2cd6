/** Positions that nothing prices: without them the total is not known. */
import type { Unknown } from '../sections.ts';
import type { SourceContext } from '../source/context.ts';

export const marksMissing = ({ name, sheet, snapshot }: SourceContext): readonly Unknown[] =>
  sheet.unpriced.flatMap(({ what, why, reason }): Unknown[] => {
    if (reason !== 'MARK_MISSING') return [];
    const sentence = `${what} has no price that counts (${why}): without it no total is known.`;
    const since = snapshot.takenAt;
    return [{ account: name, section: 'positions', scope: what, why, since, reason, sentence }];
  });
