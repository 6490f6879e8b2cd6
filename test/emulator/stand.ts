/** An emulator with two contracts and a pair, and the real ccxt client on it. */
import ccxt from 'ccxt';
import type { ApiKey } from '../../emulator/door/keys.ts';
import { type Emulator, type EmulatorOptions, openEmulator } from '../../emulator/emulator.ts';
import { type FaultScript, readScript } from '../../emulator/faults/script.ts';
import { decimal } from '../../src/decimal/text.ts';
import type { Side } from '../../src/model/fact.ts';
import { type Instrument, instrumentFromName } from '../../src/model/instrument.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import type { PaperOptions } from '../../src/venues/paper/paper-exchange.ts';

export const btc = 'BTC/USDT:USDT';
export const eth = 'ETH/USDT:USDT';
export const inverse = 'BTC/USD:BTC';
export const spot = 'BTC/USDT';

const rules: Readonly<Record<string, readonly [tick: string, lot: string]>> = {
  [btc]: ['0.1', '0.001'],
  [eth]: ['0.01', '0.01'],
  [inverse]: ['0.5', '1'],
  [spot]: ['0.01', '0.000001'],
};

const instruments: Instrument[] = Object.entries(rules).map(([name, [tick, lot]]) => ({
  ...instrumentFromName('bybit', name)!,
  tickSize: decimal(tick),
  lotSize: decimal(lot),
}));

export const paper: PaperOptions = {
  account: 'main',
  venue: 'bybit',
  currency: 'USDT',
  seed: 1,
  latencyMs: 0,
  instruments,
  minNotional: null,
  positionMode: 'net',
  leverageMax: 10,
  maintenanceRate: decimal('0.005'),
  fees: { maker: decimal('0.0002'), taker: decimal('0.00055'), in: 'quote' },
  fundingHours: 8,
  startAt: 0n,
};

export const keys: readonly ApiKey[] = [
  { key: 'trader', secret: 'trader-secret', readOnly: false, canWithdraw: false },
  { key: 'reader', secret: 'reader-secret', readOnly: true, canWithdraw: false },
];

export function scriptOf(...faults: readonly object[]): FaultScript {
  const read = readScript(JSON.stringify({ seed: 1, faults }));
  if (!read.ok) throw new Error(read.faults.join('; '));
  return read.script;
}

export interface Stand {
  readonly emulator: Emulator;
  readonly origin: string;
  /** Another client on it, with its own connection. */
  client(key?: string): Promise<InstanceType<typeof ccxt.pro.bybit>>;
  /** The market around a price: one tick and a size on both sides. */
  quote(instrument: string, price: string): void;
  /** A print. */
  trade(instrument: string, price: string, quantity: string, side: Side): void;
  close(): Promise<void>;
}

type Client = InstanceType<typeof ccxt.pro.bybit>;

export async function openStand(options: Partial<EmulatorOptions> = {}): Promise<Stand> {
  const emulator = await openEmulator({
    clock: systemClock,
    paper,
    deposits: [
      ['USDT', decimal('100000')],
      ['BTC', decimal('1')],
    ],
    keys,
    port: 0,
    ...options,
  });
  const clients: Client[] = [];
  const at = () => emulator.clock.now();
  return {
    emulator,
    origin: `http://127.0.0.1:${emulator.port}`,
    async client(key = 'trader') {
      const client = clientAt(emulator.port, key);
      clients.push(client);
      await client.loadHttpProxyAgent();
      client.number = String as never;
      return client;
    },
    quote(instrument, price) {
      const size = decimal('1000');
      const touch = { bid: decimal(price), bidSize: size, ask: decimal(price), askSize: size };
      const tick = rules[instrument]![0];
      const ask = decimal(plus(price, tick));
      emulator.advance({ kind: 'touch', instrument, at: at(), ...touch, ask });
      emulator.advance({ kind: 'mark', instrument, at: at(), price: decimal(price) });
    },
    trade(instrument, price, quantity, side) {
      const amounts = { price: decimal(price), quantity: decimal(quantity) };
      emulator.advance({ kind: 'trade', instrument, at: at(), ...amounts, side });
    },
    async close() {
      for (const client of clients) await client.close();
      await emulator.close();
    },
  };
}

const plus = (price: string, tick: string): string => {
  const scale = 100;
  return String((Math.round(Number(price) * scale) + Math.round(Number(tick) * scale)) / scale);
};

function clientAt(port: number, key: string): Client {
  const http = `http://127.0.0.1:${port}`;
  const ws = `ws://127.0.0.1:${port}/v5`;
  const rest = Object.fromEntries(
    ['spot', 'futures', 'v2', 'public', 'private'].map((name) => [name, http]),
  );
  const open = Object.fromEntries(
    ['spot', 'linear', 'inverse', 'option'].map((name) => [name, `${ws}/public/${name}`]),
  );
  const own = { spot: { unified: `${ws}/private`, nonUnified: `${ws}/private` } };
  return new ccxt.pro.bybit({
    apiKey: key,
    secret: `${key}-secret`,
    timeout: 1_500,
    enableRateLimit: false,
    options: {
      defaultType: 'swap',
      fetchMarkets: { types: ['spot', 'linear', 'inverse'] },
      enableUnifiedMargin: false,
      enableUnifiedAccount: true,
      unifiedMarginStatus: 6,
    },
    urls: {
      api: {
        ...rest,
        ws: {
          public: open,
          private: {
            ...own,
            contract: `${ws}/private`,
            usdc: `${ws}/private`,
            trade: `${ws}/trade`,
          },
        },
      },
    },
  } as never);
}
