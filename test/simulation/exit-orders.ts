/**
 * Exits of aged positions in simulated days: ages are minutes, and the gate is open, for what is
 * under test is that no exit opens, turns or doubles anything, whatever the venue answers.
 */
import { toText } from '../../src/decimal/text.ts';
import { isExitOrderId } from '../../src/exits/order-name.ts';
import { type ExitRules, usualExitRules } from '../../src/exits/rules.ts';
import type { Pauses } from '../../src/service/exiting/pauses.ts';
import type { PaperExchange } from '../../src/venues/paper/paper-exchange.ts';
import { type Ledger, unitsOf } from './ledger.ts';
import type { Oracle } from './oracle.ts';

const minute = 60_000;

export const quickRules: ExitRules = {
  ...usualExitRules,
  ...{ limitAgeMs: minute, graceMs: 2 * minute, accelerateAfterMs: 2 * minute },
  ...{ marketAfterMs: 4 * minute, pauseMs: minute },
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
    const { instrument, side, quantity } = event.fill;
    const after = ledger.held().positions.get(instrument) ?? 0n;
    const size = unitsOf(toText(quantity));
    const before = side === 'buy' ? after - size : after + size;
    const isReduced = before > 0n ? side === 'sell' && after >= 0n : side === 'buy' && after <= 0n;
    if (before === 0n || !isReduced) {
      oracle.fault('SM8', `an exit moved ${instrument} from ${before} to ${after} (10^-30)`);
    }
  });
}

/** One order of ours for each position at most. */
export function checkExits(exchange: PaperExchange, oracle: Oracle): void {
  const own = exchange.openOrders().filter((order) => isExitOrderId(order.clientOrderId));
  for (const [instrument, orders] of Map.groupBy(own, (order) => order.instrument)) {
    if (orders.length > 1) oracle.fault('SM8', `${orders.length} exits rest in ${instrument}`);
    if (orders.some(({ reduceOnly }) => !reduceOnly)) {
      oracle.fault('SM8', `an exit in ${instrument} may open the other side`);
    }
  }
}
