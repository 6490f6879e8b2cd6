import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import { Ground, MemoryChannel, SteppingClock, wrong } from './desk-kit.ts';

const line = (text: string) => ({ lines: [text, 'more'] });

describe('one message per case', () => {
  test('A1 a case that is raised again is not told again', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    for (let minute = 0; minute < 60; minute += 5) {
      await ground.raise({ lines: ['Discrepancy: $211.69', `${minute} minutes old`] });
      ground.clock.pass(5);
    }
    expect(ops.phases).toEqual(['opened!']);
  });

  test('A1 nor after a restart, nor from runs of cron', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    for (let run = 0; run < 5; run += 1) {
      ground.open();
      await ground.raise();
      ground.clock.pass(5);
    }
    ground.open();
    await ground.clear();
    expect(ops.phases).toEqual(['opened!', 'cleared']);
    expect(ops.taken[1]).toMatchObject({ reference: 'ops-1', notify: false });
  });

  test('A1 two cases are two messages, the worse one first', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    await Promise.all([ground.raise(), ground.raise({ key: 'b', severity: 'critical' })]);
    expect(ops.taken.map(({ alert }) => alert.key)).toEqual(['b', wrong.key]);
    expect(ground.desk.open('')).toEqual(['b', wrong.key]);
    expect(ground.desk.open('total-')).toEqual([wrong.key]);
    expect(ground.desk.cases().map(({ key }) => key)).toEqual(['b', wrong.key]);
  });

  test('A1 what is not open cannot be cleared, and tells nothing', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    await ground.clear();
    expect(ops.attempts).toBe(0);
  });
});

describe('what is told of a case', () => {
  test('A2 a rise of severity at once, so that it is noticed; a fall is not', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    await ground.raise();
    await ground.raise({ severity: 'high' });
    await ground.raise({ severity: 'low' });
    await ground.raise({ severity: 'high' });
    expect(ops.phases).toEqual(['opened!', 'changed!']);
  });

  test('A2 another first line or title after ten minutes, then ever more rarely', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    const minutes: number[] = [];
    for (let minute = 0; minute <= 24 * 60; minute += 10) {
      const before = ops.taken.length;
      await ground.raise(line(`Discrepancy: $${minute}`));
      if (ops.taken.length > before) minutes.push(minute);
      ground.clock.pass(10);
    }
    // Gaps of 10, 20, 40, 80, 160, 320, 640 minutes.
    expect(minutes).toEqual([0, 10, 30, 70, 150, 310, 630, 1270]);
    expect(ops.phases.slice(1).every((phase) => phase === 'changed')).toBe(true);
    expect(ops.taken.at(-1)!.alert.lines[0]).toBe('Discrepancy: $1270');
  });

  test('A2 a change that had to wait is told by a flush', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    await ground.raise();
    await ground.raise({ title: 'The stored total is wrong by more' });
    expect(ops.taken).toHaveLength(1);
    ground.clock.pass(10);
    await ground.desk.flush();
    expect(ops.told[1]).toBe('changed total-stale:falcon The stored total is wrong by more');
  });

  test('A3 what clears is told at once; what comes back soon is told like a change', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    const minutes: string[] = [];
    // It is wrong and right again, every other minute of two hours.
    for (let minute = 0; minute < 120; minute += 1) {
      const before = ops.taken.length;
      await (minute % 2 === 0 ? ground.raise() : ground.clear());
      if (ops.taken.length > before) minutes.push(`${minute} ${ops.phases.at(-1)}`);
      ground.clock.pass(1);
    }
    // 10, 20, 40, then 60 minutes after it was told to be right.
    const wanted = ['0 opened!', '1 cleared', '12 opened!', '13 cleared', '34 opened!'];
    expect(minutes).toEqual([...wanted, '35 cleared', '76 opened!', '77 cleared']);
  });

  test('A3 what comes back after hours is a case of its own', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    await ground.raise();
    await ground.clear();
    ground.clock.pass(121);
    await ground.raise();
    expect(ops.phases).toEqual(['opened!', 'cleared', 'opened!']);
    expect(ops.taken[2]!.reference).toBeNull();
    expect(new Set(ops.taken.map(({ id }) => id)).size).toBe(3);
  });

  test('A3 what comes back worse is told at once', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    await ground.raise();
    await ground.clear();
    await ground.raise({ severity: 'critical' });
    expect(ops.phases).toEqual(['opened!', 'cleared', 'opened!']);
    expect(ops.taken[2]!.reference).toBe('ops-1');
  });
});

