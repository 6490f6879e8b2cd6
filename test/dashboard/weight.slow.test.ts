import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtPage, dashboardFolder } from '../../src/service/serving/page-build.ts';
import { root } from '../house/sources.ts';
import type { Served } from '../serving/served.ts';
import { serveWithPage, signedIn } from './at-work.ts';
import { closeBrowser, open } from './browser.ts';
import { pageFolder } from './stage.ts';

let served: Served;
beforeAll(async () => {
  served = await serveWithPage();
});
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

const filesOf = (folder: string): ReadonlyMap<string, Buffer> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [relative(folder, path), readFileSync(path)]),
  );

test('UI36 whoever builds the page, wherever, builds the same bytes, for production', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'trueup-page-'));
  const folder = join(elsewhere, 'dashboard');
  const isSource = (path: string) => !/^\.?dist/.test(relative(dashboardFolder, path));
  cpSync(dashboardFolder, folder, { recursive: true, filter: isSource });
  for (const name of ['tsconfig.json', 'package.json']) {
    cpSync(join(root, name), join(elsewhere, name));
  }
  symlinkSync(join(root, 'node_modules'), join(elsewhere, 'node_modules'));
  // What a test runs under is what made a page for developers.
  expect(process.env['NODE_ENV']).not.toBe('production');
  const files = filesOf((await builtPage({ folder, tell: () => undefined }))!);
  expect([...files]).toEqual([...filesOf(await pageFolder())]);
  const ofDevelopers = /jsxDEV|fileName|lineNumber|columnNumber/;
  for (const [name, bytes] of files) {
    const text = bytes.toString();
    expect(ofDevelopers.exec(text), name).toBeNull();
    for (const path of [elsewhere, root]) expect(text.includes(path), name).toBe(false);
  }
  rmSync(elsewhere, { recursive: true });
});

test('UI14 first load is at most 150 kB gzipped, without the chart', async () => {
  const folder = await pageFolder();
  const document = readFileSync(join(folder, 'index.html'), 'utf8');
  const named = [...document.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(
    ([, path]) => path!,
  );
  expect(named.length).toBeGreaterThanOrEqual(2);
  const sizeOf = (path: string) => statSync(join(folder, path)).size;
  const weight = named.reduce((sum, path) => sum + sizeOf(`${path}.gz`), sizeOf('index.html'));
  expect(weight).toBeLessThanOrEqual(150_000);
  const assets = readdirSync(join(folder, 'assets'));
  const chart = assets.find((name) => name.startsWith('draw-curve'))!;
  expect(document).not.toContain(chart);
  expect(assets.every((name) => /-[\w-]{8}\.(js|css)(\.br|\.gz)?$/.test(name))).toBe(true);
  expect(document).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
});

test('UI14 over the wire a first load is what was compressed, to the first figures', async () => {
  const { page, context } = await open();
  const loaded = (): Promise<readonly Loaded[]> =>
    page.evaluate(`[
      ...performance.getEntriesByType('navigation'),
      ...performance.getEntriesByType('resource'),
    ].map(({ name, transferSize, decodedBodySize }) => ({ name, transferSize, decodedBodySize }))`);
  await page.goto(served.origin);
  await page.getByLabel('Token').waitFor();
  const first = await loaded();
  const assets = first.filter(({ name }) => name.includes('/assets/'));
  expect(assets.length).toBeGreaterThanOrEqual(2);
  // Less than half of what it is unpacked.
  for (const { transferSize, decodedBodySize } of assets) {
    expect(transferSize).toBeLessThan(decodedBodySize / 2);
  }
  const total = first.reduce((sum, { transferSize }) => sum + transferSize, 0);
  expect(total).toBeLessThanOrEqual(150_000);
  await context.close();
});

interface Loaded {
  readonly name: string;
  /** With the headers. */
  readonly transferSize: number;
  readonly decodedBodySize: number;
}

/** Of somebody who was never here: nothing is kept, and the first look signs in. */
async function firstLook(): Promise<{ readonly paint: number; readonly verdict: number }> {
  const { access } = served.parts;
  const code = access.sessions.code(access.tokens.find(served.token('read'))!);
  const { page, context } = await open();
  await page.addInitScript(`
    new MutationObserver((_, observer) => {
      if (document.querySelector('.verdict h1, .today') === null) return;
      observer.disconnect();
      requestAnimationFrame(() => (window.verdictAt = performance.now()));
    }).observe(document, { subtree: true, childList: true });
  `);
  await page.goto(`${served.origin}/#sign-in=${code}`);
  await page.locator('.today').waitFor();
  const loaded: readonly number[] = await page.evaluate(`
    performance.getEntriesByType('resource')
      .filter(({ name }) => name.includes('/assets/'))
      .map(({ transferSize }) => transferSize)
  `);
  // Over the wire, each of them: nothing was in a cache.
  expect(loaded.length).toBeGreaterThanOrEqual(2);
  expect(Math.min(...loaded)).toBeGreaterThan(0);
  const [paint, verdict] = (await page.evaluate(`[
    performance.getEntriesByName('first-contentful-paint')[0].startTime, window.verdictAt,
  ]`)) as [number, number];
  await context.close();
  return { paint, verdict };
}

test('UI14 a first look, with nothing kept, is painted within a second', async ({ annotate }) => {
  const looks = [];
  for (let time = 0; time < 5; time += 1) looks.push(await firstLook());
  const middle = (of: readonly number[]) => Math.round(of.toSorted((x, y) => x - y)[2]!);
  const paint = middle(looks.map((one) => one.paint));
  const verdict = middle(looks.map((one) => one.verdict));
  await annotate(`first paint ${paint} ms, verdict ${verdict} ms, the middle of 5 looks`);
  expect(paint).toBeLessThan(1_000);
});

test('UI14 every page keeps its policy', async () => {
  const { page, context, errors } = await signedIn(served);
  const answer = await page.goto(served.origin);
  expect(answer!.headers()['content-security-policy']).toContain("script-src 'self'");
  for (const [path, sign] of [
    ['/breaks', '.ageing'],
    ['/accounts', '.table'],
    ['/accounts/main', '.account-head'],
    ['/accounts/main?view=fills', '.tabs'],
    ['/equity', '.bridge'],
    ['/exits', '.banner'],
    ['/audit', '.chain'],
    ['/venues', '.table'],
    ['/reports', '.calendar-day'],
  ] as const) {
    await page.goto(served.origin + path);
    await page.locator(sign).first().waitFor();
    expect(await page.locator('.failure').count(), path).toBe(0);
  }
  expect(errors).toEqual([]);
  await context.close();
});
