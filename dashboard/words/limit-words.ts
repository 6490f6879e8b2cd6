/** What the policy says of a repair, with its sums as other amounts are written. */
import { shownAmount } from './amounts.ts';

/** Sums stand after these words alone: a digit elsewhere is of a name, a time or a count. */
const sums = /\b(it is|with it|more than) (\d+(?:\.\d+)?)(?=[\s,);.]|$)/g;

/** `it is 7511.12885, more than 3000` as `it is 7,511.12885 USDT, more than 3,000 USDT`. */
export const limitText = (because: string, currency: string): string =>
  because.replaceAll(
    sums,
    (_, words: string, amount: string) => `${words} ${shownAmount(amount)} ${currency}`,
  );

/** Null: it names no sum. */
export const limitNote = (because: string): string | null =>
  because.search(sums) < 0
    ? null
    : 'The sum is of all that this repair moves, at the prices of the plan; ' +
      'the gross is of what differs, at the prices of the check.';
