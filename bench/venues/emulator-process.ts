/**
 * The emulator in a process of its own: what is measured beside it has its processor to itself.
 * A burst is traded first and its frames held, so that they come as fast as a socket carries them
 * and not as fast as an exchange trades; a past is traded while its clock runs through two years.
 */
import { WebSocket } from 'ws';
import { openEmulator } from '../../emulator/emulator.ts';
import { decimal } from '../../src/decimal/text.ts';
import { addMilliseconds } from '../../src/model/instant.ts';
import { instrumentFromName } from '../../src/model/instrument.ts';
import { systemClock } from '../../src/service/system-clock.ts';

const contracts = Array.from({ length: 10 }, (_, n) => `C${n}/USDT:USDT`);
const betweenBreaths = 50;

/** How far its clock is behind, in milliseconds: at first by what it was started with. */
const pastMs = Number(process.argv[2] ?? 0);
let behindMs = pastMs;

const emulator = await openEmulator({
  clock: {
    now: () => addMilliseconds(systemClock.now(), -behindMs),
    after: (ms, work, how) => systemClock.after(ms, work, how),
  },
  deposits: [['USDT', decimal('1000000000')]],
  keys: [{ key: 'trader', secret: 'trader-secret', readOnly: false, canWithdraw: false }],
  port: 0,
  paper: {
    ...{ account: 'main', venue: 'bybit', currency: 'USDT', seed: 1, latencyMs: 0 },
    instruments: contracts.map((name) => ({
      ...instrumentFromName('bybit', name)!,
      tickSize: decimal('0.1'),
      lotSize: decimal('0.001'),
    })),
    ...{ minNotional: null, positionMode: 'net', leverageMax: 10, fundingHours: 8, startAt: 0n },
    maintenanceRate: decimal('0.005'),
    fees: { maker: decimal('0.0002'), taker: decimal('0.00055'), in: 'quote' },
  },
});
const size = decimal('1000000000');
for (const instrument of contracts) {
  const at = emulator.clock.now();
  const touch = { bid: decimal('100'), bidSize: size, ask: decimal('100.1'), askSize: size };
  emulator.advance({ kind: 'touch', instrument, at, ...touch });
  emulator.advance({ kind: 'mark', instrument, at, price: decimal('100') });
}

let orders = 0;

function trade(): void {
  orders += 1;
  emulator.exchange.submit({
    ...{ clientOrderId: `b${orders}`, instrument: contracts[orders % 10]!, leg: 'net' },
    ...{ side: orders % 20 < 10 ? 'buy' : 'sell', type: 'market', price: null, trigger: null },
    ...{ quantity: decimal('0.5'), timeInForce: 'ioc', reduceOnly: false },
  });
  emulator.settle();
}

/** Trades so often, and lets the sockets write between; `before` is told how far it is. */
async function trades(count: number, before?: (share: number) => void): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    before?.(done / count);
    trade();
    if (done % betweenBreaths === 0) await breath();
  }
}

const breath = () => new Promise<void>((resolve) => setImmediate(resolve));

/** All that sockets are given waits until it is released. */
const held: (() => void)[] = [];
let isHolding = false;
const send = WebSocket.prototype.send as (this: WebSocket, ...given: unknown[]) => void;
WebSocket.prototype.send = function (this: WebSocket, ...given: unknown[]) {
  if (isHolding) held.push(() => send.apply(this, given));
  else send.apply(this, given);
};

async function release(): Promise<void> {
  isHolding = false;
  for (const [index, work] of held.entries()) {
    work();
    if (index % 500 === 0) await breath();
  }
  held.length = 0;
}

const rates = ['0.0001', '-0.00005'];

/** So many trades from the beginning until now, with funding on the way. */
async function past(fills: number): Promise<void> {
  for (const [index, instrument] of contracts.entries()) {
    const rate = decimal(rates[index % rates.length]!);
    emulator.advance({ kind: 'funding-rate', instrument, at: emulator.clock.now(), rate });
  }
  await trades(fills, (share) => {
    behindMs = Math.round(pastMs * (1 - share));
  });
  behindMs = 0;
}

interface Asked {
  readonly what: 'trade' | 'burst' | 'past';
  readonly fills: number;
}

/** When it began: a burst does when it is sent. */
async function carriedOut({ what, fills }: Asked): Promise<bigint> {
  const began = process.hrtime.bigint();
  isHolding = what === 'burst';
  await (what === 'past' ? past(fills) : trades(fills));
  if (what !== 'burst') return began;
  const released = process.hrtime.bigint();
  await release();
  return released;
}

process.on('message', async (asked: Asked) => {
  const began = await carriedOut(asked);
  const last = emulator.exchange.fills().at(-1)!.executionId;
  process.send!({ began: String(began), ended: String(process.hrtime.bigint()), last });
});
process.on('disconnect', () => process.exit());
process.send!({ port: emulator.port });
