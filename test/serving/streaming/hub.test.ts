import { copyFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamEvent } from '../../../src/service/serving/streaming/hub.ts';
import { bookPath, holdBook } from '../../service/held-book.ts';
import { deposit, hubKit, Listener, settled } from './hub-kit.ts';

test("ES1 each entry is told once, in its account's order, with its own number", async () => {
  const kit = hubKit();
  const listener = new Listener();
  kit.hub.listen(listener, null);
  await kit.held.book.record(deposit('main'));
  await kit.held.book.recordAll([deposit('main'), deposit('spot')]);
  kit.hub.advance();
  kit.hub.advance();
  await settled();
  // Each account's first entry is the account itself.
  expect(listener.entries).toEqual(['main 1', 'main 2', 'main 3', 'spot 1', 'spot 2']);
  const numbers = listener.heard.map(({ id }) => Number(id!.split('-')[1]));
  expect(numbers).toEqual([1, 2, 3, 4, 5]);
  expect(kit.hub.lastId).toBe(listener.heard.at(-1)!.id);
  await kit.close();
});

test('ES2 an event says what was booked, and names the break whose state changed', async () => {
  const kit = hubKit();
  const listener = new Listener();
  kit.hub.listen(listener, null);
  await kit.held.book.record(deposit('main', '10000.5'));
  kit.hub.advance();
  await settled();
  const { data } = listener.heard[1]!;
  expect(data).toMatchObject({
    ...{ account: 'main', mode: 'live', sequence: 2, kind: 'deposit', break: null },
    fact: { kind: 'deposit', amount: '10000.5', currency: 'USDT' },
  });
  await kit.close();
});

test('ES3 whoever comes back with any id is told what follows it, and nothing twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.record({ kind: fc.constant('book'), account: fc.constantFrom('a', 'b', 'c') }),
          fc.record({ kind: fc.constantFrom('leave', 'come', 'restart', 'look') }),
        ),
        { minLength: 5, maxLength: 25 },
      ),
      async (steps) => {
        const kit = hubKit();
        const here: string[] = [];
        let present: { listener: Listener; leave: () => void } | null = null;
        let lastId = kit.hub.lastId;
        const come = (id: string) => {
          const listener = new Listener();
          return { listener, leave: kit.hub.listen(listener, id) };
        };
        const leave = () => {
          if (present === null) return;
          present.leave();
          here.push(...present.listener.entries);
          lastId = present.listener.heard.at(-1)?.id ?? lastId;
          present = null;
        };
        for (const step of steps) {
          if (step.kind === 'book' && 'account' in step) {
            await kit.held.book.record(deposit(step.account));
          } else if (step.kind === 'leave') leave();
          else if (step.kind === 'come') present ??= come(lastId);
          else if (step.kind === 'look') kit.hub.advance();
          else {
            await settled();
            leave();
            kit.restart();
          }
          await settled();
        }
        kit.hub.advance();
        await settled();
        leave();
        present = come(lastId);
        await settled();
        leave();
        const counts = new Map<string, number>();
        for (const entry of here) counts.set(entry, (counts.get(entry) ?? 0) + 1);
        const { file } = kit.held;
        const wanted = file
          .accounts()
          .flatMap(({ account, name }) =>
            Array.from(file.entries(account), ({ sequence }) => `${name} ${sequence}`),
          );
        expect([...counts.keys()].sort()).toEqual([...wanted].sort());
        expect([...counts.values()].every((count) => count === 1)).toBe(true);
        for (const name of ['a', 'b', 'c']) {
          const own = here.filter((entry) => entry.startsWith(`${name} `));
          expect(own).toEqual(own.toSorted((x, y) => Number(x.slice(2)) - Number(y.slice(2))));
        }
        await kit.close();
      },
    ),
    { numRuns: 30 },
  );
});

test('ES4 what another process commits is told within a quarter of a second', async () => {
  const kit = hubKit();
  const listener = new Listener();
  kit.hub.listen(listener, null);
  await kit.held.book.record(deposit('main'));
  // Nobody called advance: the commit was not of the process that serves.
  expect(listener.entries).toEqual([]);
  await kit.clock.moveTo('2026-01-12T10:00:00.25Z');
  expect(listener.entries).toEqual(['main 1', 'main 2']);
  await kit.close();
});

