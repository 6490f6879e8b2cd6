import { mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { addPage } from '../../src/service/serving/page.ts';
import { type BuildTool, builtPage } from '../../src/service/serving/page-build.ts';

/** Sources of a page, and a tool that copies them. */
function ground() {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-page-'));
  const said: string[] = [];
  let builds = 0;
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('index.html', 'sources');
  const build = async (_folder: string, into: string) => {
    builds += 1;
    mkdirSync(join(into, 'assets'), { recursive: true });
    mkdirSync(join(into, 'icons'), { recursive: true });
    writeFileSync(join(into, 'index.html'), `built ${builds}`);
    writeFileSync(join(into, 'assets', 'index-abc.js'), 'hashed');
    writeFileSync(join(into, 'assets', 'index-abc.js.gz'), gzipSync('hashed'));
  };
  const age = (name: string, seconds: number) => {
    const at = Date.now() / 1000 + seconds;
    utimesSync(join(folder, name), at, at);
  };
  const run = (tool: BuildTool | null = build) =>
    builtPage({ folder, tell: (line) => said.push(line), build: tool });
  return { folder, said, write, age, run, builds: () => builds };
}

test('UI16 a missing page is built, and one that is as new as its sources is not', async () => {
  const { folder, run, builds, said, age } = ground();
  age('index.html', -60);
  expect(await run()).toBe(join(folder, 'dist'));
  expect(await run()).toBe(join(folder, 'dist'));
  expect(builds()).toBe(1);
  expect(said).toEqual(['page: not built yet, building it', 'page: built']);
});

test('UI16 a page that is older than a source of it is built again', async () => {
  const { run, builds, write, age, said } = ground();
  await run();
  write('app.tsx', 'changed');
  age('app.tsx', 60);
  await run();
  expect(builds()).toBe(2);
  expect(said).toContain('page: older than its sources, building it');
});

test('UI16 what cannot be built leaves what was, and says why', async () => {
  const { folder, run, age, said } = ground();
  const broken = () => Promise.reject(new Error('app.tsx:3 is wrong'));
  expect(await run(broken)).toBeNull();
  await run();
  expect(readdirSync(folder).toSorted()).toEqual(['dist', 'index.html']);
  age('index.html', 60);
  expect(await run(broken)).toBe(join(folder, 'dist'));
  expect(said.at(-1)).toBe('page: it could not be built: app.tsx:3 is wrong');
});

test('UI16 without the tool the API runs, and what to do is said', async () => {
  const { run, said } = ground();
  expect(await run(null)).toBeNull();
  expect(said).toEqual(['page: not built, and the tool that builds it is not installed']);
  const app = fastify();
  await addPage(app, { page: null });
  app.get('/api/v1/home', () => ({ runs: true }));
  const answer = await app.inject('/');
  expect(answer.statusCode).toBe(503);
  expect(answer.body).toContain('npm run build');
  expect((await app.inject('/api/v1/home')).json()).toEqual({ runs: true });
});

test('UI14 what has a hash in its name is kept for ever, its document is not', async () => {
  const { run, write, age } = ground();
  const app = fastify();
  await addPage(app, { page: await run() });
  const document = await app.inject('/breaks/BRK-1');
  expect(document.headers['cache-control']).toBe('no-cache');
  expect(document.body).toBe('built 1');
  write('app.tsx', 'changed');
  age('app.tsx', 60);
  await run();
  expect((await app.inject('/')).body).toBe('built 2');
  const asset = await app.inject('/assets/index-abc.js');
  expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect((await app.inject('/assets/../../index.html')).statusCode).toBe(404);
});

test('UI14 what was compressed beside a file is sent to whoever takes it', async () => {
  const app = fastify();
  await addPage(app, { page: await ground().run() });
  const ask = async (encoding: string) => {
    const { headers, rawPayload } = await app.inject({
      url: '/assets/index-abc.js',
      headers: { 'accept-encoding': encoding },
    });
    const { vary, 'content-type': type, 'cache-control': kept } = headers;
    return { vary, type, kept, coded: headers['content-encoding'], bytes: rawPayload };
  };
  const either = {
    ...{ vary: 'accept-encoding', kept: 'public, max-age=31536000, immutable' },
    type: expect.stringMatching(/\/javascript; charset=utf-8$/),
  };
  expect(await ask('br, gzip')).toMatchObject({ ...either, coded: 'gzip' });
  expect(gunzipSync((await ask('gzip')).bytes).toString()).toBe('hashed');
  const plain = await ask('identity');
  expect(plain).toMatchObject({ ...either, coded: undefined });
  expect(plain.bytes.toString()).toBe('hashed');
});
