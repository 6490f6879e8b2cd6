/** The page while another instant than now is looked at: all of it is of then, and is only read. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillAt } from '../service/listening/ground.ts';
import type { Served } from '../serving/served.ts';
import { breakThatNeedsApproval, serveWithPage, signedIn } from './at-work.ts';
import { closeBrowser } from './browser.ts';

let served: Served;
let id: string;
/** While the break waited for an approval, and before the account ever was compared. */
let [then, before] = ['', ''];

const textNow = () => {
  const ms = Number(served.of.clock.now() / 1_000_000n);
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
};

beforeAll(async () => {
  served = await serveWithPage();
  id = await breakThatNeedsApproval(served);
  before = '2026-11-19T06:38:20Z';
  served.of.clock.pass(2_000);
  then = textNow();
  served.of.clock.pass(60_000);
  await served.post(`/api/v1/breaks/${id}/propose`);
  for (const step of ['approve', 'repair']) {
    const done = await served.post(`/api/v1/breaks/${id}/${step}`, await planOf());
    expect(done.status, done.text).toBe(200);
  }
  served.of.paper.trade('buy', '0.25');
  await served.check();
});
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

async function planOf(): Promise<object> {
  const { body } = await served.get(`/api/v1/breaks/${id}`);
  const { repair } = body as unknown as { readonly repair: { readonly planHash: string } };
  return { plan: repair.planHash };
}

const visit = async (page: Page, path: string, as = then) => {
  await page.goto(`${served.origin}${path}${path.includes('?') ? '&' : '?'}as_of=${as}`);
  await page.locator('.past-band').waitFor();
};

test('UI11 UI21 the past is sepia, says which instant, and home is of then', async () => {
  const { page, context, errors } = await signedIn(served);
  await page.locator('.verdict-true').waitFor();
  await visit(page, '/');
  await page.locator('.verdict-break').waitFor();
  expect(await page.locator('html').getAttribute('data-past')).toBe('yes');
  expect(await page.locator('.past-band b').textContent()).toBe(then.replace('T', ' '));
  expect(await page.locator('.top-verdict').textContent()).toBe('BREAK then');
  // What was true or broken then is not worn as what is so now.
  await expect.poll(() => page.title()).toBe('past · PAPER trueup');
  expect(await page.locator('link[rel=icon]').getAttribute('href')).toBe('/icons/cannot-say.svg');
  expect(await page.locator('.today').textContent()).toContain('was not kept');
  expect(await page.locator('.break-list').textContent()).toContain('was about to repair itself');
  await page.getByRole('button', { name: 'Back to now' }).click();
  await page.locator('.verdict-true').waitFor();
  await expect.poll(() => page.title()).toBe('PAPER trueup');
  expect(errors).toEqual([]);
  await context.close();
});

test('UI60 a break is seen in the state of then, and nothing is done about it', async () => {
  const { page, context, errors } = await signedIn(served);
  await visit(page, '/breaks?view=open');
  await page.getByRole('link', { name: 'A fill' }).first().waitFor();
  expect(await page.locator('main input[type=checkbox], .bulk').count()).toBe(0);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/breaks/${id}\\?as_of=`));
  await page.locator('.break-facts .state').getByText('EXPLAINED').waitFor();
  expect(await page.locator('.history li').count()).toBe(2);
  expect(await page.locator('.actions, .commands').count()).toBe(0);
  const writes: string[] = [];
  page.on('request', (one) => void (one.method() === 'POST' && writes.push(one.url())));
  for (const key of ['p', 'a', 'r', 'z']) await page.keyboard.press(key);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('check everything');
  await page.keyboard.press('Enter');
  await page.locator('.notice-failed').getByText('You are looking at the past').waitFor();
  expect(writes).toEqual([]);
  await page.getByRole('button', { name: 'Back to now' }).click();
  await page.locator('.break-facts .state').getByText('VERIFIED').waitFor();
  await visit(page, `/breaks/${id}`, before);
  await page.getByText('it was opened at').waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test('UI61 the band says by what the figures of the page count', async () => {
  const { page, context } = await signedIn(served);
  const band = page.locator('.past-band');
  for (const path of ['/accounts', '/accounts/main', '/equity?account=main']) {
    await visit(page, path);
    expect([path, await band.textContent()]).toEqual([
      path,
      expect.stringContaining('What was repaired or corrected since is in these figures'),
    ]);
  }
  for (const path of ['/breaks?view=open', `/breaks/${id}`]) {
    await visit(page, path);
    expect(await band.textContent()).toContain('It is as it was on record then.');
  }
  await context.close();
});

test('UI60 fills, orders, a number and its entries, and the trail are of then', async () => {
  const { page, context, errors } = await signedIn(served);
  await visit(page, '/accounts/main?view=fills');
  const rows = page.locator('main tbody tr');
  await rows.first().waitFor();
  // The second trade came later; what was taken back since is not in force.
  expect(await rows.count()).toBe(1);
  expect(await page.locator('.account-head .chip-break').textContent()).toContain('then');
  await page.getByRole('link', { name: /^Balances/ }).click();
  await page.locator('[data-why*="position"]').first().click();
  const drawer = page.getByRole('dialog', { name: 'Why this number' });
  await drawer.locator('.why-entries li').first().waitFor();
  expect(await drawer.locator('.why-total [data-raw]').getAttribute('data-raw')).toBe('0.5');
  await page.keyboard.press('Escape');
  await visit(page, '/audit?account=main');
  await page.getByText('its head of then').waitFor();
  const { body } = await served.get(`/api/v1/audit?account=main&as_of=${then}`);
  const { head } = body as unknown as { readonly head: { readonly sequence: number } };
  await page.getByText(new RegExp(`head #${head.sequence} `)).waitFor();
  expect(await page.getByRole('button', { name: 'verify now' }).count()).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});

test('UI21 what is known of now alone says why, and asks for nothing of then', async () => {
  const { page, context } = await signedIn(served);
  await page.goto(`${served.origin}/accounts/main`);
  await page.locator('.account-head').waitFor();
  await page.keyboard.press('.');
  const picker = page.getByRole('dialog');
  await picker.getByLabel('Instant').fill(then.slice(0, 19));
  const looked = page.waitForResponse(/accounts\/main\?as_of=/);
  await picker.getByRole('button', { name: 'Look' }).click();
  await looked;
  const whys = new Set<string>();
  for (const key of ['x', 'v', 'r']) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await page.getByRole('heading', { name: 'Only now is known here' }).waitFor();
    expect(await page.locator('main .amount, main table').count()).toBe(0);
    whys.add((await page.locator('.only-now p').first().textContent()) ?? '');
  }
  expect([...whys].filter((why) => why.length > 40)).toHaveLength(3);
  await page.getByRole('button', { name: 'Back to now' }).click();
  await page.locator('.calendar, .empty').first().waitFor();
  await context.close();
});

test('UI60 where there are only later fills it reads on, and says so', async () => {
  const late = await serveWithPage();
  const { clock } = late.of;
  const facts = Array.from({ length: 700 }, (_, n) =>
    fillAt(`many-${n}`, clock.now() + BigInt(n), { instrument: 'BTC/USDT:USDT' }),
  );
  await late.record(...facts);
  const { page, context, errors } = await signedIn(late);
  await page.goto(`${late.origin}/accounts/main?view=fills&as_of=${before}`);
  await page.getByText('No fill by then').waitFor();
  expect(errors).toEqual([]);
  await context.close();
  await late.close();
});
