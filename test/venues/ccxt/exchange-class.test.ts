import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadExchangeClass } from '../../../src/venues/ccxt/exchange-class.ts';

const root = join(import.meta.dirname, '../../../src');

test('CX43 the library is entered at one exchange, never at the list of all of them', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const text = (name: string) => readFileSync(join(root, name), 'utf8');
  const naming = files.filter((name) => /['"`]ccxt(?:\/[^'"`]*)?['"`]/.test(text(name)));
  expect(naming).toEqual([join('venues', 'ccxt', 'exchange-class.ts')]);
  // The package itself is only asked where it lies: its entry imports a hundred exchanges.
  expect(text(naming[0]!).match(/.*['"]ccxt['"].*/g)).toEqual([
    expect.stringContaining("import.meta.resolve('ccxt')"),
  ]);
});

test('CX43 an exchange has the library’s streams, and a path is no exchange', async () => {
  const has = async (id: string) => {
    const Exchange = await loadExchangeClass(id);
    return Exchange && new Exchange({}).has['watchMyTrades'];
  };
  expect(await has('bybit')).toBe(true);
  expect(await has('nosuchexchange')).toBeNull();
  expect(await has('../../src/bybit')).toBeNull();
});
