/** What the faults that count executions do to the exchange. */
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimalOf,
  divideHalfEven,
  isPositive,
  multiply,
  subtract,
  truncated,
  zero,
} from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import { PaperRefusal } from '../../src/venues/paper/forced.ts';
import type { Floor } from '../exchange/floor.ts';
import type { Execution, OrderState } from '../exchange/history.ts';
import type { Fault } from './script.ts';

export interface Struck {
  readonly floor: Floor;
  readonly rename: (instrument: string, to: string) => void;
  /** What the exchange would not do, such as take back what was taken back. */
  readonly refused: (fault: Fault, why: string) => void;
}

export function strikeTrading(struck: Struck, fault: Fault, at: Execution | null): void {
  try {
    strike(struck, fault, at);
  } catch (error) {
    if (!(error instanceof PaperRefusal)) throw error;
    struck.refused(fault, error.message);
  }
}

function strike(struck: Struck, fault: Fault, at: Execution | null): void {
  const { floor, rename } = struck;
  switch (fault.fault) {
    case 'bust':
      if (at === null) return;
      if (fault.afterMs > 0) {
        const due = { ...fault, afterMs: 0 };
        floor.clock.after(fault.afterMs, () => strikeTrading(struck, due, at), 'background');
      } else floor.act((exchange) => exchange.bust(at.fill.executionId));
      return;
    case 'liquidate':
      forHeld(floor, fault.instrument ?? at?.fill.instrument, (instrument) =>
        floor.act((exchange) => exchange.liquidate(instrument)),
      );
      return;
    case 'deleverage':
      forHeld(floor, fault.instrument ?? at?.fill.instrument, (instrument, held) => {
        const part = lotsOf(floor, instrument, multiply(held, decimal(fault.share)));
        if (isPositive(part)) floor.act((exchange) => exchange.deleverage(instrument, part));
      });
      return;
    case 'funding':
      payFunding(floor, decimal(fault.rate), fault.instruments ?? null);
      return;
    case 'rename':
      rename(fault.instrument, fault.to);
      return;
    case 'skew-clock':
      floor.clock.skew(fault.ms);
      return;
    default:
      throw new Error(`${fault.fault} does nothing to the exchange`);
  }
}

function forHeld(
  floor: Floor,
  instrument: string | undefined,
  work: (instrument: string, held: Decimal) => void,
): void {
  const position = floor.view().positions.find((one) => one.instrument === instrument);
  if (position !== undefined) work(position.instrument, absolute(position.quantity));
}

/** Whole lots, rounded down. */
function lotsOf(floor: Floor, instrument: string, quantity: Decimal): Decimal {
  const lot = floor.instruments.get(instrument)?.lotSize ?? decimalOf(1, 8);
  return multiply(truncated(divideHalfEven(quantity, lot, 12)), lot);
}

/** The clock goes to the next payment: every position pays or receives in that millisecond. */
function payFunding(floor: Floor, rate: Decimal, wanted: readonly string[] | null): void {
  const { clock, paper, exchange } = floor;
  floor.settle();
  for (const { name, type } of floor.instruments.values()) {
    if (type === 'spot') continue;
    const isIn = wanted === null || wanted.includes(name);
    const at = exchange.now();
    floor.advance({ kind: 'funding-rate', instrument: name, at, rate: isIn ? rate : zero });
  }
  const period = BigInt(paper.fundingHours) * 3_600_000_000_000n;
  clock.jumpTo((clock.now() / period + 1n) * period);
  floor.settle();
}

/** A print beyond the price of an order, for a share of what is left of it. */
export function tradeThrough(floor: Floor, { report }: OrderState, share: Decimal): void {
  const left = subtract(report.quantity, report.filled ?? zero);
  const quantity = lotsOf(floor, report.instrument, multiply(left, share));
  if (report.price === null || !isPositive(quantity)) return;
  const tick = floor.instruments.get(report.instrument)?.tickSize ?? decimalOf(1, 8);
  const isBuy = report.side === 'buy';
  const price = isBuy ? subtract(report.price, tick) : add(report.price, tick);
  if (compare(price, zero) <= 0) return;
  floor.settle();
  floor.advance({
    kind: 'trade',
    instrument: report.instrument,
    at: floor.exchange.now(),
    price,
    quantity,
    side: isBuy ? 'sell' : 'buy',
  });
}
