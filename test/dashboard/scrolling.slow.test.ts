/** Ten thousand rows, read as the service gives them: what a frame of scrolling costs. */
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeBrowser, open } from './browser.ts';
import { auditOf } from './showcase-rest.ts';
import { type PageServer, play, servePage } from './stage.ts';

let server: PageServer;
beforeAll(async () => {
  server = await servePage();
});
afterAll(async () => {
  await closeBrowser();
  await server.close();
});

const pageRows = 500;

/** A trail of so many rows, in pages of as many as a page may have at most, read to its end. */
async function readWhole(rows: number) {
  const { page, context, errors } = await open();
  await play(page);
  const { items, ...head } = auditOf(rows);
  await page.route('**/api/v1/audit?**', (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
    const next = from + pageRows < rows ? String(from + pageRows) : null;
    return route.fulfill({ json: { ...head, items: items.slice(from, from + pageRows), next } });
  });
  await page.goto(`${server.origin}/audit`);
  await page.locator('.kind-break').first().waitFor();
  const last = page.getByText(`#${items.at(-1)!.sequence}`, { exact: true });
  const toTheEnd = async () => {
    await page.evaluate('scrollTo(0, 1e9)');
    return last.count();
  };
  await expect.poll(toTheEnd, { timeout: 30_000, interval: 20 }).toBe(1);
  await page.getByText(`${rows} rows`).waitFor();
  return { page, context, errors };
}

interface Frames {
  readonly frames: number;
  /** How often rows were changed, and the most of them that one frame added. */
  readonly drawings: number;
  readonly most: number;
}

/** Up through the list, a screen and a half in each frame. */
const scrolled = (page: Page, frames: number): Promise<Frames> =>
  page.evaluate(`new Promise((resolve) => {
    let frames = 0;
    let drawings = 0;
    let most = 0;
    new MutationObserver((records) => {
      const rows = records.flatMap(({ addedNodes }) => [...addedNodes])
        .filter((node) => node.nodeName === 'TR');
      drawings += 1;
      most = Math.max(most, rows.length);
    }).observe(document.querySelector('tbody'), { childList: true });
    const step = () => {
      scrollBy(0, frames % 10 < 5 ? -1_350 : 1_350);
      frames += 1;
      if (frames < ${frames}) requestAnimationFrame(step);
      else setTimeout(() => resolve({ frames, drawings, most }), 100);
    };
    requestAnimationFrame(step);
  })`);

const worked = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'];

/** Milliseconds that the page's own thread worked. */
async function workOf(session: CDPSession, work: () => Promise<unknown>): Promise<number> {
  const now = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.reduce((sum, one) => sum + (worked.includes(one.name) ? one.value : 0), 0);
  };
  const before = await now();
  await work();
  return ((await now()) - before) * 1_000;
}

async function measured(rows: number) {
  const { page, context, errors } = await readWhole(rows);
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const drawn = () => page.locator('tbody tr:not(.room)').count();
  expect(await drawn()).toBeLessThan(80);
  let told: Frames | null = null;
  const scroll = await workOf(session, async () => {
    told = await scrolled(page, 60);
  });
  // Told again, with nothing new in it: what a clock or an event asks for.
  const idle = await workOf(session, () => page.waitForTimeout(1_500));
  // Each key draws the whole page anew: what is made of all rows is not made again.
  const keys = await workOf(session, async () => {
    for (let key = 0; key < 20; key += 1) await page.keyboard.press('j');
  });
  expect(await drawn()).toBeLessThan(80);
  expect(errors).toEqual([]);
  await context.close();
  return { ...(told! as Frames), perFrame: scroll / 60, idle, perKey: keys / 20 };
}

test('UI15 of ten thousand rows a frame costs what it costs of five hundred', async ({
  annotate,
}) => {
  const few = await measured(500);
  const many = await measured(10_000);
  const shown = [few, many].map(
    ({ perFrame, idle, perKey, most, drawings, frames }) =>
      `${perFrame.toFixed(1)} ms a frame, ${most} rows at most, ` +
      `${drawings} drawings in ${frames} frames, ${perKey.toFixed(1)} ms a key, ` +
      `${idle.toFixed(0)} ms in 1.5 s of rest`,
  );
  await annotate(`500 rows: ${shown[0]}; 10,000 rows: ${shown[1]}`);
  expect(many.frames).toBe(60);
  // It follows the scroll, once a frame at most, and adds no more than a window of rows.
  expect(many.drawings).toBeGreaterThan(30);
  expect(many.drawings).toBeLessThanOrEqual(many.frames + 5);
  expect(many.most).toBeLessThan(90);
  // Twenty times as many rows: work that grew with them would be far beyond this.
  expect(many.perFrame).toBeLessThan(few.perFrame * 3 + 2);
  expect(many.perKey).toBeLessThan(few.perKey * 3 + 2);
  expect(many.idle).toBeLessThan(few.idle * 3 + 50);
});
