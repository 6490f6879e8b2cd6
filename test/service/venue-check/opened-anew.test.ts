/** A book that is opened for one check: what many share is read once, and says the same. */
import { afterEach, expect, test } from 'vitest';
import { toText } from '../../../src/decimal/text.ts';
import { instant } from '../../../src/model/instant.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { knownBefore } from '../../../src/service/venue-check/known.ts';
import { markMaxAgeMs } from '../held-book.ts';
import {
  account,
  at,
  balances,
  cash,
  closeDesks,
  fill,
  held,
  type Json,
  openDesk,
} from '../reconcile/desk.ts';
import { openStand, said } from './scripted-venue.ts';

afterEach(closeDesks);

const btc = 'BTC/USDT:USDT';
const instrument = (changes: Json): Json => ({ kind: 'instrument', instrument: btc, ...changes });

test('VC22 instruments of the same words are one, of other words apart', async () => {
  // Two venues, one name: 1 contract is 1 BTC at the one, 0.001 at the other.
  const desk = await openDesk(
    ...[instrument({ venue: 'bybit' }), instrument({ venue: 'okx', multiplier: '0.001' })],
    ...[account({ account: 'second' }), account({ account: 'third', venue: 'okx' })],
    ...['main', 'second', 'third'].flatMap((name) => [
      fill('e1', { account: name, fee: '0' }),
      fill('e2', { account: name, fee: '0', side: 'sell', price: '110', time: at('09:01') }),
    ]),
  );
  const realised = new BookReader(desk.path, desk.clock);
  const options = { asOf: null, knownAt: null, markMaxAgeMs };
  const found = ['main', 'second', 'third'].map((name) => {
    const { view } = realised.look(desk.account(name), options);
    return view.balances.map(({ total }) => toText(total));
  });
  realised.close();
  // (110 - 100) x 1 x multiplier
  expect(found).toEqual([['10'], ['10'], ['0.01']]);
});

test('VC22 a statement said shortly is the first one’s words at its own time', async () => {
  const stand = await openStand(cash('deposit', 'd1', '1000'), fill('e1'));
  const { desk, venue } = stand;
  const agrees: Json = {
    positions: held([{ instrument: btc, leg: 'net', quantity: '1' }]),
    ...{ balances: balances({ USDT: '999.9', DOGE: '0' }), orders: held([]) },
  };
  for (const second of [0, 30, 90]) await stand.check(said(second, agrees));
  const before = (reader: BookReader) =>
    knownBefore(reader, desk.account(), venue, desk.clock.now());
  const anew = new BookReader(desk.path, desk.clock);
  const known = before(anew);
  expect(known).toMatchObject({
    before: { asOf: instant('2026-11-20T12:01:30Z'), takenAt: instant('2026-11-20T12:01:30Z') },
    coins: ['USDT'],
  });
  expect(known.before?.positions?.items).toHaveLength(1);
  expect(known).toEqual(before(desk.reader));
  anew.close();
});
