/**
 * Exits of aged positions in simulated days: ages are minutes. Half of the time the gate is open,
 * for what is under test is that no exit opens, turns or doubles anything, whatever the venue
 * answers; half of the time the desk asks the gate of the account.
 */
import { toText } from '../../src/decimal/text.ts';
import { isExitOrderId } from '../../src/exits/order-name.ts';
import { type ExitRules, usualExitRules } from '../../src/exits/rules.ts';
import { addMilliseconds, type Instant } from '../../src/model/instant.ts';
import type { Pauses } from '../../src/service/exiting/pauses.ts';
import type { BookReader } from '../../src/service/reading.ts';
import type { VenueSettings } from '../../src/service/venues/settings.ts';
import type { PaperExchange } from '../../src/venues/paper/paper-exchange.ts';
import { type Ledger, placeName, unitsOf } from './ledger.ts';
import type { Oracle } from './oracle.ts';

const minute = 60_000;

export const quickRules: ExitRules = {
  ...usualExitRules,
  ...{ limitAgeMs: minute, graceMs: 2 * minute, accelerateAfterMs: 2 * minute },
  ...{ marketAfterMs: 4 * minute, pauseMs: minute },
};

export const exitSettings: VenueSettings = {
  ...{ exchange: 'binance', account: 'main', currency: 'USDT', positionMode: 'net', symbols: [] },
  ...{ readOnly: false, allowWithdrawals: false },
  exits: { enabled: true, rules: quickRules, ownOrders: 'all' },
};

/** They outlive the process, as the file beside the book does. */
export function keptPauses(): Pauses {
  let kept: ReturnType<Pauses['at']> = [];
  return {
    at: (now) => kept.filter(({ until }) => now < until),
    add: (pause) => {
      kept = [...kept, pause];
    },
  };
}

/** Every execution of an exit makes a position smaller, and leaves it on its side. */
export function watchExits(exchange: PaperExchange, ledger: Ledger, oracle: Oracle): void {
  exchange.listen((event) => {
    if (event.kind !== 'fill' || !isExitOrderId(event.fill.clientOrderId)) return;
    const { instrument, leg, side, quantity } = event.fill;
    const after = ledger.held().positions.get(placeName(instrument, leg)) ?? 0n;
    const size = unitsOf(toText(quantity));
    const before = side === 'buy' ? after - size : after + size;
    const isReduced = before > 0n ? side === 'sell' && after >= 0n : side === 'buy' && after <= 0n;
    if (before === 0n || !isReduced) {
      oracle.fault('SM8', `an exit moved ${instrument} from ${before} to ${after} (10^-30)`);
    }
  });
}

/** Longer than an answer takes, and than what happened takes to settle. */
const longAgoMs = 2 * minute;

/** A gate that opens says that the book is right, but for what has just happened. */
export function checkGate(reader: BookReader, oracle: Oracle, now: Instant): void {
  // What was taken back a moment ago counted then, and what has just happened did not.
  const then = new Set(oracle.differences(reader, addMilliseconds(now, -longAgoMs)));
  const first = oracle.differences(reader, null).find((one) => then.has(one));
  if (first !== undefined) oracle.fault('SM9', `the gate allows exits, but ${first}`);
}

/** One order of ours for each position at most. */
export function checkExits(exchange: PaperExchange, oracle: Oracle): void {
  const own = exchange.openOrders().filter((order) => isExitOrderId(order.clientOrderId));
  const places = Map.groupBy(own, (order) => placeName(order.instrument, order.leg));
  for (const [instrument, orders] of places) {
    if (orders.length > 1) oracle.fault('SM8', `${orders.length} exits rest in ${instrument}`);
    if (orders.some(({ reduceOnly }) => !reduceOnly)) {
      oracle.fault('SM8', `an exit in ${instrument} may open the other side`);
    }
  }
}
