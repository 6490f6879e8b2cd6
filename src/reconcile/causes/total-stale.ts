/** A stored total that nobody updated: the drift is what moved since it was right. */

import { type Decimal, isZero, subtract, total as totalOf } from '../../decimal/decimal.ts';
import { counted, moneyText } from '../../model/amount.ts';
import type { Confidence, Evidence } from '../../model/break.ts';
import type { Instant } from '../../model/instant.ts';
import { type SourceCase, sourceCase, sourceEvidence, sourceLine } from '../source/case.ts';
import { differingOf, type SourceContext, totalLineName, updateRemedy } from '../source/context.ts';
import { type Drift, type DriftKind, isCarriedByRows } from '../source/drift.ts';
import { rivalsOf, ruledOutBy } from '../source/rivals.ts';
import { momentText } from '../source/words.ts';

/** Rows of the source say what the stored total was made of, and so what it lacks. */
export function totalStale(context: SourceContext): SourceCase | null {
  const { drift } = context;
  return drift === null || drift.basis.kind === 'none' ? null : staleCase(context, drift);
}

/** The stored total is older than its parts, and nothing says what it was made of. */
export function totalOutdated(context: SourceContext): SourceCase | null {
  const { drift } = context;
  return drift === null || !isOlder(context) ? null : staleCase(context, drift);
}

function staleCase(context: SourceContext, drift: Drift): SourceCase | null {
  const differing = differingOf(context);
  if (differing === null) return null;
  const { stored: ours, calculated: theirs, difference } = differing;
  return sourceCase({
    account: context.name,
    lines: [sourceLine({ ...totalLineName(context), ours, theirs, difference, atStake: true })],
    reason: 'TOTAL_STALE',
    confidence: confidenceOf(context, drift),
    sentence: sentenceOf(context, drift, difference),
    evidence: evidenceOf(context, drift),
    residual: drift.residual,
    ruledOut: ruledOutBy(context.sheet, drift),
    remedy: updateRemedy(context),
  });
}

/** The row was last written before the youngest price or order: it cannot know them. */
const isOlder = ({ sheet, asOf, snapshot }: SourceContext): boolean => {
  const newest = youngestFact(snapshot.orders.newestAt, asOf);
  return sheet.storedAt !== null && sheet.storedAt < newest;
};

const youngestFact = (a: Instant | null, b: Instant): Instant => (a !== null && a > b ? a : b);

/** Another row that would fit to the digit leaves two explanations, and neither is proven. */
function confidenceOf({ sheet, orders }: SourceContext, drift: Drift): Confidence {
  if (!isZero(drift.residual)) return 'unexplained';
  const hasRival = rivalsOf(sheet).some(({ fits }) => fits.length > 0);
  return !hasRival && isCarriedByRows(drift, sheet, orders) ? 'proven' : 'likely';
}

function sentenceOf({ sheet }: SourceContext, drift: Drift, difference: Decimal): string {
  const { basis } = drift;
  const row =
    sheet.storedAt === null ? '' : ` Its row was last written ${momentText(sheet.storedAt)}.`;
  const total = moneyText(basis.total);
  if (basis.kind === 'none') {
    return (
      `The stored total ${total} is older than what it is made of.${row} What it was made of ` +
      'then is not kept, so the difference cannot be split. What would decide it: a ' +
      'performance record of the day it was written.'
    );
  }
  const at = basis.at === null ? 'a time that is not kept' : momentText(basis.at);
  const what = {
    opening: `The stored total is still the ${total} that the account began with at ${at}.`,
    record: `The stored total was not updated since the record of ${at}, which says as much.`,
    write: `The stored total was not updated since Trueup wrote it at ${at}.`,
  }[basis.kind];
  const { residual } = drift;
  const rest = isZero(residual) ? 'the whole difference' : `which leaves ${signed(residual)}`;
  const sums = sumsOf(drift);
  const told = sums.length === 0 ? 'nothing moved' : sums.join(', ');
  const carried = signed(subtract(difference, residual));
  const together = sums.length > 1 ? `: together ${carried}` : '';
  return `${what}${row} Since then ${told}${together}, ${rest}.`;
}

const signed = (amount: Decimal): string => moneyText(amount, { signed: true });

const kinds: Readonly<Record<DriftKind, (amount: string, count: number) => string>> = {
  price: (amount, count) => `prices moved ${counted(count, 'open position')} by ${amount}`,
  realised: (amount) => `closed trades made ${amount}`,
  cash: (amount) => `cash moved by ${amount} that no order accounts for`,
  gained: (amount) =>
    `cash and the cost of positions moved by ${amount}, by trades or by money that came or went`,
  positions: (amount) => `the worth of positions moved by ${amount}`,
  moved: (amount) => `cash and positions moved by ${amount}`,
};

function sumsOf({ parts, basis }: Drift): readonly string[] {
  const groups = [...Map.groupBy(parts, ({ what }) => what)].map(([what, all]) => ({
    ...{ what, count: all.length },
    amount: totalOf(all.map(({ amount }) => amount)),
  }));
  return groups
    .filter(({ amount }) => !isZero(amount))
    .map(({ what, count, amount }) =>
      what === 'cash' && basis.kind === 'record'
        ? `cash moved by ${signed(amount)}`
        : kinds[what](signed(amount), count),
    );
}

function evidenceOf(
  { sheet, account, orders, asOf, snapshot }: SourceContext,
  { basis, parts }: Drift,
): readonly Evidence[] {
  const evidence: Evidence[] = [];
  if (basis.at !== null && basis.kind !== 'none') {
    evidence.push(sourceEvidence(basis.at, basis.kind, moneyText(basis.total), null));
  }
  if (sheet.storedAt !== null) {
    evidence.push(sourceEvidence(sheet.storedAt, 'stored total', `account ${account.id}`, null));
  }
  const priceAt = new Map(sheet.rows.map(({ symbol, priceAt: at }) => [symbol, at]));
  const count = orders?.count ?? snapshot.orders.count;
  for (const { what, key, amount } of parts) {
    const tradedAt = what === 'realised' ? snapshot.orders.newestAt : null;
    const at = (key === null ? tradedAt : priceAt.get(key)) ?? asOf;
    const id = key ?? (what === 'realised' ? counted(count, 'order') : `account ${account.id}`);
    evidence.push(sourceEvidence(at, nouns[what], id, amount));
  }
  return evidence;
}

const nouns: Readonly<Record<DriftKind, string>> = {
  price: 'price',
  realised: 'closed trades',
  cash: 'cash',
  gained: 'cash and cost',
  positions: 'positions',
  moved: 'cash and positions',
};
