import { afterEach, describe, expect, test } from 'vitest';
import { toText } from '../../src/decimal/text.ts';
import type { Checked } from '../../src/service/checking.ts';
import { closeDesks, type Json, openDesk } from '../service/reconcile/desk.ts';
import { available, type FlexFile, loadFlex } from './ibflex.ts';
import { needs } from './needs-data.ts';

needs(available(), 'statements-ibflex');

afterEach(closeDesks);

interface StatedBalances {
  readonly balances: { readonly items: readonly Json[] };
}

/** The broker's statement against a book of the file's facts, with or without its shares. */
async function checkOf(file: FlexFile, { shares }: { shares: boolean }): Promise<Checked> {
  const { facts, expected } = loadFlex(file);
  const [account, ...others] = facts;
  const desk = await openDesk({ ...account, account: 'other' });
  // The desk's own account is of another venue and currency.
  const named = (fact: Json): Json => ('account' in fact ? { ...fact, account: 'other' } : fact);
  const isFirst = ({ kind }: Json) => kind === 'instrument' || kind === 'mark';
  await desk.tell(...others.filter(isFirst));
  await desk.tell(...others.filter((fact) => !isFirst(fact)).map(named));
  const { balances } = expected.statement as unknown as StatedBalances;
  const units = expected.units.map(({ asset, quantity }) => ({ currency: asset, total: quantity }));
  const items = shares ? [...balances.items, ...units] : balances.items;
  const statement = { ...expected.statement, account: 'other', balances: { ...balances, items } };
  return desk.check(statement);
}

const differencesOf = ({ reconciled }: Checked) =>
  reconciled.breaks
    .flatMap(({ lines }) => lines)
    .map(({ key, ours, theirs, difference }) => ({
      currency: key,
      ours: toText(ours!),
      theirs: toText(theirs!),
      difference: toText(difference!),
    }))
    .toSorted((a, b) => (a.currency < b.currency ? -1 : 1));

const expectedOf = (file: FlexFile) =>
  loadFlex(file)
    .expected.currencies.filter(({ difference }) => difference !== '0')
    .map(({ currency, ours, theirs, difference }) => ({ currency, ours, theirs, difference }))
    .toSorted((a, b) => (a.currency < b.currency ? -1 : 1));

describe('the statements held against a recorded book', () => {
  test('R5 file 14 is true to the last digit', async () => {
    const { reconciled } = await checkOf(14, { shares: true });
    expect(reconciled).toMatchObject({ verdict: 'true', breaks: [], unknown: [] });
    expect(reconciled.comparison?.counts).toMatchObject({ equal: 5, different: 0, unknown: 0 });
  });

  test('R5 file 14 by its cash report alone is right, and silent about shares', async () => {
    const { reconciled } = await checkOf(14, { shares: false });
    expect(reconciled).toMatchObject({ verdict: 'cannot-say', breaks: [] });
    expect(reconciled.comparison?.counts).toMatchObject({ equal: 2, different: 0, unknown: 3 });
    expect(new Set(reconciled.unknown.map(({ scope }) => scope))).toEqual(
      new Set(['CHSPIz', 'VTI', 'VXUS']),
    );
  });

  test.each([20, 21] as const)('R5 file %i breaks by exactly what it leaves out', async (file) => {
    const checked = await checkOf(file, { shares: true });
    expect(checked.reconciled.verdict).toBe('break');
    expect(differencesOf(checked)).toEqual(expectedOf(file));
    const { breaks, plan } = checked.reconciled;
    expect(new Set(breaks.map(({ confidence }) => confidence))).toEqual(new Set(['unexplained']));
    expect(plan.repairs).toEqual([]);
  });
});
