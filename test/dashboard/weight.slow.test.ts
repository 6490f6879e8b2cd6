import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Served } from '../serving/served.ts';
import { serveWithPage, signedIn } from './at-work.ts';
import { closeBrowser } from './browser.ts';
import { pageFolder } from './stage.ts';

let served: Served;
beforeAll(async () => {
  served = await serveWithPage();
});
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

const weightOf = (path: string): number => gzipSync(readFileSync(path)).length;

test('UI14 first load is at most 150 kB gzipped, without the chart', async () => {
  const folder = await pageFolder();
  const document = readFileSync(join(folder, 'index.html'), 'utf8');
  const named = [...document.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(
    ([, path]) => path!,
  );
  expect(named.length).toBeGreaterThanOrEqual(2);
  const first = [join(folder, 'index.html'), ...named.map((path) => join(folder, path))];
  const weight = first.reduce((sum, path) => sum + weightOf(path), 0);
  expect(weight).toBeLessThanOrEqual(150_000);
  const assets = readdirSync(join(folder, 'assets'));
  const chart = assets.find((name) => name.startsWith('draw-curve'))!;
  expect(document).not.toContain(chart);
  expect(assets.every((name) => /-[\w-]{8}\.(js|css)$/.test(name))).toBe(true);
  expect(document).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
});

test('UI14 every page keeps its policy, and the first paint comes within a second', async () => {
  const { page, context, errors } = await signedIn(served);
  const answer = await page.goto(served.origin);
  expect(answer!.headers()['content-security-policy']).toContain("script-src 'self'");
  const paints: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    await page.goto(served.origin);
    await page.locator('.today').waitFor();
    paints.push(
      await page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0].startTime`),
    );
  }
  expect(Math.min(...paints)).toBeLessThan(1_000);
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
