/** Every number opens to the entries that made it, and they add up to it. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { add, subtract, zero } from '../../../src/decimal/decimal.ts';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { instant, instantText } from '../../../src/model/instant.ts';
import type { WhyAnswer } from '../../../src/service/serving/documents/account.ts';
import type { ServingParts } from '../../../src/service/serving/parts.ts';
import { lookedMax } from '../../../src/store/page-reads.ts';
import { Random } from '../../decimal/random.ts';
import { accountFact, fact, RandomFacts } from '../../service/random-facts.ts';
import { at, cash, closeDesks, fill, openDesk } from '../../service/reconcile/desk.ts';
import { ask, type Json, partsOn, problemAt } from './asking.ts';

afterEach(closeDesks);

const perp = 'BTC/USDT:USDT';
const whyOf = (parts: ServingParts, name: string, query: string): Promise<WhyAnswer> =>
  ask(parts, `/api/v1/accounts/${name}/why?${query}`);

/** All pages as one answer; each page goes on where the one before it ended. */
async function allOf(parts: ServingParts, name: string, query: string, limit: number) {
  const entries: WhyAnswer['entries'] = [];
  for (let cursor = ''; ; ) {
    const page = await whyOf(parts, name, `${query}&limit=${limit}${cursor}`);
    entries.push(...page.entries);
    if (page.next === null) return { ...page, entries };
    cursor = `&cursor=${page.next}`;
  }
}

/** From the newest to the oldest: each figure less its change is the figure before it. */
function expectToAddUp({ entries, total }: WhyAnswer, of: string): void {
  let sum = zero;
  for (const [index, { change, after }] of entries.entries()) {
    sum = add(sum, decimal(change));
    const before = toText(subtract(decimal(after), decimal(change)));
    expect(before, of).toBe(entries[index + 1]?.after ?? '0');
  }
  if (total !== null) expect(toText(sum), of).toBe(total);
}

describe('RD4 a figure opens to its entries', () => {
  test('RD4 the balance of a day: deposit, two fills, funding', async () => {
    const desk = await openDesk(
      cash('deposit', 'd1', '1000'),
      fill('e1', { quantity: '2', price: '100' }),
      fill('e2', { side: 'sell', quantity: '2', price: '110', time: at('10:00') }),
      cash('funding', 'f1', '-0.5', { instrument: perp, time: at('09:30') }),
    );
    const parts = partsOn(desk);
    // 1000 - 0.1 fee - 0.5 funding + 2 x (110 - 100) - 0.1 fee = 1019.3
    expect(await whyOf(parts, 'main', 'what=balance&key=USDT')).toMatchObject({
      ...{ total: '1019.3', unit: 'USDT', leg: null, next: null },
      entries: [
        { sequence: 5, kind: 'fill', change: '19.9', after: '1019.3' },
        { sequence: 6, kind: 'funding', change: '-0.5', after: '999.4' },
        { sequence: 4, kind: 'fill', change: '-0.1', after: '999.9' },
        { sequence: 2, kind: 'deposit', change: '1000', after: '1000' },
      ],
    });
    const key = encodeURIComponent(perp);
    expect(await whyOf(parts, 'main', `what=position&key=${key}`)).toMatchObject({
      ...{ total: '0', leg: 'net' },
      entries: [
        { change: '-2', after: '0' },
        { change: '2', after: '2' },
      ],
    });
    expect(await whyOf(parts, 'main', `what=realised&key=${key}`)).toMatchObject({
      ...{ total: '20', unit: 'USDT', entries: [{ change: '20' }] },
    });
    expect(await whyOf(parts, 'main', 'what=fees&key=*')).toMatchObject({
      ...{ total: '0.2', entries: [{ change: '0.1' }, { change: '0.1' }] },
    });
  });

  test('RD4 a total of which a part is not known is null, and says so', async () => {
    const desk = await openDesk(fill('e1', { fee: null }), fill('e2', {}));
    const parts = partsOn(desk);
    expect(await whyOf(parts, 'main', 'what=fees&key=*')).toMatchObject({
      ...{ total: null, entries: [{ change: '0.1', after: '0.1' }] },
      formula: expect.stringContaining('not known'),
    });
  });

  test('RD4 what the account never held is no figure', async () => {
    const parts = partsOn(await openDesk());
    const { kind } = await problemAt(parts, '/api/v1/accounts/main/why?what=position&key=X/Y:Y');
    expect(kind.code).toBe('not-found');
  });
});

test('RD4 RD5 figures of random books add up, in pages of any length', async () => {
  for (const seed of [1, 2, 3]) {
    const facts = new RandomFacts(new Random(seed));
    const desk = await openDesk();
    const told = facts.accounts.map(accountFact);
    for (let n = 0; n < 150; n++) told.push(...facts.next());
    await desk.writer.recordAll([...told, ...facts.rest()]);
    const parts = partsOn(desk);
    for (const { name } of facts.accounts) await everyFigure(parts, name, 1 + (seed % 5) * 7);
  }
});

interface Shown {
  readonly items: readonly (Json & { readonly currency: string })[];
}

