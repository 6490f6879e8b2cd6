import { expect, test } from 'vitest';
import { Recent } from '../../../src/service/serving/streaming/recent.ts';
import { eventOf } from '../../../src/service/serving/streaming/wire.ts';

const event = (number: number, size: number) => ({
  ...{ id: `e-${number}`, account: 'main', at: 0n },
  bytes: Buffer.alloc(size),
});

const numbersAfter = (recent: Recent, number: number, limit = 10) =>
  recent.after(number, limit)?.map(([told, { id }]) => [told, id]) ?? null;

test('ES3 the newest events are at hand, those that are not are asked of the book', () => {
  const recent = new Recent();
  // 100 of 100,000 bytes are 10 MB; four MiB of them are kept at most, and half of that at least.
  for (let number = 1; number <= 100; number += 1) recent.add(number, event(number, 100_000));
  expect(numbersAfter(recent, 98)).toEqual([
    [99, 'e-99'],
    [100, 'e-100'],
  ]);
  expect(numbersAfter(recent, 80, 1)).toEqual([[81, 'e-81']]);
  expect(recent.after(58, 10)).toBeNull();
  // One that is larger than all that may be kept is read from the book as well.
  recent.add(101, event(101, 8_000_000));
  recent.add(102, event(102, 10));
  expect(numbersAfter(recent, 101)).toEqual([[102, 'e-102']]);
});

test('ES3 small events are kept by their count', () => {
  const recent = new Recent();
  for (let number = 1; number <= 10_000; number += 1) recent.add(number, event(number, 1));
  expect(recent.after(5_000, 10)).toBeNull();
  expect(numbersAfter(recent, 7_952, 1)).toEqual([[7_953, 'e-7953']]);
});

test('ES7 the bytes of an event that is kept hold nothing else in memory', () => {
  const parts = { id: 'e-1', name: 'entry', account: 'main', at: 0n } as const;
  const { bytes } = eventOf(parts, { what: 'größer' });
  expect(bytes.toString()).toBe('id: e-1\nevent: entry\ndata: {"what":"größer"}\n\n');
  expect(bytes.buffer.byteLength).toBe(bytes.length);
});
