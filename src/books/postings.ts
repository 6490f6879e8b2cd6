/**
 * Postings of value in the reporting currency. Every fact moves assets (cash, position at cost)
 * and names the causes; assets and causes are equal after every commit. Units of coins and
 * contracts balance against clearing by construction: the one quantity is both legs.
 *
 * Signs: assets + is more; causes are printed as they enter the equity bridge, so a cost is
 * negative and a gain positive.
 */
import { add, type Decimal, equals, subtract, zero } from '../decimal/decimal.ts';

export const assetNames = ['cash', 'position'] as const;
export const causeNames = [
  'deposits',
  'withdrawals',
  'transfers',
  'realised',
  'fees',
  'funding',
  'interest',
  'dividends',
  'tax',
  'revaluation',
  'adjustments',
] as const;

export type AssetName = (typeof assetNames)[number];
export type CauseName = (typeof causeNames)[number];

export type Postings = Record<AssetName | CauseName, Decimal>;

export const emptyPostings = (): Postings => ({
  cash: zero,
  position: zero,
  deposits: zero,
  withdrawals: zero,
  transfers: zero,
  realised: zero,
  fees: zero,
  funding: zero,
  interest: zero,
  dividends: zero,
  tax: zero,
  revaluation: zero,
  adjustments: zero,
});

export const postingNames = [...assetNames, ...causeNames] as const;

/** Books one amount and its cause: an asset rises by it, and so does the cause. */
export function post(
  postings: Postings,
  asset: AssetName,
  cause: CauseName,
  amount: Decimal,
): void {
  postings[asset] = add(postings[asset], amount);
  postings[cause] = add(postings[cause], amount);
}

/** Adds to `target`, name by name. */
export function addAll(target: Postings, more: Postings): void {
  for (const name of postingNames) {
    if (more[name] !== zero) target[name] = add(target[name], more[name]);
  }
}

/** Adds after - before to `target`, name by name. */
export function addDifference(target: Postings, before: Postings, after: Postings): void {
  for (const name of postingNames) {
    if (before[name] === after[name]) continue;
    target[name] = add(target[name], subtract(after[name], before[name]));
  }
}

/** Assets equal causes: the double entry of the whole set. */
export function isBalanced(postings: Postings): boolean {
  let assets = zero;
  let causes = zero;
  for (const name of assetNames) assets = add(assets, postings[name]);
  for (const name of causeNames) causes = add(causes, postings[name]);
  return equals(assets, causes);
}
