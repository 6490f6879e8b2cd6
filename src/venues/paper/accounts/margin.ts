/** What positions tie up in the wallet of the coin they settle in, and when they lose it. */
import {
  absolute,
  add,
  compare,
  type Decimal,
  divideHalfEven,
  fromInteger,
  isNegative,
  multiply,
  subtract,
  zero,
} from '../../../decimal/decimal.ts';
import type { Ledger } from './ledger.ts';
import { contractWorth, type Position, unrealisedOf } from './position.ts';

export interface MarginRules {
  readonly leverageMax: number;
  readonly maintenanceRate: Decimal;
  /** Null while it is not known: then the entry stands for it. */
  readonly markOf: (instrument: string) => Decimal | null;
}

export interface Standing {
  /** Null where a position has no mark. */
  readonly unrealised: Decimal | null;
  readonly initial: Decimal;
  readonly maintenance: Decimal;
  /** Wallet and what is known of unrealised profit. */
  readonly equity: Decimal;
}

const marginDigits = 18;

export const initialMargin = (worth: Decimal, leverage: number): Decimal =>
  divideHalfEven(absolute(worth), fromInteger(leverage), marginDigits);

export const worthOf = (position: Position, mark: Decimal | null): Decimal =>
  mark === null
    ? absolute(position.entryValue)
    : absolute(contractWorth(position.instrument, position.quantity, mark));

export function standingIn(coin: string, ledger: Ledger, rules: MarginRules): Standing {
  let known = zero;
  let complete = true;
  let initial = zero;
  let maintenance = zero;
  for (const position of ledger.positions()) {
    if (position.instrument.settle !== coin) continue;
    const mark = rules.markOf(position.instrument.name);
    const worth = worthOf(position, mark);
    initial = add(initial, initialMargin(worth, rules.leverageMax));
    maintenance = add(maintenance, multiply(worth, rules.maintenanceRate));
    if (mark === null) complete = false;
    else known = add(known, unrealisedOf(position, mark));
  }
  const unrealised = complete ? known : null;
  return { unrealised, initial, maintenance, equity: add(ledger.wallet(coin), known) };
}

/** Free for orders and withdrawals: unrealised losses count, unrealised gains do not. */
export function availableIn(
  coin: string,
  ledger: Ledger,
  rules: MarginRules,
  reserved: Decimal,
): Decimal {
  const wallet = ledger.wallet(coin);
  if (!ledger.holdsContracts) return subtract(wallet, reserved);
  const { initial, equity } = standingIn(coin, ledger, rules);
  const base = compare(equity, wallet) < 0 ? equity : wallet;
  return subtract(subtract(base, initial), reserved);
}

/** The position that goes first where the coin's equity no longer carries its positions. */
export function toLiquidate(coin: string, ledger: Ledger, rules: MarginRules): Position | null {
  const { equity, maintenance } = standingIn(coin, ledger, rules);
  if (!isNegative(subtract(equity, maintenance))) return null;
  const marked = ledger
    .positions()
    .filter(({ instrument }) => instrument.settle === coin && rules.markOf(instrument.name));
  const worths = marked.map((one) => worthOf(one, rules.markOf(one.instrument.name)));
  let largest = 0;
  worths.forEach((worth, index) => {
    if (compare(worth, worths[largest]!) > 0) largest = index;
  });
  return marked[largest] ?? null;
}
