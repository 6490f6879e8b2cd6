/** A venue for as long as a service runs: it is asked again and again, by several duties. */
import { afterEach, expect, test } from 'vitest';
import { millisecondsBetween } from '../../../src/model/instant.ts';
import { VenueDesk } from '../../../src/service/venues/desk.ts';
import { parseVenueSettings } from '../../../src/service/venues/settings.ts';
import { markMaxAgeMs } from '../held-book.ts';
import { depositAt, Ground } from '../listening/ground.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const minute = 60_000;
const hour = 60 * minute;

/** `reaches`: how far behind the present executions were listed once more, in ms, each time. */
function stand() {
  const ground = new Ground();
  ground.venue.cashFlow(depositAt('d1', ground.clock.now(), '1000'));
  const reaches: number[] = [];
  const executions = ground.venue.executions.bind(ground.venue);
  ground.venue.executions = (cursor, since) => {
    if (since !== null) reaches.push(millisecondsBetween(since, ground.clock.now()));
    return executions(cursor, since);
  };
  const read = parseVenueSettings({ fake: { exchange: 'bybit', account: 'main' } }, 'x');
  if (!read.ok) throw new Error(read.refusal.message);
  const { book } = ground.held;
  const writer = {
    path: book.path,
    record: book.record.bind(book),
    recordAll: book.recordAll.bind(book),
    apply: book.apply.bind(book),
    keep: book.keep.bind(book),
    close: async () => undefined,
  };
  const desk = new VenueDesk({
    ...{ name: 'fake', opened: { venue: ground.venue, settings: read.value['fake']! } },
    ...{ book: ground.held.path, reader: () => ground.reader, programVersion: 'test' },
    ...{ markMaxAgeMs, clock: ground.clock, openWriter: async () => writer },
  });
  const pull = async (): Promise<readonly number[]> => {
    let hasEnded = false;
    const pulled = desk.pull(ground.log, new AbortController().signal).finally(() => {
      hasEnded = true;
    });
    for (let turn = 0; !hasEnded && turn < 200; turn += 1) await ground.pass(100);
    await pulled;
    return reaches.splice(0);
  };
  const listen = async () => {
    const stop = new AbortController();
    const running = desk.listen(ground.log, stop.signal, () => undefined);
    const end = async () => {
      stop.abort();
      await ground.pass(minute);
      await running;
    };
    stops.push(end);
    await ground.pass(10_000);
    reaches.splice(0);
    return end;
  };
  return { ground, desk, pull, listen };
}

const about = (ms: number) => expect.toSatisfy((one: number) => Math.abs(one - ms) < 10_000);

test('LS92 one pull in six hours lists two days back, and the others ten minutes', async () => {
  const { ground, pull } = stand();
  expect(await pull()).toEqual([]);
  await ground.pass(minute);
  expect(await pull()).toEqual([about(minute + 10 * minute)]);
  await ground.pass(minute);
  expect(await pull()).toEqual([about(minute + 10 * minute)]);
  await ground.pass(6 * hour);
  expect(await pull()).toEqual([about(6 * hour + 48 * hour)]);
  await ground.pass(minute);
  expect(await pull()).toEqual([about(minute + 10 * minute)]);
});

test('LS92 beside a listener, which lists what lies behind, they list a minute', async () => {
  const { ground, pull, listen } = stand();
  await pull();
  await listen();
  await ground.pass(10_000);
  expect(await pull()).toEqual([about(20_000 + minute)]);
});

test('RD54 a desk says what its listener hears while it goes on', async () => {
  const { desk, listen } = stand();
  expect(desk.health).toBeNull();
  const end = await listen();
  // The deposit was told as soon as anybody listened.
  expect(desk.health).toMatchObject({
    streams: [{ stream: 'execution', lastEventAgeMs: 10_000, silent: false }],
  });
  await end();
  expect(desk.health).toBeNull();
});
