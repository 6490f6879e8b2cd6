/**
 * What may be said of a row: every cause that is consistent with what is visible, found by the
 * arithmetic of the bench from the stored size, what is held, and executions.
 */
import {
  absolute,
  add,
  compare,
  type Decimal,
  equals,
  isZero,
  multiply,
  negate,
  signOf,
  subtract,
  zero,
} from '../../../src/decimal/decimal.ts';
import { decimal } from '../../../src/decimal/text.ts';
import type { Fill } from '../../../src/model/fact.ts';
import type { Code, Label } from '../verdict.ts';
import { legOf, openFills, signed } from './account.ts';
import type { Row, Store } from './bot.ts';
import type { Planted } from './plants.ts';

type Causes = readonly (readonly Code[])[];

const codeOf = ({ cause }: Fill): Code =>
  cause === 'liquidation' || cause === 'adl' ? 'LIQUIDATION_MISSING' : 'FILL_MISSING';

/** With every execution listed: the plant's, and executions that the row may lack instead. */
export function labelOfAll(planted: Planted, fills: readonly Fill[], store: Store): Label {
  const { label, free = [], missed, leg } = planted;
  const open = openFills(fills, leg).slice(1);
  const lacking = missed.reduce((sum, fill) => add(sum, signed(fill)), zero);
  const isSize = missed.length > 0 && open.length > 0 && label[0]![0]!.endsWith('_MISSING');
  const filled = new Set(
    store.orders.filter((one) => equals(one.filled, one.total)).map(({ id }) => id),
  );
  // A row that was not written since knows none that came since.
  const row = store.rows.findLast((one) => isActive(one) && legOf(one) === leg);
  const isWritten = row !== undefined && missed.every(({ time }) => time <= row.updatedAt + minute);
  const others =
    isSize && isWritten
      ? open.filter((fill) => equals(signed(fill), lacking) && !filled.has(fill.orderId ?? ''))
      : [];
  const causes = new Map(
    [...label, ...others.map((fill) => [codeOf(fill)])].map((codes) => [codes.join(' '), codes]),
  );
  // Several that add up to it are tried, too, and may be told.
  const isTurned = label[0]![0] === 'SIGN_WRONG' && addsUp(fills, leg, store);
  const sums = isSize ? open.map(codeOf) : isTurned ? (['FILL_MISSING'] as const) : [];
  return { causes: [...causes.values()], free: new Set([...free, ...sums]) };
}

/** Some executions of what is held would make of the row what is held. */
function addsUp(fills: readonly Fill[], leg: string, store: Store): boolean {
  const open = openFills(fills, leg);
  const held = open.reduce((sum, fill) => add(sum, signed(fill)), zero);
  let sums: readonly Decimal[] = [zero];
  for (const fill of open) sums = [...sums, ...sums.map((sum) => add(sum, signed(fill)))];
  return sums.some((sum) => equals(sum, subtract(held, storedOn(store, leg))));
}

const minute = 60_000_000_000n;

const powers = Array.from({ length: 6 }, (_, index) => decimal(`1${'0'.repeat(index + 1)}`));

const isTimes = (a: Decimal, b: Decimal, least = 0): boolean =>
  powers.slice(least).some((by) => equals(multiply(a, by), b) || equals(multiply(b, by), a));

export interface Beside {
  readonly leg: string;
  readonly stored: Decimal;
  readonly held: Decimal;
}

/** Without executions: by the two sizes, and by other rows that differ. */
export function labelOfSizes({ stored, held, leg }: Beside, others: readonly Beside[]): Label {
  const [instrument] = leg.split(' ');
  const mirrored = others.some(
    (one) =>
      one.leg !== leg && one.leg.split(' ')[0] === instrument && equals(one.held, negate(stored)),
  );
  if (isZero(held)) {
    const causes: Causes = mirrored ? [['SIGN_WRONG', 'POSITION_PHANTOM']] : [['POSITION_PHANTOM']];
    return { causes, free: new Set<Code>(['FILL_MISSING', 'LIQUIDATION_MISSING']) };
  }
  const causes: (readonly Code[])[] = [['FILL_MISSING']];
  const isLess = compare(absolute(held), absolute(stored)) < 0;
  if (isLess && signOf(held) === signOf(stored)) causes.push(['LIQUIDATION_MISSING']);
  if (equals(held, negate(stored))) causes.push(['SIGN_WRONG']);
  if (isTimes(stored, held)) causes.push(['MULTIPLIER_WRONG']);
  if (isTimes(stored, held, 2)) causes.push(['SYMBOL_CONFUSED']);
  const off = subtract(held, stored);
  const free = new Set<Code>(['POSITION_ORPHAN', 'POSITION_PHANTOM']);
  for (const one of others) {
    if (one.leg === leg) continue;
    const its = subtract(one.held, one.stored);
    if (one.leg.split(' ')[0] === instrument) {
      if (equals(its, negate(off))) free.add('FILL_MISAPPLIED');
      if (equals(its, off)) free.add('SIGN_WRONG');
    } else if (equals(its, negate(off))) free.add('SYMBOL_CONFUSED');
  }
  return { causes, free };
}

export const isActive = ({ closedAt }: Row): boolean => closedAt === null;

export const storedOn = ({ rows }: Store, leg: string): Decimal =>
  rows.find((row) => isActive(row) && legOf(row) === leg)?.quantity ?? zero;
