/** What doctor says of the service beside a book. */
import { afterEach, expect, test } from 'vitest';
import { settleHead } from '../../src/service/serving/head-alert.ts';
import { serviceChecks } from '../../src/service/serving/service-checks.ts';
import { rememberedAlerts } from '../service/duties/duty-kit.ts';
import { bookPath } from '../service/held-book.ts';
import { LaterClock, type Served, serve } from './served.ts';

let served: Served | null = null;
afterEach(async () => {
  await served?.close();
  served = null;
});

const day = 86_400_000;

test('SV20 doctor tells of tokens that end soon, of no admin, and of pauses', async () => {
  served = await serve({ venue: false });
  const { book, clock } = served.of;
  const found = () => serviceChecks(book, clock).map(({ status, hint }) => [status, hint]);
  expect(found()).toEqual([
    ['ok', null],
    ['ok', null],
  ]);
  await served.post(
    '/api/v1/duties/report/pause',
    { reason: 'drill' },
    { token: served.token('admin') },
  );
  served.parts.access.tokens.revoke(
    served.parts.access.tokens.list().find(({ name }) => name === 'admin')!.id,
  );
  // The one of the first start is left, for ninety days.
  clock.pass(84 * day);
  expect(found()).toEqual([
    ['warning', expect.stringContaining('first ends')],
    ['warning', expect.stringContaining('resume')],
  ]);
  clock.pass(6 * day);
  expect(found()[0]).toEqual(['warning', expect.stringContaining('nobody may do everything')]);
});

test('SV20 where there never was a service nothing is said of it', () => {
  expect(serviceChecks(bookPath(), new LaterClock())).toEqual([]);
});

test('SV21 a book that is not the one that was left is a case until a start finds it', async () => {
  const alerts = rememberedAlerts();
  const at = new LaterClock().now();
  await settleHead(alerts, '/data/trueup.db', 'main ends at 3, but 9 had been written', at);
  await settleHead(alerts, '/data/trueup.db', 'main ends at 3, but 9 had been written', at);
  await settleHead(alerts, '/data/trueup.db', null, at);
  expect(alerts.take()).toEqual([
    ...['+ book-replaced', '- book-replaced: the book is the one that was left'],
  ]);
});
