/** Lists that are read page by page, answers that come late, and tabs that nobody sees. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeBrowser, open } from './browser.ts';
import { breaks, inbox, oneBreak } from './showcase.ts';
import { auditOf } from './showcase-rest.ts';
import { morning, type PageServer, play, servePage } from './stage.ts';

let server: PageServer;
beforeAll(async () => {
  server = await servePage();
});
afterAll(async () => {
  await closeBrowser();
  await server.close();
});

const cursorIn = (url: string) => new URL(url).searchParams.get('cursor');

/** Pages of twenty entries, as many as there are; what was asked for. */
async function trailOf(page: Page, pages: number): Promise<string[]> {
  const asked: string[] = [];
  const { items } = auditOf(20 * pages);
  await page.route('**/api/v1/audit?**', (route) => {
    const at = Number(cursorIn(route.request().url()) ?? 0);
    asked.push(String(at));
    const next = at + 1 < pages ? String(at + 1) : null;
    const shown = items.slice(at * 20, at * 20 + 20);
    return route.fulfill({ json: { ...auditOf(0), items: shown, next } });
  });
  return asked;
}

test('UI40 where no row fits it reads on, to the row that does', async () => {
  const { page, context, errors } = await open();
  await play(page);
  const asked = await trailOf(page, 5);
  const last = auditOf(100).items.at(-1)!;
  await page.goto(`${server.origin}/audit?sequence=${last.sequence}`);
  await page.locator('tbody tr:not(.room)').first().waitFor();
  expect(await page.locator('tbody tr:not(.room)').count()).toBe(1);
  expect(asked.filter((at) => at !== '0')).toEqual(['1', '2', '3', '4']);
  expect(errors).toEqual([]);
  await context.close();
});

test('UI40 it stops after a while, says how far it looked, and looks on if asked', async () => {
  const { page, context } = await open();
  await play(page);
  const asked = await trailOf(page, 50);
  await page.goto(`${server.origin}/audit?text=nothing-has-this`);
  const stop = page.locator('.reading-on');
  await stop.waitFor();
  expect(await stop.textContent()).toContain('Looked through 420 entries');
  expect(await page.locator('.empty').textContent()).toContain('were not looked through');
  const before = asked.length;
  await stop.getByRole('button', { name: 'Look on' }).click();
  await stop.getByText('Looked through 820 entries').waitFor();
  expect(asked.length - before).toBeLessThan(25);
  await context.close();
});

test('UI40 a page that cannot be read is asked for once, and again by hand alone', async () => {
  const { page, context } = await open();
  await play(page);
  let cursors = 0;
  let isBroken = true;
  await page.route('**/api/v1/audit?**', (route) => {
    if (cursorIn(route.request().url()) === null) {
      return route.fulfill({ json: { ...auditOf(20), next: 'older' } });
    }
    cursors += 1;
    if (isBroken) return route.abort();
    return route.fulfill({ json: { ...auditOf(0), items: [], next: null } });
  });
  await page.goto(`${server.origin}/audit`);
  const failed = page.locator('.reading-on[role=alert]');
  await failed.waitFor();
  // It is drawn anew by keys, by what is heard and by the clock: a loop would have hundreds.
  await page.keyboard.press('j');
  await page.waitForTimeout(1_500);
  expect(cursors).toBe(1);
  expect(await page.locator('.notice').count()).toBe(0);
  isBroken = false;
  await failed.getByRole('button', { name: 'Try again' }).click();
  await failed.waitFor({ state: 'detached' });
  expect(cursors).toBe(2);
  await context.close();
});

test('UI40 a first page of fills without one that has more behind it is not the end', async () => {
  const { page, context } = await open();
  await play(page);
  await page.route('**/api/v1/accounts/*/fills?**', (route) =>
    route.fulfill({ json: { schema: 'trueup.fills/1', items: [], next: 'older' } }),
  );
  await page.goto(`${server.origin}/accounts/kraken-spot?view=fills`);
  await page.locator('.reading-on').waitFor();
  expect(await page.locator('.empty').last().textContent()).toContain('No fill found yet');
  await context.close();
});

