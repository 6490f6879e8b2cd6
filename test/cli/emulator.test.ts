import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../house/sources.ts';
import { CommandLine } from './command-line.ts';

const line = new CommandLine();
afterAll(() => line.remove());

const bars = [
  'date,open,high,low,close,volume',
  '2024-01-01T00:00:00Z,100,101,99,100,5',
  '2024-01-01T00:01:00Z,100,102,100,101,5',
  '2024-01-01T00:02:00Z,101,103,101,102,5',
].join('\n');

test('EM32 EM33 it replays to the end, and says that it is PAPER', async () => {
  line.file('ABC_USDT-1m.csv', bars);
  const words = 'emulator --data ABC_USDT-1m.csv --port 0 --speed 600 --until-end';
  const { code, out, err } = await line.run(words);
  expect([code, out]).toEqual([0, 'PAPER 3 events replayed, 0 faults applied\n']);
  expect(err).toMatch(/^PAPER Bybit v5 on http:\/\/127\.0\.0\.1:\d+ and ws:/);
  expect(await line.json(words)).toEqual({
    ...{ schema: 'trueup.emulator/1', mode: 'PAPER', events: 3, faults: [] },
  });
});

test('EM33 it answers until it is stopped, and then says what it did', async () => {
  const data = line.file('ABC_USDT-1m.csv', bars);
  const fault = { fault: 'rate-limit', path: '/v5/market/time', when: { nth: 2 } };
  const script = line.file('faults.json', JSON.stringify({ seed: 1, faults: [fault] }));
  const program = join(root, 'src', 'cli', 'main.ts');
  const words = ['emulator', '--data', data, '--port', '0', '--script', script];
  const child = spawn(process.execPath, [program, ...words]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => {
    out += String(text);
  });
  const listening = new Promise<string>((resolve) => {
    child.stderr.on('data', (text) => {
      err += String(text);
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(err) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const origin = await listening;
  const code = async () =>
    ((await (await fetch(`${origin}/v5/market/time`)).json()) as { retCode: number }).retCode;
  expect([await code(), await code(), await code()]).toEqual([0, 10006, 0]);
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(out).toMatch(/1 faults applied\n.*\n.* rate-limit +\/v5\/market\/time/s);
});

test('EM13 a bad script is refused with all that is wrong with it', async () => {
  line.file('ABC_USDT-1m.csv', bars);
  line.file('bad.json', '{"seed": 1, "faults": [{"fault": "dorp"}, {"fault": "delay"}]}');
  const { code, err } = await line.run('emulator --data ABC_USDT-1m.csv --script bad.json');
  expect(code).toBe(2);
  expect(err).toContain('fault 1: "fault" is "dorp"');
  expect(err).toContain('fault 2 (delay): "ms"');
});

test('EM37 a port in use ends it with 1, and says which', async () => {
  line.file('ABC_USDT-1m.csv', bars);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const said = await line.json(`emulator --data ABC_USDT-1m.csv --port ${port}`);
  await new Promise((resolve) => server.close(resolve));
  expect(said).toMatchObject({
    ...{ exitCode: 1, code: 'port-in-use', where: { field: '--port', value: String(port) } },
    hint: expect.stringContaining('--port 0'),
  });
});

test.each([
  ['--script nope.json', 'fault-script-bad', /nope\.json: it cannot be read: ENOENT/],
  ['--order-rate 0', 'count-bad', /--order-rate 0/],
  ['--port 65536', 'count-bad', /--port 65536/],
])('EM37 %s is refused as %s', async (words, code, message) => {
  line.file('ABC_USDT-1m.csv', bars);
  const said = await line.json(`emulator --data ABC_USDT-1m.csv --until-end ${words}`);
  expect(said).toMatchObject({ exitCode: 2, code, message: expect.stringMatching(message) });
});
