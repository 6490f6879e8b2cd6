/**
 * A run of strategies on recorded data, from an empty book to its verdict: the data moves the
 * exchange, the executor acts at the end of every bar, our book takes everything the exchange
 * tells, and at the end the book is held against the exchange's own statement.
 */

import { decimal } from '../../decimal/text.ts';
import type { Mark } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import { accepted, type Result, refused } from '../../model/result.ts';
import { statementText } from '../../model/write-statement.ts';
import { openPaperExchange } from '../../venues/paper/exchange.ts';
import { mergeByTime } from '../../venues/paper/feed/merge.ts';
import type { MarketEvent, PaperExchange } from '../../venues/paper/paper-exchange.ts';
import type { BookWriter } from '../book.ts';
import { openForWriting } from '../open-for-writing.ts';
import { BookReader } from '../reading.ts';
import { BarBuilder } from './bar-builder.ts';
import { BookWatch } from './book-watch.ts';
import { Booking } from './booking.ts';
import { DataClock } from './data-clock.ts';
import { Executor } from './executor.ts';
import type { PaperRunOptions } from './paper-options.ts';
import { PaperRefused } from './paper-refused.ts';
import { closeRun, type PaperRun } from './run-result.ts';

/** Margin that a position needs to be kept, of its value. */
const maintenanceRate = decimal('0.005');
/** Hours between fundings: what most venues have. */
const fundingHours = 8;
const restEveryEvents = 2_000;
export const paperVenue = 'paper';

export async function runPaper(options: PaperRunOptions): Promise<Result<PaperRun>> {
  try {
    return accepted(await new Run(options).run());
  } catch (error) {
    if (error instanceof PaperRefused) return refused(error.refusal);
    throw error;
  }
}

class Run {
  readonly #options: PaperRunOptions;
  readonly #clock: DataClock;
  readonly #startAt: Instant;
  readonly #builders = new Map<string, BarBuilder>();

  constructor(options: PaperRunOptions) {
    this.#options = options;
    this.#startAt = startOf(options);
    this.#clock = new DataClock(this.#startAt);
    for (const { kind, instrument } of options.data) {
      if (kind !== 'bars') this.#builders.set(instrument, new BarBuilder(options.barMs));
    }
  }

  async run(): Promise<PaperRun> {
    const { path, markMaxAgeMs, programVersion } = this.#options;
    const writer = await openForWriting(path, {
      ...{ clock: this.#clock, holder: 'trueup paper', create: true, markMaxAgeMs },
      ...(programVersion === undefined ? {} : { programVersion }),
    });
    try {
      const reader = new BookReader(path, this.#clock);
      try {
        return await this.#runInto(writer, reader);
      } finally {
        reader.close();
      }
    } finally {
      await writer.close();
    }
  }

  async #runInto(writer: BookWriter, reader: BookReader): Promise<PaperRun> {
    const options = this.#options;
    const opened = this.#exchange();
    const exchange = options.reached?.(opened) ?? opened;
    const booking = new Booking(writer, exchange);
    await this.#open(writer, reader);
    exchange.deposit(options.currency, options.capital);
    await booking.book();
    const names = options.runners.map(({ name }) => name);
    const { account, markMaxAgeMs } = options;
    const book = new BookWatch(reader, account, names, markMaxAgeMs, this.#startAt);
    const executor = new Executor({
      ...{ exchange, booking, book },
      ...{ runners: options.runners, instruments: options.instruments },
      ...{ warmUpBars: options.warmUpBars, positionMax: options.positionMax },
      minNotional: options.minNotional,
    });
    await this.#play(exchange, executor);
    await booking.book(lastMarks(exchange, book.newestMarks()));
    booking.end();
    const statement = exchange.statement();
    const source = { statement, text: statementText(statement) };
    const ended = { exchange, executor, book, source, startAt: this.#startAt };
    return closeRun(options, ended, { writer, reader, clock: this.#clock });
  }

  #exchange(): PaperExchange {
    const { account, currency, seed, latencyMs, instruments, minNotional, fees, leverageMax } =
      this.#options;
    return openPaperExchange({
      ...{ account, venue: paperVenue, currency, seed, latencyMs, instruments, minNotional, fees },
      ...{ positionMode: 'net', leverageMax, maintenanceRate, fundingHours },
      startAt: this.#startAt,
    });
  }

  /** PAPER has a book of its own: nothing of it ever stands beside what is live. */
  async #open(writer: BookWriter, reader: BookReader): Promise<void> {
    const { account, currency, instruments, path } = this.#options;
    if (reader.file.accounts().length > 0) {
      throw new PaperRefused({
        code: 'book-not-empty',
        message: `${path} has accounts already`,
        where: { file: path },
        rule: 'a run on paper has a book of its own, and never mixes with live',
        hint: 'name a book that is not there yet with --book, or leave it out',
      });
    }
    await writer.recordAll(
      [
        {
          ...{ kind: 'account', account, venue: paperVenue, currency, costMethod: 'average' },
          ...{ feesInCost: false, mode: 'paper', positionMode: 'net', time: this.#startAt },
        },
        ...instruments.map((instrument) => ({ kind: 'instrument' as const, instrument })),
      ],
      'atomic',
    );
  }

  async #play(exchange: PaperExchange, executor: Executor): Promise<void> {
    const { data, funding, onProgress } = this.#options;
    const feeds = [funding, ...data.map((one) => one.events)];
    let events = 0;
    /** Bars that end at the present instant: nobody acts before all of them are known. */
    let closed: Extract<MarketEvent, { kind: 'bar' }>[] = [];
    const act = async (): Promise<void> => {
      for (const bar of closed) await executor.closed(bar.instrument, bar);
      closed = [];
    };
    for (const event of mergeByTime(feeds)) {
      if (closed.length > 0 && event.at > closed[0]!.at) await act();
      await this.#buildBars(exchange, executor, event);
      this.#clock.set(event.at);
      this.#options.before?.(exchange, event);
      exchange.advance(event);
      if (event.kind === 'bar') closed.push(event);
      await executor.book();
      events += 1;
      if (events % restEveryEvents !== 0) continue;
      onProgress?.({ at: event.at, events });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await act();
  }

  /** Bars of trades that end before the next event, each acted on at its end. */
  async #buildBars(exchange: PaperExchange, executor: Executor, event: MarketEvent): Promise<void> {
    for (const [instrument, builder] of this.#builders) {
      const bar = builder.endedBy(event.at);
      if (bar === null) continue;
      this.#clock.set(bar.at);
      exchange.elapse(bar.at);
      await executor.closed(instrument, bar);
    }
    if (event.kind !== 'trade') return;
    this.#builders.get(event.instrument)?.trade(event.at, event.price, event.quantity);
  }
}

/** Before the first event; a bar's own time is before all that is in it. */
function startOf({ data, funding }: PaperRunOptions): Instant {
  const starts = data.map(({ events, barMs }) => events[0]!.at - BigInt(barMs ?? 0) * 1_000_000n);
  const [first] = funding;
  if (first !== undefined) starts.push(first.at);
  return starts.reduce((a, b) => (a < b ? a : b));
}

/** What is held is valued at the end at the last prices, as of then. */
const lastMarks = (exchange: PaperExchange, marks: readonly Mark[]): readonly Mark[] => {
  const at = exchange.now();
  return marks.filter(({ time }) => time <= at);
};
