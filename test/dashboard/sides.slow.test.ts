/** The account page, side by side: from what differs to its repair, and back to nothing differs. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import { perpetual } from '../serving/live-paper.ts';
import type { Served } from '../serving/served.ts';
import { breakThatNeedsApproval, serveWithPage, signedIn } from './at-work.ts';
import { closeBrowser } from './browser.ts';

const served: Served[] = [];
const anew = async (options: Parameters<typeof serveWithPage>[0] = {}): Promise<Served> => {
  const one = await serveWithPage(options);
  served.push(one);
  return one;
};
afterEach(async () => {
  for (const one of served.splice(0)) await one.close();
});
afterAll(closeBrowser);

const counter = (page: Page) => page.locator('.sides-count');
const rows = (page: Page) => page.locator('.sides tbody tr');

test('UI37 what has no partner is on top; once it is repaired nothing differs', async () => {
  const one = await anew();
  const id = await breakThatNeedsApproval(one);
  const { page, context, errors } = await signedIn(one, { asks: false });
  await page.goto(`${one.origin}/accounts/main`);
  await page.getByRole('link', { name: 'Side by side' }).click();
  await page.locator('.sides-break').waitFor();
  const before = Number(await counter(page).locator('[data-raw]').getAttribute('data-raw'));
  expect(before).toBeGreaterThanOrEqual(2);
  const first = rows(page).first();
  expect(await first.textContent()).toContain('buy 0.5 BTC/USDT:USDT');
  expect(await first.locator('.side-none').textContent()).toBe('not there');
  expect(await first.textContent()).toContain('not listed');
  // Keys: the first row opens to its entry.
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: /^Entry #\d+ of main/ }).waitFor();
  await page.keyboard.press('Escape');
  await first.getByRole('link', { name: id }).click();
  const state = page.locator('.break-facts .state');
  for (const [key, word] of [
    ['p', 'PROPOSED'],
    ['a', 'APPROVED'],
    ['r', 'VERIFIED'],
  ] as const) {
    if (key === 'p') await state.getByText('EXPLAINED').waitFor();
    await page.keyboard.press(key);
    await state.getByText(word).waitFor();
  }
  await page.goto(`${one.origin}/accounts/main?view=sides`);
  await page.locator('.sides-true').waitFor();
  expect(await counter(page).textContent()).toMatch(/^0 differ: all \d+ lines agree$/);
  expect(await page.locator('.joint-different, .side-none').count()).toBe(0);
  // True: its lists were told and booked, and are not kept twice.
  expect(await page.locator('.sides-lacking').textContent()).toContain('not kept a second time');
  expect(errors).toEqual([]);
  await context.close();
});

test('UI37 the counter goes down as the book is put right, and is green while fresh', async () => {
  const one = await anew();
  const { clock, paper } = one.of;
  clock.pass(60_000);
  const fill = paper.trade('buy', '0.25');
  clock.pass(1_000);
  await one.post('/api/v1/checks');
  const { page, context, errors } = await signedIn(one, { asks: false });
  await page.goto(`${one.origin}/accounts/main?view=sides`);
  await page.locator('.sides-break').waitFor();
  expect(await page.locator('.side-none').first().textContent()).toBe('not in the book');
  await page.locator('.line-live').waitFor();
  await one.record(fill);
  await page.locator('.sides-true').waitFor();
  expect(await counter(page).textContent()).toMatch(/^0 differ/);
  // The venue was asked since, and said nothing; six minutes later it was too long ago as well.
  paper.silent = 'HTTP 503';
  await one.check();
  await page.locator('.sides-cannot-say').waitFor();
  expect(await counter(page).textContent()).toContain('of now nobody said so');
  clock.pass(360_000);
  await page.reload();
  await page.locator('.sides-cannot-say').waitFor();
  expect(await page.locator('.sides .shape-true').count()).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});

test('UI37 of the past it is the statement of then, or why there is none', async () => {
  const one = await anew();
  const { clock, paper } = one.of;
  clock.pass(60_000);
  const then = new Date(Number(clock.now() / 1_000_000n)).toISOString();
  clock.pass(60_000);
  paper.trade('buy', '0.25');
  clock.pass(1_000);
  await one.post('/api/v1/checks');
  const { page, context, errors } = await signedIn(one);
  await page.goto(`${one.origin}/accounts/main?view=sides&as_of=${then}`);
  await counter(page).waitFor();
  expect(await counter(page).textContent()).toMatch(/^0 differ/);
  await page.goto(`${one.origin}/accounts/main?view=sides&as_of=2020-01-01T00:00:00Z`);
  await page.getByText('Nobody is beside the book').waitFor();
  expect(await page.locator('main').textContent()).toContain('the first one was recorded at');
  await page.goto(`${one.origin}/accounts/main?view=sides`);
  await page.locator('.sides-break').waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test('UI38 an order that is open there and in no id ours is tagged as not ours', async () => {
  const one = await anew();
  const { clock, paper } = one.of;
  clock.pass(60_000);
  paper.exchange.elapse(clock.now());
  const said = paper.exchange.submit({
    ...{ clientOrderId: 'by-hand', instrument: perpetual, leg: 'net', side: 'buy', type: 'limit' },
    ...{ quantity: decimal('2'), price: decimal('50000'), timeInForce: 'gtc', reduceOnly: false },
    trigger: null,
  });
  expect(said.status).toBe('accepted');
  clock.pass(1_000);
  await one.post('/api/v1/checks');
  const { page, context, errors } = await signedIn(one);
  await page.goto(`${one.origin}/accounts/main?view=orders`);
  const row = page.getByRole('row', { name: /not ours/ });
  await row.waitFor();
  expect(await row.textContent()).toContain('buy limit 2 at 50000');
  expect(errors).toEqual([]);
  await context.close();
});
