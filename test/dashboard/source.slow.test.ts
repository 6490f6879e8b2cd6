/** The database of incident 1, looked after by the service as it is started, and its page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import {
  createIncidentDatabase,
  writeAsTheBot,
} from '../../src/sources/falcon/incident-database.ts';
import { CommandLine } from '../cli/command-line.ts';
import { type Running, startCommand } from '../cli/running.ts';
import { rowBehind } from '../serving/rows-stage.ts';
import { closeBrowser, narrow, open } from './browser.ts';
import { home } from './showcase.ts';
import { morning, pageFolder, play } from './stage.ts';

let cli: CommandLine;
let running: Running | null = null;

const path = () => join(cli.folder, 'paper_trading.db');

beforeEach(async () => {
  await pageFolder();
  cli = new CommandLine();
  createIncidentDatabase(path(), 'stored-total');
  // The bot quotes on, at the prices of that day: what stood still is the total.
  writeAsTheBot(path(), ["UPDATE positions SET last_updated = datetime('now')"]);
});
afterEach(async () => {
  running?.kill('SIGTERM');
  await running?.ended;
  running = null;
  cli.remove();
});
afterAll(closeBrowser);

async function started(words = ''): Promise<{ readonly address: string; readonly token: string }> {
  const source = '--source sqlite:paper_trading.db --source-timezone UTC';
  running = startCommand(cli.folder, `serve --port 0 --json ${source}${words}`);
  await running.says('How to sign in is in');
  await running.says('performance took');
  const [said] = running.said().match(/\{"schema":"trueup.serve\/1".*\}/)!;
  const { address } = JSON.parse(said) as { readonly address: string };
  const told = readFileSync(join(cli.folder, 'trueup.db.first-token'), 'utf8');
  return { address, token: told.match(/tru_[\w-]{43}/)![0] };
}

async function signedIn({ address, token }: Awaited<ReturnType<typeof started>>, looking = {}) {
  const opened = await open(looking);
  await opened.page.goto(address);
  await opened.page.getByLabel('Token').fill(token);
  await opened.page.getByRole('button', { name: 'Sign in' }).click();
  await opened.page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'attached' });
  return opened;
}

const total = () => {
  const file = new DatabaseSync(path(), { readOnly: true });
  const [row] = file.prepare('SELECT total_value AS total FROM account').all();
  file.close();
  return row!['total'];
};

test('UI27 BREAK at home, why in one click, repaired in four, TRUE in five', async () => {
  const { page, context, errors } = await signedIn(await started());
  await page.locator('.verdict-break').waitFor();
  let clicks = 0;
  const click = async (what: ReturnType<typeof page.locator>) => {
    clicks += 1;
    await what.click();
  };
  await click(page.locator('.break-list a').first());
  const state = page.locator('.break-facts .state');
  await state.getByText('EXPLAINED').waitFor();
  await page.getByText('account 1 total_value: 10000 -> 10211.69').waitFor();
  // Why: what the account began with, and what moved since, leave nothing over.
  expect(await page.locator('.break').textContent()).toContain('211.69');
  expect(clicks).toBeLessThanOrEqual(3);
  await click(page.getByRole('button', { name: /^Propose/ }));
  await state.getByText('PROPOSED').waitFor();
  await click(page.getByRole('button', { name: /^Approve/ }));
  await state.getByText('APPROVED').waitFor();
  expect(total()).toBe(10_000);
  await click(page.getByRole('button', { name: /^Repair/ }));
  await state.getByText('VERIFIED').waitFor();
  expect(total()).toBe(10_211.69);
  await click(page.getByRole('link', { name: /^Home/ }).first());
  await page.locator('.verdict-true').waitFor();
  expect(clicks).toBe(5);
  expect(errors).toEqual([]);
  await context.close();
});

test('UI28 the account page has the stored figures beside the sum, and the rows', async () => {
  const at = await started(' --repair never');
  const { page, context, errors } = await signedIn(at);
  await page.goto(`${at.address}/accounts/falcon`);
  const section = page.locator('#source');
  await section.getByText('different').waitFor();
  const figures = await section.locator('.facts').textContent();
  for (const one of ['10,000', '10,211.69', '+211.69', '1,058.7']) expect(figures).toContain(one);
  expect(await section.locator('tbody tr:not(.room)').count()).toBe(9);
  expect(await section.textContent()).toContain('looked at');
  expect(await section.textContent()).toContain('start the service with --repair ask');
  // Nothing was ever booked: the book's own tables would say that nothing is held.
  expect(await page.getByText('Flat').count()).toBe(0);
  await section.getByRole('link', { name: /total/i }).click();
  const propose = page.getByRole('button', { name: /^Propose/ });
  await propose.waitFor();
  expect(await propose.isDisabled()).toBe(true);
  expect(await propose.getAttribute('title')).toContain('--repair never');
  // A part that is not known is not known here either.
  writeAsTheBot(path(), ["UPDATE positions SET current_price = NULL WHERE symbol = 'ACI'"]);
  await page.goto(`${at.address}/accounts/falcon`);
  // One look is everybody's for two seconds.
  const unknown = async () => {
    await page.reload();
    await section.locator('.facts').waitFor();
    return section.getByText('Not known: ACI').count();
  };
  await expect.poll(unknown, { timeout: 10_000, interval: 500 }).toBe(1);
  expect(await section.locator('.amount-unknown').count()).toBeGreaterThan(2);
  expect(errors).toEqual([]);
  await context.close();
  const small = await signedIn(at, { size: narrow });
  await small.page.goto(`${at.address}/accounts/falcon`);
  await small.page.locator('#source tbody tr').first().waitFor();
  const width = await small.page.evaluate('document.documentElement.scrollWidth');
  expect(width).toBeLessThanOrEqual(narrow.width);
  await small.context.close();
});

test('UI63 old prices and a database without a venue say what to do', async () => {
  writeAsTheBot(path(), ["UPDATE positions SET last_updated = '2026-01-12 16:00:03'"]);
  const at = await started();
  const { page, context, errors } = await signedIn(at);
  await page.locator('.verdict-break').waitFor();
  // Nobody can say what is at stake: that is no zero.
  expect(await page.locator('.fact-first .amount-unknown').count()).toBe(1);
  await page.goto(`${at.address}/accounts/falcon`);
  const refresh = 'trueup update --source sqlite:paper_trading.db --prices FROM';
  await page.locator('#source .price-advice').getByText(refresh).waitFor();
  await page.goto(`${at.address}/breaks`);
  await page.locator('main tbody a').first().click();
  await page.getByText(refresh).first().waitFor();
  await play(page, {
    ...morning,
    '/api/v1/home': {
      ...home,
      live: null,
      paper: null,
      breaks: [],
      noAccount: 'sqlite:bot.db keeps positions',
    },
  });
  await page.goto(`${at.address}/`);
  await page.getByText('There is no account to compare').waitFor();
  await page.getByText('sqlite:bot.db keeps positions.').waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test('UI28 a row that says 0.5 where the exchange says 0.3 is repaired to VERIFIED', async () => {
  const { served } = await rowBehind({ page: await pageFolder() });
  await served.post('/api/v1/checks');
  const at = { address: served.origin, token: served.token('admin') };
  const { page, context, errors } = await signedIn(at);
  await page.goto(`${served.origin}/accounts/main`);
  const row = page.locator('#source tbody tr').first();
  await row.getByText('different').waitFor();
  for (const figure of ['0.5', '0.3', '-0.2'])
    expect(await row.locator(`[data-raw="${figure}"]`).count()).toBe(1);
  await row.getByRole('link').click();
  const state = page.locator('.break-facts .state');
  await page.getByText('quantity: 0.5 -> 0.3').waitFor();
  for (const [name, reached] of [
    ['Propose', 'PROPOSED'],
    ['Approve', 'APPROVED'],
    ['Repair', 'VERIFIED'],
  ] as const) {
    await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
    await state.getByText(reached).waitFor();
  }
  await page.locator('.top-verdict .chip-true').waitFor();
  expect(errors).toEqual([]);
  await context.close();
  await served.close();
});
