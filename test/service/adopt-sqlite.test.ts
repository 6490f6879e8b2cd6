import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { instant } from '../../src/model/instant.ts';
import { adoptDocument } from '../../src/report/adopt-document.ts';
import { adopt } from '../../src/service/adopting.ts';
import { BookReader } from '../../src/service/reading.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import {
  createIncidentDatabase,
  incidentZone,
  writeAsTheBot,
} from '../../src/sources/falcon/incident-database.ts';
import { openSource } from '../../src/sources/open-source.ts';

let folder: string;
let database: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trueup-adopt-sqlite-'));
  database = join(folder, 'paper_trading.db');
  path = join(folder, 'trueup.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const markMaxAgeMs = 86_400_000;

async function adopted(onProgress?: (orders: number) => void) {
  const options = { clock: systemClock, zone: incidentZone, schema: null };
  const source = await openSource(`sqlite:${database}`, options);
  try {
    return adoptDocument(
      await adopt(source, {
        ...{ path, clock: systemClock, programVersion: 'test', markMaxAgeMs },
        ...{ account: null, sourceAccount: null, currency: null, opening: null, dryRun: false },
        tell: () => undefined,
        ...(onProgress === undefined ? {} : { onProgress }),
      }),
    );
  } finally {
    await source.close();
  }
}

function equity() {
  const reader = new BookReader(path, systemClock);
  try {
    const account = reader.file.accountNamed('falcon')!;
    return reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs }).view.equity;
  } finally {
    reader.close();
  }
}

test('I4 every order is one provisional fill, every price a mark of its own time', async () => {
  createIncidentDatabase(database);
  await adopted();
  const reader = new BookReader(path, systemClock);
  const account = reader.file.accountNamed('falcon')!;
  const facts = [...reader.factsInForce(account)].map(({ fact }) => fact);
  const mark = reader.file.newestMark('ACI/USD', systemClock.now());
  reader.close();
  expect(facts.map(({ kind }) => kind)).toEqual(['opening', ...Array(21).fill('fill')]);
  expect(facts[21]).toMatchObject({
    ...{ instrument: 'WMT/USD', side: 'sell', executionId: 'order:21', orderId: '21' },
    ...{ provisional: true, fees: [], cause: 'trade' },
    time: instant('2026-01-10T21:05:12.123456Z'), // 16:05 in New York
  });
  expect(facts.filter((fact) => fact.kind === 'fill' && fact.provisional)).toHaveLength(21);
  expect(mark).toMatchObject({ source: 'falcon', time: instant('2026-01-12T21:00:03.37742Z') });
});

test('I4 the newer generation has no prices: the book then cannot say its equity', async () => {
  createIncidentDatabase(database, 'cash-only');
  const { exitCode, accounts } = await adopted();
  expect(exitCode).toBe(0);
  const [account] = accounts;
  expect(account).toMatchObject({ fills: { booked: 21 }, marks: { booked: 0 }, fees: 'none' });
  expect(account!.positions.filter(({ ties }) => ties)).toHaveLength(9);
  const missing = account!.notProved.filter(({ code }) => code === 'price-missing');
  expect(missing).toHaveLength(9);
  expect(equity()).toMatchObject({ total: null, unpriced: { length: 9 } });
});

test('I5 a bot that goes on trading is adopted as it was, and the rest later', async () => {
  createIncidentDatabase(database);
  let sold = false;
  const first = await adopted(() => {
    if (sold) return;
    sold = true; // while the orders are read: the bot sells 10 F at 14.00
    writeAsTheBot(database, [
      'UPDATE account SET cash = 1198.70',
      `INSERT INTO orders VALUES (22, 'F', 'sell', 10, 14.00, '2026-01-12T16:20:00', 5.80)`,
      `UPDATE positions SET quantity = 70 WHERE symbol = 'F'`,
    ]);
  });
  expect(first).toMatchObject({
    exitCode: 0,
    accounts: [{ orders: { read: 21 }, cash: { ours: '1058.7', ties: true }, fees: 'none' }],
  });
  const second = await adopted();
  expect(second).toMatchObject({
    exitCode: 0,
    accounts: [{ fills: { booked: 1, duplicate: 21 }, cash: { ours: '1198.7', ties: true } }],
  });
});

test('I5 orders that came after the look are left for the next run, of any symbol', async () => {
  createIncidentDatabase(database);
  const snooped = (statements: readonly string[]) => {
    let done = false;
    return () => {
      if (done) return;
      done = true;
      writeAsTheBot(database, [...statements]);
    };
  };
  // Two of its rows never traded: they are rows of the table, and no orders of the account.
  writeAsTheBot(database, [
    'ALTER TABLE orders ADD COLUMN status TEXT',
    `INSERT INTO orders VALUES (22, 'F', 'buy', 1, 1, '2026-01-12T16:06:00', NULL, 'cancelled')`,
    `INSERT INTO orders VALUES (23, 'F', 'buy', 1, 1, '2026-01-12T16:07:00', NULL, 'rejected')`,
  ]);
  const first = await adopted(
    snooped([
      'UPDATE account SET cash = 1038.70',
      `INSERT INTO orders VALUES (24, 'NEW', 'buy', 2, 10, '2026-01-12T16:20:00', NULL, 'filled')`,
      `INSERT INTO positions VALUES ('NEW', 2, 10, 10, '2026-01-12', '2026-01-12T16:20:00')`,
    ]),
  );
  expect(first).toMatchObject({
    exitCode: 0,
    accounts: [
      { orders: { read: 21 }, fills: { booked: 21 }, cash: { ours: '1058.7', ties: true } },
    ],
  });
  expect(await adopted()).toMatchObject({
    exitCode: 0,
    accounts: [{ fills: { booked: 1, duplicate: 21 }, cash: { ours: '1038.7', ties: true } }],
  });
});

test.each([1, 7, 21])(
  'I5 a run that ended at order %i of the second reading is completed by the next',
  async (at) => {
    createIncidentDatabase(database);
    // Every order is read twice: once to know the opening, once to be booked.
    const failing = adopted((read) => {
      if (read === 21 + at) throw new Error('the database went away');
    });
    await expect(failing).rejects.toThrow('went away');
    const second = await adopted();
    expect(second).toMatchObject({
      exitCode: 0,
      accounts: [{ orders: { read: 21 }, cash: { ours: '1058.7', ties: true }, fees: 'none' }],
    });
    expect(equity().total).not.toBeNull();
    expect(await adopted()).toMatchObject({
      accounts: [{ fills: { booked: 0, duplicate: 21 }, records: { booked: 0 } }],
    });
  },
);