describe('delivery', () => {
  test('A4 what is not taken stays until it is, also over a restart', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    ops.down();
    await ground.raise();
    await ground.raise({ key: 'b', title: 'Something else' });
    ground.open();
    ops.fault = null;
    ground.clock.pass(10);
    await ground.desk.flush();
    expect(ops.told.slice(0, 2).sort()).toEqual([
      'opened b Something else',
      'opened total-stale:falcon The stored total is wrong',
    ]);
    await ground.desk.flush();
    expect(ops.taken.filter(({ alert }) => alert.name === 'total-stale')).toHaveLength(2);
  });

  test('A4 what was overtaken is one message: what came of it', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    ops.down();
    await ground.raise();
    await ground.raise({ severity: 'high' });
    await ground.clear();
    ops.fault = null;
    ground.clock.pass(10);
    await ground.desk.flush();
    expect(ops.told).toEqual(['cleared total-stale:falcon The stored total is wrong']);
  });

  test('A4 after a crash between sending and noting it comes again with its id', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    ops.down();
    await ground.raise();
    const before = ground.state;
    ops.fault = null;
    ground.clock.pass(10);
    await ground.desk.flush();
    writeFileSync(ground.stateFile, before);
    ground.open();
    await ground.desk.flush();
    const ids = ops.taken.filter(({ alert }) => alert.key === wrong.key).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).toMatch(/^msg_[0-9a-f]{16}$/);
  });

  test('A4 a message that is refused for good holds up no other', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    ops.failsOnce({ status: 'failed', why: 'it answered 400', retry: false });
    await Promise.all([ground.raise({ severity: 'high' }), ground.raise({ key: 'b' })]);
    expect(ops.taken.map(({ alert }) => alert.key)).toEqual(['b']);
    ground.clock.pass(10);
    await ground.desk.flush();
    expect(ops.taken.map(({ alert }) => alert.key)).toContain(wrong.key);
  });

  test('A5 a channel that fails is reported by the others, once, until it works', async () => {
    const [ops, mail, chat] = ['ops', 'mail', 'chat'].map((name) => new MemoryChannel(name));
    const ground = new Ground(ops!, mail!, chat!);
    ops!.refuses();
    for (let run = 0; run < 10; run += 1) {
      await ground.raise(line(`Discrepancy: $${run}`));
      ground.clock.pass(1);
    }
    for (const one of [mail!, chat!]) {
      const failures = one.taken.filter(({ alert }) => alert.name === 'channel-failed');
      expect(failures.map(({ phase }) => phase)).toEqual(['opened']);
      expect(failures[0]!.alert).toMatchObject({ key: 'channel-failed:ops', severity: 'high' });
      expect(failures[0]!.alert.lines[0]).toBe('it answered 404');
    }
    ops!.fault = null;
    ground.clock.pass(20);
    await ground.desk.flush();
    expect(mail!.told).toContain('cleared channel-failed:ops Alerts do not get through by ops');
    expect(ops!.told).toEqual(['opened total-stale:falcon The stored total is wrong']);
    expect(ground.desk.open('channel-failed')).toEqual([]);
  });

  test('CF8 A5 channels that settings name now are told, those that are gone are not', async () => {
    const [ops, mail, chat] = ['ops', 'mail', 'chat'].map((name) => new MemoryChannel(name));
    const ground = new Ground(ops!, mail!);
    ops!.refuses();
    await ground.raise();
    expect(ground.desk.open('channel-failed')).toEqual(['channel-failed:ops']);
    await ground.desk.use({ channels: [mail!, chat!], alertMinSeverity: 'high' });
    expect(ground.desk.open('channel-failed')).toEqual([]);
    const attempts = ops!.attempts;
    await ground.raise({ key: 'other', severity: 'medium' });
    await ground.raise({ key: 'worse', severity: 'high' });
    // Who was told of a case is told what becomes of it; a milder new one is below what is told.
    expect(mail!.taken.map(({ alert, phase }) => `${phase} ${alert.key}`)).toEqual([
      ...['opened total-stale:falcon', 'opened channel-failed:ops'],
      ...['cleared channel-failed:ops', 'opened worse'],
    ]);
    expect(chat!.told.map((words) => words.split(' ', 2).join(' '))).toEqual([
      ...['cleared channel-failed:ops', 'opened worse'],
    ]);
    expect(ops!.attempts).toBe(attempts);
  });

  test('A5 a channel whose recipients were refused in part is reported, and has it', async () => {
    const [ops, mail] = [new MemoryChannel('ops'), new MemoryChannel('mail')];
    const ground = new Ground(ops, mail);
    mail.failsOnce({ status: 'sent', reference: 'm', warning: 'refused 1 of 2' });
    await ground.raise();
    expect(ops.told).toContain('opened channel-failed:mail Alerts do not get through by mail');
    expect(mail.attempts).toBe(1);
  });

  test('A5 a channel that throws is reported by the name of the error alone', async () => {
    const [ops, mail] = [new MemoryChannel('ops'), new MemoryChannel('mail')];
    const ground = new Ground(ops, mail);
    mail.fault = new TypeError('marker-of-a-secret');
    await ground.raise();
    expect(ops.taken.at(-1)!.alert.lines[0]).toBe('it threw TypeError');
    expect(JSON.stringify([ground.state, ground.lines])).not.toContain('marker-of-a-secret');
  });

  test('A6 an attempt that fails for now is made again in the same round', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    ops.failsOnce();
    ops.failsOnce();
    await ground.raise();
    expect(ops.phases).toEqual(['opened!']);
    expect(ops.attempts).toBe(3);
    expect(ground.desk.open('channel-failed')).toEqual([]);
  });

  test('A6 a service is asked again no sooner than it asks for, nor in vain', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    ops.failsOnce({ status: 'failed', why: 'busy', retry: true, afterMs: 30 * 60_000 });
    await ground.raise();
    expect(ops.attempts).toBe(1);
    ground.clock.pass(29);
    await ground.desk.flush();
    expect(ops.attempts).toBe(1);
    ground.clock.pass(1);
    await ground.desk.flush();
    expect(ops.told).toContain('opened total-stale:falcon The stored total is wrong');
  });

  test('A6 a round ends after seconds, whatever the services do', async () => {
    const clock = new SteppingClock();
    const slow = new MemoryChannel('slow');
    const ground = new Ground(slow);
    Object.assign(ground, { clock });
    ground.open();
    slow.fault = { status: 'failed', why: 'no answer', retry: true };
    const send = slow.send.bind(slow);
    slow.send = async (message) => {
      await new Promise<void>((resolve) => clock.after(3_000, resolve));
      return send(message);
    };
    const began = clock.now();
    await Promise.all(Array.from({ length: 50 }, (_, index) => ground.raise({ key: `k${index}` })));
    // At most one wait and two attempts: 3000 + 250 + 3000 ms, however many cases there are.
    expect(Number(clock.now() - began) / 1e6).toBeLessThanOrEqual(6_250);
    expect(ground.desk.open('k')).toHaveLength(50);
  });
});

