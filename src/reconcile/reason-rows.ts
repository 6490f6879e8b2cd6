/**
 * Every reason with what speaks for it and what sets it right: the table of docs/breaks.md. In
 * `evidence`, proven and likely say what a comparison with a venue can make of it at most.
 */
import type { Reason } from '../model/reason.ts';

export interface ReasonRow {
  readonly evidence: string;
  readonly repair: string;
}

const bookIt = 'the fact is booked as it is listed';
const reverse = 'the entry is reversed, by a person’s word';
const turnBack = `${reverse}, and booked as it is listed`;
const correct = 'a correction of the entry, by a person’s word';
const look = 'a later statement; nothing is written on this one';
const order = 'the venue’s report of the order is booked';
const ask = 'a person, with the data that is named';
const update = '`update` of the source';

export const reasonRows: Readonly<Record<Reason, ReasonRow>> = {
  FILL_MISSING: {
    evidence:
      'the execution in the venue’s list: proven; an order of ours that is filled by more than ' +
      'its booked fills, or a contract that moved with no list at hand: likely',
    repair: `${bookIt}; a sum of an order never is`,
  },
  FUNDING_MISSING: { evidence: 'the payment in the list: proven', repair: bookIt },
  FEE_MISSING: { evidence: 'the fee in the list: proven', repair: bookIt },
  TRANSFER_MISSING: { evidence: 'the movement in the list: proven', repair: bookIt },
  INTEREST_MISSING: { evidence: 'the payment in the list: proven', repair: bookIt },
  LIQUIDATION_MISSING: {
    evidence:
      'the execution and its cause in the list: proven; a contract that was reduced with no ' +
      'list at hand: likely, as an order or deleveraging is',
    repair: bookIt,
  },
  CORPORATE_ACTION_MISSING: {
    evidence: 'the dividend in the list: proven; shares that are a small ratio of ours: likely',
    repair: `${bookIt}; a split is imported`,
  },
  ORDER_FOREIGN: {
    evidence: 'no id of ours knows it: proven; likely while an order of ours has no match',
    repair: order,
  },
  FILL_DUPLICATED: {
    evidence:
      'a complete list holds one of two that are alike: proven; a fill that was inferred from a ' +
      'bot’s order beside the venue’s own of that order and of its sum: proven, of another sum, ' +
      'or alike without an id: likely; two that are alike, no list, and nothing over without ' +
      'one: likely',
    repair: `${reverse}; one that was inferred without, where that is proven`,
  },
  FILL_MISAPPLIED: {
    evidence:
      'absence from a complete list, or another id or leg in it: proven; the other leg of the ' +
      'instrument off by the opposite, or an incomplete list: likely',
    repair: turnBack,
  },
  PRICE_OR_QUANTITY_WRONG: { evidence: 'both under one id: proven', repair: correct },
  FEE_CURRENCY_WRONG: {
    evidence:
      'both under one id: proven; less of a coin than was bought, by a rate that venues charge: ' +
      'likely',
    repair: correct,
  },
  FEE_AMOUNT_WRONG: { evidence: 'both under one id: proven', repair: correct },
  SIGN_WRONG: {
    evidence:
      'both under one id: proven; theirs is -1 x ours, or the difference is -2 x one fact: likely',
    repair: turnBack,
  },
  ROUNDING_ACCUMULATED: {
    evidence: 'less than one step for each fact, and quantities that are no whole steps: likely',
    repair: '`sync --adjust`, by a person’s word',
  },
  OPENING_BALANCE_WRONG: {
    evidence: 'complete lists since the opening hold all that is booked, and no more: likely',
    repair: 'a new book from a right opening, or `sync --adjust`',
  },
  MULTIPLIER_WRONG: {
    evidence:
      'every fill of a contract off by one power of ten, under its id: proven; one is the other ' +
      'times the contract size or a power of ten: likely',
    repair: 'the instrument is imported with its contract size',
  },
  SYMBOL_CONFUSED: {
    evidence:
      'both under one id: proven; another instrument off by the opposite, or a thousandfold: ' +
      'likely',
    repair: turnBack,
  },
  FILL_BUSTED: {
    evidence:
      'absence from a complete list, and the order reported as filled by just as much less than ' +
      'before: likely',
    repair: reverse,
  },
  ORDER_GHOST: {
    evidence:
      'absence from a complete list of open orders: proven; of a bot’s row its end by a report, ' +
      'or all of it executed: proven, absence alone: likely',
    repair:
      'the report of the order, for which a venue is asked; its fills are booked by themselves; ' +
      'a bot’s row is written as it ended',
  },
  ORDER_LOST: {
    evidence:
      'open at the venue under an id of ours: proven; of a bot’s row that is over, and may be ' +
      'younger than the list or has more executed: likely',
    repair: `${order}; a bot’s row is opened, or added with its real ids`,
  },
  POSITION_PHANTOM: {
    evidence:
      'absence from a complete list, and no execution at hand that closed it: likely; a bot’s ' +
      'row with the executions that closed it: proven',
    repair: 'the executions that closed it; it is never closed with a profit of 0',
  },
  POSITION_ORPHAN: {
    evidence:
      'held at the venue, once held or ordered here, no execution at hand: likely; executions of ' +
      'a bot’s own orders that no row of it knows: proven',
    repair: 'the executions that opened it',
  },
  SETTLING: { evidence: 'its age', repair: look },
  LATE_ARRIVAL: { evidence: 'the venue’s report of the order: proven', repair: order },
  CLOCK_SKEW: {
    evidence: 'one id at two times, or a statement that holds what ours dates after it: likely',
    repair: 'the clock or the time zone that is wrong',
  },
  SNAPSHOT_STALE: {
    evidence: 'its age; or it says what was held at an earlier moment: likely',
    repair: look,
  },
  SNAPSHOT_TORN: {
    evidence: 'what was held at an earlier moment, beside newer facts in its own lists: likely',
    repair: look,
  },
  HISTORY_GAP: {
    evidence:
      'a leg that gave what it did not have; or complete lists that hold all that is booked, in ' +
      'a book without an opening: likely',
    repair: 'the executions before, or an opening',
  },
  VENUE_INCONSISTENT: {
    evidence:
      'a fill that was taken back and is listed, an order that is filled by more than a complete ' +
      'list holds, or lists that do not add up to what is held: likely',
    repair: look,
  },
  REPAIR_OVERWRITTEN: {
    evidence: 'the row of `trueup_audit`',
    repair: '`guard install`, or again; of stored positions once the bot has stopped',
  },
  TRANSFER_IN_TRANSIT: {
    evidence:
      'a transfer that is booked and not listed, for two hours, or a day without a counter ' +
      'account: likely; it is said, and no break; without lists one of just that amount: likely',
    repair: 'it arrives, or is looked for when its time is over',
  },
  MARK_MISSING: { evidence: 'the position that nothing prices', repair: 'a price' },
  MARK_STALE: { evidence: 'the age of the price', repair: 'a newer price' },
  TOTAL_STALE: { evidence: 'what the stored total was made of', repair: update },
  PERFORMANCE_STALE: { evidence: 'the age of the newest record', repair: 'a new record' },
  UNEXPLAINED: { evidence: 'none: what is left, and the ideas that come nearest', repair: ask },
};
