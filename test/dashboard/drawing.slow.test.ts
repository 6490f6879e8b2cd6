/** What a chart draws, what moves, and what comes out on paper. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeBrowser, open } from './browser.ts';
import { auditOf, equity } from './showcase-rest.ts';
import { morning, type PageServer, type Played, play, servePage } from './stage.ts';

let server: PageServer;
beforeAll(async () => {
  server = await servePage();
});
afterAll(async () => {
  await closeBrowser();
  await server.close();
});

const at = (hour: number) => `2026-11-20T${String(hour).padStart(2, '0')}:00:00Z`;

/** Six hours: unknown at 03:00; not proven from 01:00 to 02:00 and from 03:30 on to the end. */
const told = {
  ...equity,
  ...{ from: at(0), to: at(5), transfers: [], maxDrawdownPercent: '20' },
  points: ['100', '90', '80', null, '95', '100'].map((total, hour) => ({
    ...{ time: at(hour), total, restated: total, provisional: false, corrected: false },
    drawdownPercent: ['0', '10', '20', null, '5', '0'][hour]!,
  })),
  breakPeriods: [
    { from: '2026-11-19T10:00:00Z', to: '2026-11-19T11:00:00Z', breaks: 1 },
    { from: at(1), to: at(2), breaks: 1 },
    { from: '2026-11-20T03:30:00Z', to: null, breaks: 1 },
  ],
};
const played: Played = { ...morning, '/api/v1/equity': told };

interface Drawn {
  /** Filled over the whole height of their pane, in the colour of what was not proven. */
  readonly shades: readonly (readonly [left: number, width: number])[];
  /** Lines of the lower pane. */
  readonly lines: readonly (readonly (readonly [x: number, y: number])[])[];
}

/** Keeps what is painted, by the size of the canvas that it is painted on. */
const watching = `
  const kept = (window.painted = { fills: [], strokes: [] });
  const of = CanvasRenderingContext2D.prototype;
  const on = (name, note) => {
    const usual = of[name];
    of[name] = function (...rest) {
      note(this, rest);
      return usual.apply(this, rest);
    };
  };
  const paths = new WeakMap();
  const stops = new WeakMap();
  const { addColorStop } = CanvasGradient.prototype;
  CanvasGradient.prototype.addColorStop = function (place, colour) {
    stops.set(this, [...(stops.get(this) ?? []), colour]);
    addColorStop.call(this, place, colour);
  };
  on('beginPath', (context) => paths.set(context, []));
  for (const name of ['moveTo', 'lineTo']) {
    on(name, (context, [x, y]) => paths.get(context)?.push([x, y]));
  }
  on('stroke', (context) => {
    const { strokeStyle } = context;
    const colours = stops.get(strokeStyle) ?? [String(strokeStyle)];
    const path = [...(paths.get(context) ?? [])];
    kept.strokes.push({ high: context.canvas.height, path, colours });
  });
  on('fillRect', (context, [x, y, width, height]) => {
    const { fillStyle } = context;
    kept.fills.push({ fillStyle, x, y, width, height, high: context.canvas.height });
  });
`;

/** The last that was painted; what was painted before it is the chart finding its size. */
const paintedLast = (page: Page): Promise<Drawn> =>
  page.evaluate(`{
    const context = document.createElement('canvas').getContext('2d');
    context.fillStyle = getComputedStyle(document.querySelector('.curve-chart'))
      .getPropertyValue('--shade');
    const shade = context.fillStyle;
    const { fills, strokes } = window.painted;
    const shaded = fills.filter(
      ({ fillStyle, y, height, high }) => fillStyle === shade && y === 0 && height === high,
    );
    const bad = getComputedStyle(document.querySelector('.curve-chart')).getPropertyValue('--bad');
    const low = strokes.filter(({ high, colours }) => high < 120 && colours[0] === bad.trim());
    ({
      shades: shaded.slice(-2).map(({ x, width }) => [x, width]),
      lines: low.slice(-2).map(({ path }) => path),
    });
  }`);

