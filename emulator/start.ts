/** The emulator as a program starts it: files in words, data replayed, until it is stopped. */
import { readFileSync } from 'node:fs';
import type { Decimal } from '../src/decimal/decimal.ts';
import { decimal } from '../src/decimal/text.ts';
import type { Instrument } from '../src/model/instrument.ts';
import { mergeByTime } from '../src/venues/paper/feed/merge.ts';
import type { MarketEvent } from '../src/venues/paper/paper-exchange.ts';
import { type Emulator, openEmulator } from './emulator.ts';
import type { EmulatorClock } from './exchange/venue-clock.ts';
import { type FaultScript, noFaults, readScript } from './faults/script.ts';
import { Replay } from './replay/replay.ts';

/** Whoever reaches it is on this machine, and nothing is behind it: these are no secrets. */
export const paperKey = { key: 'emulator', secret: 'emulator-secret' };

export interface StartOptions {
  readonly clock: EmulatorClock;
  readonly port: number;
  readonly speed: number;
  readonly seed: number;
  readonly orderRate: number | null;
  readonly instruments: readonly Instrument[];
  readonly deposits: readonly (readonly [currency: string, amount: Decimal])[];
  readonly data: readonly (readonly MarketEvent[])[];
  readonly script: FaultScript;
}

export interface Started {
  readonly emulator: Emulator;
  /** The data has ended; the emulator has not. */
  readonly over: Promise<void>;
  events(): number;
  stop(): Promise<void>;
}

/** The script of a file, or all that is wrong with it. */
export function scriptAt(path: string | null): FaultScript | readonly string[] {
  if (path === null) return noFaults;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return [`it cannot be read: ${error instanceof Error ? error.message : String(error)}`];
  }
  const read = readScript(text);
  return read.ok ? read.script : read.faults;
}

export async function start(options: StartOptions): Promise<Started> {
  const { clock, port, script, instruments, deposits, seed, orderRate } = options;
  const emulator = await openEmulator({
    ...{ clock, port, script, deposits, orderRate },
    keys: [{ ...paperKey, readOnly: false, canWithdraw: false }],
    paper: {
      ...{ account: 'emulator', venue: 'bybit', currency: instruments[0]?.settle ?? 'USDT' },
      ...{ seed, latencyMs: 5, instruments, minNotional: null, positionMode: 'net' },
      ...{ leverageMax: 10, maintenanceRate: decimal('0.005'), fundingHours: 8, startAt: 0n },
      fees: { maker: decimal('0.0002'), taker: decimal('0.00055'), in: 'quote' },
    },
  });
  const replay = new Replay(emulator, [...mergeByTime(options.data)], options.speed);
  const over = new Promise<void>((resolve) => replay.start(resolve));
  return {
    ...{ emulator, over },
    events: () => replay.done,
    async stop() {
      replay.stop();
      await emulator.close();
    },
  };
}
