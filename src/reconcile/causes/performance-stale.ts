/** A performance table that nobody has written to for too long. */
import { subtract, zero } from '../../decimal/decimal.ts';
import { ageText } from '../../model/age.ts';
import { counted, moneyText } from '../../model/amount.ts';
import { millisecondsBetween } from '../../model/instant.ts';
import { type SourceCase, sourceCase, sourceEvidence, sourceLine } from '../source/case.ts';
import type { SourceContext } from '../source/context.ts';
import { gapsOf, isStaleRecord } from '../source/records.ts';
import { momentText } from '../source/words.ts';

/** An empty table is no history that stopped: that is a hint, and no break. */
export function performanceStale(context: SourceContext): SourceCase | null {
  const { account, historyAt, performanceMaxAgeMs: maxAgeMs, sheet, snapshot, name } = context;
  const last = account.performance.at(-1);
  const isStale = isStaleRecord(account.performance, historyAt, maxAgeMs) === true;
  if (last === undefined || !isStale) return null;
  const { calculated } = sheet;
  const { total, time } = last;
  const difference = total === null || calculated === null ? null : subtract(calculated, total);
  const age = ageText(millisecondsBetween(time, historyAt));
  const isUnknown = difference === null;
  const unpriced = sheet.unpriced.map(({ what }) => what);
  const gaps = gapsOf(account.performance, maxAgeMs).length;
  const more = gaps === 0 ? '' : ` Before it the history has ${counted(gaps, 'gap')}.`;
  return sourceCase({
    account: name,
    lines: [
      sourceLine({
        ...{ what: 'performance', key: account.id, difference, atStake: isUnknown ? null : false },
        ...{ ours: total, oursText: total === null ? 'empty' : null },
        ...{ theirs: calculated, theirsText: calculated === null ? 'cannot say' : null },
      }),
    ],
    reason: 'PERFORMANCE_STALE',
    confidence: 'proven',
    sentence:
      `The last performance record is of ${momentText(time)} and says ${moneyText(total)}: ` +
      `nothing was recorded for ${age}.${more}`,
    evidence: [sourceEvidence(time, 'performance', 'the last record', null)],
    ...{ residual: zero, ruledOut: [] },
    ...(isUnknown && unpriced.length > 0 ? { unvalued: unpriced } : {}),
    remedy: {
      command: `trueup performance --record --source ${snapshot.identity.location}`,
      does: 'adds a record',
    },
  });
}
