/** Settings that change while a service runs, by a clock that the test moves. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { toText } from '../../src/decimal/text.ts';
import { addMilliseconds, instantText, parseInstant } from '../../src/model/instant.ts';
import { accepted, refused } from '../../src/model/result.ts';
import { readConfiguration } from '../../src/service/config.ts';
import { liveSettings, lookEveryMs, watchSettings } from '../../src/service/reloading.ts';
import { rememberedLog } from './duties/duty-kit.ts';
import { ManualClock } from './duties/manual-clock.ts';

const home = mkdtempSync(join(tmpdir(), 'trueup-reloading-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const clockOf = () => new ManualClock('2026-01-12T21:00:00Z');
const looks = (clock: ManualClock, count: number) =>
  clock.moveTo(instantText(addMilliseconds(parseInstant(clock.text())!, count * lookEveryMs)));

describe('CF8 a file that is watched', () => {
  let file: string;
  beforeEach(() => {
    file = join(mkdtempSync(join(home, 'file-')), 'trueup.yaml');
  });

  function watched() {
    const clock = clockOf();
    let reads = 0;
    const watch = watchSettings({
      ...{ files: [file], clock },
      read: () => {
        reads += 1;
        return accepted(null);
      },
      onChange: () => undefined,
      onRefused: () => undefined,
    });
    const readsAfter = async (count: number) => {
      const before = reads;
      await looks(clock, count);
      return reads - before;
    };
    return { watch, readsAfter };
  }

  test('CF8 is read when two looks saw it alike, and not again until it changes', async () => {
    writeFileSync(file, 'a');
    const { watch, readsAfter } = watched();
    expect(await readsAfter(10)).toBe(1); // what was written before the first look
    writeFileSync(file, 'b');
    expect(await readsAfter(1)).toBe(0); // seen once: it may be half of what comes
    expect(await readsAfter(1)).toBe(1);
    expect(await readsAfter(10)).toBe(0);
    watch.close();
    writeFileSync(file, 'c');
    expect(await readsAfter(10)).toBe(0);
  });

  test('CF8 is not read while it is being written', async () => {
    const { readsAfter } = watched();
    await readsAfter(10);
    for (let length = 1; length <= 5; length += 1) {
      writeFileSync(file, 'x'.repeat(length));
      expect(await readsAfter(1)).toBe(0);
    }
    expect(await readsAfter(1)).toBe(1);
  });

  test('CF8 that is written again as it was is not read', async () => {
    writeFileSync(file, 'same');
    const { readsAfter } = watched();
    await readsAfter(10);
    writeFileSync(file, 'same');
    expect(await readsAfter(10)).toBe(0);
    writeFileSync(`${file}.new`, 'emas'); // as long as before, and moved into its place
    renameSync(`${file}.new`, file);
    expect(await readsAfter(2)).toBe(1);
  });

  test('CF8 that comes and goes is read', async () => {
    const { readsAfter } = watched();
    await readsAfter(10);
    writeFileSync(file, 'a');
    expect(await readsAfter(2)).toBe(1);
    rmSync(file);
    expect(await readsAfter(2)).toBe(1);
  });

  test('CF8 is read at once where somebody asks, changed or not', () => {
    const told: string[] = [];
    let answers = [accepted('well'), refused({ ...wrong })];
    const watch = watchSettings({
      ...{ files: [file], clock: clockOf() },
      read: () => answers.shift()!,
      onChange: (value) => void told.push(value),
      onRefused: ({ code }) => void told.push(code),
    });
    watch.readNow();
    watch.readNow();
    expect(told).toEqual(['well', 'wrong']);
    answers = [];
  });

  const wrong = { code: 'wrong', message: 'm', where: {}, rule: 'r', hint: 'h' };
});

describe('CF8 while a service runs', () => {
  async function running(settings: string, environment: Readonly<Record<string, string>> = {}) {
    const folder = mkdtempSync(join(home, 'live-'));
    const file = join(folder, 'trueup.yaml');
    writeFileSync(file, settings);
    const around = { environment, folder, home: folder };
    const read = readConfiguration({}, around);
    if (!read.ok) throw new Error(read.refusal.message);
    const clock = clockOf();
    const live = liveSettings(read.value, around, clock);
    if (!live.ok) throw new Error(live.refusal.message);
    const log = rememberedLog();
    const channels: (readonly string[])[] = [];
    const watch = live.value.watch(log, (next) =>
      channels.push(next.channels.map(({ name }) => name)),
    );
    await looks(clock, 2);
    log.take();
    channels.length = 0;
    const write = async (text: string) => {
      writeFileSync(file, text);
      await looks(clock, 2);
      return log.take();
    };
    const above = () => toText(live.value.policy().alertAbove);
    return { live: live.value, log, channels, watch, write, above, clock, file };
  }

  test('CF8 a policy that changed holds from then on, and what changed is told', async () => {
    const { live, write, above } = await running('policy: {alertAbove: 500.50}\n');
    expect([above(), live.policy().stopped]).toEqual(['500.5', false]);
    expect(await write('policy: {alertAbove: 20, stopped: true}\n')).toEqual([
      'settings.applied: Holds from now on: policy.alertAbove, policy.stopped',
    ]);
    expect([above(), live.policy().stopped]).toEqual(['20', true]);
    expect(await write('policy: {stopped: true}\n')).toEqual([
      'settings.applied: Holds from now on: policy.alertAbove',
    ]);
    expect(above()).toBe('1000');
  });

  test('CF8 so do channels and the threshold of alerts', async () => {
    const { live, write, channels } = await running('alerts: {threshold: 100}\n');
    await write(
      'alerts: {threshold: 7, channels: [{name: ops, type: webhook, url: "https://a.org/x"}]}\n',
    );
    expect(channels).toEqual([['ops']]);
    expect(toText(live.alerts().settings.threshold)).toBe('7');
  });

  test.each([
    ['no YAML', 'policy: {stopped: true\n', 'line 2'],
    ['a value', 'policy: {alertAbove: much}\n', 'policy.alertAbove'],
    ['a key', 'policy: {stoped: true}\n', 'did you mean stopped?'],
    [
      'a channel',
      'policy: {alertAbove: 1}\nalerts: {channels: [{name: a, type: slack}]}\n',
      'TRUEUP_SLACK_URL',
    ],
  ])('CF8 %s that is wrong changes nothing, and is told once', async (_what, text, says) => {
    const { write, above, log, clock } = await running('policy: {alertAbove: 500}\n');
    const told = await write(text);
    expect(told).toEqual([expect.stringMatching(/^settings\.refused: Settings are as before: /)]);
    expect(told[0]).toContain(says);
    await looks(clock, 20);
    expect([log.take(), above()]).toEqual([[], '500']);
    expect(await write('policy: {alertAbove: 600}\n')).toEqual([
      'settings.applied: Holds from now on: policy.alertAbove',
    ]);
    expect(above()).toBe('600');
  });

  test('CF8 a file that is gone takes no limit away', async () => {
    const { above, log, clock, file } = await running('policy: {alertAbove: 500}\n');
    rmSync(file);
    await looks(clock, 2);
    expect(log.take()).toEqual([expect.stringContaining('is there no more')]);
    expect(above()).toBe('500');
  });

  test('CF8 what else changed takes effect at the next start, and is told', async () => {
    const { write } = await running('book: a.db\nserve: {port: 1}\n');
    expect(await write('book: b.db\nserve: {port: 2}\n')).toEqual([
      'settings.later: Takes effect at the next start: book, serve.port',
    ]);
  });

  test('CF8 a variable still wins, and a signal reads at once', async () => {
    const { watch, above, log, file } = await running('policy: {alertAbove: 500}\n', {
      TRUEUP_POLICY_ALERT_ABOVE: '42',
    });
    expect(above()).toBe('42');
    writeFileSync(file, 'policy: {alertAbove: 600, roundingSteps: 3}\n');
    watch.readNow();
    expect(above()).toBe('42');
    expect(log.take()).toEqual(['settings.applied: Holds from now on: policy.roundingSteps']);
  });
});
