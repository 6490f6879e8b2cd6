/**
 * A bot's rows that follow the book after each booked fill, as `listen` lets them; and what may be
 * written into them: what the executions in the book come to, by the ledger's arithmetic.
 */
import { toText } from '../../src/decimal/text.ts';
import type { Fill } from '../../src/model/fact.ts';
import type { PositionChange, PositionWrite } from '../../src/model/position-source.ts';
import type { BookWriter } from '../../src/service/book.ts';
import type { Log } from '../../src/service/log.ts';
import type { BookReader } from '../../src/service/reading.ts';
import type { RowsOptions } from '../../src/service/source/positions-look.ts';
import { type Mirror, mirror } from '../../src/service/source/positions-mirror.ts';
import type { PositionSource } from '../../src/sources/position-source.ts';
import { Ledger, unitsOf } from './ledger.ts';
import type { Oracle } from './oracle.ts';

export interface FollowedRowsParts {
  readonly open: () => Promise<PositionSource>;
  readonly reader: BookReader;
  readonly writer: BookWriter;
  readonly options: RowsOptions;
  readonly log: Log;
  /** Told of what is about to be written. */
  readonly onWrite: (write: PositionWrite) => void;
  readonly onFault: (why: string) => void;
}

export class FollowedRows {
  readonly #parts: FollowedRowsParts;
  #opened: Promise<Mirror> | null = null;

  constructor(parts: FollowedRowsParts) {
    this.#parts = parts;
  }

  follow(): void {
    this.#opened ??= this.#open();
    const failed = (error: unknown) => this.#parts.onFault(String(error));
    void this.#opened.then((opened) => opened.follow(), failed);
  }

  async idle(): Promise<void> {
    await (await this.#opened)?.idle();
  }

  async #open(): Promise<Mirror> {
    const { open, reader, writer, options, log, onWrite, onFault } = this.#parts;
    const source = watched(await open(), onWrite);
    const warn: Log['warn'] = (line) => {
      if (line.event === 'mirror.failed') onFault(line.msg);
      log.warn(line);
    };
    return mirror({
      ...{ ground: { source, reader, options }, account: 'main', log: { ...log, warn } },
      writing: (work) => work(writer),
    });
  }
}

function watched(source: PositionSource, onWrite: (write: PositionWrite) => void): PositionSource {
  const write: PositionSource['write'] = (decide) =>
    source.write((snapshot) => {
      const decided = decide(snapshot);
      if (decided !== null) onWrite(decided);
      return decided;
    });
  return new Proxy(source, {
    get(of, name) {
      const value: unknown = Reflect.get(of, name, of);
      if (name === 'write') return write;
      return typeof value === 'function' ? value.bind(of) : value;
    },
  });
}

/** What came, or was taken back, while a write was prepared is for the next one. */
const youngMax = 12;

const moving = ['fill', 'bust', 'correction', 'reversal'] as const;

/** As they happened: those of one instant by the exchange's own count, however they arrived. */
const inOrder = (a: Fill, b: Fill): number =>
  Number(a.time - b.time) || Number(a.venueSequence) - Number(b.venueSequence);

/** Sums of the executions in the book, as it is and as it was before the last that moved it. */
function* sumsOf(reader: BookReader, { fills: traded }: Ledger): Generator<Ledger> {
  // What was made up was copied from something that was traded.
  const multipliers = new Map(traded.map((fill) => [fill.instrument, fill.multiplier]));
  const account = reader.file.accountNamed('main')!;
  const moves = [...reader.file.entriesOf(account.account, moving, 0, Number.MAX_SAFE_INTEGER)];
  const moments = [0, ...moves.map(({ sequence }) => sequence)];
  for (const sequence of moments.slice(-youngMax).reverse()) {
    const facts = [...reader.factsInForce(account, sequence)].map(({ fact }) => fact);
    const sums = new Ledger();
    for (const fill of facts.filter((fact) => fact.kind === 'fill').sort(inOrder)) {
      const { executionId: id, instrument, side, leg, time: at } = fill;
      const [quantity, price] = [toText(fill.quantity), toText(fill.price)];
      const multiplier = multipliers.get(instrument)!;
      sums.fill({ id, instrument, side, leg, multiplier, quantity, price, fees: [], at });
    }
    yield sums;
  }
}

/** All of a write is of one moment. */
export function checkFollowed(reader: BookReader, oracle: Oracle, { changes }: PositionWrite) {
  let newest: readonly string[] | null = null;
  for (const sums of sumsOf(reader, oracle.ledger)) {
    const untrue = changes.flatMap((change) => untruthsOf(change, sums));
    if (untrue.length === 0) return;
    newest ??= untrue;
  }
  for (const one of newest ?? []) oracle.fault('SM9', one);
}

function untruthsOf({ symbol, quantity, close }: PositionChange, sums: Ledger): readonly string[] {
  const held = sums.held().positions.get(symbol) ?? 0n;
  const size = quantity === undefined ? null : unitsOf(toText(quantity));
  const isHeld = size === null || size === held || size === -held;
  const profit = close?.realisedPnl ?? null;
  const results = profit === null ? [] : sums.closedResults(symbol, endOfTime);
  const isReal = profit === null || results.includes(unitsOf(toText(profit)));
  return [
    ...(isHeld ? [] : [`${symbol} follows to ${toText(quantity!)}, and the book has ${held}`]),
    ...(isReal ? [] : [`${symbol} is closed with ${toText(profit)}, which nothing came to`]),
  ];
}

const endOfTime = 1n << 62n;
