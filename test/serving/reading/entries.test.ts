/** Fills, orders and entries as they stand, and one entry word for word. */

import { afterEach, expect, test } from 'vitest';
import { instantText } from '../../../src/model/instant.ts';
import { fact } from '../../service/random-facts.ts';
import { at, cash, closeDesks, fill, openDesk } from '../../service/reconcile/desk.ts';
import { ask, type Json, partsOn, problemAt } from './asking.ts';

afterEach(closeDesks);

const of = '/api/v1/accounts/main';
const items = async (parts: ReturnType<typeof partsOn>, address: string) =>
  (await ask<{ items: readonly Json[] }>(parts, `${of}/${address}`)).items;

test('RD22 fills are shown as they stand: corrected, without those taken back', async () => {
  const desk = await openDesk(
    fill('e1', { fee: null }),
    fill('e2', { price: '101' }),
    fill('e3', {}),
    { kind: 'bust', account: 'main', bustId: 'b1', executionId: 'e3', time: at('09:05') },
    {
      ...{ kind: 'correction', account: 'main', correctionId: 'k1', executionId: 'e2' },
      ...{ price: '102', time: at('09:06') },
    },
    fill('e4', { fee: undefined, feeCurrency: undefined, fees: [] }),
  );
  const parts = partsOn(desk);
  expect(await items(parts, 'fills')).toMatchObject([
    { executionId: 'e4', fee: '0', feeCurrency: null, fees: [] },
    { executionId: 'e2', price: '102', fee: '0.1', feeCurrency: 'USDT' },
    { executionId: 'e1', fee: null, fees: null },
  ]);
  expect(await items(parts, 'fills?instrument=BTC%2FUSDT:USDT&limit=1')).toHaveLength(1);
  const [busted] = (await items(parts, 'entries?kind=fill')).filter(({ id }) => id === 'e3');
  const entry = await ask(parts, `${of}/entries/${busted!['sequence']}`);
  expect(entry).toMatchObject({ amendedBy: [expect.any(Number)], stored: { price: '100' } });
});

test('RD53 fills that were taken back make no page short, nor trades empty', async () => {
  const desk = await openDesk(fill('e1'), fill('e2'), fill('e3'));
  const bust = { kind: 'bust', account: 'main', time: at('09:05') };
  for (const id of ['e2', 'e3']) await desk.tell({ ...bust, bustId: `b-${id}`, executionId: id });
  const parts = partsOn(desk);
  expect(await items(parts, 'fills?limit=1')).toMatchObject([{ executionId: 'e1' }]);
  expect(await ask(parts, '/api/trades?limit=1')).toMatchObject([{ id: 'e1' }]);
});

test('RD22 an order is shown once, as it stands, where it was told of last', async () => {
  const order = (status: string, filled: string, time: string): Json => ({
    ...{ kind: 'order', account: 'main', instrument: 'BTC/USDT:USDT', orderId: 'o1' },
    ...{ side: 'buy', type: 'limit', quantity: '2', price: '100', filled, status },
    ...{ reduceOnly: false, time: at(time) },
  });
  const desk = await openDesk(order('open', '0', '09:00'));
  const parts = partsOn(desk);
  expect(await items(parts, 'orders?status=open')).toMatchObject([{ orderId: 'o1', filled: '0' }]);
  await desk.tell(order('open', '1', '09:01'), order('filled', '2', '09:02'));
  expect(await items(parts, 'orders')).toMatchObject([{ status: 'filled', filled: '2' }]);
  expect(await items(parts, 'orders?status=open')).toEqual([]);
});

test('RD22 an entry comes with what the venue sent, word for word, while it is kept', async () => {
  const desk = await openDesk(cash('deposit', 'd1', '5'));
  const text = '{"topic":"execution","data":[{"execId":"exec-77","execPrice":"100"}]}';
  const receivedAt = desk.clock.now();
  const message = { venue: 'bybit', account: 'main', stream: 'executions', receivedAt, text };
  const other = { ...message, text: '{"topic":"execution","data":[{"execId":"exec-78"}]}' };
  await desk.writer.keep([], { messages: [other, message] });
  desk.clock.advance(1);
  await desk.writer.recordAll([fact(fill('exec-77'))]);
  const parts = partsOn(desk);
  const [newest] = await items(parts, 'entries?kind=fill');
  const entry = await ask(parts, `${of}/entries/${newest!['sequence']}`);
  const heard = { stream: 'executions', at: instantText(receivedAt) };
  expect(entry).toMatchObject({ id: 'exec-77', raw: text, heard, kind: 'fill' });
  const untold = { kind: 'deposit', raw: null, heard: null };
  expect(await ask(parts, `${of}/entries/2`)).toMatchObject(untold);
  const { message: said } = await problemAt(parts, `${of}/entries/900`);
  expect(said).toContain('its last one is');
});
