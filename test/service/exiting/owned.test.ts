/** Whose a position is, by the orders that opened it: a real book, and a venue of one call. */
import { afterEach, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import type { HeldPosition } from '../../../src/exits/facts.ts';
import { instant } from '../../../src/model/instant.ts';
import { Ownership, type OwnOrders } from '../../../src/service/exiting/owned.ts';
import type { Venue } from '../../../src/venues/venue.ts';
import { FakeClock } from '../held-book.ts';
import { at, closeDesks, fill, type Json, openDesk } from '../reconcile/desk.ts';

afterEach(closeDesks);

const btc = 'BTC/USDT:USDT';
const position: HeldPosition = {
  ...{ instrument: btc, leg: 'net', quantity: decimal('1'), averagePrice: null },
  openedAt: instant(at('09:00')),
};
const failed = { why: 'HTTP 503', retry: false, retryAfterMs: null, credentials: false } as const;

/** An order as the venue, or the book, knows it. */
const report = (clientOrderId: string | null): Json => ({
  ...{ kind: 'order', account: 'main', instrument: btc, side: 'buy', type: 'limit' },
  ...{ quantity: '1', price: '100', filled: '1', status: 'filled', reduceOnly: false },
  ...{ orderId: 'o1', clientOrderId, leg: 'net', time: at('09:00') },
});

async function whose(facts: readonly Json[], own: OwnOrders, said: string | null | Error = null) {
  const desk = await openDesk(...facts);
  const asked: (string | null)[] = [];
  const venue = {
    async order({ orderId }) {
      asked.push(orderId);
      if (said instanceof Error) return { status: 'failed', ...failed };
      const value = said === null ? null : { ...report(said), clientOrderId: said };
      return { status: 'answered', value } as never;
    },
  } satisfies Pick<Venue, 'order'>;
  const patience = { clock: new FakeClock(), signal: new AbortController().signal, tries: 1 };
  const stored = async () => new Set(['stored']);
  const parts = { reader: desk.reader, account: desk.account(), venue, patience };
  const ownership = new Ownership({ ...parts, ownOrders: own, stored });
  const [first] = await ownership.of([position]);
  const [second] = await ownership.of([position]);
  return { isOurs: first!.isOurs, again: second!.isOurs, asked: asked.length };
}

const opened = (changes: Json) => [fill('e1', changes)];
const byBot = opened({ clientOrderId: 'bot-1', orderId: 'o1' });
const bySomebody = opened({ clientOrderId: 'web-1', orderId: 'o2' });
const unnamed = opened({ orderId: 'o1' });

test.each<[string, readonly Json[], OwnOrders, boolean | undefined]>([
  ['nothing says whose it is', byBot, [], false],
  ['its client order id begins as told', byBot, ['bot-'], true],
  ['it begins otherwise', bySomebody, ['bot-'], false],
  ['it holds the beginning elsewhere', opened({ clientOrderId: 'a-bot-1' }), ['bot-'], false],
  ['the bot’s database knows the order', opened({ orderId: 'stored' }), [], true],
  ['it knows the client order id', opened({ clientOrderId: 'stored' }), [], true],
  ['the bot reported the fill as of a strategy', opened({ strategy: 'trend' }), [], true],
  ['neither order nor name is told', opened({}), ['bot-'], false],
  ['half of it was opened by somebody else', [...byBot, fill('e2')], ['bot-'], false],
  [
    'it was added to later by somebody',
    [...byBot, fill('e2', { time: at('10:00') })],
    ['bot-'],
    true,
  ],
  ['no execution opened it', [], ['bot-'], false],
  ['everything is the bot’s', bySomebody, 'all', undefined],
])('EX11 where %s', async (_what, facts, own, isOurs) => {
  expect(await whose(facts, own)).toEqual({ isOurs, again: isOurs, asked: 0 });
});

test.each<[string, readonly Json[], string | null | Error, boolean | null, number]>([
  ['the book knows its order', [...unnamed, report('bot-7')], null, true, 0],
  ['the venue names it', unnamed, 'bot-7', true, 1],
  ['the venue names somebody’s', unnamed, 'web-7', false, 1],
  ['the venue does not know it any more', unnamed, null, null, 2],
  ['the venue does not answer', unnamed, new Error(), null, 2],
])(
  'EX11 of an execution without a client order id %s',
  async (_what, facts, said, isOurs, asked) => {
    expect(await whose(facts, ['bot-'], said)).toEqual({ isOurs, again: isOurs, asked });
  },
);
