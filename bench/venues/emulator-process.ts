/** The emulator in a process of its own: what is measured beside it has its processor to itself. */
import { openEmulator } from '../../emulator/emulator.ts';
import { decimal } from '../../src/decimal/text.ts';
import { instrumentFromName } from '../../src/model/instrument.ts';
import { systemClock } from '../../src/service/system-clock.ts';

const contracts = Array.from({ length: 10 }, (_, n) => `C${n}/USDT:USDT`);
const betweenBreaths = 50;

const emulator = await openEmulator({
  clock: systemClock,
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

/** Trades so often, and lets the sockets write between. */
async function trades(count: number): Promise<void> {
  for (let done = 1; done <= count; done += 1) {
    trade();
    if (done % betweenBreaths === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

process.on('message', async ({ fills }: { fills: number }) => {
  const began = process.hrtime.bigint();
  await trades(fills);
  const last = emulator.exchange.fills().at(-1)!.executionId;
  process.send!({ began: String(began), ended: String(process.hrtime.bigint()), last });
});
process.on('disconnect', () => process.exit());
process.send!({ port: emulator.port });
