import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toText } from '../../../src/decimal/text.ts';
import { instantTextOrNull } from '../../../src/model/instant.ts';
import { matchPrices } from '../../../src/service/source/price-match.ts';
import { pricesOf } from '../../../src/service/source/price-text.ts';
import { priceSource } from '../../../src/service/source/prices.ts';
import { FakeClock } from '../held-book.ts';

const time = '2026-01-12T15:00:00Z';
const mark = (instrument: string, price: string) =>
  JSON.stringify({ kind: 'mark', instrument, price, time });

const read = (text: string) =>
  pricesOf(text, 'given').map((one) => [one.symbol, toText(one.price), instantTextOrNull(one.at)]);

describe('prices are read', () => {
  test.each([
    ['one mark', mark('ACI/USD', '17.05'), [['ACI/USD', '17.05', time]]],
    [
      'marks a line',
      `${mark('ACI', '17.05')}\n\n${mark('F', '13.9')}\n`,
      [
        ['ACI', '17.05', time],
        ['F', '13.9', time],
      ],
    ],
    [
      'an object, text or number',
      '{"ACI":"17.05","F":13.90}',
      [
        ['ACI', '17.05', null],
        ['F', '13.9', null],
      ],
    ],
    // A double has no such digits: they are read as they were written.
    ['a number digit by digit', '{"A":0.1234567890123456}', [['A', '0.1234567890123456', null]]],
    ['a list', `[{"symbol":"ACI","price":17.05,"time":"${time}"}]`, [['ACI', '17.05', time]]],
    [
      'CSV',
      `symbol,price,time\nACI,17.05,${time}\nF,13.9,\n`,
      [
        ['ACI', '17.05', time],
        ['F', '13.9', null],
      ],
    ],
    ['CSV of semicolons', 'price;Symbol\n17.05;ACI\n', [['ACI', '17.05', null]]],
    [
      'the newer of two',
      `${mark('A', '1')}\n${mark('A', '2').replace('15:', '16:')}`,
      [['A', '2', '2026-01-12T16:00:00Z']],
    ],
  ])('N9 from %s', (_form, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each([
    ['prices-empty', '', {}],
    ['price-not-positive', '{"ACI":"0"}', { field: 'ACI', value: '"0"' }],
    ['price-not-positive', '{"ACI":-1}', { field: 'ACI', value: '-1' }],
    ['price-bad', '{"ACI":null}', { field: 'ACI', value: 'null' }],
    ['price-bad', '{"ACI":"1e3"}', { field: 'ACI' }],
    ['price-bad', 'symbol,price\nACI,17.05\nF,\n', { line: 3, field: 'price of F' }],
    ['price-nameless', 'symbol,price\n,17.05\n', { line: 2 }],
    ['prices-bad', 'ticker,close\nACI,1\n', { line: 1 }],
    ['prices-bad', '[1]', { field: '[0]' }],
    ['prices-bad', '{"kind":"deposit","amount":"1"}', { field: 'kind' }],
    ['time-bad', '[{"symbol":"A","price":"1","time":"yesterday"}]', { field: 'time' }],
    ['price-twice', '[{"symbol":"A","price":"1"},{"symbol":"A","price":"2"}]', { field: '[1]' }],
    ['json-bad', '{"A":', {}],
    ['json-duplicate-key', '{"A":"1","A":"1"}', {}],
  ])('N9 refused with %s: %s', (code, text, where) => {
    const refused = { refusal: { code, where: { file: 'given', ...where } }, exitCode: 2 };
    expect(errorOf(() => pricesOf(text, 'given'))).toMatchObject(refused);
  });
});

function errorOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

test('N9 symbols match as they are written, then with the currency, then by their letters', () => {
  const given = pricesOf('{"F":"1","ACI/USD":"2","bac":"3","XYZ":"4"}', 'given');
  const { bySymbol, notes } = matchPrices(['ACI', 'BAC', 'F', 'KO'], given, 'USD', 'quotes');
  const prices = [...bySymbol].map(([symbol, { price }]) => [symbol, toText(price)]);
  expect(prices).toEqual([
    ['ACI', '2'],
    ['F', '1'],
    ['BAC', '3'],
  ]);
  expect(notes).toEqual(['quotes writes bac for BAC', 'quotes has prices that nobody holds: XYZ']);
});

describe('an address is asked for prices', () => {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    asked.push(request.url!);
    if (request.url!.startsWith('/moved')) {
      answer.writeHead(302, { location: `${elsewhere}/TAKEN` }).end();
    } else if (request.url!.startsWith('/down')) answer.writeHead(503).end();
    else if (request.url!.startsWith('/page')) answer.end('<html>');
    else answer.end('{"A B":"1.5"}');
  });
  let address = '';
  /** Another host, to which a redirect would take the key. */
  const other = createServer((request, answer) => {
    asked.push(`other ${request.url}`);
    answer.end('{"A":"1"}');
  });
  let elsewhere = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    elsewhere = `http://localhost:${(other.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    other.close();
  });
  const clock = new FakeClock();

  test('N9 with the symbols in it; an answer without times is of now', async () => {
    const prices = await priceSource(`${address}/q?s={symbols}`, clock).prices(['A B', 'C']);
    expect(asked.at(-1)).toBe('/q?s=A%20B,C');
    expect(prices).toMatchObject([{ symbol: 'A B', at: clock.now() }]);
  });

  test.each([
    ['does not answer', () => 'http://127.0.0.1:1/q?key=secret', 'prices-unreachable', 1],
    ['answers with an error', () => `${address}/down?key=secret`, 'prices-unreachable', 1],
    ['answers something else', () => `${address}/page?key=secret`, 'prices-bad', 2],
  ])('N9 N13 one that %s is told without its key', async (_what, from, code, exitCode) => {
    const failed = await priceSource(from(), clock)
      .prices(['A'])
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ refusal: { code }, exitCode });
    expect(JSON.stringify((failed as { refusal: object }).refusal)).not.toContain('secret');
  });

  test('N13 a redirect is not followed: the key goes to nobody else', async () => {
    const failed = await priceSource(`${address}/moved?key=SECRET`, clock)
      .prices(['A'])
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({
      refusal: { code: 'prices-moved', message: `${address}/… leads to ${elsewhere}/…` },
      exitCode: 2,
    });
    expect(asked.filter((one) => one.startsWith('other'))).toEqual([]);
  });

  test.each([
    ['in the query', (key: string) => `${address}/page?apikey=${key}`],
    ['in the path', (key: string) => `${address}/page/${key}/quotes`],
    ['behind the hash', (key: string) => `${address}/page#k=${key}`],
  ])('N13 a key %s is in no name and no failure', async (_where, from) => {
    const source = priceSource(from('T0ken-4711'), clock);
    expect(source.name).toBe(`${address}/…`);
    const failed = await source.prices(['A']).catch((error: unknown) => error);
    expect(JSON.stringify((failed as { refusal: object }).refusal)).not.toContain('T0ken-4711');
  });

  test.each([
    ['bot:hunter2@', 'prices-login'],
    ['bot:pa@hunter2@', 'prices-login'],
    ['hunter2@', 'prices-login'],
    ['bot:hunter2@[', 'prices-address-bad'],
  ])('N13 an address with a login (%s) is refused when it is read', (login, code) => {
    const refused = errorOf(() => priceSource(`https://${login}quotes.example/p?k=s3cret`, clock));
    expect(refused).toMatchObject({ refusal: { code }, exitCode: 2 });
    const told = JSON.stringify((refused as { refusal: object }).refusal);
    expect(told).not.toMatch(/hunter2|pa@|s3cret/);
  });

  test('N9 a missing file is refused, and so is a price of the future', async () => {
    await expect(priceSource('missing.csv', clock).prices([])).rejects.toMatchObject({
      refusal: { code: 'file-unreadable' },
    });
  });
});