interface Held {
  readonly items: readonly { instrument: string; asset: string | null; leg: string }[];
}

async function everyFigure(parts: ServingParts, name: string, limit: number): Promise<void> {
  const base = `/api/v1/accounts/${name}`;
  const balances = await ask<Shown>(parts, `${base}/balances`);
  const positions = await ask<Held>(parts, `${base}/positions?all=true`);
  const held = positions.items.map(({ instrument, asset, leg }) => {
    return `key=${encodeURIComponent(asset ?? instrument)}&leg=${leg}`;
  });
  const figures = [
    ...balances.items.map(({ currency }) => `what=balance&key=${currency}`),
    ...held.flatMap((one) => [`what=position&${one}`, `what=realised&${one}`, `what=fees&${one}`]),
    ...['what=realised&key=*', 'what=fees&key=*'],
  ];
  for (const figure of figures) {
    const whole = await allOf(parts, name, figure, 200);
    expectToAddUp(whole, `${name} ${figure}`);
    const paged = await allOf(parts, name, figure, limit);
    expect(paged.entries, `${name} ${figure}`).toEqual(whole.entries);
  }
  for (const { currency, quantity } of balances.items) {
    const { total } = await whyOf(parts, name, `what=balance&key=${currency}`);
    expect(total).toBe((quantity as { ours: string }).ours);
  }
}

test('RD34 the figure of an instant is that of the balances, and opens to entries', async () => {
  for (const seed of [4, 5, 6]) {
    const facts = new RandomFacts(new Random(seed));
    const desk = await openDesk();
    const told = facts.accounts.map(accountFact);
    for (let n = 0; n < 150; n++) told.push(...facts.next());
    await desk.writer.recordAll([...told, ...facts.rest()]);
    const parts = partsOn(desk);
    const times = told.flatMap((one) => ('time' in one && one.time !== null ? [one.time] : []));
    const sorted = times.toSorted((a, b) => (a < b ? -1 : 1));
    for (const { name } of facts.accounts) {
      for (const share of [0.1, 0.4, 0.8]) {
        await asOfInstant(parts, name, sorted[Math.floor(sorted.length * share)]!);
      }
    }
  }
});

interface HeldThen extends Held {
  readonly items: readonly {
    readonly instrument: string;
    readonly asset: string | null;
    readonly leg: string;
    readonly quantity: { readonly ours: string };
    readonly realisedPnl: string | null;
  }[];
}

async function asOfInstant(parts: ServingParts, name: string, time: bigint): Promise<void> {
  const base = `/api/v1/accounts/${name}`;
  const then = `as_of=${instantText(time)}`;
  const balances = await ask<Shown>(parts, `${base}/balances?${then}`);
  const positions = await ask<HeldThen>(parts, `${base}/positions?all=true&${then}`);
  const figures = [
    ...balances.items.map(({ currency, quantity }) => ({
      query: `what=balance&key=${currency}`,
      ours: (quantity as { ours: string }).ours,
    })),
    ...positions.items.map(({ asset, instrument, leg, quantity }) => ({
      query: `what=position&key=${encodeURIComponent(asset ?? instrument)}&leg=${leg}`,
      ours: quantity.ours,
    })),
  ];
  for (const { query, ours } of figures) {
    const of = `${name} ${query} ${instantText(time)}`;
    const whole = await allOf(parts, name, `${query}&${then}`, 200);
    expect([whole.total, whole.asOf], of).toEqual([ours, instantText(time)]);
    expectToAddUp(whole, of);
    expect(
      whole.entries.every((one) => instant(one.time) <= time),
      of,
    ).toBe(true);
    expect((await allOf(parts, name, `${query}&${then}`, 3)).entries, of).toEqual(whole.entries);
  }
  for (const { asset, instrument, leg, realisedPnl } of positions.items) {
    const key = encodeURIComponent(asset ?? instrument);
    const query = `what=realised&span=open&key=${key}&leg=${leg}&${then}`;
    expect((await whyOf(parts, name, query)).total, query).toBe(realisedPnl);
  }
}

test('RD34 what was not held by then is no figure; a part that was not known is said', async () => {
  const desk = await openDesk(
    fill('e1', { fee: null, time: at('09:30') }),
    fill('e2', { time: at('09:00') }),
  );
  const parts = partsOn(desk);
  const then = (time: string) => whyOf(parts, 'main', `what=fees&key=*&as_of=${time}`);
  // The fill whose fee nobody told is of half past nine.
  expect(await then(at('09:10'))).toMatchObject({ total: '0.1', entries: [{ change: '0.1' }] });
  expect(await then(at('09:30'))).toMatchObject({
    ...{ total: null, formula: expect.stringContaining('not known') },
  });
  expect(await then(at('08:00'))).toMatchObject({ total: '0', entries: [] });
  const key = encodeURIComponent(perp);
  const early = `/api/v1/accounts/main/why?what=position&key=${key}&as_of=${at('08:59')}`;
  const { kind, message } = await problemAt(parts, early);
  expect([kind.code, message]).toEqual(['not-found', expect.stringContaining('by 2026-11-20T08')]);
});

