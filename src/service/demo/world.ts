/**
 * Where the demo plays: two emulated exchanges on this machine, one for each account, whose prices
 * move; the keys and settings by which the service finds them; all in one folder.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decimal } from '../../decimal/text.ts';
import type { MarketEvent, PaperOptions } from '../../venues/paper/paper-exchange.ts';
import { durationText } from '../duration.ts';
import type { WaitingClock } from '../system-clock.ts';
import { DemoMarket, demoInstruments } from './market.ts';

/** The emulator, which is a tool for development: the command that plays the demo hands it in. */
export interface DemoExchange {
  readonly port: number;
  readonly applied: readonly unknown[];
  advance(event: MarketEvent): void;
  /** Adds a fault, as docs/emulator.md lists them. */
  strike(fault: object): void;
  close(): Promise<void>;
}

export interface DemoExchangeOptions {
  readonly clock: WaitingClock;
  readonly paper: PaperOptions;
  readonly deposits: readonly (readonly [currency: string, amount: ReturnType<typeof decimal>])[];
  readonly keys: readonly {
    readonly key: string;
    readonly secret: string;
    readonly readOnly: boolean;
    readonly canWithdraw: boolean;
  }[];
  readonly port: number;
}

export type OpenDemoExchange = (options: DemoExchangeOptions) => Promise<DemoExchange>;

const demoAccounts = ['trend', 'swing'] as const;
export type DemoAccount = (typeof demoAccounts)[number];

export interface DemoVenue {
  readonly account: DemoAccount;
  readonly exchange: DemoExchange;
  readonly market: DemoMarket;
}

export interface DemoWorld {
  readonly folder: string;
  readonly venues: readonly DemoVenue[];
  close(): Promise<void>;
}

const minute = 60_000;
const deposited = decimal('50000');

const paperOf = (account: DemoAccount, seed: number): PaperOptions => ({
  ...{ account, venue: 'bybit', currency: 'USDT', seed, latencyMs: 5 },
  instruments: demoInstruments.map(({ instrument }) => instrument),
  ...{ minNotional: null, positionMode: 'net', leverageMax: 10, fundingHours: 8, startAt: 0n },
  maintenanceRate: decimal('0.005'),
  fees: { maker: decimal('0.0002'), taker: decimal('0.00055'), in: 'quote' },
});

export interface Pace {
  /** For the prices. */
  readonly seed: number;
  /** How many times faster than usual everything happens: positions age so much faster, too. */
  readonly speed: number;
}

export async function openWorld(
  folder: string,
  { seed, speed }: Pace,
  clock: WaitingClock,
  open: OpenDemoExchange,
): Promise<DemoWorld> {
  mkdirSync(folder, { recursive: true });
  const venues: DemoVenue[] = [];
  const close = async () => {
    for (const { exchange } of venues.splice(0)) await exchange.close();
  };
  try {
    for (const [index, account] of demoAccounts.entries()) {
      const key = { key: `demo-${account}`, secret: randomBytes(16).toString('hex') };
      const exchange = await open({
        ...{ clock, paper: paperOf(account, seed + index), port: 0 },
        deposits: [['USDT', deposited]],
        keys: [{ ...key, readOnly: false, canWithdraw: false }],
      });
      venues.push({ account, exchange, market: new DemoMarket(seed + index) });
      writeFileSync(join(folder, `${account}.key.json`), JSON.stringify(key), { mode: 0o600 });
    }
  } catch (error) {
    await close();
    throw error;
  }
  writeFileSync(join(folder, 'trueup.yaml'), settingsText(venues, speed));
  return { folder, venues, close };
}

/** What a person would write, with waits that suit a demo; where the service runs is free. */
function settingsText(venues: readonly DemoVenue[], speed: number): string {
  const aged = (ms: number) => durationText(Math.ceil(ms / speed));
  const places = venues.map(
    ({ account, exchange: { port } }) => `  ${account}:
    exchange: bybit
    account: ${account}
    url: http://127.0.0.1:${port}
    keyFile: ${account}.key.json
    readOnly: false
    settle: 1s
    confirm: 500ms
    exits:
      enabled: true
      ownOrders: all
      limitAge: ${aged(minute)}
      grace: ${aged(minute)}
      marketAfter: ${aged(10 * minute)}`,
  );
  return `book: ./demo.db
venues:
${places.join('\n')}
policy:
  takingBack:
    valuePerRepair: "3000"
    valuePerDay: "200000"
    repairsPerDay: 500
serve:
  venues: [${venues.map(({ account }) => account).join(', ')}]
  listen: true
  repair: auto
`;
}
