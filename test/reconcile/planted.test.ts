/**
 * Each code of the closed list is planted and found. The table is of all codes: a new one does
 * not compile until it is planted here.
 */
import { expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import type { Confidence } from '../../src/model/break.ts';
import { addMilliseconds } from '../../src/model/instant.ts';
import type { Reason } from '../../src/model/reason.ts';
import { noPricing } from '../../src/reconcile/source/pricing.ts';
import { at, checked, optionsAt } from './kit.ts';
import { ledgerOfStory, readStory, statementOf } from './scenario.ts';
import {
  accountOf,
  checkedOf,
  historyOf,
  incident,
  incidentOrders,
  looked,
  position,
  priced,
  record,
  snapshotOf,
  writeOf,
  wrote,
} from './source-kit.ts';

type Found = readonly (readonly [Reason, Confidence])[];

interface Plant {
  /** The most that can be made of it. */
  readonly confidence: Confidence;
  readonly find: () => Found;
}

/** What a comparison of the story finds. */
function story(confidence: Confidence, table: string): Plant {
  return {
    confidence,
    find() {
      const read = readStory(table);
      const statement = statementOf(read);
      const now = read.now === null ? statement.asOf : at(read.now);
      const options = optionsAt(now, { settleMs: read.settleMs, statementMaxAgeMs: 60_000 });
      const { breaks, unknown } = checked(ledgerOfStory(read), statement, options);
      return [
        ...breaks.map((one) => [one.reason, one.confidence] as const),
        ...unknown.flatMap(({ reason }) =>
          reason === undefined ? [] : [[reason, 'unexplained'] as const],
        ),
      ];
    },
  };
}

/** What a look into a source finds. */
const source = (confidence: Confidence, look: () => ReturnType<typeof checkedOf>): Plant => ({
  confidence,
  find() {
    const { breaks, unknown } = look().reconciled;
    return [
      ...breaks.map((one) => [one.reason, one.confidence] as const),
      ...unknown.flatMap(({ reason }) =>
        reason === undefined ? [] : [[reason, 'unexplained'] as const],
      ),
    ];
  },
});

const agi = 'AGI/USDT:USDT';
const held = `both deposit USDT 100\nboth fill ${agi} buy 5 @ 1 id a`;
const missing = (fact: string): string => `both deposit USDT 100\nvenue ${fact} id x`;

const planted: Readonly<Record<Reason, Plant>> = {
  FILL_MISSING: story('proven', `${held}\nvenue fill ${agi} sell 2 @ 1 id x`),
  FUNDING_MISSING: story('proven', missing(`funding USDT -3 of ${agi}`)),
  FEE_MISSING: story('proven', missing('fee USDT 2')),
  TRANSFER_MISSING: story('proven', missing('withdrawal USDT 5')),
  INTEREST_MISSING: story('proven', missing('interest USDT 1')),
  LIQUIDATION_MISSING: story('proven', `${held}\nvenue fill ${agi} sell 5 @ 1 cause adl id x`),
  CORPORATE_ACTION_MISSING: story('proven', missing('dividend USDT 4')),
  ORDER_FOREIGN: story('proven', `${held}\nvenue order o9 ${agi} sell 10 @ 5`),
  FILL_DUPLICATED: story(
    'proven',
    `${held}\nbook fill ${agi} buy 5 @ 1 id b at 20\nboth interest USDT 0 at 90`,
  ),
  FILL_MISAPPLIED: story(
    'proven',
    `${held}\nbook fill ${agi} buy 7 @ 1 id b\nboth interest USDT 0 at 90`,
  ),
  PRICE_OR_QUANTITY_WRONG: story(
    'proven',
    `${held}\nbook fill ${agi} sell 2 @ 3 id x at 60\nvenue fill ${agi} sell 2 @ 4 id x at 60`,
  ),
  FEE_CURRENCY_WRONG: story(
    'likely',
    'both deposit USDT 126\nboth fill HNT/USDT buy 60 @ 2.1\nsays balance HNT 59.88\n' +
      'without executions cash-flows',
  ),
  FEE_AMOUNT_WRONG: story(
    'proven',
    `both deposit USDT 100\nbook fill ${agi} buy 5 @ 1 fee 1 USDT id x at 60\n` +
      `venue fill ${agi} buy 5 @ 1 fee 2 USDT id x at 60`,
  ),
  SIGN_WRONG: story('likely', `${held}\nsays position ${agi} -5 @ 1\nwithout executions`),
  ROUNDING_ACCUMULATED: source('likely', () =>
    checkedOf(
      snapshotOf([
        accountOf({
          ...{ total: '3.32', cash: '0', updatedAt: looked },
          positions: [position('A', '1', '1.106'), position('B', '1', '2.206')],
          performance: [record(priced, '1')],
        }),
      ]),
    ),
  ),
  OPENING_BALANCE_WRONG: story(
    'likely',
    `opening USDT 100\nboth interest USDT 1 at 50\nsays balance USDT 94\nas-of 90`,
  ),
  MULTIPLIER_WRONG: story(
    'likely',
    `both fill ${agi} buy 41 @ 1\nsays position ${agi} 4100\nwithout executions`,
  ),
  SYMBOL_CONFUSED: story(
    'proven',
    'both deposit USDT 1000\nbook fill SHIB/USDT:USDT buy 1000 @ 0.01 id s at 50\n' +
      'venue fill 1000SHIB/USDT:USDT buy 1 @ 10 id s at 50\nboth interest USDT 0 at 90',
  ),
  FILL_BUSTED: story(
    'likely',
    `book order o1 ${agi} buy 9 @ 1 filled 5\nvenue order o1 ${agi} buy 9 @ 1 filled 0\n` +
      `book fill ${agi} buy 5 @ 1 id x order o1\nboth interest USDT 0 at 90`,
  ),
  ORDER_GHOST: story('proven', `${held}\nbook order o9 ${agi} sell 10 @ 5`),
  ORDER_LOST: story(
    'proven',
    `${held}\nbook order c7 ${agi} sell 10 @ 5 client c7 status unknown\n` +
      `venue order o9 ${agi} sell 10 @ 5 client c7`,
  ),
  POSITION_PHANTOM: story('likely', `${held}\nsays position ${agi} gone\nwithout executions`),
  POSITION_ORPHAN: story(
    'likely',
    `${held}\nboth fill ${agi} sell 5 @ 1 id b\nsays position ${agi} 3\nwithout executions`,
  ),
  SETTLING: story('unexplained', `${held}\nsays position ${agi} 3\nsettle 600 now 31`),
  LATE_ARRIVAL: story(
    'proven',
    `${held}\nbook order o9 ${agi} sell 10 @ 5\nvenue order o9 ${agi} sell 10 @ 5 status cancelled`,
  ),
  CLOCK_SKEW: story(
    'likely',
    'book deposit USDT 100 id d1 at 10\nvenue deposit USDT 100 id d1 at 3610',
  ),
  SNAPSHOT_STALE: story('unexplained', `${held}\nsettle 1 now 900`),
  SNAPSHOT_TORN: story(
    'likely',
    `${held}\nboth fill ${agi} sell 2 @ 1 fee 0.1 USDT id b\nsays position ${agi} 5`,
  ),
  HISTORY_GAP: story('likely', `${held}\nsays position ${agi} 8`),
  VENUE_INCONSISTENT: story(
    'likely',
    `both deposit USDT 100\nvenue fill ${agi} buy 5 @ 1 id e1\nwithdrawn e1\n` +
      `says position ${agi} gone`,
  ),
  REPAIR_OVERWRITTEN: source('proven', () => {
    const rewritten = incident((account) => ({
      ...account,
      ...{ total: decimal('10000'), updatedAt: looked },
    }));
    return checkedOf({ ...rewritten, ...wrote(writeOf('10000.0', '10211.69')) });
  }),
  TRANSFER_IN_TRANSIT: story('likely', 'both deposit USDT 100\nbook transfer USDT 5 with cold'),
  MARK_MISSING: source('unexplained', () =>
    checkedOf(snapshotOf([accountOf({ total: '1', positions: [position('B', '1', null)] })])),
  ),
  MARK_STALE: source('unexplained', () => {
    const old = position('B', '1', '5', { updatedAt: addMilliseconds(priced, -7_200_000) });
    const positions = [old, position('NEW', '1', '5')];
    const pricing = { ...noPricing, markMaxAgeMs: 3_600_000 };
    return checkedOf(snapshotOf([accountOf({ total: '10', positions })]), { pricing });
  }),
  TOTAL_STALE: source('proven', () =>
    checkedOf(incident(), { orders: historyOf(incidentOrders()) }),
  ),
  PERFORMANCE_STALE: source('proven', () => checkedOf(incident())),
  UNEXPLAINED: story(
    'unexplained',
    'both deposit USDT 100\nsays balance USDT 93\nwithout executions cash-flows',
  ),
};

const plants = Object.entries(planted);

test.each(plants)('HY11 %s is planted and found', (reason, plant) => {
  expect(plant.find()).toContainEqual([reason, plant.confidence]);
});
