/** What the page opens from a list is the number that stood in it; live and paper hide nothing. */
import { afterEach, expect, test } from 'vitest';
import { compare } from '../../../src/decimal/decimal.ts';
import { decimal } from '../../../src/decimal/text.ts';
import { draftsOfBreaks, knownBreaks } from '../../../src/service/reconcile-entries.ts';
import type { AccountAnswer, WhyAnswer } from '../../../src/service/serving/documents/account.ts';
import type { BreaksAnswer } from '../../../src/service/serving/documents/breaks.ts';
import type { HomeAnswer } from '../../../src/service/serving/documents/home.ts';
import { noted } from '../../../src/service/syncing.ts';
import { at, cash, closeDesks, type Desk, fill, openDesk } from '../../service/reconcile/desk.ts';
import { ask, partsOn } from './asking.ts';
import { openRich } from './rich-book.ts';

afterEach(closeDesks);

const perp = 'BTC/USDT:USDT';

test('RD60 each number of a position opens to that number, spot by its coin', async () => {
  const desk = await openRich();
  const parts = partsOn(desk);
  const kinds = new Set<string>();
  const { items } = await ask<{ items: { account: string }[] }>(parts, '/api/v1/accounts');
  for (const { account } of items) {
    const one = await ask<AccountAnswer>(parts, `/api/v1/accounts/${account}`);
    for (const row of one.positions.filter(({ quantity }) => quantity.ours !== null)) {
      const { instrument, asset, leg, type } = row;
      kinds.add(`${type} ${leg}`);
      const total = async (what: string) => {
        const search = new URLSearchParams({ what, key: asset ?? instrument, leg, span: 'open' });
        return (await ask<WhyAnswer>(parts, `/api/v1/accounts/${account}/why?${search}`)).total;
      };
      const named = `${account} ${instrument} ${leg}`;
      expectSame(await total('position'), row.quantity.ours, `${named} quantity`);
      expectSame(await total('realised'), row.realisedPnl, `${named} realised`);
      expectSame(await total('funding'), row.funding, `${named} funding`);
    }
  }
  expect([...kinds].sort()).toEqual([
    'inverse net',
    'linear long',
    'linear net',
    'linear short',
    'spot net',
  ]);
});

function expectSame(told: string | null, shown: string | null, named: string): void {
  if (told === null || shown === null) expect(told, named).toBe(shown);
  else expect(compare(decimal(told), decimal(shown)), `${named}: ${told}, ${shown}`).toBe(0);
}

test('RD60 what was realised since it was flat begins at zero when it is flat again', async () => {
  const desk = await openDesk(
    cash('deposit', 'd1', '1000'),
    fill('e1', { quantity: '2', price: '100', fee: '0', time: at('09:00') }),
    fill('e2', { side: 'sell', quantity: '2', price: '110', fee: '0', time: at('09:10') }),
    fill('e3', { quantity: '4', price: '100', fee: '0', time: at('09:20') }),
    fill('e4', { side: 'sell', quantity: '1', price: '103', fee: '0', time: at('09:30') }),
    cash('funding', 'f1', '-0.5', { instrument: perp, time: at('09:40') }),
  );
  const parts = partsOn(desk);
  const of = async (what: string, span: string) =>
    ask<WhyAnswer>(parts, `/api/v1/accounts/main/why?what=${what}&key=${perp}&span=${span}`);
  // 2 x (110 - 100) = 20, then flat; 1 x (103 - 100) = 3 of what is open.
  expect((await of('realised', 'lifetime')).total).toBe('23');
  expect((await of('realised', 'open')).total).toBe('3');
  expect(await of('funding', 'open')).toMatchObject({
    ...{ total: '-0.5', unit: 'USDT', entries: [{ kind: 'funding', change: '-0.5' }] },
  });
  const whole = '/api/v1/accounts/main/why?what=funding&key=*';
  expect((await ask<WhyAnswer>(parts, whole)).total).toBe('-0.5');
});

/** As many open breaks of an account as that, each as grave as the one that is there. */
async function copied(desk: Desk, name: string, count: number): Promise<void> {
  const of = desk.account(name);
  const known = knownBreaks(desk.reader.file, of.account);
  const any = knownBreaks(desk.reader.file, desk.account('many').account).breaks[0]!;
  const made = Array.from({ length: count }, (_, n) => ({
    ...{ ...any, id: `BRK-${name.toUpperCase().slice(0, 4)}${String(n).padStart(4, '0')}` },
    ...{ state: 'OPEN' as const, severity: 'critical' as const },
  }));
  const drafts = draftsOfBreaks(made, desk.clock.now(), known.counts);
  await noted(desk.writer, of, drafts);
}

test('RD61 ten of the worst of each: those of paper hide none of the live ones', async () => {
  const desk = await openRich();
  await copied(desk, 'paper', 12);
  const home = await ask<HomeAnswer>(partsOn(desk), '/api/v1/home');
  const live = home.breaks.filter(({ mode }) => mode === 'live');
  expect(live.length).toBe(Math.min(10, home.live!.breaks));
  expect(live.length).toBeGreaterThan(0);
  expect(home.breaks.filter(({ mode }) => mode === 'paper')).toHaveLength(10);
});

test('RD61 the day of each is its own: entries are of its accounts alone', async () => {
  const desk = await openRich();
  const before = await ask<HomeAnswer>(partsOn(desk), '/api/v1/home');
  desk.clock.set(desk.clock.now() + 60_000_000_000n);
  await desk.tell(
    fill('p-late', { account: 'paper', instrument: 'SOL/USDT', price: '21', time: at('07:30') }),
  );
  const after = await ask<HomeAnswer>(partsOn(desk), '/api/v1/home');
  expect(after.paper!.today.entries - before.paper!.today.entries).toBe(1);
  expect(after.live!.today).toEqual(before.live!.today);
  const { live, paper, today } = after;
  expect(today.entries).toBe(live!.today.entries + paper!.today.entries);
});

test('RD62 the inbox says for whom all of its open breaks wait, not those of a page', async () => {
  const desk = await openRich();
  const ofPage = (limit: number) =>
    ask<BreaksAnswer>(partsOn(desk), `/api/v1/breaks?limit=${limit}`);
  const [one, all] = [await ofPage(1), await ofPage(500)];
  expect(one.items).toHaveLength(1);
  expect([one.waits, one.states]).toEqual([all.waits, all.states]);
  const quiet = ['SETTLING', 'SNOOZED', 'ACCEPTED'];
  const open = all.items.filter(({ state }) => !quiet.includes(state));
  for (const who of ['person', 'policy', 'venue', 'nobody'] as const) {
    expect(all.waits[who], who).toBe(open.filter(({ waitsFor }) => waitsFor === who).length);
  }
});

test('RD63 each aged position says whether its account acts, and by which statement', async () => {
  const desk = await openRich();
  const acting = { account: 'hedge', name: 'h', leavesAged: true };
  const parts = partsOn(desk, { desks: [acting as never] });
  const { items } = await ask<{
    items: { account: string; acting: boolean; asOf: string | null }[];
  }>(parts, '/api/v1/exits');
  const of = (name: string) => items.filter(({ account }) => account === name);
  expect(of('hedge').length).toBeGreaterThan(0);
  expect(of('hedge').every((one) => one.acting)).toBe(true);
  expect(of('many').length).toBeGreaterThan(0);
  expect(of('many').some((one) => one.acting)).toBe(false);
  expect(new Set(items.map(({ account, asOf }) => `${account} ${asOf !== null}`)).size).toBe(
    new Set(items.map(({ account }) => account)).size,
  );
});