test('UI47 the chart shades what was not proven, and draws the loss below zero', async () => {
  const { page, context, errors } = await open();
  await page.addInitScript(watching);
  await play(page, played);
  await page.goto(`${server.origin}/equity`);
  await page.locator('.curve-chart canvas').first().waitFor();
  await page.waitForTimeout(500);
  const { shades, lines } = await paintedLast(page);
  // From point 1 to point 2, and from the point before 03:30, which is the third, to the fifth.
  const [[left, width], [after, rest]] = shades as [[number, number], [number, number]];
  expect(width).toBeGreaterThan(20);
  expect(rest / width).toBeCloseTo(2, 1);
  expect((after - left) / width).toBeCloseTo(2, 1);
  // 0, 10 and 20 below, in equal steps; then a hole, 5 and 0.
  const ys = lines.map((path) => path.map(([, y]) => y));
  expect(ys.map(({ length }) => length)).toEqual([3, 2]);
  const [zero, ten, twenty] = ys[0]! as [number, number, number];
  expect(ten).toBeGreaterThan(zero + 10);
  expect(twenty - ten).toBeCloseTo(ten - zero, 3);
  expect(ys[1]).toEqual([zero + (ten - zero) / 2, zero].map((y) => expect.closeTo(y, 3)));
  expect(errors).toEqual([]);
  await context.close();
});

interface Attributed {
  getAttribute(name: string): string | null;
}

test('UI47 the line of the first page has a hole, and shades what lies within it', async () => {
  const { page, context } = await open();
  await play(page, played);
  await page.goto(server.origin);
  const line = page.locator('.equity-line svg');
  await line.waitFor();
  // 1000 wide for five hours: 200 each; 88 high from 4 to 92 for 80 to 100.
  expect(await line.locator('path').getAttribute('d')).toBe(
    'M0.0 4.0L200.0 48.0L400.0 92.0M800.0 26.0L1000.0 4.0',
  );
  const rects = await line
    .locator('rect')
    .evaluateAll((all: readonly Attributed[]) =>
      all.map((one) => [one.getAttribute('x'), one.getAttribute('width')]),
    );
  expect(rects).toEqual([
    ['200', '200'],
    ['700', '300'],
  ]);
  await context.close();
});

test('UI50 who asks for less motion sees none', async () => {
  const { page, context } = await open();
  await play(page, { ...morning, '/api/v1/breaks': null });
  const moving = () =>
    page.evaluate(`document.getAnimations().filter((one) => one.playState === 'running').length`);
  await page.goto(`${server.origin}/breaks`);
  await page.locator('.skeleton').waitFor();
  // What comes shimmers; else this test would say nothing.
  expect(await moving()).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await moving()).toBe(0);
  await context.close();
});

test('UI50 on paper is the page without its frame, dark on light, with all rows', async () => {
  const { page, context } = await open({ scheme: 'dark' });
  await play(page, { ...morning, '/api/v1/audit': auditOf(300) });
  await page.goto(`${server.origin}/audit`);
  await page.locator('.kind-break').first().waitFor();
  expect(await page.locator('tbody tr:not(.room)').count()).toBeLessThan(80);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
  for (const frame of ['.top', '.rail', '.bottom']) {
    expect(await page.locator(frame).isVisible(), frame).toBe(false);
  }
  await expect.poll(() => page.locator('tbody tr:not(.room)').count()).toBe(300);
  const [paper, ink] = (await page.evaluate(`[
    getComputedStyle(document.body).backgroundColor,
    getComputedStyle(document.querySelector('tbody td')).color,
  ].map((colour) => colour.match(/[\\d.]+/g).slice(0, 3))
    .map((parts) => parts.reduce((sum, each) => sum + Number(each), 0))`)) as number[];
  expect(paper).toBeGreaterThan(600);
  expect(ink).toBeLessThan(300);
  await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
  await page.emulateMedia({ media: 'screen' });
  await expect.poll(() => page.locator('tbody tr:not(.room)').count()).toBeLessThan(80);
  await context.close();
});
