/** Prices too old to value a position at: one quote that stopped while others moved on. */
import type { Unknown } from '../sections.ts';
import type { SourceContext } from '../source/context.ts';
import { momentText } from '../source/words.ts';
import { pricesRemedy } from './mark-missing.ts';

export const marksStale = ({ name, sheet, asOf, snapshot }: SourceContext): readonly Unknown[] =>
  sheet.unpriced.flatMap(({ what, why, reason }): Unknown[] => {
    if (reason !== 'MARK_STALE') return [];
    const sentence =
      `${what} cannot be valued as of ${momentText(asOf)}: ${why}. ` +
      'The total is not known until it is quoted again.';
    const since = snapshot.takenAt;
    const prices = pricesRemedy(snapshot);
    const remedy = `${prices}; --mark-max-age DURATION says how old one may be`;
    const scope = { account: name, section: 'positions', scope: what };
    return [{ ...scope, why, since, reason, sentence, remedy }];
  });