describe('what the desk remembers', () => {
  test.each([
    ['no JSON', '{"schema":'],
    ['another document', '{"schema":"trueup.alert/1"}'],
    ['nothing', ''],
    ['a case without its time', '{"schema":"trueup.alert-state/1","cases":[{}],"channels":{}}'],
  ])('A12 a damaged memory (%s) is set aside and told', async (_what, text) => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    await ground.raise();
    writeFileSync(ground.stateFile, text);
    ground.open();
    await ground.raise();
    expect(ops.taken.map(({ phase, alert }) => `${phase} ${alert.name}`)).toEqual([
      ...['opened total-stale', 'cleared alert-state-damaged', 'opened total-stale'],
    ]);
    const folder = dirname(ground.stateFile);
    const aside = readdirSync(folder).find((name) => name.includes('.damaged-'));
    expect(readFileSync(`${folder}/${aside}`, 'utf8')).toBe(text);
    expect(ops.taken[1]!.cleared!.sentence).toContain(aside!);
    ground.open();
    await ground.raise();
    expect(ops.taken).toHaveLength(3);
  });

  test('A12 a memory that cannot be written stops no alert, and is said once', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    rmSync(dirname(ground.stateFile), { recursive: true });
    await ground.raise();
    await ground.raise({ key: 'b' });
    expect(ops.taken).toHaveLength(2);
    const said = ground.lines.filter(({ event }) => event === 'alert.unremembered');
    expect(said).toHaveLength(1);
    mkdirSync(dirname(ground.stateFile));
    await ground.desk.flush();
    chmodSync(ground.stateFile, 0o600);
    expect(JSON.parse(ground.state)).toMatchObject({ schema: 'trueup.alert-state/1' });
  });

  test('A12 what is over is forgotten, and what was never delivered after a week', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    await ground.raise();
    await ground.clear();
    ground.clock.pass(121);
    await ground.desk.flush();
    expect(JSON.parse(ground.state)).toMatchObject({ cases: [] });
    ops.down();
    await ground.raise();
    await ground.clear();
    ground.clock.pass(8 * 24 * 60);
    await ground.desk.flush();
    expect(ground.state).not.toContain('total-stale');
    expect(ground.lines.map(({ event }) => event)).toContain('alert.dropped');
  });
});

