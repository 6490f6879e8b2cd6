/** Executions and rows in sentences and as evidence. */
import { type Decimal, isNegative, isZero, negate } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { counted } from '../../model/amount.ts';
import type { Evidence, Party } from '../../model/break.ts';
import type { Fill } from '../../model/fact.ts';
import type { Reason } from '../../model/reason.ts';
import { isForced, missingReasonOf } from '../causes/missing-reason.ts';
import type { LegStep } from './leg-history.ts';
import type { PlacedRow } from './port.ts';

/** `row 274`. */
export const rowText = ({ row }: PlacedRow): string => `row ${row.id}`;

/** `long 60`, `short 3160`, `flat`. */
export function heldText(quantity: Decimal): string {
  if (isZero(quantity)) return 'flat';
  return isNegative(quantity) ? `short ${toText(negate(quantity))}` : `long ${toText(quantity)}`;
}

/** `sell 0.12 @ 2.105 (e77, order o5)`; a forced one says so. */
export function executionText({ fill }: Pick<LegStep, 'fill'>): string {
  const { side, quantity, price, executionId, orderId, cause } = fill;
  const forced = isForced(fill) ? `${forcedNouns[cause] ?? cause}: ` : '';
  const order = orderId === null ? '' : `, order ${orderId}`;
  return `${forced}${side} ${toText(quantity)} @ ${toText(price)} (${executionId}${order})`;
}

const forcedNouns: Partial<Record<Fill['cause'], string>> = {
  liquidation: 'liquidation',
  adl: 'deleveraging',
};

const namedMax = 3;

/** Few are named, of many the number is. */
export function executionsText(steps: readonly LegStep[]): string {
  const named = steps.slice(0, namedMax).map(executionText).join('; ');
  const more = steps.length - namedMax;
  return more > 0 ? `${named}; and ${counted(more, 'more', 'more')}` : named;
}

/** Inside a sentence: with a true minus, as between the terms of a sum. */
export const numberText = (value: Decimal): string => toText(value).replace('-', '−');

/** `−4160 + 1000 = −3160`; of many executions their sum. */
export function arithmetic(from: Decimal, steps: readonly LegStep[], to: Decimal): string {
  const terms = steps.slice(0, namedMax + 1).map(({ effect }) => signedTerm(effect));
  if (steps.length > namedMax + 1) return `${numberText(from)} and those give ${numberText(to)}`;
  return `${numberText(from)}${terms.join('')} = ${numberText(to)}`;
}

const signedTerm = (effect: Decimal): string =>
  isNegative(effect) ? ` − ${toText(negate(effect))}` : ` + ${toText(effect)}`;

export const executionEvidence = ({ fill, effect }: LegStep, source: Party): Evidence => ({
  at: fill.time,
  what: fill.orderId === null ? 'execution' : `execution of order ${fill.orderId}`,
  id: fill.executionId,
  ...{ source, effect, sequence: null },
});

/** Forced by the venue where all of them were; else fills, and the sentence says which were not. */
export const missedReason = (steps: readonly LegStep[]): Reason => {
  const voluntary = steps.find(({ fill }) => !isForced(fill)) ?? steps[0]!;
  return missingReasonOf(voluntary.fill);
};

/** Why a row is closed, in a few words: the column may be short. */
export function closeReason(steps: readonly LegStep[]): string {
  const causes = new Set(steps.map(({ fill }) => fill.cause));
  const [first] = causes;
  const how = causes.size > 1 ? 'several causes' : (forcedNouns[first!] ?? first!);
  return `closed at the exchange: ${how}`;
}

/** `2136.9 -> 2036`. */
export const becomesText = (before: Decimal | null, after: Decimal): string =>
  `${before === null ? 'empty' : toText(before)} -> ${toText(after)}`;
