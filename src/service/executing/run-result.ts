/** The end of a run: the check against the exchange's statement, the book, and what it earned. */
import { isZero, zero } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import type { PaperState, PaperStrategy } from '../../report/paper-document.ts';
import type { PaperExchange } from '../../venues/paper/paper-exchange.ts';
import type { BookWriter } from '../book.ts';
import { bridgeOfRange } from '../performing.ts';
import type { BookReader } from '../reading.ts';
import type { StatementSource } from '../reconcile-entries.ts';
import { checkAll, documentOf } from '../reconciling.ts';
import type { BookWatch } from './book-watch.ts';
import type { DataClock } from './data-clock.ts';
import type { Executor } from './executor.ts';
import { strategyOf } from './order-name.ts';
import type { PaperRunOptions } from './paper-options.ts';

/** The run as a document tells it, but for where its book stays. */
export type PaperRun = Omit<PaperState, 'keptAt'>;

export interface Ended {
  readonly exchange: PaperExchange;
  readonly executor: Executor;
  readonly book: BookWatch;
  readonly source: StatementSource;
  readonly startAt: Instant;
}

export interface Ground {
  readonly writer: BookWriter;
  readonly reader: BookReader;
  readonly clock: DataClock;
}

export async function closeRun(
  options: PaperRunOptions,
  ended: Ended,
  { writer, reader, clock }: Ground,
): Promise<PaperRun> {
  const { exchange, executor, book, source, startAt } = ended;
  const { markMaxAgeMs } = options;
  const { account } = book;
  noteUnfilled(exchange, executor);
  const compared = [{ account, source }];
  const adjust = new Set<string>();
  const how = { clock, strict: false, markMaxAgeMs, toleranceSteps: 0, adjust };
  const checked = await checkAll(reader, writer, compared, how);
  const shown = { document: 'check', breakId: null, failAbove: null, hints: [] } as const;
  const asOf = exchange.now();
  const look = reader.look(account, { asOf, knownAt: null, markMaxAgeMs });
  return {
    assumptions: exchange.assumptions,
    data: options.data.map(({ path, events, ...rest }, index) => ({
      ...{ file: path, instrument: rest.instrument, kind: rest.kind, events: events.length },
      ...{ barMs: rest.barMs, rounded: rest.rounded },
      tickSize: options.instruments[index]!.tickSize,
      lotSize: options.instruments[index]!.lotSize,
    })),
    ...{ from: startAt, to: asOf, capital: options.capital },
    curve: executor.curve,
    strategies: options.runners.map((runner): PaperStrategy => {
      const { name, from, share, parameters } = runner;
      const marks = (instrument: string) => reader.file.newestMark(instrument, asOf);
      const view = book.folds.view(name, { asOf, marks, markMaxAgeMs });
      const [orders, fills] = [executor.orders(name), book.folds.fills(name)];
      return { name, from, share, parameters, orders, fills, view };
    }),
    orders: exchange.orders().length,
    fills: exchange.fills().length,
    notes: executor.notes.all(),
    book: { view: look.view, head: look.head, waiting: look.waiting },
    bridge: bridgeOfRange(reader, account, null, null, markMaxAgeMs),
    check: documentOf(checked, compared, how, shown),
  };
}

/** Orders that were taken when they were sent, and ended otherwise than they were meant. */
function noteUnfilled(exchange: PaperExchange, { notes }: Executor): void {
  for (const { status, clientOrderId, type, filled, time } of exchange.orders()) {
    const strategy = strategyOf(clientOrderId);
    if (status === 'rejected') {
      notes.add('rejected-on-arrival', strategy, `${clientOrderId} could not be paid`, time);
    } else if (status === 'cancelled' && type === 'market') {
      const much = isZero(filled ?? zero) ? 'nothing' : 'not enough';
      const why = `${clientOrderId}: ${much} was there for it, or an order of ours stood before it`;
      notes.add('market-not-filled', strategy, why, time);
    }
  }
}
