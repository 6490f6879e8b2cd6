import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillAt } from '../service/listening/ground.ts';
import type { Served } from '../serving/served.ts';
import { breakOfMissingFill, breakThatNeedsApproval, serveWithPage, signedIn } from './at-work.ts';
import { closeBrowser, open } from './browser.ts';

const served: Served[] = [];
let quiet: Served;

const anew = async (options: Parameters<typeof serveWithPage>[0] = {}): Promise<Served> => {
  const one = await serveWithPage(options);
  served.push(one);
  return one;
};

beforeAll(async () => {
  quiet = await anew();
});
afterAll(async () => {
  await closeBrowser();
  for (const one of served) await one.close();
});

test('UI17 nobody is shown anything without a token, and a wrong one says what to do', async () => {
  const { page, context } = await open();
  await page.goto(`${quiet.origin}/breaks`);
  await page.getByLabel('Token').fill('tru_wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('unknown, expired or revoked');
  expect(await page.getByRole('navigation').count()).toBe(0);
  await context.close();
});

test('UI17 the code of the address signs in once, and leaves no trace in it', async () => {
  const { token } = { token: quiet.parts.access.tokens.find(quiet.token('admin'))! };
  const code = quiet.parts.access.sessions.code(token);
  const { page, context, errors } = await open();
  await page.goto(`${quiet.origin}/#sign-in=${code}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(page.url()).toBe(`${quiet.origin}/`);
  await context.clearCookies();
  await page.goto(`${quiet.origin}/?again#sign-in=${code}`);
  expect(await page.getByRole('alert').textContent()).toContain('spent');
  expect(errors).toEqual([]);
  await context.close();
});

test('UI3 UI10 a book that is true says TRUE, of paper, in words, title and icon', async () => {
  const { page, context, errors } = await signedIn(quiet);
  await page.locator('.verdict-true').waitFor();
  expect(await page.locator('.top-verdict').textContent()).toBe('TRUE');
  await expect.poll(() => page.title()).toBe('PAPER trueup');
  expect(await page.locator('link[rel=icon]').getAttribute('href')).toBe('/icons/true.svg');
  expect(await page.locator('html').getAttribute('data-mode')).toBe('paper');
  expect(await page.getByRole('button', { name: 'Live' }).isDisabled()).toBe(true);
  expect(errors).toEqual([]);
  await context.close();
});

test('UI5 UI8 by keys alone: home, the break, propose, approve, repair, VERIFIED', async () => {
  const one = await anew();
  const id = await breakThatNeedsApproval(one);
  const { page, context, errors } = await signedIn(one);
  await page.locator('.verdict-break').waitFor();
  await expect.poll(() => page.title()).toBe('(1✗) PAPER trueup');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/breaks/${id}`);
  const state = page.locator('.break-facts .state');
  await state.getByText('EXPLAINED').waitFor();
  expect(await page.getByRole('button', { name: /^Repair/ }).isDisabled()).toBe(true);
  await page.keyboard.press('p');
  await state.getByText('PROPOSED').waitFor();
  await page.keyboard.press('a');
  await state.getByText('APPROVED').waitFor();
  await page.keyboard.press('r');
  await state.getByText('VERIFIED').waitFor();
  expect(await page.locator('.notice-done').last().textContent()).toContain('VERIFIED');
  await page.locator('.top-verdict .chip-true').waitFor();
  await expect.poll(() => page.title()).toBe('PAPER trueup');
  const history = await page.locator('.history').textContent();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByText(/^entry #\d+ taken back/).waitFor();
  for (const step of ['proposed', 'approved', 'repaired', 'verified'])
    expect(history).toContain(step);
  expect(errors).toEqual([]);
  await context.close();
});

test('UI62 a repair is taken back beside VERIFIED, by whoever comes later', async () => {
  const one = await anew();
  const id = await breakOfMissingFill(one);
  const done = await one.post(`/api/v1/breaks/${id}/repair`);
  expect(done.status, done.text).toBe(200);
  const { page, context, errors } = await signedIn(one);
  await page.goto(`${one.origin}/breaks/${id}`);
  const state = page.locator('.break-facts .state');
  await state.getByText('VERIFIED').waitFor();
  const undo = page.getByRole('button', { name: 'Undo the repair' });
  await undo.waitFor();
  await page.keyboard.press('u');
  await page.getByText(/^entry #\d+ taken back/).waitFor();
  await state.getByText('REOPENED').waitFor();
  await undo.waitFor({ state: 'detached' });
  expect(errors).toEqual([]);
  await context.close();
});

test('UI49 by the mouse from home: why in three clicks, VERIFIED in five', async () => {
  const one = await anew();
  const id = await breakThatNeedsApproval(one);
  const { page, context, errors } = await signedIn(one);
  await page.locator('.verdict-break').waitFor();
  // Every press of the mouse, whoever makes it.
  await page.evaluate(`
    window.clicks = 0;
    addEventListener('pointerdown', () => (window.clicks += 1), true);
  `);
  const clicks = () => page.evaluate('window.clicks');
  await page.locator('.break-list a').first().click();
  const state = page.locator('.break-facts .state');
  await state.getByText('EXPLAINED').waitFor();
  // One click: the sentence that says why, what speaks for it, and both sides of the difference.
  expect((await page.locator('.cause').first().textContent())!.length).toBeGreaterThan(20);
  expect(await page.locator('.timeline li').count()).toBeGreaterThan(0);
  expect(await clicks()).toBe(1);
  // Two: the figure itself; three: an entry that made it, down to what the venue sent.
  const why = page.locator('.break [data-why]').first();
  await why.click();
  await page.locator('.why-entries .entry-link').first().click();
  await page.getByRole('dialog', { name: /^Entry #\d+ of main/ }).waitFor();
  expect(await clicks()).toBe(3);
  await page.keyboard.press('Escape');
  await page.goto(one.origin);
  await page.locator('.verdict-break').waitFor();
  await page.evaluate(`
    window.clicks = 0;
    addEventListener('pointerdown', () => (window.clicks += 1), true);
  `);
  await page.locator('.break-list a').first().click();
  await page.waitForURL(`**/breaks/${id}`);
  for (const [button, reached] of [
    ['Propose', 'PROPOSED'],
    ['Approve', 'APPROVED'],
    ['Repair', 'VERIFIED'],
  ] as const) {
    await page.getByRole('button', { name: new RegExp(`^${button}`) }).click();
    await state.getByText(reached).waitFor();
  }
  await page.locator('.rail a[href="/"]').click();
  await page.locator('.verdict-true').waitFor();
  expect(await clicks()).toBe(5);
  expect(errors).toEqual([]);
  await context.close();
});

test('UI4 UI6 a fill that is booked is there at once, flashes, and opens to entries', async () => {
  const one = await anew();
  const { page, context, errors } = await signedIn(one, { asks: false });
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.getByRole('link', { name: 'main' }).click();
  await page.getByText('Flat').waitFor();
  await page.locator('.line-live').waitFor();
  one.of.paper.trade('buy', '0.5');
  await one.check();
  await page.locator('[data-why*="position"] [data-raw="0.5"]').waitFor();
  one.of.clock.pass(1_000);
  one.of.paper.trade('buy', '0.25');
  await one.check();
  await page.locator('[data-why*="position"] .flash[data-raw="0.75"]').waitFor();
  await page.locator('[data-why*="position"]').first().focus();
  await page.keyboard.press('w');
  const drawer = page.getByRole('dialog', { name: 'Why this number' });
  await drawer.getByText('buy 0.25').waitFor();
  expect(await drawer.locator('.why-total [data-raw]').getAttribute('data-raw')).toBe('0.75');
  await drawer.locator('.entry-link').first().click();
  const entry = page.getByRole('dialog', { name: /^Entry #\d+ of main/ });
  await entry.getByText('Sealed with').waitFor();
  expect(await entry.textContent()).toContain('buy 0.25 BTC/USDT:USDT @ 60000');
  await page.keyboard.press('Escape');
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});

test('UI7 a line that breaks says so, comes back, and shows what was missed', async () => {
  const one = await anew();
  const { page, context } = await signedIn(one);
  await page.locator('.line-live').waitFor();
  one.of.paper.trade('buy', '0.5');
  await one.check();
  const entries = page.locator('.today b').nth(1);
  await page.route('**/api/**', (route) => route.abort('connectionrefused'));
  one.of.service.app.server.closeAllConnections();
  const chip = page.locator('.line-broken');
  await chip.waitFor();
  expect(await chip.textContent()).toMatch(/reconnecting.*last event #\d+ \d\d:\d\d:\d\dZ/);
  // What was true when the line broke is not worn as true, and its gate is nobody's word.
  await page.locator('.verdict-cannot-say').waitFor();
  expect(await page.locator('.chip-true, .verdict-true, .gate').count()).toBe(0);
  expect(await page.locator('.verdict-note').textContent()).toContain('last known');
  const before = await entries.textContent();
  one.of.clock.pass(1_000);
  one.of.paper.trade('buy', '0.25');
  await one.check();
  const asked = page.waitForRequest((request) => request.url().endsWith('/api/v1/stream'));
  await page.unroute('**/api/**');
  expect((await asked).headers()['last-event-id']).toMatch(/^[0-9a-f]{8}-\d+$/);
  await page.locator('.line-live').waitFor();
  await expect.poll(() => entries.textContent()).not.toBe(before);
  await context.close();
});

test('UI15 fills are read on as one scrolls, down to the first', async () => {
  const one = await anew();
  const { clock } = one.of;
  const facts = Array.from({ length: 1_100 }, (_, n) =>
    fillAt(`many-${n}`, clock.now() + BigInt(n), { instrument: 'BTC/USDT:USDT' }),
  );
  await one.record(...facts);
  const { page, context, errors } = await signedIn(one);
  await page.goto(`${one.origin}/accounts/main?view=fills`);
  await page.getByText('many-1099', { exact: true }).waitFor();
  await expect
    .poll(async () => {
      await page.evaluate('scrollTo(0, 1e9)');
      return page.getByText('many-0', { exact: true }).count();
    })
    .toBe(1);
  expect(await page.locator('tbody tr:not(.room)').count()).toBeLessThan(80);
  expect(errors).toEqual([]);
  await context.close();
});

test('UI8 a snooze needs a reason, holds the break, and is undone where it was said', async () => {
  const one = await anew();
  const id = await breakOfMissingFill(one);
  const { page, context, errors } = await signedIn(one);
  await page.goto(`${one.origin}/breaks?view=open`);
  await page.getByRole('checkbox', { name: new RegExp(id) }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Snooze/ }).waitFor();
  await page.keyboard.press('z');
  const form = page.getByRole('dialog');
  await form.getByLabel('4 hours').check();
  await form.getByLabel('Why').fill('the venue books it tonight');
  await form.getByRole('button', { name: 'Snooze' }).click();
  await page.getByText('SNOOZED').first().waitFor();
  expect(await page.locator('.hold').textContent()).toContain('the venue books it tonight');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.hold').waitFor({ state: 'detached' });
  await page.keyboard.press('c');
  await page.getByRole('dialog').getByRole('textbox').fill('seen, and repaired by hand');
  await page.getByRole('dialog').getByRole('button', { name: 'Comment' }).click();
  await page.locator('.remarks').getByText('seen, and repaired by hand').waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test('UI8 several are chosen in the inbox by keys, and snoozed at once', async () => {
  const one = await anew();
  const id = await breakOfMissingFill(one);
  const { page, context, errors } = await signedIn(one);
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await page.getByRole('link', { name: /^Open/ }).click();
  await page.getByRole('checkbox', { name: new RegExp(id) }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  const bulk = page.getByRole('toolbar', { name: 'For the chosen breaks' });
  await bulk.getByText('1 chosen').waitFor();
  expect(await bulk.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
  await page.keyboard.press('z');
  await page.getByRole('dialog').getByLabel('Why').fill('maintenance');
  await page.keyboard.press('Enter');
  await page.getByText('1 snoozed').waitFor();
  await page.getByRole('link', { name: /^Snoozed and accepted/ }).click();
  await page.getByRole('checkbox', { name: new RegExp(id) }).waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test('UI9 who may only read sees every button, and which scope each needs', async () => {
  const id = await breakOfMissingFill(quiet);
  const { page, context } = await signedIn(quiet, {}, 'read');
  await page.goto(`${quiet.origin}/breaks/${id}`);
  const propose = page.getByRole('button', { name: /^Propose/ });
  await propose.waitFor();
  expect(await propose.isDisabled()).toBe(true);
  expect(await propose.textContent()).toContain('needs repair');
  await page.keyboard.press('p');
  await page.getByText('Needs a token with the scope repair').waitFor();
  await context.close();
});

test('UI8 a duty is paused with a way back, resumed, and run', async () => {
  const { page, context, errors } = await signedIn(quiet);
  await page.goto(`${quiet.origin}/venues`);
  const row = page.getByRole('row', { name: /check paper/ });
  await row.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('dialog').getByLabel('Why').fill('the venue migrates');
  await page.keyboard.press('Enter');
  await row.getByText('paused by admin: the venue migrates').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await row.getByRole('button', { name: 'Pause' }).waitFor();
  await row.getByRole('button', { name: 'Run now' }).click();
  await page.getByText('check paper runs now').waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test('UI8 repairs are stopped for a reason, and let go on where that was said', async () => {
  const { page, context, errors } = await signedIn(quiet);
  await page.goto(`${quiet.origin}/venues`);
  await page.getByRole('button', { name: 'Stop all repairs' }).click();
  await page.getByRole('dialog').getByLabel('Why').fill('the venue migrates');
  await page.keyboard.press('Enter');
  await page.getByText('stopped by admin: the venue migrates').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Stop all repairs' }).waitFor();
  await page.goto(`${quiet.origin}/audit?view=requests`);
  await page
    .getByRole('row', { name: /admin.*policy/ })
    .first()
    .waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test('UI19 an address that leads nowhere is told by the page, or by a problem', async () => {
  const { page, context, errors } = await signedIn(quiet);
  const answer = await page.goto(`${quiet.origin}/settings`);
  expect(answer!.status()).toBe(404);
  await page.getByText('There is no such page').waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await page.locator('.today').waitFor();
  const told = await quiet.get('/settings');
  expect([told.status, told.body]).toMatchObject([404, { type: '/problems/not-found' }]);
  const accept = 'text/html,application/xhtml+xml';
  const api = await quiet.get('/api/v1/nothing', { headers: { accept } });
  expect(api.body).toMatchObject({ status: 404, detail: 'there is no GET /api/v1/nothing' });
  expect(errors).toEqual([]);
  await context.close();
});
