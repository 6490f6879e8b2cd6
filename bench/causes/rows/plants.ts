/** Causes in a bot's rows: what it was never told of, what it wrote over, what it made up. */
import {
  absolute,
  add,
  type Decimal,
  isZero,
  multiply,
  negate,
  roundHalfEven,
  subtract,
  zero,
} from '../../../src/decimal/decimal.ts';
import { decimal, toText } from '../../../src/decimal/text.ts';
import type { Fill, FillCause } from '../../../src/model/fact.ts';
import { addMilliseconds } from '../../../src/model/instant.ts';
import type { SourceAuditRow } from '../../../src/model/source.ts';
import type { Code } from '../verdict.ts';
import {
  type Account,
  botPrefix,
  fillOf,
  instruments,
  legOf,
  openFills,
  opposite,
  signed,
  sortFills,
} from './account.ts';
import type { Row, Store } from './bot.ts';

export interface Planted {
  readonly label: readonly (readonly Code[])[];
  readonly free?: readonly Code[];
  readonly leg: string;
  /** Executions that the bot was never told of. */
  readonly missed: readonly Fill[];
  /** The row as something else wrote it, once it followed what it was told. */
  readonly rewrite?: (store: Store, account: Account) => SourceAuditRow | null;
  /** A repair is to make every row right. */
  readonly repairable: boolean;
  /** Nothing but executions says so: without them it may be anybody's. */
  readonly isNobodys?: boolean;
  /** The row alone says it. */
  readonly isOfRow?: boolean;
}

/** Null: the account has no place for it. `used`: legs of other plants. */
export type Plant = (account: Account, used: Set<string>) => Planted | null;

const isOwn = ({ clientOrderId }: Fill): boolean => clientOrderId?.startsWith(botPrefix) === true;

/** A leg of the bot that is held, with its executions since it was flat. */
function openLeg(account: Account, used: Set<string>, fits: (open: readonly Fill[]) => boolean) {
  const { fills, random } = account;
  const legs = [...new Set(fills.filter(isOwn).map(legOf))].filter((leg) => {
    const open = openFills(fills, leg);
    return !used.has(leg) && open.length > 0 && open.every(isOwn) && fits(open);
  });
  if (legs.length === 0) return null;
  const leg = random.pick(legs);
  used.add(leg);
  return { leg, open: openFills(fills, leg) };
}

const heldBy = (fills: readonly Fill[]): Decimal =>
  fills.reduce((sum, fill) => add(sum, signed(fill)), zero);

const reduces = (fill: Fill, [first]: readonly Fill[]): boolean => fill.side !== first!.side;

/** What happened last to a leg, put there for the plant. */
function after(
  account: Account,
  open: readonly Fill[],
  quantity: Decimal,
  parts: Partial<Fill>,
): Fill {
  const [{ instrument: name, leg, side }] = open as [Fill];
  const last = account.fills.findLast((one) => legOf(one) === legOf(open[0]!))!;
  const time = addMilliseconds(last.time, account.random.between(130_000, 3_600_000));
  const fill = fillOf(account, { name, leg, side: opposite(side), quantity, time }, parts);
  account.fills.push(fill);
  sortFills(account);
  return fill;
}

function ownOrder({ random }: Account): Partial<Fill> {
  const orderId = `o-${random.digits(8)}`;
  return { orderId, clientOrderId: `${botPrefix}${orderId}` };
}

/** A part of what is held, in whole lots; null: there is none. */
function partOf({ random }: Account, open: readonly Fill[]): Decimal | null {
  const held = absolute(heldBy(open));
  const { scale } = instruments.get(open[0]!.instrument)!.lotSize!;
  // A part of the size of another execution of the leg, where one fits.
  const sizes = open.map(({ quantity }) => quantity);
  const share = roundHalfEven(multiply(held, decimal(random.pick(['0.1', '0.25', '0.5']))), scale);
  const part = random.chance(0.4) ? random.pick(sizes) : share;
  return isZero(part) || subtract(held, part).coefficient <= 0 ? null : part;
}

const reduced =
  (code: Code, parts: (account: Account) => Partial<Fill>): Plant =>
  (account, used) => {
    const found = openLeg(account, used, () => true);
    const part = found === null ? null : partOf(account, found.open);
    if (found === null || part === null) return null;
    const fill = after(account, found.open, part, parts(account));
    return { label: [[code]], leg: found.leg, missed: [fill], repairable: true };
  };

const byHand = ({ random }: Account): Partial<Fill> => ({ orderId: `by-hand-${random.digits(6)}` });
const forced = (cause: FillCause) => (): Partial<Fill> => ({ cause });

/** One in the middle: a message was lost, and all later ones came. */
const earlierMissed: Plant = (account, used) => {
  const found = openLeg(account, used, (open) => lostIn(open).length > 0);
  if (found === null) return null;
  const missed = account.random.pick(lostIn(found.open));
  return { label: [['FILL_MISSING']], leg: found.leg, missed: [missed], repairable: true };
};

/** Those without which the row would never have been flat, nor on the other side. */
const lostIn = (open: readonly Fill[]): readonly Fill[] =>
  open.slice(1, -1).filter((lost) => {
    let held = zero;
    return open.every((fill) => {
      if (fill !== lost) held = add(held, signed(fill));
      return !isZero(held) && held.coefficient < 0 === open[0]!.side.startsWith('s');
    });
  });

/** It grew by an order of the bot, of which the answer was lost. */
const additionMissed: Plant = (account, used) => {
  const found = openLeg(account, used, (open) => open.length > 1 && !reduces(open.at(-1)!, open));
  if (found === null) return null;
  const missed = [found.open.at(-1)!];
  return { label: [['FILL_MISSING']], leg: found.leg, missed, repairable: true };
};

