/** What reading the code again found, each as a case of its own. */
import { afterEach, expect, test } from 'vitest';
import { cash, closeDesks, fill, list, open, openDesk, says } from './reconcile/desk.ts';

afterEach(closeDesks);

const correction = (changes: object) => ({
  ...{ kind: 'correction', account: 'main', correctionId: 'k1', executionId: 'e1' },
  ...{ time: '2026-11-20T11:00:00Z', ...changes },
});

test('W15 F3 a correction holds over a report of its fill that comes after it', async () => {
  const told = fill('e1', { fee: '3', feeCurrency: 'USDT' });
  const unknown = fill('e1', { fee: null });
  const corrected = correction({ fee: '5', feeCurrency: 'USDT' });
  const first = await openDesk(unknown, corrected, told);
  const second = await openDesk(unknown, told, corrected);
  expect(first.holds()).toEqual(second.holds());
});

test('J17 a report of a corrected fill completes it', async () => {
  const desk = await openDesk(fill('e1', { fee: null }), correction({ quantity: '2' }));
  const [outcome] = await desk.tell(fill('e1', { quantity: '2', fee: '5', feeCurrency: 'USDT' }));
  expect(outcome).toMatchObject({ status: 'enriched' });
});

test('Y1 a cash flow that names no instrument here and one there is one, at any time', async () => {
  const desk = await openDesk(cash('funding', 'f1', '-3'));
  const listed = { ...cash('funding', 'f1', '-3'), instrument: 'BTC/USDT:USDT' };
  const document = says({
    cashFlows: { ...list([listed]), complete: false, from: null, to: null },
  });
  expect(open(await desk.check(document))).toEqual([]);
});

test('F11 an instrument may go back to what an older version said', async () => {
  const desk = await openDesk();
  const version = (multiplier: string) => ({
    ...{ kind: 'instrument', venue: 'bybit', instrument: 'BTC/USDT:USDT', multiplier },
  });
  await desk.tell(version('1'), fill('e1', { fee: '0', price: '100' }));
  await desk.tell(version('10'), version('1'));
  await desk.tell(fill('e2', { fee: '0', price: '110', side: 'sell' }));
  expect(desk.holds()['USDT']).toBe('10');
});
