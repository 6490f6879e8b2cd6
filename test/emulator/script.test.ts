import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FaultRun } from '../../emulator/faults/fault-run.ts';
import { randomScript } from '../../emulator/faults/random-script.ts';
import { readScript } from '../../emulator/faults/script.ts';
import { faultNames, faultTableText } from '../../emulator/faults/table.ts';
import { fromMilliseconds } from '../../src/model/instant.ts';
import { root } from '../house/sources.ts';
import { btc, eth } from './stand.ts';

/** What a script is refused for. */
function wrong(faults: unknown, seed: unknown = 1): readonly string[] {
  const read = readScript(JSON.stringify({ seed, faults }));
  return read.ok ? [] : read.faults;
}

const frame = { seam: 'frame', topic: 'execution', to: 'a frame' } as const;

function runOf(seed: number, ...faults: readonly object[]) {
  const read = readScript(JSON.stringify({ seed, faults }));
  if (!read.ok) throw new Error(read.faults.join('; '));
  let ms = 0;
  const run = new FaultRun(read.script, { now: () => fromMilliseconds(ms) });
  /** Which of so many frames are struck. */
  const struck = (frames: number) =>
    Array.from({ length: frames }, (_, i) => i + 1).filter(() => run.strike(frame).length > 0);
  const at = (now: number) => {
    ms = now;
  };
  return { run, struck, at };
}

test('EM13 a script says what is wrong with it, all of it at once', () => {
  expect(
    wrong([{ fault: 'drop' }, { fault: 'delay', ms: -1 }, { fault: 'drop', when: { nht: 2 } }]),
  ).toEqual([
    'fault 2 (delay): "ms": Too small: expected number to be >=0',
    'fault 3 (drop), when: Unrecognized key: "nht"',
  ]);
  expect(wrong([{ fault: 'stale', path: '/v5/position/list' }])[0]).toContain('"ageMs"');
  expect(wrong([{ fault: 'dorp' }])[0]).toMatch(
    /^fault 1: "fault" is "dorp"; the names are drop, /,
  );
  expect(wrong(['drop'])[0]).toContain('fault 1 is no object; write {"fault": "drop"');
  expect(wrong([], 'one')[0]).toContain('the script: "seed"');
  expect(readScript('{')).toMatchObject({ ok: false });
  expect(wrong([{ fault: 'drop', topic: 'wallet' }])).toEqual([]);
});

test('EM14 a fault holds for the counted thing, every so many, so often, for so long', () => {
  expect(runOf(1, { fault: 'drop', when: { nth: 3 } }).struck(9)).toEqual([3]);
  expect(runOf(1, { fault: 'drop', when: { every: 4 } }).struck(9)).toEqual([4, 8]);
  expect(runOf(1, { fault: 'drop', when: { times: 2 } }).struck(9)).toEqual([1, 2]);
  expect(runOf(1, { fault: 'drop', topic: 'order' }).struck(9)).toEqual([]);
  const timed = runOf(1, { fault: 'drop', when: { fromMs: 10, untilMs: 20 } });
  expect(timed.struck(2)).toEqual([]);
  timed.at(10);
  expect(timed.struck(2)).toEqual([1, 2]);
  timed.at(20);
  expect(timed.struck(2)).toEqual([]);
});

test('EM14 chance comes from the seed: the same script, the same luck', () => {
  const lucky = (seed: number) => runOf(seed, { fault: 'drop', when: { chance: 0.2 } }).struck(500);
  expect(lucky(7)).toEqual(lucky(7));
  expect(lucky(7)).not.toEqual(lucky(8));
  // 500 x 0.2 = 100
  expect(lucky(7).length).toBeGreaterThan(60);
  expect(lucky(7).length).toBeLessThan(140);
});

test('EM14 a fault that is added strikes as often as it says, whatever was used up before', () => {
  const { run, struck } = runOf(1, { fault: 'drop', when: { every: 4 } });
  run.add({ fault: 'drop', topic: 'execution', when: { times: 2 } });
  // 1 and 2 by the one that was added, 4 and 8 by the script.
  expect(struck(8)).toEqual([1, 2, 4, 8]);
  run.add({ fault: 'drop', topic: 'order', when: { times: 1 } });
  run.add({ fault: 'drop', topic: 'execution', when: { times: 1 } });
  expect(struck(4)).toEqual([1, 4]);
});

test('EM14 a script can be drawn: the same from the same seed, and all faults in time', () => {
  const drawn = (seed: number) =>
    randomScript({ seed, untilMs: 60_000, instruments: [btc, eth], of: faultNames });
  expect(drawn(5)).toEqual(drawn(5));
  const scripts = Array.from({ length: 100 }, (_, seed) => drawn(seed));
  const seen = new Set(scripts.flatMap(({ faults }) => faults.map(({ fault }) => fault)));
  expect([...seen].sort()).toEqual([...faultNames].sort());
  for (const script of scripts)
    expect(readScript(JSON.stringify(script))).toMatchObject({ script });
  const lasting = ['third-coin-fees', 'wide-numbers'];
  for (const { fault, when } of scripts.flatMap(({ faults }) => faults))
    expect([fault, when.untilMs]).toEqual([fault, lasting.includes(fault) ? undefined : 60_000]);
});

test('EM31 what was done is kept, with its time and to what', () => {
  const { run, struck } = runOf(1, { fault: 'drop', when: { nth: 2 } });
  struck(3);
  expect(run.applied).toEqual([{ at: '1970-01-01T00:00:00Z', fault: 'drop', to: 'a frame' }]);
});

test('EM30 the document shows the table of faults as it is', () => {
  const document = readFileSync(join(root, 'docs', 'emulator.md'), 'utf8');
  expect(document).toContain(faultTableText());
});
