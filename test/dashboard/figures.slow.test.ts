/** Every number opens; what is written asks first; and what is drawn is what is told. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeBrowser, open } from './browser.ts';
import { home } from './showcase.ts';
import { account, policy } from './showcase-rest.ts';
import { morning, type PageServer, type Played, play, servePage } from './stage.ts';

let server: PageServer;
beforeAll(async () => {
  server = await servePage();
});
afterAll(async () => {
  await closeBrowser();
  await server.close();
});

async function looked(path: string, sign: string, played: Played = morning) {
  const opened = await open();
  await play(opened.page, played);
  await opened.page.goto(server.origin + path);
  await opened.page.locator(sign).first().waitFor();
  return opened;
}

/** A perpetual beside the coin, and a coin of which nobody told a price. */
const mixed = {
  ...account,
  balances: [
    ...account.balances,
    { ...account.balances[1]!, currency: 'XNO', mark: null, value: null },
  ],
  positions: [
    ...account.positions,
    {
      ...account.positions[0]!,
      ...{ instrument: 'ETH/USD:USD', asset: null, type: 'linear', leg: 'long' },
      ...{ funding: '-1.25', theirsAveragePrice: '58000.1' },
    },
  ],
};

const pages = [
  ['/', '.today'],
  ['/accounts', '.table tbody tr'],
  ['/accounts/kraken-spot', '.row-different'],
  ['/equity', '.bridge-table'],
  ['/exits', '.phase'],
  ['/accounts/kraken-spot?view=sides', '.joint'],
] as const;

test('UI43 no number of these pages is dead: what opens says how it comes about', async () => {
  for (const [path, sign] of pages) {
    const played = { ...morning, '/api/v1/accounts/*': mixed };
    const { page, context, errors } = await looked(path, sign, played);
    const dead = page.locator('main .amount:not(.why-button .amount):not(a .amount)');
    expect(
      await dead.evaluateAll((all: { outerHTML: string }[]) => all.map((one) => one.outerHTML)),
      path,
    ).toEqual([]);
    const chosen = await oneOfEachColumn(page);
    expect(chosen.length, path).toBeGreaterThanOrEqual(2);
    for (const at of chosen) {
      const button = page.locator('main .why-button').nth(at);
      const shown = await button.locator('.amount').getAttribute('data-raw');
      const isOfEntries = (await button.getAttribute('data-why')) !== null;
      await button.click();
      const drawer = page.getByRole('dialog', { name: 'Why this number' });
      expect((await drawer.locator('.why-formula').textContent())!.length).toBeGreaterThan(8);
      // What is made of others is the number that was asked for; entries the service adds up.
      const told = drawer.locator('.why-total .amount');
      if (!isOfEntries) expect(await told.getAttribute('data-raw'), `${path} ${at}`).toBe(shown);
      await page.keyboard.press('Escape');
    }
    expect(errors).toEqual([]);
    await context.close();
  }
});

/** Places of the numbers that can be seen: one of each column, and each that stands alone. */
const oneOfEachColumn = (page: Page): Promise<readonly number[]> =>
  page.evaluate(`{
    const seen = new Set();
    [...document.querySelectorAll('main .why-button')].flatMap((button, at) => {
      const cell = button.closest('td');
      const table = button.closest('table')?.querySelector('caption').textContent;
      const name = cell === null ? at : table + ' ' + cell.dataset.head;
      if (seen.has(name) || !button.checkVisibility()) return [];
      seen.add(name);
      return [at];
    });
  }`);

test('UI43 a spot position opens by its coin, and funding since it was flat', async () => {
  const played = { ...morning, '/api/v1/accounts/*': mixed };
  const { page, context } = await looked('/accounts/kraken-spot', '.row-different', played);
  const asked = async (row: RegExp, column: string): Promise<string> => {
    const why = page.waitForRequest('**/why?**');
    await page.getByRole('row', { name: row }).locator(`[data-head="${column}"] button`).click();
    const search = new URL((await why).url()).searchParams;
    await page.keyboard.press('Escape');
    return [...search.entries()].map((one) => one.join('=')).join(' ');
  };
  expect(await asked(/BTC\/USD spot/, 'book')).toBe('what=position key=BTC leg=net');
  expect(await asked(/BTC\/USD spot/, 'Realised')).toBe('what=realised key=BTC leg=net span=open');
  const perp = /ETH\/USD:USD linear long/;
  expect(await asked(perp, 'Funding')).toBe('what=funding key=ETH/USD:USD leg=long span=open');
  await context.close();
});

