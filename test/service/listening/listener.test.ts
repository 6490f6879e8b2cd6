import { describe, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { writeFact } from '../../../src/model/write-fact.ts';
import { verifyChain } from '../../../src/store/verify.ts';
import { holdBook } from '../held-book.ts';
import { failed } from './fake-venue.ts';
import { accountFact, depositAt, fillAt, Ground } from './ground.ts';

const minute = 60_000;

describe('the stream', () => {
  test('LS1 LS2 a message is kept word for word, and its fill is in the book at once', async () => {
    const ground = new Ground();
    await ground.start();
    ground.venue.fill(fillAt('e1', ground.clock.now()));
    await ground.pass(50);
    expect(ground.executionIds()).toEqual(['e1']);
    const [message] = ground.reader.file.messages(0, 10);
    expect(message).toMatchObject({ stream: 'execution', account: 'main', state: 'read' });
    expect(JSON.parse(message!.text)).toMatchObject({ executionId: 'e1', quantity: '0.5' });
    await ground.stop();
  });

  test('LS3 a partial fill moves the book; the rest of the order follows from fills', async () => {
    const ground = new Ground();
    await ground.start();
    const [o1, half] = ['o1', decimal('2.5')];
    ground.venue.order0(orderOfTen(ground));
    for (const [id, rest] of [
      ['e1', '7.5'],
      ['e2', '5'],
      ['e3', '2.5'],
    ] as const) {
      ground.venue.fill(fillAt(id, ground.clock.now(), { orderId: o1, quantity: half }));
      await ground.pass(20);
      const progress = ground.following.progress.of('BTC/USDT', o1);
      expect(toText(progress!.remaining!)).toBe(rest);
    }
    expect(ground.saidEvents('fill.booked')[1]).toContain('order o1: filled 5, remaining 5');
    ground.venue.bust('e2');
    await ground.pass(20);
    expect(toText(ground.following.progress.of('BTC/USDT', o1)!.remaining!)).toBe('5');
    expect(ground.executionIds()).toEqual(['e1', 'e3']);
    await ground.stop();
  });

  test('LS4 late, duplicated and reordered executions are each booked once', async () => {
    const ground = new Ground();
    await ground.start();
    const now = ground.clock.now();
    const fills = ['e1', 'e2', 'e3'].map((id, n) => fillAt(id, now + BigInt(n) * 1_000_000n));
    for (const n of [2, 0, 2, 1, 0, 0]) {
      ground.venue.sendRaw('execution', JSON.stringify(writeFact(fills[n]!)));
    }
    await ground.pass(50);
    expect(ground.executionIds()).toEqual(['e1', 'e2', 'e3']);
    expect(ground.listener.health()).toMatchObject({ booked: 3, duplicates: 3, messages: 6 });
    await ground.stop();
  });

  test('LS5 busts and corrections hold, also when they come before their fill', async () => {
    const ground = new Ground();
    await ground.start();
    const at = ground.clock.now();
    const reference = { instrument: 'BTC/USDT', side: 'buy', leg: 'net', account: 'main' };
    const time = '2026-11-20T00:00:01Z';
    const bust = { kind: 'bust', bustId: 'b1', executionId: 'e1', time, ...reference };
    const change = { kind: 'correction', correctionId: 'k1', executionId: 'e2', price: '50000' };
    ground.venue.sendRaw('execution', JSON.stringify(bust));
    ground.venue.sendRaw('execution', JSON.stringify({ ...change, time, ...reference }));
    ground.venue.sendRaw('execution', JSON.stringify(writeFact(fillAt('e1', at))));
    ground.venue.sendRaw('execution', JSON.stringify(writeFact(fillAt('e2', at))));
    await ground.pass(50);
    // 0.5 at the corrected 50000 and its fee of 0.03; nothing of e1
    expect(ground.balances()).toEqual(
      new Map([
        ['BTC', '0.5'],
        ['USDT', '-25000.03'],
      ]),
    );
    await ground.stop();
  });

  test('LS6 an execution of an unknown instrument is kept, told, and booked later', async () => {
    const ground = new Ground();
    await ground.start();
    const fill = fillAt('e1', ground.clock.now(), { instrument: 'NEW/USDT:USDT' });
    ground.venue.fill(fill);
    await ground.pass(500);
    expect(ground.listener.health().unread).toBe(1);
    expect(ground.saidEvents('message.unread')[0]).toContain('NEW/USDT:USDT is not known');
    expect(ground.reader.file.messages(0, 9).map(({ state }) => state)).toContain('unread');
    ground.venue.list('NEW/USDT:USDT');
    await ground.pass(2 * minute);
    expect(ground.executionIds()).toEqual(['e1']);
    expect(ground.listener.health().unread).toBe(0);
    expect(ground.reader.file.openMessages('fake', 'main', 0, 9)).toEqual([]);
    await ground.stop();
  });

  test('LS6 what the book refuses of a listing is kept, and nothing behind it lost', async () => {
    const ground = new Ground();
    const at = ground.clock.now() - 1_000_000n;
    ground.venue.list('odd name');
    ground.venue.disconnect();
    ground.venue.fill(fillAt('e1', at, { instrument: 'odd-name' }));
    ground.venue.fill(fillAt('e2', at));
    await ground.start();
    await ground.pass(3 * minute);
    expect(ground.executionIds()).toEqual(['e2']);
    const open = ground.reader.file.openMessages('fake', 'main', 0, 9);
    expect(open.map(({ stream }) => stream)).toEqual(['listed:executions']);
    expect(ground.listener.health().unread).toBe(1);
    await ground.stop();
  });

  test('LS7 a message that nobody can read stays, and holds up no other', async () => {
    const ground = new Ground();
    await ground.start();
    ground.venue.sendRaw('execution', '{"half":');
    ground.venue.fill(fillAt('e1', ground.clock.now()));
    await ground.pass(50);
    expect(ground.executionIds()).toEqual(['e1']);
    const [broken] = ground.reader.file.openMessages('fake', 'main', 0, 9);
    expect(broken).toMatchObject({ text: '{"half":', state: 'unread' });
    await ground.stop();
  });

  test('LS8 a burst of 20,000 executions waits in a bounded inbox, and none is lost', async () => {
    const ground = new Ground({ settings: { inboxMax: 1_000, batchMax: 500 } });
    await ground.start();
    const count = 20_000;
    for (let n = 0; n < count; n += 1) ground.venue.tell(fillAt(`e${n}`, ground.clock.now()));
    for (let turn = 0; ground.following.tally.booked < count && turn < 1_000; turn += 1) {
      await ground.pass(1);
    }
    expect(ground.following.tally).toMatchObject({ booked: count, messages: count });
    expect(ground.listener.health().waitedMost).toBe(1_000);
    expect(ground.venue.backlog).toBe(0);
    // Kept in batches: at most two transactions for 500 messages, and a few others.
    expect(ground.balances().get('BTC')).toBe(String(count / 2));
    await ground.stop();
  });
});

describe('gaps', () => {
  test('LS10 a reconnect is a gap until the venue listed what lies in it', async () => {
    const ground = new Ground();
    await ground.start();
    ground.venue.disconnect();
    ground.venue.fill(fillAt('e1', ground.clock.now()));
    await ground.pass(5_000);
    ground.venue.failures.push(failed('503'), failed('503'), failed('503'));
    ground.venue.reconnect();
    await ground.pass(100);
    expect(ground.listener.health().openGaps).toMatchObject([{ why: 'reconnected' }]);
    await ground.pass(30_000);
    expect(ground.executionIds()).toEqual(['e1']);
    expect(ground.listener.health()).toMatchObject({ openGaps: [], backfilled: 1, gaps: 2 });
    expect(ground.saidEvents('gap.closed').at(-1)).toContain('1 facts were missing in it');
    expect(ground.listener.health().missedByStream).toBe(0);
    await ground.stop();
  });

  test('LS10 a listing that ends before the gap does closes nothing', async () => {
    const ground = new Ground();
    ground.venue.faults.lagMs = 10_000;
    await ground.start();
    await ground.pass(2_000);
    expect(ground.listener.health().openGaps).toHaveLength(1);
    await ground.pass(20_000);
    expect(ground.listener.health().openGaps).toEqual([]);
    await ground.stop();
  });

  test('LS11 a start is a gap: what happened while nobody listened is listed', async () => {
    const ground = new Ground();
    await ground.start();
    await ground.stop();
    ground.venue.disconnect();
    await ground.pass(60 * minute);
    ground.venue.fill(fillAt('e1', ground.clock.now() - 60_000_000_000n));
    ground.venue.reconnect();
    ground.renew();
    await ground.start();
    expect(ground.executionIds()).toEqual(['e1']);
    const gaps = ground.reader.file.gapsSince('fake', 'main', 0n);
    expect(gaps.filter(({ why }) => why === 'nobody listened')).toHaveLength(2);
    expect(gaps.every(({ closedAt }) => closedAt !== null)).toBe(true);
    await ground.stop();
  });

  test('LS12 a stream that is silent for too long is a gap, once', async () => {
    const ground = new Ground();
    await ground.start();
    ground.venue.fill(fillAt('e1', ground.clock.now()));
    await ground.pass(20 * minute);
    expect(ground.saidEvents('gap.opened').filter((msg) => msg.includes('silent'))).toHaveLength(1);
    expect(ground.listener.health()).toMatchObject({
      streams: [{ stream: 'execution', silent: true, lastEventAgeMs: 20 * minute }],
    });
    await ground.stop();
  });

  test('LS13 one frame lost on a healthy stream is found within one period, and told', async () => {
    const ground = new Ground();
    await ground.start();
    await ground.pass(minute);
    ground.venue.halfOpen(true);
    ground.venue.fill(fillAt('lost', ground.clock.now()));
    ground.venue.halfOpen(false);
    ground.venue.fill(fillAt('told', ground.clock.now()));
    await ground.pass(minute + 1_000);
    expect(ground.executionIds()).toEqual(['lost', 'told']);
    await ground.pass(minute);
    expect(ground.listener.health()).toMatchObject({ missedByStream: 1, gaps: 1 });
    const [late] = ground.saidEvents('fill.late');
    expect(late).toMatch(/^LATE_ARRIVAL: the stream never told BTC\/USDT buy 0.5 @ 60000 \(lost\)/);
    await ground.stop();
  });

  test('LS13 a listing that is quicker than the stream is no miss', async () => {
    const ground = new Ground();
    await ground.start();
    await ground.pass(minute - 1_500);
    ground.venue.faults = { ...ground.venue.faults, delay: 1, delayMs: 10_000 };
    ground.venue.fill(fillAt('e1', ground.clock.now()));
    await ground.pass(3 * minute);
    expect(ground.listener.health()).toMatchObject({ missedByStream: 0, booked: 1 });
    await ground.stop();
  });

  test('LS14 an execution that is listed late is found by the overlap', async () => {
    const ground = new Ground();
    await ground.start();
    for (let n = 0; n < 10; n += 1) {
      await ground.pass(minute);
      ground.venue.fill(fillAt(`e${n}`, ground.clock.now()));
    }
    await ground.pass(minute);
    ground.venue.halfOpen(true);
    // Nine minutes old when it is listed: behind the place where the listing stands.
    ground.venue.fill(fillAt('late', ground.clock.now() - 540_000_000_000n));
    await ground.pass(2 * minute);
    expect(ground.executionIds()).toContain('late');
    expect(ground.executionIds()).toHaveLength(11);
    await ground.stop();
  });

  test('LS15 a stream that breaks is taken up again, and is a gap', async () => {
    const ground = new Ground();
    await ground.start();
    ground.venue.fill(fillAt('e1', ground.clock.now()));
    await ground.pass(100);
    ground.venue.breakStream();
    await ground.pass(10);
    ground.venue.fill(fillAt('e2', ground.clock.now()));
    await ground.pass(10_000);
    expect(ground.executionIds()).toEqual(['e1', 'e2']);
    expect(ground.saidEvents('gap.opened').at(-1)).toContain('failed: the socket broke');
    await ground.stop();
  });

  test('LS16 what a venue lists no more was lost, is named, and stays open', async () => {
    const day = 24 * 60 * minute;
    const ground = new Ground({
      capabilities: { executions: { complete: true, historyMs: 7 * day } },
    });
    await ground.start();
    await ground.stop();
    ground.clock.jumpTo('2026-11-30T00:00:00Z');
    ground.renew();
    await ground.start();
    await ground.pass(5 * minute);
    expect(ground.listener.health().openGaps).toMatchObject([
      { stream: 'executions', why: 'the venue lists nothing so old' },
    ]);
    expect(ground.saidEvents('gap.lost')).toHaveLength(1);
    await ground.stop();
  });
});

describe('the process', () => {
  test('LS9 what was kept and not read is read at the start', async () => {
    const ground = new Ground();
    const receivedAt = ground.clock.now();
    const text = JSON.stringify(writeFact(fillAt('e1', receivedAt)));
    const message = { venue: 'fake', account: 'main', stream: 'execution', receivedAt, text };
    // As when the process dies between the two transactions.
    await ground.held.book.keep([accountFact], { messages: [message] });
    ground.venue.disconnect();
    await ground.start();
    expect(ground.executionIds()).toEqual(['e1']);
    expect(ground.reader.file.openMessages('fake', 'main', 0, 9)).toEqual([]);
    await ground.stop();
  });

  test('LS9 a message whose facts were not committed is still waiting', async () => {
    const held = holdBook();
    const receivedAt = held.clock.now();
    const message = { venue: 'v', account: 'main', stream: 's', receivedAt, text: '{}' };
    const { sequences } = await held.book.keep([], { messages: [message, message] });
    held.die();
    const again = holdBook(held.path, held.clock);
    expect(again.file.openMessages('v', 'main', 0, 9).map(({ sequence }) => sequence)).toEqual(
      sequences,
    );
    expect(again.file.openMessages('v', 'other', 0, 9)).toEqual([]);
  });

  test('LS19 a stop books what came before it ends', async () => {
    const ground = new Ground();
    await ground.start();
    for (let n = 0; n < 100; n += 1) ground.venue.fill(fillAt(`e${n}`, ground.clock.now()));
    await ground.pass(1);
    await ground.stop();
    expect(ground.saidEvents('listen.stopped')).toHaveLength(1);
    expect(ground.reader.file.openMessages('fake', 'main', 0, 200)).toEqual([]);
    const kept = ground.reader.file.messages(0, 999).filter(({ stream }) => stream === 'execution');
    expect(ground.executionIds()).toHaveLength(kept.length);
  });

  test('LS20 messages that were read go by age; a changed one is found', async () => {
    const ground = new Ground({ settings: { keepMessagesMs: 3_600_000 } });
    await ground.start();
    ground.venue.sendRaw('execution', 'nonsense');
    ground.venue.fill(fillAt('e1', ground.clock.now()));
    await ground.pass(3 * 60 * minute);
    const left = ground.reader.file.messages(0, 9);
    expect(left.map(({ text }) => text)).toEqual(['nonsense']);
    expect(verifyChain(ground.held.file).findings).toEqual([]);
    ground.held.file.driver.exec(`UPDATE book_raw_events SET text = 'other'`);
    expect(verifyChain(ground.held.file).findings).toMatchObject([{ code: 'message-damaged' }]);
    await ground.stop();
  });

  test('LS21 cash flows are followed as executions are', async () => {
    const ground = new Ground();
    ground.venue.cashFlow(depositAt('d1', ground.clock.now()), false);
    await ground.start();
    ground.venue.cashFlow(depositAt('d2', ground.clock.now(), '5'), false);
    ground.venue.cashFlow(depositAt('d3', ground.clock.now(), '7'));
    await ground.pass(minute + 1_000);
    expect(ground.balances()).toEqual(new Map([['USDT', '100012']]));
    await ground.stop();
  });
});

const orderOfTen = (ground: Ground) => ({
  kind: 'order' as const,
  account: 'main',
  ...{ instrument: 'BTC/USDT', leg: 'net' as const, orderId: 'o1', clientOrderId: null },
  ...{ side: 'buy' as const, type: 'limit', quantity: decimal('10'), price: decimal('60000') },
  ...{ filled: decimal('0'), averagePrice: null, status: 'open' as const, reduceOnly: false },
  time: ground.clock.now(),
});
