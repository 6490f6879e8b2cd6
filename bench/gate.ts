/**
 * The trading gate as a bot asks it before every order: the call in the library, by the clock, with
 * a book that is whole and with one of which many lines are off; and the command, beside a process
 * that does nothing.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { add, one } from '../src/decimal/decimal.ts';
import type { Statement, StatementSection } from '../src/model/statement.ts';
import { statementText } from '../src/model/write-statement.ts';
import { sidesOf } from '../src/service/book-side.ts';
import { gate, openBook as openAsBot } from '../src/service/open-book.ts';
import { BookReader } from '../src/service/reading.ts';
import { checkAndNote } from '../src/service/syncing.ts';
import { systemClock } from '../src/service/system-clock.ts';
import { median, percentile } from './measure.ts';
import { account, inFolder, openBook, recordIn } from './temporary-book.ts';
import { Trading } from './trading.ts';

const asked = 5_000;
const warmUps = 500;
const commands = 9;
const markMaxAgeMs = 60_000;
const bin = join(import.meta.dirname, '..', 'bin', 'trueup');

export async function run(): Promise<void> {
  for (const off of [0, 100, 2_000]) {
    await inFolder(async (folder) => {
      const path = join(folder, 'book.db');
      const breaks = await checkedBook(path, off);
      const book = await openAsBot(path);
      const times: number[] = [];
      for (let n = -warmUps; n < asked; n++) {
        const start = process.hrtime.bigint();
        const { gate: now } = gate(book, 'main');
        const took = Number(process.hrtime.bigint() - start) / 1000;
        // The book was checked before this program opened it.
        if (now !== 'deny') throw new Error('the gate is open');
        if (n >= 0) times.push(took);
      }
      await book.close();
      const [usual, most] = [median(times), percentile(times, 0.99)];
      console.log(
        `  library, ${breaks} breaks open: median ${usual.toFixed(1)} µs, p99 ${most.toFixed(1)}`,
      );
      if (off === 0) reportCommand(path);
    });
  }
}

/** How many breaks it has. */
async function checkedBook(path: string, off: number): Promise<number> {
  const writer = openBook(path);
  await writer.record(account('main'));
  const trading = new Trading({ instruments: Math.max(off, 100) });
  await recordIn(writer, trading.openAll(), 5_000);
  const reader = new BookReader(path, systemClock);
  const source = statementOf(reader, off);
  const { reconciled } = await checkAndNote(reader, writer, {
    ...{ account: reader.file.accountNamed('main')!, now: systemClock.now() },
    source: { statement: source, text: statementText(source) },
    ...{ strict: false, markMaxAgeMs, toleranceSteps: 0, adjust: new Set<string>() },
  });
  reader.close();
  await writer.close();
  return reconciled.breaks.length;
}

const section = <Item>(items: readonly Item[]): StatementSection<Item> => ({
  ...{ complete: true, scope: null, error: null, from: null, to: null, items },
});

/** Of so many positions it says one unit more. */
function statementOf(reader: BookReader, off: number): Statement {
  const of = reader.file.accountNamed('main')!;
  const now = systemClock.now();
  const blank: Statement = {
    ...{ account: of.name, venue: of.venue, asOf: now, takenAt: now, positions: null },
    ...{ balances: null, orders: section([]), executions: null, cashFlows: null },
  };
  const { side } = reader.file.read(() =>
    sidesOf(reader, reader.booksNow(of, markMaxAgeMs), blank, markMaxAgeMs),
  );
  const positions = side.positions.map(({ instrument, leg, quantity }, index) => ({
    ...{ instrument, leg, quantity: index < off ? add(quantity, one) : quantity },
    ...{ averagePrice: null, markPrice: null, unrealisedPnl: null },
  }));
  const balances = side.balances.map(({ currency, total }) => ({
    ...{ currency, total, available: null, equity: null, borrowed: null },
  }));
  return { ...blank, positions: section(positions), balances: section(balances) };
}

function reportCommand(path: string): void {
  const bare = timesOf(process.execPath, ['-e', '0']);
  const own = timesOf(bin, ['gate', '--book', path]);
  console.log(`  command: ${own.toFixed(0)} ms; Node alone ${bare.toFixed(0)} ms`);
}

/** Milliseconds by the clock, the median. */
const timesOf = (command: string, words: readonly string[]): number =>
  median(
    Array.from({ length: commands }, () => {
      const start = process.hrtime.bigint();
      spawnSync(command, words);
      return Number(process.hrtime.bigint() - start) / 1_000_000;
    }),
  );
