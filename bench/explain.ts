/**
 * Explaining breaks: time and memory by number of breaks, a hundred executions each, and how it
 * grows. Half of the breaks are a lost execution that the venue lists; of the other half nothing
 * is listed, and every idea is weighed. Beside it, one pass over the same executions by their id.
 */

import { averagePriceOf } from '../src/books/book-view.ts';
import { AccountContext } from '../src/books/context.ts';
import { foldFacts } from '../src/books/fold-facts.ts';
import type { Group } from '../src/books/group.ts';
import { refolded } from '../src/books/refold.ts';
import type { AccountSettings } from '../src/books/settings.ts';
import { add, decimalOf, one, zero } from '../src/decimal/decimal.ts';
import type { BookedFact } from '../src/model/entry.ts';
import type { Fill } from '../src/model/fact.ts';
import type { Instant } from '../src/model/instant.ts';
import { instrumentFromName } from '../src/model/instrument.ts';
import type { Statement, StatementSection } from '../src/model/statement.ts';
import type { BookSide, ListedFact, Refold } from '../src/reconcile/book-side.ts';
import { casesOf } from '../src/reconcile/cases.ts';
import { compare } from '../src/reconcile/compare.ts';
import { type ExplainedCase, explain } from '../src/reconcile/explain.ts';
import { identityOf } from '../src/reconcile/gap.ts';
import type { CompareOptions } from '../src/reconcile/judge.ts';
import { collectGarbage, median, stopwatch } from './measure.ts';
import { contractName, Trading } from './trading.ts';

const sizes = [1_000, 3_000, 10_000];
const executionsEach = 100;
const rounds = 3;

const settings: AccountSettings = {
  ...{ account: 'main', venue: 'venue', currency: 'USDT', costMethod: 'average' },
  ...{ feesInCost: false, mode: 'live', positionMode: 'net' },
};

interface Sides {
  readonly book: BookSide;
  readonly refold: Refold;
  readonly statement: Statement;
  readonly options: CompareOptions;
  /** Milliseconds that the last fold of the account took. */
  foldedMs: number;
}

const section = <Item>(
  items: readonly Item[],
  from: Instant | null = null,
  to: Instant | null = null,
): StatementSection<Item> => ({ complete: true, scope: null, error: null, from, to, items });

function sidesOf(breaks: number): Sides {
  const trading = new Trading({ instruments: breaks });
  const fills = [...trading.openAll(), ...trading.fills(breaks * (executionsEach - 1))];
  const newest = fills.at(-1)!.time;
  const asOf = newest + 1_000_000_000_000n;
  const lost = lostOf(fills, breaks);
  const touched = new Set(Array.from(lost, ({ instrument }) => instrument));
  const context = new AccountContext(settings);
  for (let number = 0; number < breaks; number++) {
    context.addInstrument(instrumentFromName('venue', contractName(number))!);
  }
  const bookedOf = (facts: readonly ListedFact[], first = 1) =>
    facts.map((fact, index): BookedFact => ({ sequence: index + first, fact, rates: [] }));
  const positionsIn = (groups: Iterable<Group>) =>
    Array.from(groups).flatMap(({ state }) =>
      Array.from(state.legs.values(), (leg) => ({
        ...{ instrument: leg.instrument, leg: leg.leg, quantity: leg.holding.quantity },
        ...{ averagePrice: averagePriceOf(leg, 'linear', one), youngest: null, uncertain: null },
      })),
    );
  const known = fills.filter((fill) => !lost.has(fill));
  const booked = bookedOf(known);
  const base = foldFacts(booked, context, asOf);
  const positions = positionsIn(base.groups());
  const whole = foldFacts(bookedOf(fills), context, asOf);
  const truth = new Map(positionsIn(whole.groups()).map((each) => [each.instrument, each]));
  const sides: Sides = {
    foldedMs: 0,
    book: {
      ...{ account: 'main', venue: 'venue', currency: 'USDT', asOf, sequence: known.length },
      ...{ balances: [], positions, orders: [], withdrawn: [], openingAt: null },
      facts: known.map((fact, index) => ({ sequence: index + 1, fact })),
      history: () => known.map((fact, index) => ({ sequence: index + 1, fact })),
      instruments: new Map(context.instruments().map((each) => [each.name, each])),
      ...{ decimals: new Map(), marks: () => null },
    },
    refold: (change) => {
      const elapsed = stopwatch();
      const added = bookedOf(change.add, booked.length + 1);
      const { groups } = refolded(base, { removed: [], added }, context, asOf);
      const after = positionsIn(groups);
      sides.foldedMs = elapsed().processorMs;
      return { balances: [], positions: after };
    },
    statement: {
      ...{ account: 'main', venue: 'venue', asOf, takenAt: null, balances: null, orders: null },
      positions: section(
        positions.map(({ instrument, leg }) => ({
          ...{ instrument, leg, averagePrice: null, markPrice: null, unrealisedPnl: null },
          // What no list explains is off by an odd number of lots.
          quantity: add(
            truth.get(instrument)!.quantity,
            touched.has(instrument) ? zero : decimalOf(77_777, 3),
          ),
        })),
      ),
      executions: section(fills, fills[0]!.time, asOf + 1n),
      cashFlows: null,
    },
    options: {
      ...{ now: asOf, settleMs: 0, toleranceSteps: 0, markMaxAgeMs: 60_000 },
      ...{ statementMaxAgeMs: null, theirsParty: 'venue', seen: new Map() },
    },
  };
  return sides;
}

