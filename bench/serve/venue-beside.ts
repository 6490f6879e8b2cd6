/** An exchange that a bench serves beside: it moves, and each order of the service is filled. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmulator } from '../../emulator/emulator.ts';
import { decimal } from '../../src/decimal/text.ts';
import { DemoMarket, demoInstruments } from '../../src/service/demo/market.ts';
import { systemClock } from '../../src/service/system-clock.ts';

export const listened = 'listened';

/** Writes the settings that name it into a folder. */
export async function venueBeside(folder: string) {
  const key = { key: 'bench', secret: 'bench-secret' };
  const emulator = await openEmulator({
    clock: systemClock,
    paper: {
      ...{ account: listened, venue: 'bybit', currency: 'USDT', seed: 7, latencyMs: 5 },
      instruments: demoInstruments.map(({ instrument }) => instrument),
      ...{ minNotional: null, positionMode: 'net', leverageMax: 10, fundingHours: 8, startAt: 0n },
      maintenanceRate: decimal('0.005'),
      fees: { maker: decimal('0.0002'), taker: decimal('0.00055'), in: 'quote' },
    },
    deposits: [['USDT', decimal('50000')]],
    keys: [{ ...key, readOnly: false, canWithdraw: false }],
    port: 0,
  });
  writeFileSync(join(folder, 'key.json'), JSON.stringify(key), { mode: 0o600 });
  writeFileSync(join(folder, 'trueup.yaml'), settingsOf(emulator.port));
  const market = new DemoMarket(7);
  const timer = setInterval(() => {
    for (const event of market.move(systemClock.now())) emulator.advance(event);
  }, 250);
  return {
    async close() {
      clearInterval(timer);
      await emulator.close();
    },
  };
}

const settingsOf = (port: number): string => `venues:
  ${listened}:
    exchange: bybit
    account: ${listened}
    url: http://127.0.0.1:${port}
    keyFile: key.json
    readOnly: false
    settle: 1s
    confirm: 500ms
serve:
  venues: [${listened}]
  listen: true
`;