test('RD5 a long history is read from its end, page by page', async () => {
  const fills = Array.from({ length: 300 }, (_, n) => {
    const [minute, second] = [Math.floor(n / 60), n % 60].map((one) =>
      String(one).padStart(2, '0'),
    );
    return fill(`e${n}`, { time: at(`09:${minute}:${second}`) });
  });
  const parts = partsOn(await openDesk(...fills));
  for (const figure of [`what=position&key=${encodeURIComponent(perp)}`, 'what=balance&key=USDT']) {
    const whole = await allOf(parts, 'main', figure, 200);
    expectToAddUp(whole, figure);
    expect(whole.entries).toHaveLength(300);
    expect((await allOf(parts, 'main', figure, 37)).entries).toEqual(whole.entries);
  }
});

test('RD5 pages go on through as many groups as an account has', async () => {
  const names = Array.from({ length: 30 }, (_, n) => `C${n}/USDT:USDT`);
  const fills = Array.from({ length: 1_800 }, (_, n) => {
    const rest = [Math.floor(n / 60), n % 60].map((one) => String(one).padStart(2, '0')).join(':');
    const side = n > 1_500 ? 'sell' : 'buy';
    return fact(fill(`e${n}`, { instrument: names[n % 30]!, side, time: at(`09:${rest}`) }));
  });
  const desk = await openDesk();
  await desk.writer.recordAll(fills);
  const parts = partsOn(desk);
  for (const figure of ['what=balance&key=USDT', 'what=fees&key=*', 'what=realised&key=*']) {
    const whole = await allOf(parts, 'main', figure, 200);
    expectToAddUp(whole, figure);
    if (!figure.includes('realised')) expect(whole.entries).toHaveLength(1_800);
  }
});

test('RD5 a figure that few facts moved is read in as many pages as that takes', async () => {
  const fills = Array.from({ length: 2_500 }, (_, n) => {
    const rest = [Math.floor(n / 60), n % 60].map((one) => String(one).padStart(2, '0')).join(':');
    return fact(fill(`e${n}`, { time: at(`09:${rest}`) }));
  });
  const desk = await openDesk(fill('sold', { side: 'sell', quantity: '1', time: at('08:00') }));
  await desk.writer.recordAll(fills);
  const parts = partsOn(desk);
  // The first purchase closes what was sold at its price; all others only add to the position.
  const query = `what=realised&key=${encodeURIComponent(perp)}`;
  const first = await whyOf(parts, 'main', query);
  expect(first).toMatchObject({ total: '0', entries: [], next: expect.any(String) });
  expect((await allOf(parts, 'main', `what=fees&key=*`, 200)).entries).toHaveLength(2_501);
  expect((await allOf(parts, 'main', query, 200)).entries).toEqual([]);
});

test('RD5 what came in between behind the place of a page makes it begin anew', async () => {
  const fills = Array.from({ length: 5 }, (_, n) => fill(`e${n}`, { time: at(`09:0${n}`) }));
  const desk = await openDesk(...fills);
  const parts = partsOn(desk);
  const query = `what=position&key=${encodeURIComponent(perp)}&limit=2`;
  const { next } = await whyOf(parts, 'main', query);
  // Newer than all that was shown: the figures before it are as they were.
  await desk.tell(fill('e9', { time: at('09:30') }));
  expect(await whyOf(parts, 'main', `${query}&cursor=${next}`)).toMatchObject({
    entries: [{ after: '3' }, { after: '2' }],
  });
  await desk.tell(fill('e-late', { time: at('08:30') }));
  const address = `/api/v1/accounts/main/why?${query}&cursor=${next}`;
  expect((await problemAt(parts, address)).kind.code).toBe('conflict');
});

test('RD57 a place of long ago, or one that was made up, reads not the whole book', async () => {
  const fills = Array.from({ length: 5 }, (_, n) => fill(`e${n}`, { time: at(`09:0${n}`) }));
  const desk = await openDesk(...fills);
  const parts = partsOn(desk);
  const query = `what=position&key=${encodeURIComponent(perp)}&limit=2`;
  const { next } = await whyOf(parts, 'main', query);
  const address = `/api/v1/accounts/main/why?${query}&cursor=${next}`;
  const books = desk.reader.booksNow.bind(desk.reader);
  const grownBy = (count: number) =>
    vi.spyOn(desk.reader, 'booksNow').mockImplementation((...asked) => {
      const { head, ...rest } = books(...asked);
      return { ...rest, head: { ...head, sequence: head.sequence + count } };
    });
  grownBy(lookedMax);
  expect(await ask(parts, address)).toMatchObject({ entries: [{ after: '3' }, { after: '2' }] });
  grownBy(lookedMax + 1);
  const entries = vi.spyOn(desk.reader.file, 'entries');
  const { kind, hint } = await problemAt(parts, address);
  expect([kind.code, hint]).toEqual(['conflict', 'begin again without a cursor']);
  expect(entries).not.toHaveBeenCalled();
});
