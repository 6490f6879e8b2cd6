/** A read that ended early holds nothing: what is booked after it is seen. */
import { afterEach, expect, test } from 'vitest';
import { type Staged, serveSource } from './source-stage.ts';

let staged: Staged;
afterEach(() => staged.served.close());

/** Of an account that a bot's database is the book of: its last look is read from the end. */
const reads = (account: string, id: string) => [
  ...['/api/v1/home', '/api/v1/breaks?limit=500', `/api/v1/breaks/${id}`, '/api/v1/exits'],
  ...['', '/rows', '/side-by-side', '/fills', '/orders'].map(
    (part) => `/api/v1/accounts/${account}${part}`,
  ),
  ...['equity', 'bridge', 'performance', 'audit', 'plans'].map(
    (name) => `/api/v1/${name}?account=${account}`,
  ),
  ...['account', 'positions', 'performance'].map((name) => `/api/${name}?account=${account}`),
];

test('RD64 after every read what is booked is seen at once, however the read ended', async () => {
  staged = await serveSource();
  await staged.look();
  const { served } = staged;
  const get = async <T>(path: string) => (await served.get(path)).body as T;
  const head = async () =>
    (await get<{ items: { sequence: number }[] }>('/api/v1/audit')).items[0]!.sequence;
  const { items } = await get<{ items: { id: string; account: string }[] }>('/api/v1/breaks');
  const { id, account } = items[0]!;
  for (const path of reads(account, id)) {
    expect((await served.get(path)).status, path).toBe(200);
    const before = await head();
    await served.post(`/api/v1/breaks/${id}/comment`, { text: path });
    expect(await head(), `after ${path}`).toBe(before + 1);
  }
});
