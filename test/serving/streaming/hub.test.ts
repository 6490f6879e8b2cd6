import { copyFileSync, existsSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamEvent } from '../../../src/service/serving/streaming/hub.ts';
import { Driver } from '../../../src/store/driver.ts';
import { openServiceFile, serviceFilePath } from '../../../src/store/service-file.ts';
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

test('SV10 an older book put back is seen after a kill, until one of them is meant', async () => {
  const path = bookPath();
  const kit = hubKit(path);
  await kit.held.book.record(deposit('main'));
  copyBook(path, `${path}.older`);
  await kit.held.book.record(deposit('main'));
  kit.hub.advance();
  await settled();
  const old = kit.hub.lastId;
  await kit.kill();
  copyBook(path, `${path}.newer`);
  copyBook(`${path}.older`, path);
  // The account and one deposit were copied; a second deposit had been numbered.
  const said = 'main ends at 2, but 3 had been written';
  const first = hubKit(path);
  expect(first.hub.headFault?.message).toBe(said);
  // What is booked onto it meanwhile is told, and makes it no other book.
  const listener = new Listener();
  first.hub.listen(listener, old);
  await first.held.book.record(deposit('main', '7'));
  first.hub.advance();
  await settled();
  expect(listener.heard.map(({ name }) => name)).toEqual(['reset', 'entry']);
  first.restart();
  expect(first.hub.headFault?.message).toBe('main has another hash at this head');
  await first.kill();
  copyBook(path, `${path}.older`);
  copyBook(`${path}.newer`, path);
  const newer = hubKit(path);
  expect(newer.hub.headFault).toBe(null);
  await newer.close();
  copyBook(`${path}.older`, path);
  const meant = hubKit(path, { acceptHead: true });
  expect(meant.hub.headFault).toBe(null);
  await meant.close();
  const later = hubKit(path);
  expect([later.hub.headFault, later.hub.lastId]).toEqual([null, meant.hub.lastId]);
  await later.close();
});

test('SV10 what a service of the first format left is what the next one holds', async () => {
  const path = bookPath();
  const held = holdBook(path);
  await held.book.record(deposit('main'));
  const { hash } = held.file.head(1);
  await held.book.close();
  const old = new Driver(serviceFilePath(path), { readOnly: false, busyTimeoutMs: 5 });
  old.exec(`PRAGMA application_id = 1416787283; PRAGMA user_version = 1;
    CREATE TABLE service_tokens (id TEXT PRIMARY KEY) STRICT;
    CREATE TABLE service_stream (last INTEGER PRIMARY KEY, account INTEGER NOT NULL,
      first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
    CREATE TABLE service_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO service_tokens VALUES ('kept');
    INSERT INTO service_stream VALUES (2, 1, 1, 2, '${hash}');
    INSERT INTO service_meta VALUES ('epoch', 'deadbeef'), ('head main', '2 ${hash}')`);
  old.close();
  const kit = hubKit(path);
  expect(kit.hub.headFault).toBe(null);
  expect(kit.hub.lastId).toMatch(/^(?!deadbeef).{8}-2$/);
  await kit.close();
  const file = openServiceFile(serviceFilePath(path));
  expect(file.driver.value('SELECT id FROM service_tokens')).toBe('kept');
  file.write(() => file.driver.exec("UPDATE service_heads SET hash = 'another'"));
  file.close();
  const again = hubKit(path);
  expect(again.hub.headFault?.message).toBe('main has another hash at this head');
  await again.close();
});

test('ES20 numbers of one account in a row are one row, through commits and restarts', async () => {
  const kit = hubKit();
  const from = kit.hub.lastId;
  for (let turns = 0; turns < 5; turns += 1) {
    await kit.held.book.record(deposit('main'));
    kit.hub.advance();
    await settled();
    kit.restart();
  }
  expect(kit.rows()).toBe(1);
  await kit.held.book.record(deposit('spot'));
  kit.restart();
  await kit.held.book.record(deposit('main'));
  kit.restart();
  expect(kit.rows()).toBe(3);
  const listener = new Listener();
  kit.hub.listen(listener, from);
  await settled();
  const told = ['main 1', 'main 2', 'main 3', 'main 4', 'main 5', 'main 6'];
  expect(listener.entries).toEqual([...told, 'spot 1', 'spot 2', 'main 7']);
  await kit.close();
});

test('ES20 what is older than thirty days is not told: an id from then gets reset', async () => {
  const kit = hubKit();
  const hour = async (account: string) => {
    await kit.held.book.record(deposit(account));
    kit.hub.advance();
    await settled();
    return kit.hub.lastId;
  };
  const first = await hour('main');
  const second = await hour('spot');
  kit.clock.jumpTo('2026-02-11T09:59:59Z');
  await hour('main');
  expect(kit.rows()).toBe(3);
  kit.clock.jumpTo('2026-02-11T10:00:01Z');
  await hour('spot');
  expect(kit.rows()).toBe(2);
  const heardSince = async (id: string) => {
    const listener = new Listener();
    kit.hub.listen(listener, id);
    await settled();
    return listener.heard.map(({ name, data }) => `${name} ${data.sequence ?? data.why}`);
  };
  kit.restart();
  const why = 'reset what you missed is too long ago: read everything again';
  expect(await heardSince(first)).toEqual([why]);
  expect(await heardSince(second)).toEqual(['entry 3', 'entry 3']);
  expect(await heardSince(kit.hub.lastId)).toEqual([]);
  // The accounts' ends are held all the same.
  expect(kit.hub.headFault).toBe(null);
  await kit.close();
});

const copyBook = (from: string, to: string) => {
  for (const end of ['', '-wal', '-shm']) {
    rmSync(to + end, { force: true });
    if (existsSync(from + end)) copyFileSync(from + end, to + end);
  }
};

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
  listener.reads();
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
  slow.reads();
  await settled();
  // The account and five deposits.
  expect(slow.events).toHaveLength(6);
  await kit.close();
});
