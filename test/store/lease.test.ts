import { describe, expect, test } from 'vitest';
import { openBookFile } from '../../src/store/book-file.ts';
import type { LeaseHolder } from '../../src/store/lease.ts';
import { bookPath, TestClock } from './new-book.ts';

const ttlMs = 10_000;

function twoPrograms() {
  const clock = new TestClock();
  const path = bookPath();
  const [a, b] = [openBookFile(path, { clock, create: true }), openBookFile(path, { clock })];
  const ask = (holder: string, pid: number) => {
    return { holder, socket: `/tmp/${holder}.sock`, pid, now: clock.now(), ttlMs };
  };
  return { a, b, clock, asA: () => ask('a', 1), asB: () => ask('b', 2) };
}

describe('the lease', () => {
  test('S26 is held by one, and tells the other whom to ask', () => {
    const { a, b, clock, asA, asB } = twoPrograms();
    expect(a.leaseHolder()).toBeNull();
    expect(a.acquireLease(asA())).toEqual({ epoch: 1 });
    const heldBy = {
      epoch: 1,
      holder: 'a',
      socket: '/tmp/a.sock',
      pid: 1,
      takenAt: clock.now(),
      expiresAt: clock.now() + BigInt(ttlMs) * 1_000_000n,
    };
    expect(b.acquireLease(asB())).toEqual({ heldBy });
    expect(b.leaseHolder()).toEqual(heldBy);
  });

  test('S27 is free when released or expired, and its epoch only rises', () => {
    const { a, b, clock, asA, asB } = twoPrograms();
    a.acquireLease(asA());
    expect(a.releaseLease(1)).toBe(true);
    expect(b.acquireLease(asB())).toEqual({ epoch: 2 });
    clock.advance(ttlMs - 1);
    expect(a.acquireLease(asA())).toHaveProperty('heldBy');
    clock.advance(1);
    expect(a.acquireLease(asA())).toEqual({ epoch: 3 });
  });

  test('S28 lives as long as it is renewed, and cannot be renewed or released once lost', () => {
    const { a, b, clock, asA, asB } = twoPrograms();
    a.acquireLease(asA());
    clock.advance(ttlMs - 1);
    expect(a.renewLease(1, clock.now(), ttlMs)).toBe(true);
    clock.advance(ttlMs - 1);
    expect(b.acquireLease(asB())).toHaveProperty('heldBy');
    clock.advance(1);
    expect(b.acquireLease(asB())).toEqual({ epoch: 2 });
    expect(a.renewLease(1, clock.now(), ttlMs)).toBe(false);
    expect(a.releaseLease(1)).toBe(false);
    expect(b.leaseHolder()?.holder).toBe('b');
    expect(() => a.write(1, () => 1)).toThrow('epoch 1 is over');
  });

  test('S29 of a dead holder goes to one of those who saw it dead', () => {
    const { a, b, asA, asB } = twoPrograms();
    a.acquireLease({ ...asA(), holder: 'dead' });
    const seen = a.leaseHolder() as LeaseHolder;
    expect(a.takeOver(asA(), seen)).toEqual({ epoch: 2 });
    expect(b.takeOver(asB(), seen)).toHaveProperty('heldBy.holder', 'a');
    expect(a.write(2, () => 'written')).toBe('written');
  });

  test('S30 stays with its holder when the clock jumps back, until that one gives way', () => {
    const { a, b, clock, asA, asB } = twoPrograms();
    a.acquireLease(asA());
    clock.advance(-86_400_000);
    expect(b.acquireLease(asB())).toHaveProperty('heldBy');
    expect(a.renewLease(1, clock.now(), ttlMs)).toBe(true);
    clock.advance(ttlMs);
    expect(b.acquireLease(asB())).toEqual({ epoch: 2 });
  });
});
