/**
 * Performance records that cannot be true: a total that is not the sum of its parts, two totals
 * of one time, a time that has not come. Which of the numbers is wrong no record can say.
 */
import { subtract, zero } from '../../decimal/decimal.ts';
import { counted } from '../../model/amount.ts';
import { type Instant, instantText } from '../../model/instant.ts';
import type { Reason } from '../../model/reason.ts';
import type { ComparedLine } from '../judge.ts';
import { type SourceCase, sourceCase, sourceEvidence, sourceLine } from '../source/case.ts';
import type { SourceContext } from '../source/context.ts';
import { type RecordFault, type RecordFaultKind, recordFaults } from '../source/records.ts';
import { listText, momentText } from '../source/words.ts';

interface Kind {
  readonly reason: Reason;
  readonly confidence: 'likely' | 'unexplained';
  readonly says: string;
}

const kinds: Readonly<Record<RecordFaultKind, Kind>> = {
  rounded: {
    ...{ reason: 'ROUNDING_ACCUMULATED', confidence: 'likely' },
    says: 'whose total is a cent or two beside the sum of its parts, as rounding leaves it',
  },
  sum: {
    ...{ reason: 'UNEXPLAINED', confidence: 'unexplained' },
    says: 'whose total is not cash + positions: at least one of the three was changed or wrong',
  },
  future: {
    ...{ reason: 'CLOCK_SKEW', confidence: 'unexplained' },
    says: 'of a time that has not come: the clock or the time zone is another',
  },
  twice: {
    ...{ reason: 'UNEXPLAINED', confidence: 'unexplained' },
    says: 'of a time at which another record says another total',
  },
};

/** One case for each kind of fault, with a line for each record. */
export function recordsWrong(context: SourceContext): readonly SourceCase[] {
  const { account, snapshot, name } = context;
  const faults = recordFaults(account.performance, snapshot.takenAt);
  const byKind = Map.groupBy(faults, ({ kind }) => kind);
  return Array.from(byKind, ([kind, all]) => {
    const { reason, confidence, says } = kinds[kind];
    const times = all.map(({ record }) => momentText(record.time));
    return sourceCase({
      ...{ account: name, reason, confidence },
      lines: all.map((fault) => recordLine(fault, snapshot.takenAt)),
      sentence: `${counted(all.length, 'performance record')} ${says}: ${listText(times)}.`,
      evidence: all.map(({ record, ours, theirs }) => {
        const effect = ours === null || theirs === null ? null : subtract(theirs, ours);
        return sourceEvidence(record.time, 'performance', instantText(record.time), effect);
      }),
      residual: confidence === 'likely' ? zero : null,
      ruledOut: [],
      remedy: {
        command: null,
        does: 'a person corrects or removes the record; Trueup rewrites no history',
      },
    });
  });
}

const recordLine = ({ kind, record, ours, theirs }: RecordFault, takenAt: Instant): ComparedLine =>
  sourceLine({
    ...{ what: 'performance', key: instantText(record.time), detail: kind },
    ...{ ours, theirs, atStake: kind === 'sum' || kind === 'twice' },
    oursText: ours === null ? `record of ${instantText(record.time)}` : null,
    theirsText: theirs === null ? `looked at ${instantText(takenAt)}` : null,
    difference: ours === null || theirs === null ? null : subtract(theirs, ours),
  });