describe('A13 whom a case concerns', () => {
  test.each([
    ['severity below', { minSeverity: 'high' } as const, {}, 0],
    ['severity reached', { minSeverity: 'medium' } as const, {}, 1],
    ['sum not above', { threshold: decimal('211.69') }, {}, 0],
    ['sum above', { threshold: decimal('211.68') }, {}, 1],
    ['sum unknown', { threshold: decimal('1000000') }, { atStake: null }, 1],
  ])('A13 %s', async (_what, limits, changes, told) => {
    const ops = Object.assign(new MemoryChannel('ops'), limits);
    const ground = new Ground(ops);
    await ground.raise(changes);
    await ground.clear();
    expect(ops.taken).toHaveLength(told * 2);
    expect(ground.desk.open('')).toEqual([]);
  });

  test('A13 a case that gets worse concerns more people: to them it opens', async () => {
    const boss = Object.assign(new MemoryChannel('boss'), { minSeverity: 'critical' } as const);
    const ground = new Ground(new MemoryChannel('ops'), boss);
    await ground.raise();
    await ground.raise({ severity: 'critical' });
    await ground.raise({ severity: 'low' });
    await ground.clear();
    expect(boss.phases).toEqual(['opened!', 'cleared']);
  });
});

describe('two desks of one book', () => {
  test('A1 tell a case once, whichever of them finds it and sees it clear', async () => {
    const ops = new MemoryChannel('ops');
    const ground = new Ground(ops);
    const service = ground.desk;
    const cron = ground.open();
    const alert = { ...wrong, at: ground.clock.now() };
    await service.raise(alert);
    await cron.raise(alert);
    await cron.raise({ ...alert, key: 'b' });
    await service.raise({ ...alert, key: 'b' });
    await cron.clear(wrong.key, 'It is right again.', ground.clock.now());
    await service.clear(wrong.key, 'It is right again.', ground.clock.now());
    expect(ops.phases).toEqual(['opened!', 'opened!', 'cleared']);
    expect(service.open('')).toEqual(['b']);
  });
});
