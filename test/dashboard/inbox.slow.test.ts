/** The inbox at work: looked at beside the list, dealt with at once, under a finger. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { countedTwice } from '../serving/counted-twice.ts';
import type { Served } from '../serving/served.ts';
import { breakOfMissingFill, breakThatNeedsApproval, serveWithPage, signedIn } from './at-work.ts';
import { closeBrowser, narrow } from './browser.ts';
import { pageFolder } from './stage.ts';

const served: Served[] = [];
const anew = async (): Promise<Served> => {
  const one = await serveWithPage();
  served.push(one);
  return one;
};
afterAll(async () => {
  await closeBrowser();
  for (const one of served) await one.close();
});

test('UI20 UI22 UI23 looked at by j and k; of one proven cause, approved at once', async () => {
  const { one, ids } = await countedTwice(['one', 'two', 'three'], { page: await pageFolder() });
  served.push(one);
  for (const id of ids.slice(0, 2)) await one.post(`/api/v1/breaks/${id}/propose`);
  const { page, context, errors } = await signedIn(one);
  await page.goto(`${one.origin}/breaks?view=open`);
  await page.locator('tbody input').nth(2).waitFor();
  const preview = page.getByRole('complementary', { name: /^Preview of BRK-/ });
  expect(await preview.count()).toBe(0);
  await page.keyboard.press('j');
  await preview.getByText('It leaves nothing unexplained').waitFor();
  const first = await preview.getAttribute('aria-label');
  expect(await preview.locator('[data-raw="-0.001"]').count()).toBeGreaterThan(0);
  expect(await preview.getByText('reverse').count()).toBeGreaterThan(0);
  await page.keyboard.press('j');
  await expect.poll(() => preview.getAttribute('aria-label')).not.toBe(first);
  await page.keyboard.press('k');
  await expect.poll(() => preview.getAttribute('aria-label')).toBe(first);
  await page.keyboard.press('Escape');
  await preview.waitFor({ state: 'detached' });
  expect(page.url()).toContain('/breaks?view=open');

  const bulk = page.getByRole('toolbar', { name: 'For the chosen breaks' });
  const approve = bulk.getByRole('button', { name: 'Approve' });
  for (const id of ids) await page.getByRole('checkbox', { name: new RegExp(id) }).check();
  expect(await approve.getAttribute('title')).toBe('Not all of them are proposed');
  expect(await approve.isDisabled()).toBe(true);
  await page.getByRole('checkbox', { name: new RegExp(ids[2]!) }).uncheck();
  await approve.click();
  await page.getByText('2 approved').waitFor();
  const states = await Promise.all(ids.map(async (id) => one.get(`/api/v1/breaks/${id}`)));
  expect(states.map(({ body }) => body?.['state'])).toEqual(['APPROVED', 'APPROVED', 'EXPLAINED']);

  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/breaks\/BRK-\w+$/);
  await page.getByRole('link', { name: 'FILL_DUPLICATED' }).click();
  await page.waitForURL('**/reference/breaks#FILL_DUPLICATED');
  expect(await page.locator('#FILL_DUPLICATED').textContent()).toContain(
    'A fill was counted twice',
  );
  expect(errors).toEqual([]);
  await context.close();
});

/** A finger: down, along, and up again after so long. */
async function finger(page: Page, on: Locator, to: { x?: number; ms?: number }): Promise<void> {
  const { x = 0, ms = 0 } = to;
  await on.scrollIntoViewIfNeeded();
  const box = (await on.boundingBox())!;
  const from = { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 30) };
  const touches = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', at: number) =>
    touches.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [{ x: from.x + at, y: from.y }],
    });
  await send('touchStart', 0);
  if (x !== 0) for (const part of [0.3, 0.6, 1]) await send('touchMove', x * part);
  await page.waitForTimeout(ms);
  await send('touchEnd', x);
  await touches.detach();
}

