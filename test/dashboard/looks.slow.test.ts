import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { artefacts, closeBrowser, type Looking, narrow, open } from './browser.ts';
import { morning, type PageServer, type Played, play, servePage } from './stage.ts';

let server: PageServer;
beforeAll(async () => {
  mkdirSync(artefacts, { recursive: true });
  server = await servePage();
});
afterAll(async () => {
  await closeBrowser();
  await server.close();
});

/** Each with what is there once it is whole. */
const pages = {
  home: ['/', '.today'],
  breaks: ['/breaks?view=open', '.unknowns'],
  break: ['/breaks/BRK-7Q2M4A', '.history'],
  accounts: ['/accounts', '.table tbody tr'],
  account: ['/accounts/kraken-spot', '.row-different'],
  sides: ['/accounts/kraken-spot?view=sides', '.joint'],
  orders: ['/accounts/kraken-spot?view=orders', '.not-ours'],
  equity: ['/equity', '.curve-chart canvas'],
  exits: ['/exits', '.phase'],
  audit: ['/audit', '.kind-break'],
  venues: ['/venues', '.venue'],
  reports: ['/reports', '.calendar-day'],
} as const;
const names = Object.keys(pages) as (keyof typeof pages)[];

async function looked(looking: Looking, played: Played = morning) {
  const opened = await open(looking);
  await play(opened.page, played);
  const visit = async ([path, sign]: readonly [path: string, sign: string]) => {
    await opened.page.goto(server.origin + path);
    await opened.page.locator(sign).first().waitFor();
  };
  return { ...opened, visit };
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** `rules` absent: all of AA. */
async function violationsOf(page: Page, rules: readonly string[] = []): Promise<string[]> {
  await page.evaluate(axe.source);
  const of =
    rules.length > 0
      ? { type: 'rule', values: rules }
      : { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
  const asked = JSON.stringify({ resultTypes: ['violations'], runOnly: of });
  const found: readonly Violation[] = await page.evaluate(
    `axe.run(document, ${asked}).then((result) => result.violations)`,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${page.url()} ${id}: ${html} ${failureSummary}`),
  );
}

test('UI12 every page is readable by AA, in both themes and both palettes', async () => {
  const { page, context, visit, errors } = await looked({ scheme: 'dark' });
  const found: string[] = [];
  const picture = (name: string) => page.screenshot({ path: join(artefacts, `${name}.png`) });
  for (const name of names) {
    await page.emulateMedia({ colorScheme: 'dark' });
    await visit(pages[name]);
    found.push(...(await violationsOf(page)));
    await picture(`${name}-dark`);
    // Colours are all that a theme changes.
    await page.emulateMedia({ colorScheme: 'light' });
    found.push(...(await violationsOf(page, ['color-contrast'])));
    await picture(`${name}-light`);
    if (name !== 'break' && name !== 'account' && name !== 'sides') continue;
    await page.evaluate(`document.documentElement.dataset.palette = 'colour-blind'`);
    found.push(...(await violationsOf(page, ['color-contrast'])));
    await page.emulateMedia({ colorScheme: 'dark' });
    found.push(...(await violationsOf(page, ['color-contrast'])));
  }
  await visit(pages.account);
  await page.locator('[data-why]').nth(1).click();
  await page.locator('.why-entries').waitFor();
  found.push(...(await violationsOf(page)));
  await picture('why-dark');
  await page.locator('.why-entries .entry-link').first().click();
  await page.getByText('What the venue sent').waitFor();
  found.push(...(await violationsOf(page)));
  await picture('entry-dark');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  found.push(...(await violationsOf(page)));
  await picture('keys-dark');
  await visit(pages.breaks);
  await page.keyboard.press('j');
  await page.locator('.preview .cause').waitFor();
  found.push(...(await violationsOf(page)));
  await picture('preview-dark');
  const then = 'as_of=2026-11-20T06:41:00Z';
  for (const [path, sign] of [
    [`/?${then}`, '.today'],
    [`/breaks/BRK-7Q2M4A?${then}`, '.history'],
    [`/audit?${then}`, '.kind-break'],
    [`/accounts/kraken-spot?view=sides&${then}`, '.joint'],
    [`/exits?${then}`, '.only-now'],
  ] as const) {
    await page.emulateMedia({ colorScheme: 'dark' });
    await visit([path, sign]);
    found.push(...(await violationsOf(page)));
    await picture(`past-${sign.slice(1)}-dark`);
    await page.emulateMedia({ colorScheme: 'light' });
    found.push(...(await violationsOf(page, ['color-contrast'])));
    await picture(`past-${sign.slice(1)}-light`);
  }
  expect(found).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});

test('UI13 at 360 px no page is wider than the screen', async () => {
  const { page, context, visit } = await looked({ size: narrow, scheme: 'light', touch: true });
  for (const name of names) {
    await visit(pages[name]);
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    expect(wide, name).toBeLessThanOrEqual(narrow.width);
    await page.screenshot({
      path: join(artefacts, `${name}-narrow.png`),
      fullPage: name !== 'audit',
    });
  }
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('navigation', { name: 'More pages' }).getByText('Equity').click();
  await page.waitForURL('**/equity');
  await context.close();
});

test('UI9 UI3 while nothing is known yet the headings are there, and no verdict', async () => {
  const { page, context, visit } = await looked({}, { ...morning, '/api/v1/home': null });
  await visit(['/', '.skeleton']);
  expect(await page.locator('.top-verdict').textContent()).toBe('Checking…');
  expect(await page.locator('.skeleton-heads').textContent()).toContain('Verdict');
  expect(await page.locator('.chip-true, .verdict-true').count()).toBe(0);
  await page.screenshot({ path: join(artefacts, 'state-loading.png') });
  await context.close();
});

test('UI9 UI3 what fails says what and since when, and the old is told as old', async () => {
  const well = { ...morning['/api/v1/home']!, breaks: [] } as Record<string, unknown>;
  well['live'] = { ...(well['paper'] as object), scope: 'live' };
  const { page, context, visit } = await looked({}, { ...morning, '/api/v1/home': well });
  await page.clock.install();
  await visit(['/', '.verdict-true']);
  await page.unroute('**/api/**');
  await play(page, { ...morning, '/api/v1/home': 500 });
  // At the first answer that fails, not when the last one has grown old.
  await page.clock.runFor(12_000);
  await page.locator('.verdict-cannot-say').waitFor();
  expect(await page.locator('.verdict-note').textContent()).toContain('last known TRUE');
  await expect.poll(() => page.title()).toBe('(1?) trueup');
  expect(await page.locator('.chip-true, .gate').count()).toBe(0);
  expect(await page.locator('main .chip-word').first().textContent()).toBe('was TRUE');
  expect(await page.locator('.gate-was').textContent()).toMatch(/^not known; was \d ALLOW$/);
  const failure = page.getByRole('alert');
  expect(await failure.textContent()).toMatch(/A fault of ours.*for \d+ s.*request req-42/);
  expect(await page.locator('.is-old').count()).toBeGreaterThan(0);
  await page.screenshot({ path: join(artefacts, 'state-failed.png') });
  await page.unroute('**/api/**');
  await play(page, { ...morning, '/api/v1/home': well });
  await failure.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.verdict-true').waitFor();
  await context.close();
});

test('UI10 UI9 paper is striped, says so, and its figures stand alone', async () => {
  const { page, context, visit } = await looked({});
  await visit(['/', '.today']);
  expect(await page.getByText('1,524.8347').count()).toBe(1);
  await page.getByRole('button', { name: 'PAPER' }).click();
  await page.locator('.verdict-true').waitFor();
  await expect.poll(() => page.title()).toBe('PAPER trueup');
  expect(await page.getByText('1,524.8347').count()).toBe(0);
  expect(await page.getByText('No breaks').count()).toBe(1);
  await page.screenshot({ path: join(artefacts, 'state-paper.png') });
  await context.close();
});

test('UI10 a page of a paper account is striped, however one came to it', async () => {
  const paper = { ...(morning['/api/v1/accounts/*'] as object), mode: 'paper' };
  const { page, context, visit } = await looked({}, { ...morning, '/api/v1/accounts/*': paper });
  await visit(['/accounts/paper', '.account-head']);
  await page.locator('html[data-mode=paper]').waitFor();
  await page.getByRole('button', { name: 'Live' }).click();
  await page.waitForURL('**/accounts');
  await page.locator('html[data-mode=live]').waitFor();
  await context.close();
});

test('UI9 UI3 without an account nothing is said to be true, and what comes next is', async () => {
  const none = { ...(morning['/api/v1/home'] as object), live: null, paper: null, breaks: [] };
  const { page, context, visit } = await looked({}, { ...morning, '/api/v1/home': none });
  await visit(['/', '.empty']);
  expect(await page.locator('.empty').textContent()).toContain('trueup init');
  expect(await page.locator('.top-verdict').textContent()).toContain('CANNOT SAY');
  await page.screenshot({ path: join(artefacts, 'state-empty.png') });
  await context.close();
});

test('UI2 what is copied is the amount as it was told, and a table as columns', async () => {
  const { page, context, visit } = await looked({});
  await visit(['/accounts/kraken-spot', '.row-different']);
  const copied = async (select: string): Promise<string> => {
    await page.evaluate(`getSelection().selectAllChildren(document.querySelector('${select}'))`);
    await page.keyboard.press('Control+c');
    return page.evaluate('navigator.clipboard.readText()');
  };
  expect(await copied('[data-raw="13167.5900"]')).toBe('13167.5900');
  const row = await copied('.table tbody tr');
  expect(row.split('\t').slice(0, 4)).toEqual(['BTC', '0.51240000', '0.50000000', '-0.01240000']);
  await page.keyboard.press('b');
  expect(await page.locator('html').getAttribute('data-blur')).toBe('yes');
  await context.close();
});

test('UI4 the palette finds a break, an account and a page by a few letters', async () => {
  const { page, context, visit } = await looked({});
  await visit(['/', '.today']);
  for (const [letters, url] of [
    ['counted', '**/breaks/BRK-7Q2M4A'],
    ['acc okx', '**/accounts/okx-spot'],
    ['audit', '**/audit'],
  ] as const) {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /A page/ }).fill(letters);
    await page.keyboard.press('Enter');
    await page.waitForURL(url);
  }
  await context.close();
});

test('UI71 beside the preview at 1,280 px the table has whole columns, the state too', async () => {
  const { page, context, visit } = await looked({ size: { width: 1280, height: 900 } });
  await visit(['/breaks?view=open', 'tbody input']);
  const heads = page.locator('.is-windowed thead th');
  expect(await heads.allTextContents()).toContain('Next');
  await page.keyboard.press('j');
  await page.locator('.preview .cause').waitFor();
  expect(await heads.allTextContents()).toEqual(expect.arrayContaining(['Gross', 'Age', 'State']));
  const beyond = `(() => {
    const end = document.querySelector('.with-preview > div').getBoundingClientRect().right;
    const ends = [...document.querySelectorAll('.is-windowed :is(th, td)')];
    return ends.map((one) => one.getBoundingClientRect().right - end);
  })()`;
  expect(Math.max(...((await page.evaluate(beyond)) as number[]))).toBeLessThan(1);
  await page.screenshot({ path: join(artefacts, 'preview-1280.png') });
  await context.close();
});

test('UI73 a difference that adds is not green, and has its sign', async () => {
  const { page, context, visit } = await looked({});
  await visit(pages.break);
  const differences = page.locator('table', { hasText: 'What differs' });
  await differences.locator('tbody tr').first().waitFor();
  expect(await differences.locator('.is-more, .is-less').count()).toBe(0);
  expect(await differences.locator('tbody').textContent()).toMatch(/[+−]\d/);
  await visit(pages.sides);
  expect(await page.locator('.joint .is-more, .joint .is-less').count()).toBe(0);
  await context.close();
});

test('UI70 what no row is exempt from is above the table, and in no row', async () => {
  const why = 'its price of 2026-01-12 16:00:03Z is 312 days old';
  const own = '/api/v1/accounts/*/rows';
  const told = morning[own] as { readonly items: readonly object[] };
  const items = told.items.map((row) => ({ ...row, why }));
  const { page, context, visit } = await looked({}, { ...morning, [own]: { ...told, items } });
  await visit(['/accounts/kraken-spot', '#source tbody tr']);
  expect(await page.getByText(why).count()).toBe(1);
  expect(await page.locator('#source').textContent()).toContain(`Of all 5 rows: ${why}`);
  await context.close();
});

test('UI3 UI7 without the line what is answered is true now, until an answer fails', async () => {
  const { page, context, visit } = await looked({});
  // Behind a proxy that lets no stream through each question is answered all the same.
  await page.route('**/api/v1/stream', (route) => route.abort('connectionrefused'));
  await visit(['/', '.line-broken']);
  await page.locator('.verdict-break').waitFor();
  await page.route('**/api/v1/home*', (route) => route.abort('connectionrefused'));
  await page.locator('.verdict-cannot-say .gate-was').waitFor();
  expect(await page.locator('.verdict-note').textContent()).toMatch(/^last known BREAK, /);
  expect(await page.locator('.chip-true, .chip-break, .gate').count()).toBe(0);
  await page.unrouteAll({ behavior: 'wait' });
  await context.close();
});
