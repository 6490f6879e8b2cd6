/**
 * Where the incident of the quantities plays: an emulated Bybit on loopback with the real client
 * library on it, the bot that trades there, the bot's database and log, and a book of our own. All
 * that is done with the book is done by the functions behind the commands.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Decimal } from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import type { Side } from '../../model/fact.ts';
import { instant } from '../../model/instant.ts';
import { openPositionSource } from '../../sources/open-source.ts';
import type { PositionSource } from '../../sources/position-source.ts';
import { ccxtVenue } from '../../venues/ccxt/ccxt-venue.ts';
import { type ExchangeClient, openExchange } from '../../venues/ccxt/exchange-client.ts';
import type { Venue } from '../../venues/venue.ts';
import { rest } from '../listening/asking.ts';
import type { Log, LogLine } from '../log.ts';
import type { EmulatedExchange, RehearsalTools } from './exchange-port.ts';
import { NaiveTrader } from './mismatch-bot.ts';
import { MismatchClock } from './mismatch-clock.ts';
import { type BotDatabase, openBotDatabase, writeBotLog } from './mismatch-database.ts';
import { paperOptions, printed, quoted } from './mismatch-market.ts';

/** Before the first of the positions is opened. */
export const begins = instant('2025-10-12T19:30:00Z');

export const accountName = 'main';
export const venueName = 'bybit';

/** As much as nine positions and fourteen take, at ten times leverage; our choice. */
export const deposited = '10000';

export interface StageParts {
  readonly clock: MismatchClock;
  readonly exchange: EmulatedExchange;
  readonly venue: Venue;
  readonly trader: NaiveTrader;
  /** The client library by itself, for what no command of ours asks. */
  readonly client: ExchangeClient;
  readonly database: BotDatabase;
  readonly source: PositionSource;
  readonly folder: string;
  readonly logPath: string;
  close(): Promise<void>;
}

export class MismatchStage {
  readonly parts: StageParts;
  readonly book: string;
  /** What the services logged, oldest first. */
  readonly told: LogLine[] = [];
  readonly log: Log = {
    info: (line) => void this.told.push(line),
    warn: (line) => void this.told.push(line),
    error: (line) => void this.told.push(line),
  };

  constructor(parts: StageParts) {
    this.parts = parts;
    this.book = join(parts.folder, 'trueup.db');
  }

  static async open(folder: string, tools: RehearsalTools): Promise<MismatchStage> {
    const closing: (() => Promise<void>)[] = [];
    // The last first, and all of them: one that fails keeps no server and no database alive.
    const close = async () => {
      const faults: unknown[] = [];
      for (const end of closing.splice(0).reverse()) {
        await end().catch((error: unknown) => faults.push(error));
      }
      if (faults.length > 0) throw faults[0];
    };
    try {
      const clock = new MismatchClock(begins);
      const key = { key: 'rehearsal', secret: randomBytes(16).toString('hex') };
      const exchange = await tools.openExchange({
        ...{ clock, paper: paperOptions, port: 0, deposits: [['USDT', decimal(deposited)]] },
        keys: [{ ...key, readOnly: false, canWithdraw: false }],
      });
      closing.push(() => exchange.close());
      const there = {
        ...{ exchange: 'bybit', credentials: key, clock, paceMs: 0.1 },
        wait: (ms: number, signal?: AbortSignal) =>
          rest(clock, ms, signal ?? new AbortController().signal),
        local: `http://127.0.0.1:${exchange.port}`,
      };
      const connect = async (): Promise<Venue> => {
        const venue = await ccxtVenue({
          ...{ ...there, name: venueName, account: accountName, mode: 'paper', trading: true },
          // The emulator lists at once what happened.
          lagMs: 0,
        });
        closing.push(() => venue.close());
        return venue;
      };
      // The bot has a client of its own, as it would.
      const trader = new NaiveTrader(await connect());
      const venue = await connect();
      const client = await openExchange(there);
      closing.push(() => client.close());
      const database = await openBotDatabase(folder, tools.postgres);
      closing.push(() => database.close());
      const source = await openPositionSource(database.location, {
        ...{ clock, zone: 'UTC', schema: null, backupFolder: join(folder, 'backups') },
      });
      closing.push(() => source.close());
      const logPath = writeBotLog(folder);
      const opened = { clock, exchange, venue, trader, client, database, source };
      return new MismatchStage({ ...opened, folder, logPath, close });
    } catch (error) {
      // What went wrong first is what is told.
      await close().catch(() => undefined);
      throw error;
    }
  }

  /** The time is set, in UTC of the thirteenth of October unless a day is named. */
  at(time: string): void {
    const text = time.includes(' ') ? time.replace(' ', 'T') : `2025-10-13T${time}`;
    this.parts.clock.moveTo(instant(`${text}Z`));
  }

  /** Whoever takes that side now does so at this price. */
  quote(symbol: string, side: Side, price: Decimal): void {
    const { exchange, clock } = this.parts;
    for (const event of quoted(clock.now(), symbol, side, price)) exchange.advance(event);
  }

  /** Somebody sells so much through the price of what rests there. */
  print(symbol: string, price: string, quantity: string): void {
    const { exchange, clock } = this.parts;
    exchange.advance(printed(clock.now(), symbol, price, quantity));
  }

  close(): Promise<void> {
    return this.parts.close();
  }
}