test('UI24 under a finger: held for a second, drawn right to snooze, left to open', async () => {
  const one = await anew();
  const id = await breakThatNeedsApproval(one);
  const { page, context, errors } = await signedIn(one, { size: narrow, touch: true });
  await page.goto(`${one.origin}/breaks?view=open`);
  const row = page.locator('tbody tr.is-swiped');
  await row.waitFor();
  await finger(page, row, { x: 40 });
  expect(await page.getByRole('dialog').count()).toBe(0);
  await finger(page, row, { x: 150 });
  const form = page.getByRole('dialog', { name: `Leave ${id} alone` });
  await form.getByRole('button', { name: 'Cancel' }).click();
  await form.waitFor({ state: 'detached' });
  await finger(page, row, { x: -150 });
  await page.waitForURL(`**/breaks/${id}`);

  const propose = page.getByRole('button', { name: /^Propose/ });
  await propose.waitFor();
  await finger(page, propose, { ms: 300 });
  await finger(page, propose, { ms: 0 });
  const state = async () => (await one.get(`/api/v1/breaks/${id}`)).body?.['state'];
  expect(await state()).toBe('EXPLAINED');
  await finger(page, propose, { ms: 1_150 });
  await page.locator('.break-facts .state').getByText('PROPOSED').waitFor();
  expect(await state()).toBe('PROPOSED');
  expect(errors).toEqual([]);
  await context.close();
});

test('UI8 a break is accepted up to a sum and until a day, with its way back', async () => {
  const one = await anew();
  const id = await breakOfMissingFill(one);
  const { page, context, errors } = await signedIn(one);
  await page.goto(`${one.origin}/breaks/${id}`);
  await page.getByRole('button', { name: /^Accept/ }).waitFor();
  await page.keyboard.press('e');
  const form = page.getByRole('dialog', { name: `Accept ${id} as it is` });
  // 0.25 x 60,000 and its fee: what is at stake is what is offered.
  const shown = (await one.get(`/api/v1/breaks/${id}`)).body as unknown as { gross: string };
  expect(await form.getByLabel('Up to').inputValue()).toBe(shown.gross);
  await form.getByLabel('Why').fill('dust');
  await form.getByLabel('Up to').fill('1e3');
  await form.getByRole('button', { name: 'Accept' }).click();
  expect(await form.count()).toBe(1);
  await form.getByLabel('Up to').fill('20000');
  await form.getByRole('button', { name: 'Accept' }).click();
  await page.locator('.hold').getByText('dust').waitFor();
  const held = (await one.get(`/api/v1/breaks/${id}`)).body;
  expect(held).toMatchObject({ state: 'ACCEPTED', hold: { reason: 'dust', cap: '20000' } });
  await page.keyboard.press('e');
  await page.getByText('becomes no ACCEPTED').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.hold').waitFor({ state: 'detached' });
  await page.keyboard.press('z');
  await page.getByRole('dialog').getByLabel('Why').waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(page.url()).toBe(`${one.origin}/breaks/${id}`);
  expect(errors).toEqual([]);
  await context.close();
});

test('UI25 what the audit trail shows is saved as it is; paper is in its name', async () => {
  const one = await anew();
  const { page, context, errors } = await signedIn(one);
  await page.goto(`${one.origin}/audit`);
  await page.locator('tbody tr:not(.room)').first().waitFor();
  const save = async (name: string) => {
    const began = page.waitForEvent('download');
    await page.getByRole('button', { name, exact: true }).click();
    const file = await began;
    return [file.suggestedFilename(), readFileSync((await file.path())!, 'utf8')] as const;
  };
  const [name, lines] = await save('NDJSON');
  expect(name).toBe('PAPER-audit.ndjson');
  const rows = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { hash: string });
  const { items } = (await one.get('/api/v1/audit?limit=500')).body as unknown as {
    items: { hash: string }[];
  };
  expect(rows.map(({ hash }) => hash)).toEqual(items.map(({ hash }) => hash));
  const [sheet, cells] = await save('CSV');
  expect(sheet).toBe('PAPER-audit.csv');
  expect(cells.trim().split('\r\n')).toHaveLength(rows.length + 1);
  expect(cells).toMatch(/^"account","sequence","recordedAt"/);
  expect(errors).toEqual([]);
  await context.close();
});