/** One of each second instrument. */
function lostOf(fills: readonly Fill[], breaks: number): ReadonlySet<Fill> {
  const wanted = new Set<string>();
  for (let number = 0; number < breaks; number += 2) wanted.add(contractName(number));
  const lost = new Set<Fill>();
  for (const fill of fills.slice(breaks)) if (wanted.delete(fill.instrument)) lost.add(fill);
  return lost;
}

interface Timed {
  readonly explainMs: number;
  readonly foldMs: number;
  readonly passMs: number;
  readonly explained: readonly ExplainedCase[];
}

function timeOnce(sides: Sides, breaks: number): Timed {
  const { book, statement, options, refold } = sides;
  const pass = stopwatch();
  const byId = new Map(statement.executions!.items.map((fill) => [identityOf(fill), fill]));
  const passMs = pass().processorMs;
  if (byId.size === 0) throw new Error('no executions');
  const comparison = compare(book, statement, options);
  const cases = casesOf(comparison, book);
  const elapsed = stopwatch();
  const explained = explain(cases, { book, statement, options, comparison, refold });
  const explainMs = elapsed().processorMs;
  checkFound(explained, breaks);
  return { explainMs, foldMs: sides.foldedMs, passMs, explained };
}

/** A bench of wrong answers measures nothing. */
function checkFound(explained: readonly ExplainedCase[], breaks: number): void {
  const proven = explained.filter(({ confidence }) => confidence === 'proven').length;
  if (explained.length < breaks * 0.99 || proven < breaks * 0.49) {
    throw new Error(
      `${explained.length} breaks, ${proven} proven: expected ${breaks}, half proven`,
    );
  }
}

const exponent = (times: readonly number[]): number =>
  Math.log(times.at(-1)! / times[0]!) / Math.log(sizes.at(-1)! / sizes[0]!);

export async function run(): Promise<void> {
  console.log(`ms (median of ${rounds}), ${executionsEach} executions for each break`);
  const whole: number[] = [];
  const own: number[] = [];
  for (const breaks of sizes) {
    const sides = sidesOf(breaks);
    await collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const times = Array.from({ length: rounds }, () => timeOnce(sides, breaks));
    await collectGarbage();
    // What the last round found is still held; the facts were there before.
    const held = Math.max(0, process.memoryUsage().heapUsed - before) / 2 ** 20;
    const explainMs = median(times.map((one) => one.explainMs));
    const foldMs = median(times.map((one) => one.foldMs));
    const passMs = median(times.map((one) => one.passMs));
    whole.push(explainMs);
    own.push(explainMs - foldMs);
    const executions = (breaks * executionsEach).toLocaleString('en');
    const names = `${breaks.toLocaleString('en')} breaks, ${executions} executions`;
    const mostMegabytes = process.resourceUsage().maxRSS / 1024;
    console.log(
      `  ${names.padEnd(38)}${explainMs.toFixed(0).padStart(7)} ms, of which the fold ` +
        `${foldMs.toFixed(0).padStart(5)}; pass by id ${passMs.toFixed(0).padStart(5)} ` +
        `(x${(explainMs / passMs).toFixed(2)}); ${times.at(-1)!.explained.length} cases hold ` +
        `${held.toFixed(0)} MB, the process at most ${mostMegabytes.toFixed(0)} MB`,
    );
  }
  const [all, rest] = [exponent(whole), exponent(own)].map((each) => each.toPrecision(3));
  console.log(`  growth exponent ${all}, without the fold ${rest} (1 is linear)`);
}
