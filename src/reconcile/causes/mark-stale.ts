/** Prices too old to value a position at: one quote that stopped while others moved on. */
import type { Unknown } from '../sections.ts';
import type { SourceContext } from '../source/context.ts';
import { momentText } from '../source/words.ts';

export const marksStale = ({ name, sheet, asOf, snapshot }: SourceContext): readonly Unknown[] =>
  sheet.unpriced.flatMap(({ what, why, reason }): Unknown[] => {
    if (reason !== 'MARK_STALE') return [];
    const sentence =
      `${what} cannot be valued as of ${momentText(asOf)}: ${why}. ` +
      'The total is not known until it is quoted again.';
    const since = snapshot.takenAt;
    return [{ account: name, section: 'positions', scope: what, why, since, reason, sentence }];
  });
