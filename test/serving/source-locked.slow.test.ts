/** A bot that holds its database for itself: nobody waits for ever, and nothing is half done. */
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { type Staged, serveSource } from './source-stage.ts';

let staged: Staged;
afterEach(() => staged.served.close());

test('SV52 a database that is locked says so, and may be asked again', async () => {
  staged = await serveSource();
  await staged.look();
  const { served, path } = staged;
  const { body } = await served.get('/api/v1/breaks');
  const [one] = (body as { items: readonly { id: string }[] }).items;
  const bot = new DatabaseSync(path);
  bot.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  const locked = await served.post(`/api/v1/breaks/${one!.id}/propose`);
  served.of.clock.pass(10_000);
  const rows = await served.get('/api/v1/accounts/falcon/rows');
  bot.close();
  expect(locked).toMatchObject({ status: 503, body: { type: '/problems/source-silent' } });
  // What is not known is not shown as nothing: it says why.
  expect(rows.body).toMatchObject({
    ...{ lookedAt: null, items: [], figures: null, counts: null },
    ...{
      source: { name: 'sqlite:paper_trading.db', kind: null },
      why: expect.stringContaining('lock'),
    },
  });
  const proposed = await served.post(`/api/v1/breaks/${one!.id}/propose`);
  expect(proposed.body).toMatchObject({ state: 'PROPOSED' });
});