test('UI43 a price says who told it and when; a sum is added up from its parts', async () => {
  const { page, context } = await looked('/accounts/kraken-spot', '.row-different');
  const drawer = page.getByRole('dialog', { name: 'Why this number' });
  await page
    .getByRole('row', { name: /BTC\/USD spot/ })
    .locator('[data-head=Mark] button')
    .click();
  expect(await drawer.locator('.why-formula').textContent()).toMatch(
    /^Told by kraken, at \d{4}-\d\d-\d\dT.*Z\.$/,
  );
  await page.keyboard.press('Escape');
  await page.locator('.fact-first button').first().click();
  await drawer.getByText('adds up to the last digit').waitFor();
  // And on to what a part of it is made of.
  await drawer.locator('.figure-parts button').first().click();
  await page.locator('.why-entries').waitFor();
  await context.close();
});

test('UI44 one account is stopped: the others can be, and it can be let go on', async () => {
  const [first, ...others] = policy.accounts;
  const stop = { since: '2026-11-20T00:00:00Z', reason: 'x', by: 'ada' };
  const of = (...accounts: readonly object[]) => ({
    ...{ ...morning, '/api/v1/policy': { ...policy, accounts } },
  });
  const buttons = async (played: Played): Promise<readonly string[]> => {
    const { page, context } = await looked('/venues', '.policy-buttons', played);
    const words = await page.locator('.policy-buttons button').allTextContents();
    await context.close();
    return words;
  };
  const free = { ...first!, stopped: null };
  const rest = others.map((one) => ({ ...one, stopped: null }));
  expect(await buttons(of({ ...free, stopped: stop }, ...rest))).toEqual([
    ...['Stop all repairs', 'Let repairs go on'],
  ]);
  expect(await buttons(of(free))).toEqual(['Stop all repairs']);
  expect(await buttons(of({ ...free, stopped: stop }))).toEqual(['Let repairs go on']);
  // What the settings stop no button lets go on.
  expect(await buttons(of({ ...free, stopped: { ...stop, by: null } }))).toEqual([]);
});

test('UI46 ten breaks of paper hide no live one, and the day is of the one looked at', async () => {
  const live = home.breaks[0]!;
  const paper = Array.from({ length: 10 }, (_, n) => ({
    ...{ ...live, id: `BRK-P${n}AAA`, mode: 'paper', account: 'paper' },
  }));
  const both = { ...home, breaks: [live, ...paper] };
  const { page, context } = await looked('/', '.today', { ...morning, '/api/v1/home': both });
  expect(await page.locator('.break-list li').count()).toBe(1);
  expect(await page.locator('.today').textContent()).toContain('1,204');
  await page.getByRole('button', { name: 'PAPER' }).click();
  await expect.poll(() => page.locator('.break-list li').count()).toBe(10);
  expect(await page.locator('.today').textContent()).toContain('entries 21');
  await context.close();
});

/** What was sent that writes. */
function sentOf(page: Page): string[] {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(new URL(request.url()).pathname);
  });
  return sent;
}

async function checkNow(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('check everything');
  await page.keyboard.press('Enter');
  await page.locator('.notice').first().waitFor();
}

test('UI51 nothing is checked from the past or without the scope; else it is told', async () => {
  const { page, context } = await looked('/equity?as_of=2026-11-19T00:00:00Z', '.past-band');
  const sent = sentOf(page);
  await checkNow(page);
  expect(await page.locator('.notice').textContent()).toContain('You are looking at the past');
  await context.close();
  const session = { ...(morning['/api/v1/session'] as object), scopes: ['read'] };
  const reader = await looked('/venues', '.policy-buttons', {
    ...morning,
    '/api/v1/session': session,
  });
  const sentByReader = sentOf(reader.page);
  await checkNow(reader.page);
  expect(await reader.page.locator('.notice').textContent()).toContain('scope repair');
  await reader.page.keyboard.press('j');
  await reader.page.keyboard.press('Enter');
  await reader.page.getByText('scope admin').first().waitFor();
  expect([...sent, ...sentByReader]).toEqual([]);
  await reader.context.close();
  const accounts = [{ account: 'kraken-spot', verdict: 'break', why: '2 breaks', breaks: [] }];
  const told = { schema: 'trueup.checks/1', accounts };
  const who = await looked('/', '.today', { ...morning, '/api/v1/checks': told });
  await checkNow(who.page);
  expect(await who.page.locator('.notice').textContent()).toContain('BREAK: kraken-spot');
  await who.context.close();
});

test('UI19 an address that cannot be read leads nowhere, and is no code', async () => {
  const { page, context, errors } = await looked('/', '.today');
  await page.evaluate(`
    history.pushState(null, '', '/breaks/%E0%A4%A');
    dispatchEvent(new PopStateEvent('popstate'));
  `);
  await page.getByText('There is no such page').waitFor();
  await page.goto(`${server.origin}/?again#sign-in=%E0%A4%A`);
  await page.locator('.today').waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test('UI52 of fills and people who are not named nobody is said to have made them', async () => {
  const { page, context } = await looked('/audit', '.kind-break');
  expect(await page.locator('td[data-head=By]').allTextContents()).not.toContain('trueup');
  expect(await page.getByTitle('The entry names nobody').count()).toBeGreaterThan(0);
  await context.close();
});