test('UI48 breaks beyond the first page are read, and counted before they are', async () => {
  const { page, context } = await open();
  await play(page);
  const of = (n: number) => ({ ...breaks[0]!, id: `BRK-M${String(n).padStart(4, '0')}` });
  const all = Array.from({ length: 620 }, (_, n) => of(n));
  await page.route('**/api/v1/breaks?**', (route) => {
    const from = Number(cursorIn(route.request().url()) ?? 0);
    const items = all.slice(from, from + 500);
    const next = from + 500 < all.length ? String(from + 500) : null;
    const counts = { states: { PROPOSED: 620, VERIFIED: 7 }, waits: { person: 620 } };
    return route.fulfill({ json: { ...inbox, ...counts, items, next } });
  });
  await page.goto(`${server.origin}/breaks?view=open`);
  await page.getByText('BRK-M0000').waitFor();
  const tabs = page.getByRole('navigation', { name: 'Breaks by who has to act' });
  expect(await tabs.getByRole('link').allTextContents()).toEqual([
    ...['Needs you620', 'Open620', 'Settling0', 'Snoozed and accepted0', 'Closed7'],
  ]);
  await expect
    .poll(async () => {
      await page.evaluate('scrollTo(0, 1e9)');
      return page.getByText('BRK-M0619').count();
    })
    .toBe(1);
  await context.close();
});

test('UI48 requests are read to the first that was made', async () => {
  const { page, context } = await open();
  await play(page);
  const row = (n: number) => ({
    ...{ n, at: '2026-11-20T06:00:00Z', actor: 'mara', action: 'POST /api/v1/checks' },
    ...{ object: `asked ${n}`, status: 200, requestId: `request-${n}` },
  });
  await page.route('**/api/v1/actions?**', (route) => {
    const before = Number(cursorIn(route.request().url()) ?? 450);
    const items = Array.from({ length: Math.min(200, before) }, (_, at) => row(before - at));
    const next = before > 200 ? String(before - 200) : null;
    return route.fulfill({ json: { schema: 'trueup.actions/1', items, next } });
  });
  await page.goto(`${server.origin}/audit?view=requests`);
  await page.getByText('asked 450', { exact: true }).waitFor();
  await expect
    .poll(async () => {
      await page.evaluate('scrollTo(0, 1e9)');
      return page.getByText('asked 1', { exact: true }).count();
    })
    .toBe(1);
  await context.close();
});

test('UI41 what is booked while an answer is under way is on the page after it', async () => {
  const { page, context } = await open({ asks: false });
  await play(page);
  let state = 'PROPOSED';
  const [isAsked, isHeard] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const asked: string[] = [];
  await page.route('**/api/v1/breaks/*', async (route) => {
    const told = { ...oneBreak, state };
    asked.push(state);
    // The first answer is made before the entry, and comes after it.
    if (asked.length === 1) {
      isAsked.resolve();
      await isHeard.promise;
      await page.waitForTimeout(500);
    }
    await route.fulfill({ json: told });
  });
  let streams = 0;
  await page.route('**/api/v1/stream', async (route) => {
    streams += 1;
    if (streams > 1) return;
    await isAsked.promise;
    state = 'VERIFIED';
    const body = 'id: aaaaaaaa-1\nevent: entry\ndata: {"words":"verified"}\n\n';
    await route.fulfill({ contentType: 'text/event-stream', body });
    isHeard.resolve();
  });
  await page.goto(`${server.origin}/breaks/BRK-7Q2M4A`);
  await page.locator('.break-facts .state').getByText('VERIFIED').waitFor();
  expect(asked.slice(0, 2)).toEqual(['PROPOSED', 'VERIFIED']);
  await context.close();
});

test('UI42 a tab that nobody sees keeps a title of now', async () => {
  const { page, context } = await open();
  await play(page);
  await page.clock.install();
  await page.goto(server.origin);
  await page.locator('.today').first().waitFor();
  await expect.poll(() => page.title()).toBe('(2✗ 1?) trueup');
  await page.evaluate(`
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
  let homes = 0;
  await page.unroute('**/api/**');
  await play(page, { ...morning, '/api/v1/home': { ...told(), breaks: [] } });
  page.on('request', (request) => {
    if (request.url().endsWith('/api/v1/home')) homes += 1;
  });
  for (let second = 0; second < 45; second += 5) await page.clock.runFor(5_000);
  expect(homes).toBeGreaterThanOrEqual(3);
  await expect.poll(() => page.title()).toBe('(3✗) trueup');
  await context.close();
});

/** What is so meanwhile. */
function told() {
  const home = morning['/api/v1/home'] as { readonly live: object };
  return { ...home, live: { ...home.live, breaks: 3, cannotSay: 0 } };
}
