/**
 * A stored total that is as young as its parts and wrong: added up wrong, where one row fits the
 * difference to the digit, else not explained.
 */
import { zero } from '../../decimal/decimal.ts';
import { moneyText } from '../../model/amount.ts';
import { type SourceCase, sourceCase, sourceEvidence, sourceLine } from '../source/case.ts';
import { differingOf, type SourceContext, totalLineName, updateRemedy } from '../source/context.ts';
import { type Rival, rivalsOf, ruledOutBy } from '../source/rivals.ts';

/** Exactly one row fits. A search proves nothing: likely is the most. */
export function totalMisadded(context: SourceContext): SourceCase | null {
  const fits = fitsOf(context);
  if (differingOf(context) === null || fits.length !== 1) return null;
  const { reason, claim } = fits[0]!;
  const left =
    reason === 'MARK_MISSING' ? ', as it happens to a position whose quote cannot be fetched' : '';
  const sentence = `The difference fits to the digit if ${claim}${left}. No row proves it.`;
  return totalCase(context, { reason, confidence: 'likely', sentence, residual: zero });
}

/** Null where the total does not differ. */
export function totalUnexplained(context: SourceContext): SourceCase | null {
  const differing = differingOf(context);
  if (differing === null) return null;
  const { difference } = differing;
  const fits = fitsOf(context).map(({ claim }) => claim);
  const ideas = fits.length === 0 ? bestIdea(context) : ` It fits if ${fits.join(', or if ')}.`;
  const sentence =
    `The stored total is off by ${moneyText(difference, { signed: true })}, and no row says ` +
    `why.${ideas} What would decide it: a performance record of when the total was written.`;
  return totalCase(context, {
    ...{ reason: 'UNEXPLAINED', confidence: 'unexplained', sentence, residual: difference },
  });
}

interface Fit {
  readonly reason: Rival['reason'];
  readonly claim: string;
}

const shownMax = 4;

const fitsOf = ({ sheet }: SourceContext): readonly Fit[] =>
  rivalsOf(sheet)
    .flatMap(({ reason, claim, fits }) => fits.map((fit) => ({ reason, claim: claim(fit) })))
    .slice(0, shownMax);

function bestIdea({ sheet }: SourceContext): string {
  const [nearest] = rivalsOf(sheet).flatMap(({ claim, nearest: one }) =>
    one === null ? [] : [{ claim: claim(one.name), residual: one.residual }],
  );
  if (nearest === undefined) return '';
  const left = moneyText(nearest.residual, { signed: true });
  return ` That ${nearest.claim} would leave ${left}.`;
}

function totalCase(
  context: SourceContext,
  found: Pick<Parameters<typeof sourceCase>[0], 'reason' | 'confidence' | 'sentence' | 'residual'>,
): SourceCase {
  const { name, sheet, asOf } = context;
  const { stored: ours, calculated: theirs, difference } = differingOf(context)!;
  return sourceCase({
    account: name,
    lines: [sourceLine({ ...totalLineName(context), ours, theirs, difference, atStake: true })],
    ...found,
    evidence: [
      sourceEvidence(sheet.storedAt ?? asOf, 'stored total', `account ${sheet.accountId}`, null),
    ],
    ruledOut: found.reason === 'UNEXPLAINED' ? ruledOutBy(sheet, null) : [],
    remedy: updateRemedy(context),
  });
}
