/**
 * Scenarios: tables that read like the problem. One line per event, expected books inline.
 *
 *   account   USDT average [fees-in-cost] [hedge]      first, at most once
 *   mark-age  300                                      seconds after which marks are stale
 *   fill      BTC/USDT:USDT  sell  1.5  @ 110  fee 0.15 USDT
 *   position  BTC/USDT:USDT  -0.5 @ 110
 *
 * What is expected holds of the books that the events above it make; every stop is folded in all
 * ways that there are, which must agree. The bridge goes from one stop to the next.
 */
import { expect, test } from 'vitest';
import { type BookView, viewOf } from '../../src/books/book-view.ts';
import { AccountContext } from '../../src/books/context.ts';
import { ratesInForce } from '../../src/books/rates-in-force.ts';
import type { AccountSettings } from '../../src/books/settings.ts';
import type { ValuationOptions } from '../../src/books/valuation.ts';
import { decimal } from '../../src/decimal/text.ts';
import type { BookedFact } from '../../src/model/entry.ts';
import type { BookFact, CostMethod, Fill, Mark } from '../../src/model/fact.ts';
import type { Instant } from '../../src/model/instant.ts';
import { instrumentFromName } from '../../src/model/instrument.ts';
import { type Arrival, foldFiveWays } from './five-ways.ts';
import { type Event, readEvent, secondsAt } from './scenario-facts.ts';
import { faultsOf, type Stop } from './scenario-stop.ts';
import { Words } from './words.ts';

/** Runs a table as one test. */
export function scenario(name: string, table: string): void {
  test(name, () => runScenario(table));
}

export function runScenario(table: string): void {
  const story = readStory(table);
  let before: BookView | null = null;
  for (const stop of story.stops) {
    const events = story.events.slice(0, stop.after);
    const arrivals = arrivalsOf(story, events);
    const options = optionsAt(story, stop.asOf ?? lastTime(events));
    const fold = foldFiveWays(story.context, arrivals, options, stop.after);
    const view = viewOf(fold, options);
    before ??= viewOf(foldFiveWays(story.context, [], options), options);
    expect(faultsOf(stop, { fold, view, before }), table).toEqual([]);
    before = view;
  }
}

export interface Story {
  readonly context: AccountContext;
  readonly marks: readonly Mark[];
  readonly markMaxAgeMs: number;
  readonly events: readonly Event[];
  readonly stops: readonly Stop[];
}

export const optionsAt = (story: Story, asOf: Instant): ValuationOptions => ({
  asOf,
  marks: (instrument: string) => markAt(story.marks, instrument, asOf),
  markMaxAgeMs: story.markMaxAgeMs,
});

/** Ten years: a table that says nothing of stale marks has none. */
const forever = 315_360_000_000;

export function readStory(table: string): Story {
  const events: Event[] = [];
  const stops: { after: number; asOf: Instant | null; lines: { kind: string; words: Words }[] }[] =
    [];
  const instruments: Words[] = [];
  let settings = settingsOf(new Words('USDT average', 0));
  let markMaxAgeMs = forever;
  table.split('\n').forEach((text, index) => {
    const words = new Words(text, index + 1);
    if (words.isEmpty) return;
    const kind = words.next('kind');
    if (kind === 'account') settings = settingsOf(words);
    else if (kind === 'mark-age') markMaxAgeMs = Number(words.next('seconds')) * 1000;
    else if (kind === 'instrument') {
      instruments.push(words);
      return;
    } else {
      const event = readEvent(kind, words, events.length + 1);
      if (event !== null) events.push(event);
      else {
        const isNew = kind === 'as-of' || stops.at(-1)?.after !== events.length;
        if (isNew) stops.push({ after: events.length, asOf: null, lines: [] });
        const stop = stops.at(-1)!;
        if (kind === 'as-of') stop.asOf = secondsAt(words.next('second'));
        else stop.lines.push({ kind, words });
        return;
      }
    }
    words.end();
  });
  const context = contextOf(settings, instruments, events);
  const marks = events.flatMap((event) => (event.kind === 'mark' ? [event.mark] : []));
  return { context, marks, markMaxAgeMs, events, stops };
}

