/** The same routes behind a real server, of a book that a venue filled. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readingRoutes } from '../../../src/service/serving/routes/reading.ts';
import { routes } from '../../../src/service/serving/routes.ts';
import { type Served, serve } from '../served.ts';

let served: Served;

beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

/** Of the one account of the book. */
const addressOf = (path: string, account: string): string =>
  path.replace(':account', account).replace(':sequence', '1').replace(':day', '2026-01-12') +
  (path.endsWith('/why') ? '?what=balance&key=USDT' : '');

test('RD3 every route that reads answers 200, and 304 to who has the answer', async () => {
  const account = served.parts.reader.file.accounts()[0]!.name;
  const plain = readingRoutes.filter(({ path }) => !/:(id|hash|name|code)/.test(path));
  expect(plain.length).toBeGreaterThan(30);
  for (const { path, answer } of plain) {
    const first = await served.get(addressOf(path, account));
    expect(first.status, `${path} ${first.text}`).toBe(200);
    expect(answer.safeParse(JSON.parse(first.text)).error, path).toBeUndefined();
  }
  const held = await served.get('/api/account');
  const again = { headers: { 'if-none-match': held.headers.get('etag')! } };
  expect((await served.get('/api/account', again)).status).toBe(304);
});

test('RD9 RD10 the description is served to everybody, for programs and to read', async () => {
  const { body, status } = await served.get('/openapi.json', { token: null });
  expect(status).toBe(200);
  const paths = Object.keys((body as { paths: object }).paths);
  for (const { path } of routes) expect(paths).toContain(path.replaceAll(/:(\w+)/g, '{$1}'));
  const page = await served.get('/reference', { token: null });
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const sheet = await served.get('/reference.css', { token: null });
  expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8');
});

test('RD13 RD3 what is asked wrongly is a problem document that says where', async () => {
  for (const [path, status, said] of [
    ['/api/v1/accounts/nobody', 404, 'nobody'],
    ['/api/v1/breaks?state=odd', 400, 'state'],
    ['/api/v1/audit?cursor=x', 400, 'cursor'],
    ['/api/v1/audit?limit=0', 400, 'limit'],
    ['/api/v1/equity?from=yesterday', 400, 'from'],
    ['/api/v1/breaks/BRK-0ABCDE', 404, 'BRK-0ABCDE'],
  ] as const) {
    const answer = await served.get(path);
    expect(answer.status, path).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.text).toContain(said);
  }
  expect((await served.get('/api/v1/home', { token: null })).status).toBe(401);
});

interface Shown {
  readonly state: string;
  readonly repair: { readonly planHash: string; readonly needsApproval: boolean };
  readonly actions: readonly { readonly name: string; readonly possible: boolean }[];
  readonly lines: readonly { readonly theirsParty: string }[];
}

test('RD17 what is proposed against a live venue is what is shown, and repaired', async () => {
  const live = await serve();
  try {
    live.of.paper.trade('buy', '0.5');
    await live.check('auto');
    await live.phantom('0.2');
    await live.post('/api/v1/checks');
    const { body: inbox } = await live.get('/api/v1/breaks');
    const { id } = (inbox as unknown as { items: readonly { id: string }[] }).items[0]!;
    const proposed = await live.post(`/api/v1/breaks/${id}/propose`);
    const { planHash } = proposed.body as { planHash: string };
    const shown = (await live.get(`/api/v1/breaks/${id}`)).body as unknown as Shown;
    expect(shown).toMatchObject({ state: 'PROPOSED', lines: [{ theirsParty: 'venue' }, {}] });
    expect(shown.repair).toMatchObject({ planHash, needsApproval: true });
    expect(shown.actions.find(({ name }) => name === 'approve')).toMatchObject({ possible: true });
    expect((await live.get(`/api/v1/plans/${planHash}`)).status).toBe(200);
    const approved = await live.post(`/api/v1/breaks/${id}/approve`, { plan: planHash });
    expect(approved.status).toBe(200);
    const repaired = await live.post(`/api/v1/breaks/${id}/repair`, { plan: planHash });
    expect(repaired).toMatchObject({ status: 200, body: { state: 'VERIFIED' } });
    expect((await live.get('/api/v1/home')).body).toMatchObject({ paper: { verdict: 'true' } });
  } finally {
    await live.close();
  }
});
