/** Positions that nothing prices: without them the total is not known. */
import type { SourceSnapshot } from '../../model/source.ts';
import type { Unknown } from '../sections.ts';
import type { SourceContext } from '../source/context.ts';

export const marksMissing = ({ name, sheet, snapshot }: SourceContext): readonly Unknown[] =>
  sheet.unpriced.flatMap(({ what, why, reason }): Unknown[] => {
    if (reason !== 'MARK_MISSING') return [];
    const sentence = `${what} has no price that counts (${why}): without it no total is known.`;
    const since = snapshot.takenAt;
    const remedy = pricesRemedy(snapshot);
    const scope = { account: name, section: 'positions', scope: what };
    return [{ ...scope, why, since, reason, sentence, remedy }];
  });

/** Where the source keeps prices one that is only used to value with would not be stored. */
export const pricesRemedy = ({ identity: { location }, keepsPrices }: SourceSnapshot): string =>
  keepsPrices
    ? `trueup update --source ${location} --prices FROM writes them`
    : `trueup check --source ${location} --prices FROM values with them`;
