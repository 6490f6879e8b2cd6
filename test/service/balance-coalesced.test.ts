import { describe, expect, test } from 'vitest';
import { coalesced } from '../../src/service/source/balance.ts';

describe('one run under way and one waiting', () => {
  /** Runs that end when they are told to; each resolves with its number. */
  function runs() {
    const open: ((how: 'well' | 'badly') => void)[] = [];
    let begun = 0;
    const run = (): Promise<number> =>
      new Promise((resolve, reject) => {
        begun += 1;
        const number = begun;
        open.push((how) => (how === 'well' ? resolve(number) : reject(new Error(`run ${number}`))));
      });
    return { run, end: (how: 'well' | 'badly') => open.shift()?.(how), begun: () => begun };
  }

  test('I12 every caller is answered by a run that began after the call', async () => {
    const { run, end, begun } = runs();
    const call = coalesced(run);
    const first = call();
    const second = call();
    const third = call();
    expect(begun()).toBe(1);
    end('well');
    expect(await first).toBe(1);
    await Promise.resolve();
    const fourth = call(); // while run 2 is under way
    end('well');
    expect([await second, await third]).toEqual([2, 2]);
    await Promise.resolve();
    end('well');
    expect(await fourth).toBe(3);
    expect(begun()).toBe(3);
  });

  test('I13 a run that failed keeps nobody from the next', async () => {
    const { run, end } = runs();
    const call = coalesced(run);
    const first = call();
    const second = call();
    end('badly');
    await expect(first).rejects.toThrow('run 1');
    await Promise.resolve();
    end('well');
    expect(await second).toBe(2);
  });
});
