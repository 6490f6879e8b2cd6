/**
 * Checking accounts against venues whose answers are at hand, so that no time goes to a network:
 * as `check` does it, from asking to the note in the book. Beside it, a bare loop that holds each
 * venue's positions, read from the JSON of its answer, against a map of what the book holds.
 */
import { join } from 'node:path';
import { compare as compareDecimals, isZero } from '../src/decimal/decimal.ts';
import { parseDecimal } from '../src/decimal/text.ts';
import type { Fill } from '../src/model/fact.ts';
import { addMilliseconds, type Instant } from '../src/model/instant.ts';
import type { Statement, StatementSection } from '../src/model/statement.ts';
import { statementText } from '../src/model/write-statement.ts';
import type { BookSide } from '../src/reconcile/book-side.ts';
import { sidesOf } from '../src/service/book-side.ts';
import { BookReader } from '../src/service/reading.ts';
import { checkAll, type ReconcileOptions } from '../src/service/reconciling.ts';
import { systemClock } from '../src/service/system-clock.ts';
import { comparedWithVenue } from '../src/service/venue-check/comparing.ts';
import type { Account } from '../src/store/accounts.ts';
import type { Venue } from '../src/venues/venue.ts';
import { collectGarbage, median, stopwatch } from './measure.ts';
import { account as accountFact, inFolder, openBook, recordIn } from './temporary-book.ts';
import { Trading } from './trading.ts';

const sizes = [10, 30, 100];
const positionsEach = 100;
const fillsEach = 1_000;
const rounds = 7;
/** Once alone is too short for the clock of the processor. */
const bareTimes = 20;

const options: ReconcileOptions = {
  ...{ clock: systemClock, strict: false, markMaxAgeMs: 60_000, toleranceSteps: 0 },
  adjust: new Set(),
};

interface Side {
  readonly account: Account;
  readonly venue: Venue;
  /** What the venue answers, as text. */
  readonly answer: string;
  readonly held: ReadonlyMap<string, BookSide['positions'][number]>;
}

interface Measured {
  readonly processorMs: number;
  readonly clockMs: number;
  /** Of the processor time: to compare once more, and note it. */
  readonly notedMs: number;
  /** Processor time with a book that is opened for it. */
  readonly anewMs: number;
  readonly bareMs: number;
}

export async function run(): Promise<void> {
  console.log(`ms (median of ${rounds}), ${positionsEach} positions an account, all of them equal`);
  const times: number[] = [];
  for (const accounts of sizes) times.push(await inFolder((folder) => timeOf(folder, accounts)));
  const growth = Math.log(times.at(-1)! / times[0]!) / Math.log(sizes.at(-1)! / sizes[0]!);
  console.log(`  growth exponent ${growth.toPrecision(3)} (1 is linear)`);
}

async function timeOf(folder: string, accounts: number): Promise<number> {
  const path = join(folder, 'book.db');
  const writer = openBook(path);
  for (let number = 0; number < accounts; number += 1) {
    const account = `a${number}`;
    await writer.record(accountFact(account));
    const trading = new Trading({ account, instruments: positionsEach, seed: number + 1 });
    const fills = [...trading.openAll(), ...trading.fills(fillsEach - positionsEach)];
    await recordIn(writer, fills, 5_000);
  }
  const setup = new BookReader(path, systemClock);
  const sides = setup.file.accounts().map((account) => sideOf(setup, account));
  setup.close();
  const reader = new BookReader(path, systemClock);
  await collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const { signal } = new AbortController();
  const asking = { clock: systemClock, signal };
  const check = async (reader: BookReader) => {
    const compared = await Promise.all(
      sides.map((one) => comparedWithVenue(reader, one, options, asking)),
    );
    const asked = stopwatch();
    const checked = await checkAll(reader, writer, compared, options);
    const wrong = checked.filter(({ reconciled }) => reconciled.verdict !== 'true');
    if (wrong.length > 0) throw new Error(`${wrong.length} accounts are not true`);
    return asked();
  };
  // Once with nothing on record.
  await check(reader);
  /** As a command does it that opens the book for this, and ends. */
  const checkAnew = async () => {
    const start = stopwatch();
    const fresh = new BookReader(path, systemClock);
    await check(fresh);
    fresh.close();
    return start().processorMs;
  };
  await checkAnew();
  const measured: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const whole = stopwatch();
    const noted = await check(reader);
    const { processorMs, clockMs } = whole();
    const anewMs = await checkAnew();
    const bare = stopwatch();
    for (let time = 0; time < bareTimes; time += 1) {
      if (differencesIn(sides) > 0) throw new Error('the bare loop finds differences');
    }
    const bareMs = bare().processorMs / bareTimes;
    measured.push({ processorMs, clockMs, notedMs: noted.processorMs, anewMs, bareMs });
  }
  await collectGarbage();
  const held = Math.max(0, process.memoryUsage().heapUsed - before) / 2 ** 20;
  reader.close();
  await writer.close();
  const of = (name: keyof Measured) => median(measured.map((one) => one[name]));
  const [ms, bareMs] = [of('processorMs'), of('bareMs')];
  console.log(
    `  ${`${accounts} accounts`.padEnd(14)}${ms.toFixed(1).padStart(7)} ms of processor time ` +
      `(${of('clockMs').toFixed(0)} by the clock), to note it ${of('notedMs').toFixed(1)}; ` +
      `book opened for it ${of('anewMs').toFixed(0)}; bare loop ${bareMs.toFixed(1)} ` +
      `(x${(ms / bareMs).toFixed(1)}); the books hold ${held.toFixed(0)} MB`,
  );
  return ms;
}