/** By which of its executions is told beside it. */
const howClosed: readonly Code[] = ['FILL_MISSING', 'LIQUIDATION_MISSING'];

const closed =
  (parts: (account: Account) => Partial<Fill>): Plant =>
  (account, used) => {
    const found = openLeg(account, used, () => true);
    if (found === null) return null;
    const fill = after(account, found.open, absolute(heldBy(found.open)), parts(account));
    const label = [['POSITION_PHANTOM']] as const;
    return { label, free: howClosed, leg: found.leg, missed: [fill], repairable: true };
  };

/** Opened by the bot's own order; the row was never written. */
const orphan: Plant = (account, used) => {
  const found = openLeg(account, used, () => true);
  if (found === null) return null;
  const { leg, open: missed } = found;
  return { label: [['POSITION_ORPHAN']], leg, missed, repairable: true, isNobodys: true };
};

const activeRow = ({ rows }: Store, leg: string): Row | null =>
  rows.findLast((row) => row.closedAt === null && legOf(row) === leg) ?? null;

/** A failed answer was taken for flat: closed, with a profit of 0. */
const closedWhileHeld: Plant = (account, used) => {
  const found = openLeg(account, used, () => true);
  if (found === null) return null;
  const rewrite: Planted['rewrite'] = (store, { now }) => {
    const row = activeRow(store, found.leg)!;
    row.closedAt = addMilliseconds(now, -60_000);
    row.updatedAt = row.closedAt;
    row.exit = { price: null, pnl: zero, fees: null };
    return null;
  };
  const label = [['POSITION_ORPHAN']] as const;
  return { label, free: ofExit, leg: found.leg, missed: [], rewrite, repairable: true };
};

/** Closed at the venue, and the row with a profit of 0 because nobody looked. */
const profitZero: Plant = (account, used) => {
  const found = openLeg(account, used, () => true);
  if (found === null) return null;
  const fill = after(account, found.open, absolute(heldBy(found.open)), ownOrder(account));
  const rewrite: Planted['rewrite'] = (store) => {
    const row = activeRow(store, found.leg)!;
    row.closedAt = addMilliseconds(fill.time, 30_000);
    row.updatedAt = row.closedAt;
    row.exit = { price: null, pnl: zero, fees: null };
    return null;
  };
  const shared = { leg: found.leg, missed: [fill], rewrite, repairable: false, isOfRow: true };
  return { label: [['closed-with-profit-0']], free: ofExit, ...shared };
};

const ofExit: readonly Code[] = [
  ...(['closed-with-profit-0', 'closed-without-exit-price', 'closed-without-exit-fill'] as const),
];

/** Its order was one of the other side. */
const ofEntry: readonly Code[] = ['entry-without-order', 'closed-without-exit-fill'];

/** Repaired by us, and the bot wrote back what it still had in memory. */
const overwritten: Plant = (account, used) => {
  const stale = reduced('REPAIR_OVERWRITTEN', ownOrder)(account, used);
  if (stale === null) return null;
  const rewrite: Planted['rewrite'] = (store, { now }) => {
    const row = activeRow(store, stale.leg)!;
    row.updatedAt = addMilliseconds(now, -60_000);
    const image = (quantity: Decimal) => ({
      quantity: toText(absolute(quantity)),
      status: 'active',
    });
    const right = add(row.quantity, heldBy(stale.missed));
    return {
      ...{ id: 41, at: addMilliseconds(now, -120_000), actor: 'trueup', action: 'update' },
      changes: [
        {
          ...{ table: 'positions', key: row.id, role: 'position' },
          columns: { quantity: 'quantity', status: 'status' },
          ...{ before: image(row.quantity), after: image(right) },
        },
      ],
      ...{ why: 'sync', undoes: null },
    };
  };
  // What made it stale before is told beside it.
  return { ...stale, free: howClosed, rewrite };
};

/** A short that was written as a long. */
const wrongSide: Plant = (account, used) => {
  const found = openLeg(account, used, () => true);
  if (found === null) return null;
  const rewrite: Planted['rewrite'] = (store) => {
    const row = activeRow(store, found.leg)!;
    row.direction = row.direction === 'long' ? 'short' : 'long';
    row.quantity = negate(row.quantity);
    if (account.hedge) row.leg = row.direction;
    return null;
  };
  const [{ instrument, leg: held }] = found.open as [Fill];
  const leg = account.hedge ? `${instrument} ${held === 'long' ? 'short' : 'long'}` : found.leg;
  if (leg !== found.leg && used.has(leg)) return null;
  used.add(leg);
  const label = [['SIGN_WRONG']] as const;
  return { label, free: ofEntry, leg, missed: [], rewrite, repairable: false };
};

export const plantsOfRows: Readonly<Record<string, Plant>> = {
  'stored size, a partial fill missed': reduced('FILL_MISSING', ownOrder),
  'stored size, reduced by hand': reduced('FILL_MISSING', byHand),
  'stored size, liquidated in part': reduced('LIQUIDATION_MISSING', forced('liquidation')),
  'stored size, deleveraged in part': reduced('LIQUIDATION_MISSING', forced('adl')),
  'stored size, an earlier fill missed': earlierMissed,
  'stored size, an addition missed': additionMissed,
  'phantom, closed by its order': closed(ownOrder),
  'phantom, closed by hand': closed(byHand),
  'phantom, liquidated': closed(forced('liquidation')),
  'orphan of its own order': orphan,
  'closed while held, profit 0': closedWhileHeld,
  'closed at the venue, profit 0': profitZero,
  'repair of a row overwritten': overwritten,
  'row of the wrong side': wrongSide,
};
