/** The exchange's own statement against a real book that heard what it told: by two programs. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import type { Fact } from '../../../src/model/fact.ts';
import { checkAccount } from '../../../src/service/checking.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { openPaperExchange } from '../../../src/venues/paper/exchange.ts';
import { BinanceCapture } from '../../../src/venues/paper/feed/binance-capture.ts';
import type { PaperExchange, PaperOptions } from '../../../src/venues/paper/paper-exchange.ts';
import { factOf } from '../../../src/venues/paper/told-facts.ts';
import { hasData } from '../../real-data/data-folder.ts';
import { holdBook, markMaxAgeMs } from '../../service/held-book.ts';
import { fees, optionsOf } from './paper-kit.ts';
import { optionsFor, playOn, settings, steps } from './random-trading.ts';
import { linesOf, namesOf, recordedFeeds } from './recorded-feed.ts';

const beginning = ({
  account,
  venue,
  currency,
  positionMode,
  instruments,
}: PaperOptions): Fact[] => [
  {
    ...{ kind: 'account', account, venue, currency, costMethod: 'average', feesInCost: false },
    ...{ mode: 'paper', positionMode, time: null },
  },
  ...instruments.map((instrument): Fact => ({ kind: 'instrument', instrument })),
];

/** Plays, books everything that was told, and checks with what the exchange states. */
async function checked(options: PaperOptions, run: (exchange: PaperExchange) => void) {
  const exchange = openPaperExchange(options);
  const told: Fact[] = [];
  exchange.listen((event) => {
    const fact = factOf(event);
    if (fact !== null) told.push(fact);
  });
  run(exchange);
  exchange.elapse(exchange.now() + 120_000_000_000n);
  const held = holdBook();
  const { outcomes } = await held.book.recordAll([...beginning(options), ...told]);
  const booked = new Set(outcomes.map(({ status }) => status));
  const reader = new BookReader(held.path, held.clock);
  const account = reader.file.accounts().find(({ name }) => name === options.account)!;
  const statement = exchange.statement();
  const { reconciled } = checkAccount(reader, {
    ...{ account, source: { statement, text: '{}' }, now: exchange.now(), strict: true },
    ...{ toleranceSteps: 0, markMaxAgeMs, adjust: new Set<string>() },
  });
  reader.close();
  await held.book.close();
  const lines = reconciled.comparison!.lines.length;
  return { verdict: reconciled.verdict, unknown: reconciled.unknown, booked, lines, exchange };
}

test('PX19 a book that hears every fact agrees with the statement: TRUE', async () => {
  let fills = 0;
  await fc.assert(
    fc.asyncProperty(settings, steps, async (setting, script) => {
      const { verdict, unknown, exchange, booked } = await checked(optionsFor(setting), (one) =>
        playOn(one, optionsFor(setting), script),
      );
      fills += exchange.fills().length;
      expect(booked.has('conflict')).toBe(false);
      expect([verdict, unknown]).toEqual(['true', []]);
    }),
    { numRuns: 25 },
  );
  expect(fills).toBeGreaterThan(100);
});

test('PX19 so does one that hears a recorded feed traded', async ({ skip }) => {
  skip(!hasData('feed-binance-hft'), 'no feed-binance-hft beside the repository');
  const feed = recordedFeeds[2]!;
  const capture = new BinanceCapture(namesOf(feed));
  const [first, ...lines] = linesOf(feed);
  const options = optionsOf({
    instruments: [feed.instrument],
    fees: fees('-0.0001', '0.0005'),
    startAt: capture.decode(first!)!.at,
  });
  const { verdict, exchange } = await checked(options, (one) => {
    one.deposit('BTC', decimal('300'));
    lines.forEach((line, index) => {
      const event = capture.decode(line);
      if (event !== null) one.advance(event);
      if (index % 100 !== 0) return;
      one.submit({
        clientOrderId: `c${index}`,
        ...{ instrument: feed.instrument.name, leg: 'net', type: 'market', price: null },
        ...{ side: (index / 100) % 3 === 0 ? 'buy' : 'sell', timeInForce: 'ioc' },
        ...{ quantity: decimal(String(1 + (index % 700))), reduceOnly: false, trigger: null },
      });
    });
  });
  expect(exchange.fills().length).toBeGreaterThan(300);
  expect(verdict).toBe('true');
});
