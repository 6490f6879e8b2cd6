/**
 * A repair that was overwritten: the stored total is again what it was before our newest write.
 * A program that keeps the total in memory writes its old value back.
 */
import { type Decimal, equals, isZero, subtract } from '../../decimal/decimal.ts';
import { moneyText } from '../../model/amount.ts';
import { type SourceCase, sourceCase, sourceEvidence, sourceLine } from '../source/case.ts';
import { differingOf, type SourceContext, totalLineName } from '../source/context.ts';
import { ruledOutBy } from '../source/rivals.ts';
import { momentText } from '../source/words.ts';
import { writtenTotal } from '../source/written.ts';

export function repairOverwritten(context: SourceContext): SourceCase | null {
  const { snapshot, name, sheet, asOf } = context;
  const differing = differingOf(context);
  const written = writtenTotal(snapshot.totalWrites, context.account.id);
  if (differing === null || written === null) return null;
  const { stored, calculated, difference } = differing;
  const { before, after, row } = written;
  // A total that was empty is not stored again: what differs is a number.
  if (before === null || !equals(stored, before) || equals(stored, after)) return null;
  const since = subtract(calculated, after);
  const id = `trueup_audit ${row.id}`;
  const { location } = snapshot.identity;
  return sourceCase({
    account: name,
    lines: [
      sourceLine({
        ...{ ...totalLineName(context), ours: stored, theirs: calculated, difference },
        atStake: true,
      }),
    ],
    reason: 'REPAIR_OVERWRITTEN',
    // What moved since the write is carried by the sheet alone, not by a row that says so.
    confidence: isZero(since) ? 'proven' : 'likely',
    sentence:
      `The stored total was set to ${moneyText(after)} at ${momentText(row.at)} (${id}), and is ` +
      `again ${moneyText(stored)}, which it was before: another program wrote its old value ` +
      `back.${isZero(since) ? '' : ` What is held moved by ${signed(since)} since then.`}`,
    evidence: [
      sourceEvidence(row.at, 'repair', id, subtract(after, before)),
      sourceEvidence(asOf, 'total', 'moved since', since),
      sourceEvidence(snapshot.takenAt, 'total', 'as it is stored', null),
    ],
    residual: subtract(difference, subtract(calculated, before)),
    ruledOut: ruledOutBy(sheet, null),
    remedy: {
      command: `trueup guard install --source ${location}`,
      does: 'keeps the total right whoever writes it',
    },
  });
}

const signed = (amount: Decimal): string => moneyText(amount, { signed: true });
