/** The corpus of rows: accounts with causes planted in a bot's database, and their labels. */
import { type Decimal, isNegative, isZero, negate, zero } from '../../../src/decimal/decimal.ts';
import type { Fill } from '../../../src/model/fact.ts';
import { addMilliseconds } from '../../../src/model/instant.ts';
import type { SourceAuditRow } from '../../../src/model/source.ts';
import { Random } from '../../../test/decimal/random.ts';
import type { Lines } from '../exchange.ts';
import type { Label, Scored } from '../verdict.ts';
import {
  type Account,
  accountOf,
  fillOf,
  legOf,
  openFills,
  type Position,
  positionsAfter,
  sortFills,
} from './account.ts';
import { type Exit, exitOf, type Row, type Store, storeAfter } from './bot.ts';
import { type Beside, isActive, labelOfAll, labelOfSizes, storedOn } from './label.ts';
import { type Planted, plantsOfRows } from './plants.ts';

export interface RowCase extends Scored {
  readonly classes: readonly string[];
  readonly account: Account;
  readonly store: Store;
  readonly held: readonly Position[];
  /** What the venue lists; complete with all evidence alone. */
  readonly listed: readonly Fill[];
  readonly writes: readonly SourceAuditRow[];
  /** The store keeps orders. */
  readonly keepsOrders: boolean;
  readonly party: 'book' | 'venue';
  /** Legs of the plants. */
  readonly legs: ReadonlySet<string>;
}

/** Null: the account has no place for them. None: the control. */
export function rowCaseOf(
  seed: number,
  classes: readonly string[],
  shown: RowCase['shown'],
): RowCase | null {
  const random = new Random(seed);
  const account = accountOf(random);
  const used = new Set<string>();
  const planted: Planted[] = [];
  for (const name of classes) {
    const one = plantsOfRows[name]!(account, used);
    if (one === null) return null;
    planted.push(one);
  }
  addDecoys(account, planted);
  const missed = new Set(planted.flatMap((one) => one.missed));
  const store = storeAfter(account.fills, missed);
  const writes = planted.flatMap(({ rewrite }) => rewrite?.(store, account) ?? []);
  const isAll = shown === 'all';
  const keepsOrders = random.chance(0.6);
  const held = positionsAfter(account.fills).filter(({ quantity }) => !isZero(quantity));
  const nobodys = new Set(planted.flatMap(({ leg, isNobodys }) => (isNobodys ? [leg] : [])));
  // What is listed of a leg that the bot opened would say so, and half of it says anything.
  const isListed = (fill: Fill): boolean =>
    isAll ||
    (shown === 'cut' && !missed.has(fill) && !nobodys.has(legOf(fill)) && random.chance(0.8));
  const noOrders = keepsOrders ? store : { ...store, orders: [] };
  const label = isAll
    ? merged(planted.map((one) => labelOfAll(one, account.fills, noOrders)))
    : merged(planted.flatMap((one) => hiddenLabelOf(one, store, held)));
  const seen = label.causes.length > 0;
  return {
    ...{ name: `${seed}: ${classes.join(' + ')}, ${shown}`, classes, shown, account, store, held },
    ...{ listed: account.fills.filter(isListed), writes: isAll ? writes : [], keepsOrders },
    ...{ party: random.pick(['book', 'venue'] as const), legs: new Set(used) },
    ...{ label: seen ? withHistory(label, store) : null, passing: false },
    unfinal: planted.some(({ isOfRow }) => isOfRow === true),
    truth: isAll && planted.every((one) => one.repairable) ? truthOf(account, held, planted) : null,
  };
}

/** That a row was closed with a profit of 0 is true, whatever it was. */
function withHistory({ causes, free }: Label, { rows }: Store): Label {
  const zeros = rows.some(({ exit }) => exit?.pnl != null && isZero(exit.pnl));
  return {
    causes,
    free: new Set([...free, ...(zeros ? (['closed-with-profit-0'] as const) : [])]),
  };
}

const merged = (labels: readonly Label[]): Label => ({
  causes: labels.flatMap(({ causes }) => causes),
  free: new Set(labels.flatMap(({ free }) => [...free])),
});

/** Empty: what is left says nothing of whose it is. */
function hiddenLabelOf(
  { leg, label, free = [], isNobodys, isOfRow }: Planted,
  store: Store,
  held: readonly Position[],
): readonly Label[] {
  const now = heldOn(held, leg);
  const last = store.rows.findLast((row) => legOf(row) === leg && !isActive(row));
  const mayGoOn = last !== undefined && last.direction === (isNegative(now) ? 'short' : 'long');
  if (isNobodys === true && !mayGoOn) return [];
  if (isOfRow === true || label[0]![0] === 'POSITION_ORPHAN') {
    return [{ causes: label, free: new Set(free) }];
  }
  const legs = new Set([...store.rows.filter(isActive), ...held].map(legOf));
  const all = [...legs].map(
    (name): Beside => ({ leg: name, stored: storedOn(store, name), held: heldOn(held, name) }),
  );
  const sizes = labelOfSizes(all.find((one) => one.leg === leg)!, all);
  return [{ ...sizes, free: new Set([...sizes.free, ...free]) }];
}

const heldOn = (held: readonly Position[], leg: string): Decimal =>
  held.find((one) => legOf(one) === leg)?.quantity ?? zero;

/** Others hold as much as the bot lacks, by executions of that size at that time. */
function addDecoys(account: Account, planted: readonly Planted[]): void {
  const { random, others } = account;
  const taken = new Set(account.fills.map((fill) => fill.instrument));
  const free = others.filter((name) => !taken.has(name));
  for (const [index, model] of planted.flatMap(({ missed }) => missed).entries()) {
    const name = free[index];
    if (name === undefined || !random.chance(0.6)) continue;
    const { side, quantity } = model;
    const leg = account.hedge ? (side === 'buy' ? 'long' : 'short') : 'net';
    const time = addMilliseconds(model.time, 2_500);
    const parts = { orderId: `by-hand-${random.digits(6)}` };
    account.fills.push(fillOf(account, { name, leg, side, quantity, time }, parts));
  }
  sortFills(account);
}

/** What the rows should become: what is held of the bot's, and how each one ended. */
function truthOf(
  { fills, own }: Account,
  held: readonly Position[],
  planted: readonly Planted[],
): Lines {
  const ours = held.filter(({ instrument }) => own.includes(instrument));
  const lines = new Map(ours.map((one) => [`active ${legOf(one)}`, one.quantity]));
  for (const { leg, missed } of planted) {
    const [last] = missed;
    if (last === undefined || openFills(fills, leg).length > 0) continue;
    const whole = openFills(
      fills.filter((fill) => fill !== last),
      leg,
    );
    const direction = last.side === 'sell' ? 'long' : 'short';
    addExit(lines, leg, exitOf({ direction }, [...whole, last], [last]));
  }
  return lines;
}

/** Of active rows: what `truth` has, and nothing else. */
export function linesOfRows(rows: Iterable<Row>): ReadonlyMap<string, Decimal> {
  const lines = new Map<string, Decimal>();
  for (const row of rows) {
    const { direction, quantity } = row;
    const isShort = quantity.coefficient < 0;
    const size = isShort === (direction === 'short') ? quantity : negate(quantity);
    lines.set(`active ${legOf(row)}`, size);
  }
  return lines;
}

export function addExit(
  lines: Map<string, Decimal>,
  leg: string,
  { price, pnl, fees }: Exit,
): void {
  for (const [what, value] of Object.entries({ price, pnl, fees })) {
    if (value !== null) lines.set(`closed ${leg} ${what}`, value);
  }
}
