/** Folding only what a change touches, beside folding everything. */
import { expect, test } from 'vitest';
import { AccountContext } from '../../src/books/context.ts';
import { orderText } from '../../src/books/effective-order.ts';
import { foldFacts } from '../../src/books/fold-facts.ts';
import type { Group } from '../../src/books/group.ts';
import { stateText } from '../../src/books/group-codec.ts';
import { refolded } from '../../src/books/refold.ts';
import { equals } from '../../src/decimal/decimal.ts';
import type { BookedFact } from '../../src/model/entry.ts';
import { instrumentFromName } from '../../src/model/instrument.ts';
import { Random } from '../decimal/random.ts';
import { at, settingsIn } from '../reconcile/kit.ts';
import { randomFacts } from '../reconcile/random-sides.ts';

const names = ['BTC/USDT', 'ETH/USDT', 'AGI/USDT:USDT', 'SCA/USDT:USDT', 'BTC/USDT:USDT'];

function contextOf(): AccountContext {
  const context = new AccountContext(settingsIn('USDT'));
  for (const name of names) context.addInstrument(instrumentFromName('venue', name)!);
  return context;
}

const groupsIn = (groups: Iterable<Group>) =>
  Array.from(
    groups,
    ({ key, state, last }) => `${key} ${orderText(last!)} ${stateText(state)}`,
  ).sort();

test('F12 what a change does not touch is as it was, and the rest as if all were folded', () => {
  let kept = 0;
  for (let seed = 1; seed <= 120; seed++) {
    const random = new Random(seed);
    // Some of them turn several pages.
    const count = seed % 10 === 0 ? 800 : 30;
    const facts = randomFacts(random, count).map(
      (fact, index): BookedFact => ({ sequence: index + 1, fact, rates: [] }),
    );
    const asOf = at(random.between(count, 3 * count));
    const isNew = () => random.chance(1.2 / count);
    const added = facts.filter(isNew);
    const before = facts.filter((one) => !added.includes(one));
    const removed = before.filter(isNew);
    const replaced = before.filter((one) => !removed.includes(one) && isNew());
    const changed = replaced.map((one): BookedFact => {
      const { fact } = one;
      return { ...one, fact: fact.kind === 'fill' ? { ...fact, fees: [] } : fact } as BookedFact;
    });
    const after = [
      ...before.filter((one) => !removed.includes(one) && !replaced.includes(one)),
      ...[...changed, ...added],
    ];
    const base = foldFacts(before, contextOf(), asOf);
    const changes = { removed: [...removed, ...replaced], added: [...changed, ...added] };
    const found = refolded(base, changes, contextOf(), asOf);
    const whole = foldFacts(after, contextOf(), asOf);
    expect([seed, groupsIn(found.groups)]).toEqual([seed, groupsIn(whole.groups())]);
    expect([seed, equals(found.cash, whole.postings.cash)]).toEqual([seed, true]);
    const untouched = new Set(base.groups());
    kept += found.groups.filter((group) => untouched.has(group)).length;
  }
  expect(kept).toBeGreaterThan(50);
});
