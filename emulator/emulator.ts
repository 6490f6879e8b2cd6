/**
 * The emulator: the paper exchange behind the protocols of real exchanges, on loopback, with
 * scripted faults. The real client libraries work on it; what they are told is PAPER.
 */
import type { Decimal } from '../src/decimal/decimal.ts';
import { decimal } from '../src/decimal/text.ts';
import { openPaperExchange } from '../src/venues/paper/exchange.ts';
import type {
  MarketEvent,
  PaperExchange,
  PaperOptions,
} from '../src/venues/paper/paper-exchange.ts';
import { answerBinance } from './binance/api.ts';
import { BinanceDesk } from './binance/desk.ts';
import { UserStream } from './binance/stream.ts';
import { answerBybit } from './bybit/api.ts';
import { Desk } from './bybit/desk.ts';
import { PrivateStream, PublicStream } from './bybit/stream.ts';
import { Door, type Line, type LineListener, type Protocol, type Reply } from './door/door.ts';
import type { ApiKey } from './door/keys.ts';
import { Floor } from './exchange/floor.ts';
import type { News } from './exchange/history.ts';
import { type EmulatorClock, VenueClock } from './exchange/venue-clock.ts';
import { type Applied, FaultRun } from './faults/fault-run.ts';
import { OrderRate } from './faults/order-rate.ts';
import { type Fault, type FaultScript, noFaults, readFault } from './faults/script.ts';
import { faultTable } from './faults/table.ts';
import { strikeTrading } from './faults/trading-faults.ts';

export interface EmulatorOptions {
  readonly clock: EmulatorClock;
  /** It starts at the clock's time, whatever `startAt` says. */
  readonly paper: PaperOptions;
  readonly deposits: readonly (readonly [currency: string, amount: Decimal])[];
  readonly keys: readonly ApiKey[];
  readonly script?: FaultScript;
  /** How many orders a second one key may place, amend and cancel (null: any number). */
  readonly orderRate?: number | null;
  /** 0: any that is free. */
  readonly port: number;
}

export interface Emulator {
  readonly port: number;
  readonly exchange: PaperExchange;
  readonly clock: VenueClock;
  /** Every fault that was applied. */
  readonly applied: readonly Applied[];
  /** How many subscriptions were taken. */
  readonly subscriptions: number;
  /** The market moves. */
  advance(event: MarketEvent): void;
  /** Time passes to the clock's now. */
  settle(): void;
  /** Adds a fault as a script writes it; one of the exchange is carried out at once. */
  strike(fault: object): void;
  close(): Promise<void>;
}

export async function openEmulator(options: EmulatorOptions): Promise<Emulator> {
  const clock = new VenueClock(options.clock);
  // A jump of the venue's clock ends no fault.
  const faults = new FaultRun(options.script ?? noFaults, options.clock);
  const paper = withFees({ ...options.paper, startAt: clock.now() }, faults);
  const exchange = openPaperExchange(paper);
  for (const [currency, amount] of options.deposits) exchange.deposit(currency, amount);
  const remembers = faults.has('stale', 'torn');
  const floor = new Floor({ exchange, paper, clock, remembers });
  const orderRate = new OrderRate(options.orderRate ?? null, options.clock);
  const desk = new Desk(floor, faults, options.keys, orderRate);
  const binance = new BinanceDesk(floor, faults, options.keys, orderRate);
  const struck = {
    floor,
    rename: (instrument: string, to: string) => {
      desk.terms.names.rename(instrument, to);
      binance.terms.names.rename(instrument, to);
    },
    refused: ({ fault }: Fault, why: string) => faults.note(fault, `nothing: ${why}`),
  };
  const end = floor.listen((news) =>
    strikeAt(news, faults, (fault, at) => {
      // After everybody has heard of the execution.
      clock.after(0, () => strikeTrading(struck, fault, at), 'background');
    }),
  );
  const door = await Door.open(protocolsOf(desk, binance), options.port);
  return {
    ...{ port: door.port, exchange, clock, applied: faults.applied },
    get subscriptions() {
      return desk.subscriptions + binance.subscriptions;
    },
    advance: (event) => floor.advance(event),
    settle: () => floor.settle(),
    strike(fault) {
      const read = readFault(fault, 'the fault');
      if (Array.isArray(read)) throw new Error(read.join('; '));
      if (faultTable[read.fault].seam !== 'trading') {
        if (read.fault === 'stale' || read.fault === 'torn') floor.remember();
        return faults.add(read);
      }
      faults.note(read.fault, 'at once');
      strikeTrading(struck, read, null);
    },
    async close() {
      end();
      floor.close();
      await door.close();
    },
  };
}

/** Fees in a third coin hold from the beginning. */
function withFees(paper: PaperOptions, faults: FaultRun): PaperOptions {
  const fault = faults.standing('third-coin-fees');
  if (fault === null) return paper;
  faults.note('third-coin-fees', 'every execution');
  const inCoin = { coin: fault.coin, rate: decimal(fault.rate) };
  return { ...paper, fees: { ...paper.fees, in: inCoin } };
}

type Strike = (fault: Fault, at: Extract<News['events'][number], { kind: 'execution' }>) => void;

function strikeAt({ events }: News, faults: FaultRun, strike: Strike): void {
  for (const event of events) {
    if (event.kind !== 'execution' || event.fill.cause !== 'trade') continue;
    const to = `after execution ${event.fill.executionId}`;
    for (const fault of faults.strike({ seam: 'trading', to })) strike(fault, event);
  }
}

function protocolsOf(desk: Desk, binance: BinanceDesk): Protocol {
  let connections = 0;
  return {
    answer(ask): Reply {
      const bybit = answerBybit(desk, ask);
      const reply = bybit === undefined ? answerBinance(binance, ask) : bybit;
      return reply === undefined ? nothingThere : reply;
    },
    connect(address: string, line: Line): LineListener | null {
      connections += 1;
      if (address.startsWith('/v5/private'))
        return new PrivateStream(desk, line, `connection-${connections}`);
      if (address.startsWith('/v5/public')) return new PublicStream(line);
      const [, listenKey = ''] = /^\/private\/ws\?listenKey=([^&]+)/.exec(address) ?? [];
      return binance.listenKeys.has(listenKey) ? new UserStream(binance, line, listenKey) : null;
    },
  };
}

const nothingThere: Reply = { status: 404, type: 'application/json', body: '{"error":"no path"}' };
