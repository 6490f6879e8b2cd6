/** A stored total that was added up from rounded parts, or in binary floats. */
import {
  absolute,
  add,
  compare,
  type Decimal,
  equals,
  roundHalfEven,
  zero,
} from '../../decimal/decimal.ts';
import { moneyText } from '../../model/amount.ts';
import { type SourceCase, sourceCase, sourceEvidence, sourceLine } from '../source/case.ts';
import { differingOf, type SourceContext, totalLineName, updateRemedy } from '../source/context.ts';
import type { BalanceSheet } from '../source/sheet.ts';
import { doubleSumBound } from '../source/storage.ts';

export function totalRounded(context: SourceContext): SourceCase | null {
  const differing = differingOf(context);
  if (differing === null) return null;
  const { stored: ours, calculated: theirs, difference } = differing;
  const { sheet, snapshot, name, asOf } = context;
  const isBinary = snapshot.totalStorage?.kind === 'binary64';
  const how = howRounded(sheet, ours, difference, isBinary);
  if (how === null) return null;
  const off = moneyText(difference, { signed: true });
  return sourceCase({
    account: name,
    lines: [sourceLine({ ...totalLineName(context), ours, theirs, difference, atStake: true })],
    reason: 'ROUNDING_ACCUMULATED',
    confidence: 'likely',
    sentence: `The stored total is off by ${off}: ${how}.`,
    evidence: [
      sourceEvidence(sheet.storedAt ?? asOf, 'stored total', `account ${sheet.accountId}`, null),
    ],
    ...{ residual: zero, ruledOut: [], remedy: updateRemedy(context) },
  });
}

function howRounded(
  { cash, rows }: BalanceSheet,
  stored: Decimal,
  difference: Decimal,
  isBinary: boolean,
): string | null {
  const parts = [cash ?? zero, ...rows.map(({ value }) => value ?? zero)];
  const size = parts.reduce((sum, part) => add(sum, absolute(part)), zero);
  if (isBinary && compare(absolute(difference), doubleSumBound(size, parts.length)) <= 0) {
    return 'adding the same parts in binary floats is as far off';
  }
  const rounded = parts.reduce((sum, part) => add(sum, roundHalfEven(part, 2)), zero);
  return equals(rounded, stored) ? 'it is the sum of parts that were rounded to cents first' : null;
}