function settingsOf(words: Words): AccountSettings {
  return {
    account: 'main',
    venue: 'venue',
    feesInCost: words.has('fees-in-cost'),
    positionMode: words.has('hedge') ? 'hedge' : 'net',
    mode: 'live',
    currency: words.next('currency'),
    costMethod: words.isEmpty ? 'average' : (words.next('cost method') as CostMethod),
  };
}

/** Instruments by their names, `instrument NAME multiplier 10` where a name does not say all. */
function contextOf(
  settings: AccountSettings,
  stated: readonly Words[],
  events: readonly Event[],
): AccountContext {
  const context = new AccountContext(settings);
  for (const words of stated) {
    const multiplier = decimal(words.after('multiplier')?.[0] ?? '1');
    const from = words.after('from')?.[0];
    const validFrom = from === undefined ? null : secondsAt(from);
    const plain = instrumentFromName('venue', words.next('instrument'))!;
    words.end();
    context.addInstrument({ ...plain, multiplier, validFrom });
  }
  const facts = events.flatMap((event) => (event.kind === 'fact' ? [event.fact] : []));
  for (const name of facts.flatMap(instrumentNames)) {
    const instrument = instrumentFromName('venue', name);
    if (instrument !== null && !context.knows(name)) context.addInstrument(instrument);
  }
  for (const fact of facts) if (fact.kind === 'rename') context.addRename(fact);
  return context;
}

function instrumentNames(fact: BookFact): readonly string[] {
  if (fact.kind === 'opening') return fact.positions.map((position) => position.instrument);
  if (fact.kind === 'rename') return [fact.from, fact.to];
  return 'instrument' in fact && fact.instrument !== null ? [fact.instrument] : [];
}

export function arrivalsOf(story: Story, events: readonly Event[]): readonly Arrival[] {
  const known = new Map<string, BookedFact>();
  const told = new Map<string, BookedFact>();
  const sequences = new Map<string, number>();
  const arrivals: Arrival[] = [];
  for (const event of events) {
    if (event.kind === 'mark') continue;
    if (event.kind === 'fact') sequences.set(event.id, arrivals.length + 1);
    const before = known.get(event.id) ?? null;
    const fact = factAfter(event, before ?? told.get(event.id) ?? null);
    const sequence = sequences.get(event.id)!;
    const after = fact === null ? null : { sequence, fact, rates: ratesOf(fact, story) };
    if (after === null) known.delete(event.id);
    else {
      known.set(event.id, after);
      told.set(event.id, after);
    }
    arrivals.push({ before, after });
  }
  return arrivals;
}

function factAfter(event: Exclude<Event, { kind: 'mark' }>, told: BookedFact | null) {
  if (event.kind === 'fact') return event.fact;
  return event.kind === 'restore' ? told!.fact : event.change(told!.fact as Fill);
}

const ratesOf = (fact: BookFact, { context, marks, markMaxAgeMs }: Story) =>
  ratesInForce(fact, context, (name, at) => markAt(marks, name, at), markMaxAgeMs);

/** The newest mark at or before an instant; of two at one instant, the one heard of last. */
const markAt = (marks: readonly Mark[], instrument: string, at: Instant): Mark | null =>
  marks
    .filter((mark) => mark.instrument === instrument && mark.time <= at)
    .reduce<Mark | null>((best, mark) => (best && best.time > mark.time ? best : mark), null);

function lastTime(events: readonly Event[]): Instant {
  const times = events.flatMap((event) =>
    event.kind === 'mark' ? [event.mark.time] : event.kind === 'fact' ? [event.fact.time] : [],
  );
  return times.reduce((a, b) => (a > b ? a : b), secondsAt('0'));
}
