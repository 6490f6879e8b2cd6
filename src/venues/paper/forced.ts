/** What the venue does to an account unasked: liquidation, deleveraging, trades taken back. */
import { absolute, compare, type Decimal, isNegative, negate } from '../../decimal/decimal.ts';
import { toLiquidate } from './accounts/margin.ts';
import type { Position } from './accounts/position.ts';
import type { Core } from './core.ts';
import type { Settling } from './settling.ts';

/** A command that the exchange cannot carry out: told to the script that gave it. */
export class PaperRefusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'PaperRefusal';
    this.code = code;
  }
}

/** Closes positions at the mark until the coin's equity carries what is left. */
export function liquidateWhereDue(core: Core, settling: Settling, coin: string): void {
  for (;;) {
    const position = toLiquidate(coin, core.ledger, core.margin);
    if (position === null) return;
    cancelAllIn(core, coin);
    settling.force(position, 'liquidation');
  }
}

export function liquidateNow(core: Core, settling: Settling, instrument: string): void {
  const held = heldIn(core, instrument);
  cancelAllIn(core, held[0]!.instrument.settle);
  for (const position of held) settling.force(position, 'liquidation');
}

/** Takes the quantity from the larger leg, at the mark and without a fee. */
export function deleverageNow(
  core: Core,
  settling: Settling,
  instrument: string,
  quantity: Decimal,
): void {
  const [position] = [...heldIn(core, instrument)].sort((a, b) =>
    compare(absolute(b.quantity), absolute(a.quantity)),
  );
  const { quantity: held } = position!;
  const size = compare(quantity, absolute(held)) > 0 ? absolute(held) : quantity;
  const part = isNegative(held) ? negate(size) : size;
  settling.force({ ...position!, quantity: part }, 'adl');
}

function heldIn(core: Core, instrument: string): readonly Position[] {
  const held = core.ledger.positions().filter((one) => one.instrument.name === instrument);
  if (held.length === 0) throw new PaperRefusal('no-position', `no position in ${instrument}`);
  if (core.margin.markOf(instrument) === null) {
    throw new PaperRefusal('no-mark', `${instrument} has no mark to close at`);
  }
  return held;
}

function cancelAllIn(core: Core, coin: string): void {
  for (const order of [...core.open]) {
    const market = core.markets.get(order.request.instrument)!;
    const { type, settle } = market.instrument;
    if (type !== 'spot' && settle === coin) market.leave(order, 'cancelled');
  }
}

/** The fill never was: wallets and positions are as without it. */
export function bustFill(core: Core, executionId: string): void {
  const fill = core.fills.find((one) => one.executionId === executionId);
  if (fill === undefined || core.busted.has(executionId)) {
    throw new PaperRefusal('no-execution', `there is no execution ${executionId} in force`);
  }
  if (!core.takeBack(executionId)) {
    const why = `without ${executionId} a later fill would close more than its leg held`;
    throw new PaperRefusal('closed-since', why);
  }
  const { account, instrument, side, leg } = fill;
  const at = core.now;
  const bust = { account, executionId, instrument, side, leg, time: at } as const;
  core.tell({ kind: 'bust', at, bust: { kind: 'bust', bustId: `${executionId}-bust`, ...bust } });
  core.tell({ kind: 'position', at, instrument });
  for (const currency of core.ledger.coins()) core.tell({ kind: 'balance', at, currency });
}
