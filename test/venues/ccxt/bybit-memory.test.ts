import { describe, expect, test } from 'vitest';
import type { CachedAnswers } from '../../../src/venues/venue.ts';
import { at, open, position, server, standing, value } from './bybit-stand.ts';
import { execution, order, page, reply, usdt, walletOf } from './fake-bybit.ts';

standing();

/** What the library remembers after these frames, beside what is answered. */
async function remembered(...frames: readonly object[]): Promise<CachedAnswers> {
  const venue = await open({
    wait: async () => {
      const subscribed = () => server.frames.filter(({ op }) => op === 'subscribe').length;
      const moment = () => new Promise((resolve) => setTimeout(resolve, 10));
      for (let turn = 0; turn < 300 && subscribed() < 3; turn += 1) await moment();
      for (const frame of frames) server.push(frame);
      for (let turn = 0; turn < 10; turn += 1) await moment();
    },
  });
  return value(await venue.cached!(1_000));
}

const pushed = (topic: string, ...data: readonly object[]) => ({
  ...{ id: 'f1', topic, creationTime: 1_760_000_000_000, data },
});
const linear = { category: 'linear', tpslMode: 'Full', markPrice: '60000', positionValue: '' };
const row = { ...position(), ...linear, leverage: '10', positionIM: '1' };

const sectionOf = ({ sections }: CachedAnswers, name: string) =>
  sections.find(({ section }) => section === name);

describe('what the library remembers', () => {
  test('CX34 a position that it was told of and nobody lists stands beside none', async () => {
    const answers = await remembered(pushed('position', row));
    expect(sectionOf(answers, 'positions')).toEqual({
      section: 'positions',
      why: null,
      lines: [{ what: 'BTC/USDT:USDT net', cached: '0.5', first: null, fresh: null }],
    });
  });

  test('CX34 a position that is listed and was snapped is the same', async () => {
    server.tell(
      at('/v5/position/list', (one) =>
        one.query['settleCoin'] === 'USDT' ? page(one, [row]) : undefined,
      ),
    );
    const { lines } = sectionOf(await remembered(), 'positions')!;
    expect(lines).toEqual([
      { what: 'BTC/USDT:USDT net', cached: '0.5', first: '0.5', fresh: '0.5' },
    ]);
  });

  test('CX34 a wallet frame is remembered as equity, where the answer is the wallet', async () => {
    const answers = await remembered(pushed('wallet', { accountType: 'UNIFIED', coin: [usdt] }));
    expect(sectionOf(answers, 'balances')!.lines).toEqual([
      { what: 'USDT', cached: '10500', first: '10000', fresh: '10000' },
    ]);
  });

  test('CX34 an order is compared by what filled of it', async () => {
    const resting = { ...order(), category: 'linear' };
    server.tell(
      at('/v5/order/realtime', (one) =>
        one.query['settleCoin'] === 'USDT'
          ? page(one, [{ ...resting, cumExecQty: '0.5' }])
          : undefined,
      ),
    );
    const answers = await remembered(pushed('order', resting));
    expect(sectionOf(answers, 'orders')!.lines).toEqual([
      {
        what: 'o1',
        cached: '0 of 1 filled',
        ...{ first: '0.5 of 1 filled', fresh: '0.5 of 1 filled' },
      },
    ]);
  });

  test('CX34 nothing pushed is nothing compared; an answer that fails is none', async () => {
    server.tell(at('/v5/account/wallet-balance', () => ({ status: 500, body: 'oops' })));
    const answers = await remembered();
    expect(sectionOf(answers, 'orders')!.why).toMatch(/nothing was pushed/);
    expect(sectionOf(answers, 'balances')).toMatchObject({
      why: expect.stringMatching(/^asked first: /),
      lines: [],
    });
  });
});

describe('raw beside parsed', () => {
  test('CX33 each item has the row that it was read from, where that is asked for', async () => {
    const wide = { ...usdt, walletBalance: '10000.000000000000000000000000000000000001' };
    server.tell(at('/v5/account/wallet-balance', () => reply(walletOf(wide))));
    server.tell(
      at('/v5/execution/list', (one) =>
        one.query['category'] === 'linear'
          ? page(one, [execution({ execTime: '1759999999000' })])
          : undefined,
      ),
    );
    const venue = await open();
    const { raw, balances, executions } = value(await venue.statement({ raw: true }));
    expect(balances!.items).toHaveLength(1);
    expect(raw!.balances.map((one) => JSON.parse(one!))).toEqual([wide]);
    expect(executions!.items).toHaveLength(1);
    expect(raw!.executions[0]).toContain('"execId":"e1"');
    expect(value(await venue.statement()).raw).toBeUndefined();
  });
});
