import { expect, test } from 'vitest';
import type { Emulator } from '../../emulator/emulator.ts';
import { Replay } from '../../emulator/replay/replay.ts';
import { decimal } from '../../src/decimal/text.ts';
import {
  addMilliseconds,
  type Instant,
  instant,
  millisecondsBetween,
} from '../../src/model/instant.ts';
import type { MarketEvent } from '../../src/venues/paper/paper-exchange.ts';

const start = instant('2026-01-01T00:00:00Z');
const recorded = instant('2024-08-08T00:00:00Z');

const price = (ms: number): MarketEvent => ({
  ...{ kind: 'mark', instrument: 'BTC/USDT:USDT', price: decimal('60000') },
  at: addMilliseconds(recorded, ms),
});

/** What a replay does in so many milliseconds of a clock that a test moves. */
function replayed(events: readonly MarketEvent[], speed: number, spanMs: number) {
  let now: Instant = start;
  let due: { at: Instant; work: () => void } | null = null;
  const seen: (readonly [ms: number, stampMs: number])[] = [];
  let isOver = false;
  const emulator = {
    clock: {
      now: () => now,
      after(ms: number, work: () => void) {
        due = { at: addMilliseconds(now, ms), work };
        return () => {
          due = null;
        };
      },
    },
    advance: ({ at }: MarketEvent) =>
      void seen.push([millisecondsBetween(start, now), millisecondsBetween(start, at)]),
    settle: () => undefined,
  } as unknown as Emulator;
  const replay = new Replay(emulator, events, speed);
  replay.start(() => {
    isOver = true;
  });
  const end = addMilliseconds(start, spanMs);
  for (;;) {
    const next = due as { at: Instant; work: () => void } | null;
    if (next === null || next.at > end) break;
    now = next.at;
    next.work();
  }
  replay.stop();
  return { seen, isOver, waits: due !== null };
}

test('EM32 events happen as far apart as they were, in steps of the clock', () => {
  const { seen, isOver } = replayed([price(0), price(30), price(90)], 1, 80);
  // Steps of 20 ms: what is due at 30 happens at 40, stamped 30.
  expect([seen, isOver]).toEqual([
    [
      [0, 0],
      [40, 30],
    ],
    false,
  ]);
});

test('EM32 faster, their times are closer as well', () => {
  const { seen, isOver, waits } = replayed([price(0), price(600), price(1_200)], 60, 40);
  // 600 ms are 10, 1200 are 20.
  expect([seen, isOver, waits]).toEqual([
    [
      [0, 0],
      [20, 10],
      [20, 20],
    ],
    true,
    false,
  ]);
});
