import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { artefacts, closeBrowser, type Looking, narrow, open } from './browser.ts';
import { auditOf } from './showcase-rest.ts';
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
  orders: ['/accounts/kraken-spot?view=orders', '.life'],
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
    if (name !== 'break' && name !== 'account') continue;
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
  await visit(['/?as_of=2026-11-19T06:38:20Z', '.only-now']);
  found.push(...(await violationsOf(page)));
  await picture('past-dark');
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

test('UI15 of ten thousand rows those that are seen are drawn, and it scrolls', async () => {
  const { page, context, visit } = await looked(
    {},
    { ...morning, '/api/v1/audit': auditOf(10_000) },
  );
  await visit(['/audit', '.kind-break']);
  const rows = () => page.locator('tbody tr:not(.room)').count();
  expect(await rows()).toBeLessThan(80);
  const frame: number = await page.evaluate(`new Promise((resolve) => {
    let before = performance.now();
    const took = [];
    const step = (now) => {
      took.push(now - before);
      before = now;
      scrollBy(0, 5000);
      if (took.length < 60) requestAnimationFrame(step);
      else resolve(took.sort((a, b) => a - b)[30]);
    };
    requestAnimationFrame(step);
  })`);
  // The middle one: what else the machine does makes some of them long.
  expect(frame).toBeLessThan(100);
  await page.evaluate('scrollTo(0, 1e9)');
  await page.getByText('#10432', { exact: true }).waitFor();
  expect(await rows()).toBeLessThan(80);
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
  await page.clock.runFor(45_000);
  await page.locator('.verdict-cannot-say').waitFor();
  expect(await page.locator('.verdict-note').textContent()).toContain('last known TRUE');
  await expect.poll(() => page.title()).toBe('(1?) trueup');
  expect(await page.locator('.chip-true, .gate').count()).toBe(0);
  expect(await page.locator('main .chip-word').first().textContent()).toBe('was TRUE');
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