const section = <Item>(
  items: readonly Item[],
  from: Instant | null = null,
  to: Instant | null = null,
): StatementSection<Item> => ({ complete: true, scope: null, error: null, from, to, items });

/** The venue says what the book holds: a quiet account, as most are. */
function sideOf(reader: BookReader, account: Account): Side {
  const { markMaxAgeMs } = options;
  const blank = statementOf(account, systemClock.now());
  const { side } = sidesOf(reader, reader.booksNow(account, markMaxAgeMs), blank, markMaxAgeMs);
  const positions = side.positions
    .filter(({ quantity }) => !isZero(quantity))
    .map(({ instrument, leg, quantity, averagePrice }) => ({
      ...{ instrument, leg, quantity, averagePrice },
      ...{ markPrice: averagePrice, unrealisedPnl: null },
    }));
  const balances = side.balances.map(({ currency, total }) => ({
    ...{ currency, total, available: null, equity: null, borrowed: null },
  }));
  const statement = { ...blank, positions: section(positions), balances: section(balances) };
  return {
    account,
    venue: venueOf(account, statement),
    answer: statementText(statement),
    held: new Map(side.positions.map((each) => [`${each.instrument}|${each.leg}`, each])),
  };
}

function statementOf({ name, venue }: Account, now: Instant): Statement {
  const hour = addMilliseconds(now, -3_600_000);
  return {
    ...{ account: name, venue, asOf: now, takenAt: now },
    ...{ positions: null, balances: null, orders: section([]) },
    executions: section<Fill>([], hour, now),
    cashFlows: section([], hour, now),
  };
}

/** Answers at once, and always the same but for the time. */
function venueOf(account: Account, said: Statement): Venue {
  const unasked = (): never => {
    throw new Error('nobody asks for this to compare what is equal');
  };
  return {
    ...{ name: account.venue, account: account.name },
    capabilities: {
      mode: 'live',
      executions: { complete: true, historyMs: null },
      cashFlows: { complete: true, historyMs: null },
      streams: { executions: false, orders: false, positions: false, balances: false },
      ...{ trading: false, amend: false, hedge: false, triggers: false },
    },
    async statement() {
      const { orders, executions, cashFlows, asOf, takenAt } = statementOf(
        account,
        systemClock.now(),
      );
      const value = { ...said, orders, executions, cashFlows, asOf, takenAt };
      return { status: 'answered', value };
    },
    ...{ instruments: unasked, openOrders: unasked, executions: unasked, cashFlows: unasked },
    ...{ ticker: unasked, place: unasked, amend: unasked, cancel: unasked, order: unasked },
    ...{ events: unasked, interpret: unasked, close: async () => undefined },
  };
}

function differencesIn(sides: readonly Side[]): number {
  let differences = 0;
  for (const { answer, held } of sides) {
    const { positions } = JSON.parse(answer) as {
      readonly positions: {
        readonly items: readonly { instrument: string; leg: string; quantity: string }[];
      };
    };
    for (const { instrument, leg, quantity } of positions.items) {
      const ours = held.get(`${instrument}|${leg}`);
      const theirs = parseDecimal(quantity);
      if (ours === undefined || !theirs.ok) differences += 1;
      else if (compareDecimals(ours.quantity, theirs.value) !== 0) differences += 1;
    }
  }
  return differences;
}
