import { describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import type { Venue, VenueEvent } from '../../../src/venues/venue.ts';
import { at, open, server, standing, wait } from './bybit-stand.ts';
import { execution, order } from './fake-bybit.ts';

standing();

describe('what the exchange pushes', () => {
  const listen = async (venue: Venue) => {
    const abort = new AbortController();
    const seen: VenueEvent[] = [];
    let more = () => {
      // Nobody waits yet.
    };
    const done = (async () => {
      for await (const event of venue.events(abort.signal)) {
        seen.push(event);
        more();
      }
    })();
    const until = async (holds: () => boolean) => {
      while (!holds()) await new Promise<void>((resolve) => (more = resolve));
    };
    const stop = async () => {
      abort.abort();
      await done;
    };
    return { seen, until, stop };
  };
  const connected = (seen: readonly VenueEvent[]) =>
    seen.filter((event) => event.kind === 'connected').length;
  const frame = (rows: readonly unknown[], topic = 'execution') =>
    `{"topic":"${topic}","id":"1","creationTime":1,"data":${JSON.stringify(rows)}}`;
  const raws = (seen: readonly VenueEvent[]) =>
    seen.flatMap((event) => (event.kind === 'message' ? [event.raw] : []));

  test('CX27 frames come word for word, funding too, and none is lost in a burst', async () => {
    const venue = await open();
    const { seen, until, stop } = await listen(venue);
    await until(() => connected(seen) === 4);
    const sent = [
      frame([execution({ category: 'linear', execPrice: '1.10' })]).replace(
        '"1.10"',
        '1.1000000000000000000001',
      ),
      frame([execution({ category: 'linear', execType: 'Funding', execId: 'f1' })]),
      ...Array.from({ length: 5000 }, (_, n) =>
        frame([execution({ category: 'linear', execId: `b${n}` })]),
      ),
    ];
    for (const one of sent) server.push(one);
    await until(() => raws(seen).length === sent.length);
    await stop();
    expect(raws(seen)).toEqual(sent);
    const [first] = venue.interpret('execution', sent[0]!).facts;
    expect(first).toMatchObject({ price: decimal('1.1000000000000000000001') });
    expect(venue.interpret('execution', sent[1]!).facts).toMatchObject([{ kind: 'funding' }]);
  });

  test('CX27 streams begin with a gap; every reconnect is one, since the last frame', async () => {
    const venue = await open();
    const { seen, until, stop } = await listen(venue);
    await until(() => connected(seen) === 4);
    expect(seen.slice(0, 4)).toMatchObject(
      ['execution', 'order', 'position', 'wallet'].map((stream) => ({
        kind: 'gap',
        stream,
        since: null,
      })),
    );
    server.push(frame([execution({ category: 'linear' })]));
    await until(() => raws(seen).length === 1);
    for (const socket of server.sockets) socket.terminate();
    await until(() => connected(seen) === 8);
    await stop();
    const after = seen.slice(seen.findIndex((event) => event.kind === 'message') + 1);
    const gaps = after.filter((event) => event.kind === 'gap');
    expect(gaps.length).toBe(8);
    expect(gaps.every((gap) => gap.since !== null)).toBe(true);
    const last = after.findLastIndex((event) => event.kind === 'gap');
    expect(after.findIndex((event) => event.kind === 'connected')).toBeGreaterThan(last);
    const logins = server.frames.filter((one) => one['op'] === 'auth');
    expect(logins).toHaveLength(2);
  });

  test('CX27 what keeps the streams from standing is told as a gap, again and again', async () => {
    server.tell(at('/v5/market/time', () => ({ status: 503, body: '' })));
    const venue = await open({ wait: (_ms, signal) => wait(1, signal) });
    const { seen, until, stop } = await listen(venue);
    await until(() => seen.length >= 8);
    await stop();
    expect(seen.every((event) => event.kind === 'gap' && event.since === null)).toBe(true);
  });

  test('CX27 positions and wallets are no facts; what is no topic of ours is told', async () => {
    const venue = await open();
    await venue.instruments();
    expect(venue.interpret('position', frame([], 'position'))).toEqual({ facts: [], faults: [] });
    expect(venue.interpret('execution.fast', frame([])).faults).toHaveLength(1);
    expect(venue.interpret('execution', '{"topic":"execution"}').faults).toHaveLength(1);
    expect(venue.interpret('execution', '{').faults).toHaveLength(1);
    const one = frame([execution({ category: 'linear' }), execution({ category: 'option' })]);
    const read = venue.interpret('execution', one);
    expect([read.facts.length, read.faults.length]).toEqual([1, 1]);
    expect(
      venue.interpret('order', frame([order({ category: 'linear' })], 'order')).facts,
    ).toMatchObject([{ kind: 'order', status: 'open' }]);
  });
});
