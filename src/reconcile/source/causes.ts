/**
 * The causes that are looked for inside a source, in words and as what finds them: of a total the
 * first that applies is told. The table of docs/breaks.md is made from this one.
 */
import type { Reason } from '../../model/reason.ts';
import { performanceStale } from '../causes/performance-stale.ts';
import { recordsWrong } from '../causes/record-wrong.ts';
import { repairOverwritten } from '../causes/repair-overwritten.ts';
import { totalRounded } from '../causes/total-rounded.ts';
import { totalOutdated, totalStale } from '../causes/total-stale.ts';
import { totalMisadded, totalUnexplained } from '../causes/total-wrong.ts';
import type { SourceCase } from './case.ts';
import type { SourceContext } from './context.ts';

export interface SourceCauseRow {
  readonly reasons: readonly Reason[];
  readonly when: string;
  readonly evidence: string;
  readonly repair: string;
}

interface TotalCause extends SourceCauseRow {
  readonly find: (context: SourceContext) => SourceCase | null;
}

interface HistoryCause extends SourceCauseRow {
  readonly find: (context: SourceContext) => readonly SourceCase[];
}

const update = '`update` writes the calculated total';

const totalCauses: readonly TotalCause[] = [
  {
    reasons: ['REPAIR_OVERWRITTEN'],
    when: 'the stored total is again what it was before our newest write',
    evidence: 'the row of `trueup_audit` that wrote it; proven where nothing moved since',
    repair: '`guard install`, or `update` again',
    find: repairOverwritten,
  },
  {
    reasons: ['ROUNDING_ACCUMULATED'],
    when: 'it is the sum of parts rounded to cents, or as far off as binary floats are',
    evidence: 'the parts themselves; likely',
    repair: update,
    find: totalRounded,
  },
  {
    reasons: ['TOTAL_STALE'],
    when: 'it is what the account began with, the total of a performance record, or what we wrote',
    evidence:
      'that record, each position’s unrealised PnL, the PnL of the orders and the cash that no ' +
      'order accounts for; proven where rows carry every unit',
    repair: update,
    find: totalStale,
  },
  {
    reasons: ['MARK_MISSING', 'FILL_DUPLICATED', 'SIGN_WRONG', 'SYMBOL_CONFUSED'],
    when: 'the difference fits to the digit if one position was left out, counted twice, …',
    evidence: 'the one row that fits; likely, and not told where several fit',
    repair: update,
    find: totalMisadded,
  },
  {
    reasons: ['TOTAL_STALE'],
    when: 'its row is older than a price or an order, and nothing says what it was made of',
    evidence: 'the times; unexplained, with the whole difference left over',
    repair: update,
    find: totalOutdated,
  },
  {
    reasons: ['UNEXPLAINED'],
    when: 'it differs, and none of these applies',
    evidence: 'what the nearest idea would leave over',
    repair: update,
    find: totalUnexplained,
  },
];

const historyCauses: readonly HistoryCause[] = [
  {
    reasons: ['PERFORMANCE_STALE'],
    when: 'the last performance record is older than a day at the time of the prices',
    evidence:
      'that record; history is missing: nothing is at stake, or nobody can say what while a part ' +
      'of the total is unknown',
    repair: '`performance --record` adds a record',
    find: (context) => [performanceStale(context)].filter((one) => one !== null),
  },
  {
    reasons: ['UNEXPLAINED', 'ROUNDING_ACCUMULATED', 'CLOCK_SKEW'],
    when:
      'the total of a record is not its cash + positions, by more or no more than rounding, two ' +
      'records of one time differ, or one is of a time that has not come',
    evidence: 'the records, a line for each',
    repair: 'a person: history is not rewritten',
    find: recordsWrong,
  },
];

/** What is found missing rather than wrong: the total cannot be said. */
const unknownCauses: readonly SourceCauseRow[] = [
  {
    reasons: ['MARK_MISSING'],
    when: 'nothing prices an open position',
    evidence: 'the symbol; CANNOT SAY',
    repair: '`--prices`, or the bot’s next quote',
  },
  {
    reasons: ['MARK_STALE'],
    when: 'a price is older than the youngest one, or than now where that is asked, allows',
    evidence: 'the symbol and its age; CANNOT SAY',
    repair: '`--prices`, or the bot’s next quote',
  },
];

export const sourceCauseRows: readonly SourceCauseRow[] = [
  ...totalCauses,
  ...historyCauses,
  ...unknownCauses,
];

export function sourceCases(context: SourceContext): readonly SourceCase[] {
  const ofTotal = totalCauses
    .values()
    .map(({ find }) => find(context))
    .find((found) => found !== null);
  const ofHistory = historyCauses.flatMap(({ find }) => find(context));
  return [...(ofTotal === undefined || ofTotal === null ? [] : [ofTotal]), ...ofHistory];
}
