/**
 * The incident of the quantities, step by step: nine positions, a partial fill each that nobody
 * heard of, and from there to TRUE between book, bot and exchange.
 */
import { subtract } from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import { addMilliseconds, instant } from '../../model/instant.ts';
import { incidentPositions } from '../../sources/monitoring/incident-database.ts';
import { databaseWords, logAheadMs } from './mismatch-database.ts';
import type { MismatchDesk } from './mismatch-desk.ts';
import {
  ageAt,
  figure,
  heldAt,
  hoursOpen,
  number,
  reported,
  restingAt,
  rowOf,
} from './mismatch-figures.ts';
import { mismatchFindings } from './mismatch-findings.ts';
import { foreignPositions } from './mismatch-market.ts';
import { mismatchRepairs } from './mismatch-repairs.ts';
import { fillUnheard, replaceExits, tradeAsReported } from './mismatch-story.ts';
import type { Expectation, RehearsalStep } from './rehearsal.ts';

type Step = RehearsalStep<MismatchDesk>;

/** What the database stores, by symbol: the three as reported, the others are our choice. */
const storedSizes = incidentPositions.map(({ symbol, side, quantity }): readonly string[] => [
  symbol,
  `${side} ${number(decimal(quantity))}`,
]);

const trades: Step = {
  name: 'nine positions',
  command: null,
  says:
    'a bot trades on an emulated Bybit with the real client library. HNT 60, SCA 2136.9 and AGI ' +
    '4160, their times and the two exits are as reported; the side of HNT, six positions, all ' +
    'prices and fourteen positions of somebody else are our choice',
  async run({ stage }) {
    await tradeAsReported(stage);
    const { exchange } = stage.parts;
    const { positions } = exchange.exchange.holdings();
    return [
      ...storedSizes.map(([symbol, size]) => figure(symbol!, size!, heldAt(exchange, symbol!))),
      figure('positions of somebody else', 14, positions.length - incidentPositions.length),
      figure('exit of AGI', 'reduce-only buy 4160 @ 0.04784', restingAt(exchange, 'AGIUSDT')),
      figure('exit of SCA', 'reduce-only buy 2136.9 @ 0.09476', restingAt(exchange, 'SCAUSDT')),
    ];
  },
};

const update: Step = {
  name: 'update',
  command: 'trueup update --venue bybit --since 2025-10-12T19:30:00Z',
  says: 'at 15:08 our book lists all of it, and then nobody listens any more',
  async run(desk) {
    desk.stage.at('15:08:00');
    const { exitCode, tally, orders } = await desk.update();
    return [
      figure('exit code', 0, exitCode),
      // 9 + 14 executions and a deposit.
      figure('facts booked', 9 + foreignPositions.length + 1, tally.booked),
      figure('resting orders found', 2, orders.found),
    ];
  },
};

const unheard: Step = {
  name: 'nobody listens',
  command: null,
  says: 'both exits are filled in part, and somebody takes 0.12 of HNT off by hand',
  async run({ stage }) {
    await fillUnheard(stage);
    const { exchange } = stage.parts;
    return [
      figure('AGI left: 4160 - 1000', 'short 3160', heldAt(exchange, 'AGIUSDT')),
      figure('SCA left: 2136.9 - 100.9', 'short 2036', heldAt(exchange, 'SCAUSDT')),
      figure('HNT left: 60 - 0.12', 'long 59.88', heldAt(exchange, 'HNTUSDT')),
    ];
  },
};

const replaced: Step = {
  name: 'an hour later',
  command: null,
  says: 'the bot cancels both exits and orders the stored sizes again, more than there is to close',
  async run({ stage }) {
    await replaceExits(stage);
    const { exchange } = stage.parts;
    return [
      figure('exit of AGI', 'reduce-only buy 4160 @ 0.04809', restingAt(exchange, 'AGIUSDT')),
      figure('exit of SCA', 'reduce-only buy 2136.9 @ 0.09527', restingAt(exchange, 'SCAUSDT')),
      figure('resting orders', 2, exchange.exchange.openOrders().length),
    ];
  },
};

/** When the synchroniser looked, by the clock of the database. */
const looked = instant('2025-10-13T15:24:49Z');

const asReported: Step = {
  name: 'as reported',
  command: null,
  says: "the bot's database as it was found, at 19:24:49 by a log that is four hours ahead of it",
  async run({ stage }) {
    const { source, exchange, database } = stage.parts;
    const { identity, counts } = await source.snapshot();
    const stored: Expectation[] = [];
    for (const symbol of reported) {
      const { quantity } = await rowOf(stage, symbol);
      const size = incidentPositions.find((one) => one.symbol === symbol)!.quantity;
      stored.push(figure(`stored size of ${symbol}`, number(decimal(size)), number(quantity)));
    }
    const agi = await rowOf(stage, 'AGIUSDT');
    const held = decimal(heldAt(exchange, 'AGIUSDT').split(' ')[1]!);
    const byLog = addMilliseconds(looked, logAheadMs);
    return [
      figure('database', databaseWords[database.engine], databaseWords[identity.engine]),
      figure('active rows', 9, counts.active),
      ...stored,
      figure('AGI stored and not held', '1000', number(subtract(agi.quantity!, held))),
      figure('rows of orders', 0, counts.orders),
      figure('rows of trades', 0, counts.trades),
      figure('AGI held since, in hours', '19.4', hoursOpen('AGIUSDT', looked)),
      figure('SCA held since, in hours', '14.6', hoursOpen('SCAUSDT', looked)),
      figure('HNT held since', '2 h 16 min', ageAt('HNTUSDT', looked)),
      figure(
        'HNT by the clock of the log, as it was blamed',
        '6 h 16 min',
        ageAt('HNTUSDT', byLog),
      ),
    ];
  },
};

export const quantityMismatch: readonly Step[] = [
  trades,
  update,
  unheard,
  replaced,
  asReported,
  ...mismatchFindings,
  ...mismatchRepairs,
];
