import { describe, expect, test } from 'vitest';
import { fromMilliseconds } from '../../../src/model/instant.ts';
import { openExchange } from '../../../src/venues/ccxt/exchange-client.ts';
import { at, open, server, standing, value, wait } from './bybit-stand.ts';
import { refused, reply, venueTime } from './fake-bybit.ts';

standing();

describe('the key and the clock', () => {
  test('CX19 a key that can withdraw is refused unless allowed', async () => {
    const permissions = { Wallet: ['AccountTransfer', 'Withdraw'] };
    server.tell(at('/v5/user/query-api', () => reply({ readOnly: 0, permissions })));
    expect(await (await open()).statement()).toMatchObject({
      status: 'refused',
      code: 'key-can-withdraw',
    });
    const allowed = await open({ allowWithdrawals: true });
    expect(await allowed.statement()).toMatchObject({ status: 'answered' });
  });

  test('CX19 a key whose permissions are not told is refused as well', async () => {
    server.tell(at('/v5/user/query-api', () => reply({ readOnly: 0 })));
    expect(await (await open()).statement()).toMatchObject({ code: 'key-can-withdraw' });
  });

  test('CX20 a wrong key is said so, without the key', async () => {
    server.tell((one) =>
      one.headers['x-bapi-api-key'] === undefined
        ? undefined
        : refused(10003, `API key ${String(one.headers['x-bapi-api-key'])} is invalid`),
    );
    const answer = await (await open()).statement();
    expect(answer).toMatchObject({ status: 'failed', credentials: true, retry: false });
    expect(JSON.stringify(answer)).not.toMatch(/of-the-account|the-secret/);
  });

  test('CX21 the clock is measured before anything is signed, and when found wrong', async () => {
    const theirs = venueTime - 3_600_000;
    server.tell(
      at('/v5/market/time', () => {
        return reply({}, theirs);
      }),
    );
    let wrong = 1;
    server.tell(
      at('/v5/position/list', () => (wrong-- > 0 ? refused(10002, 'timestamp') : undefined)),
    );
    const venue = await open();
    expect(value(await venue.statement()).positions?.complete).toBe(false);
    const stamps = server.asked.flatMap((one) => one.headers['x-bapi-timestamp'] ?? []);
    expect(stamps.length).toBeGreaterThan(3);
    for (const stamp of stamps) expect(Number(stamp)).toBe(theirs);
    expect(server.asked[0]?.path).toBe('/v5/market/time');
  });

  test('CX22 clients of one key wait in one queue, those of another do not', async () => {
    const clock = { now: () => fromMilliseconds(venueTime) };
    const settings = { exchange: 'bybit', local: server.url, clock, wait };
    const key = (name: string) => ({ credentials: { key: name, secret: 's' } });
    const [one, two, other] = await Promise.all([
      openExchange({ ...settings, ...key('one') }),
      openExchange({ ...settings, ...key('one') }),
      openExchange({ ...settings, ...key('other') }),
    ]);
    expect(one.queue).toBe(two.queue);
    expect(one.queue).not.toBe(other.queue);
  });

  test('CX28 a local server is one of this machine; an unknown exchange is refused', async () => {
    await expect(open({ local: 'http://10.0.0.1:80' })).rejects.toThrow(
      /no address of this machine/,
    );
    await expect(open({ local: 'https://example.com' })).rejects.toThrow(
      /no address of this machine/,
    );
    await expect(open({ exchange: '../bybit' })).rejects.toThrow(/no exchange/);
    await expect(open({ exchange: 'nowhere' })).rejects.toThrow(/no exchange/);
  });
});