test('ES5 numbers outlive a restart, and what was booked meanwhile has its own', async () => {
  const kit = hubKit();
  await kit.held.book.record(deposit('main'));
  kit.hub.advance();
  await settled();
  const before = kit.hub.lastId;
  kit.restart();
  expect(kit.hub.lastId).toBe(before);
  await kit.held.book.record(deposit('main'));
  kit.restart();
  const listener = new Listener();
  kit.hub.listen(listener, before);
  await settled();
  expect(listener.entries).toEqual(['main 3']);
  await kit.close();
});

test('ES6 a book put back from a backup begins anew: old ids are answered with reset', async () => {
  const path = bookPath();
  const early = holdBook(path);
  await early.book.record(deposit('main'));
  await early.book.close();
  copyFileSync(path, `${path}.backup`);
  const kit = hubKit(path);
  await kit.held.book.record(deposit('main'));
  kit.hub.advance();
  await settled();
  const old = kit.hub.lastId;
  await kit.close();
  copyFileSync(`${path}.backup`, path);
  const again = hubKit(path);
  await again.held.book.record(deposit('main', '7'));
  again.hub.advance();
  await settled();
  const listener = new Listener();
  again.hub.listen(listener, old);
  await settled();
  expect(listener.heard.map(({ name }) => name)).toEqual(['reset']);
  expect(listener.heard[0]!.id).toBe(again.hub.lastId);
  await again.close();
});

const strangeIds = ['', 'x', '1', 'deadbeef-1', '-1', "0'; DROP TABLE", '00000000-99999999999'];

test.each(strangeIds)('ES6 the id %j is none of ours: reset, then what comes', async (id) => {
  const kit = hubKit();
  const listener = new Listener();
  kit.hub.listen(listener, id);
  await kit.held.book.record(deposit('main'));
  kit.hub.advance();
  await settled();
  expect(listener.heard.map(({ name }) => name)).toEqual(['reset', 'entry', 'entry']);
  await kit.close();
});

test('ES7 everybody is handed the same bytes', async () => {
  const kit = hubKit();
  const listeners = [new Listener(), new Listener()] as const;
  for (const listener of listeners) kit.hub.listen(listener, null);
  await kit.held.book.record(deposit('main'));
  kit.hub.advance();
  await settled();
  const [one, two] = listeners;
  expect(one.events).toHaveLength(2);
  for (const [index, { bytes }] of one.events.entries()) {
    expect(two.events[index]!.bytes).toBe(bytes);
  }
  await kit.close();
});

test('ES8 of the past, who reads slowly is told more only once there is room', async () => {
  const kit = hubKit();
  const from = kit.hub.lastId;
  await kit.held.book.recordAll(Array.from({ length: 1_200 }, () => deposit('main')));
  kit.hub.advance();
  await settled();
  kit.restart();
  const listener = new Listener();
  listener.full = true;
  kit.hub.listen(listener, from);
  await settled();
  expect(listener.events).toEqual([]);
  listener.full = false;
  await kit.clock.moveTo('2026-01-12T10:00:00.02Z');
  await settled();
  expect(listener.entries).toHaveLength(1_201);
  expect(new Set(listener.entries).size).toBe(1_201);
  await kit.close();
});

test('ES9 when the service ends, everybody is told why', async () => {
  const kit = hubKit();
  const listener = new Listener();
  kit.hub.listen(listener, null);
  await kit.close();
  expect(listener.ends).toEqual(['the service ends']);
});

/** Takes so many, and no more for now. */
class SmallWindow extends Listener {
  room = 2;

  override take(event: StreamEvent): void {
    this.room -= 1;
    super.take(event);
  }

  override isFull(): boolean {
    return this.room <= 0;
  }
}

test('ES8 a few large events may be all that a client takes: the rest waits', async () => {
  const kit = hubKit();
  const from = kit.hub.lastId;
  await kit.held.book.recordAll(Array.from({ length: 5 }, () => deposit('main')));
  kit.hub.advance();
  await settled();
  const slow = new SmallWindow();
  kit.hub.listen(slow, from);
  await settled();
  expect(slow.events).toHaveLength(2);
  slow.room = 10;
  await kit.clock.moveTo('2026-01-12T10:00:00.02Z');
  await settled();
  // The account and five deposits.
  expect(slow.events).toHaveLength(6);
  await kit.close();
});
