/**
 * Durable fills: what `recordAll` does to a fact (key, chain, fold, touched rows) beside SQLite
 * alone, which keeps one typed row with a unique key per fill.
 */
import { join } from 'node:path';
import { entryOf } from '../src/journal/codec.ts';
import type { LocalBook } from '../src/service/local-book.ts';
import { systemClock } from '../src/service/system-clock.ts';
import { openBookFile } from '../src/store/book-file.ts';
import { isHeld } from '../src/store/lease.ts';
import { BareTable } from './bare-table.ts';
import { measureInTurn, print, type Trial } from './measure.ts';
import { account, bytesOf, foreverMs, inFolder, openBook, recordIn } from './temporary-book.ts';
import { Trading, type TradingOptions } from './trading.ts';

const fillsPerRound = 50_000;
const rounds = 7;

export async function run(): Promise<void> {
  for (const batch of [1000, 5000]) {
    await inFolder(async (folder) => {
      const bare = new BareTable(join(folder, 'bare.db'));
      const plain = await openNew(join(folder, 'plain.db'));
      const wordy = await openNew(join(folder, 'wordy.db'));
      const measured = await measureInTurn(
        [
          bareTrial(bare, batch),
          storeTrial(join(folder, 'store.db'), batch),
          recordTrial('recordAll', plain, { instruments: 100 }, batch),
          recordTrial(
            'the same with words in a body',
            wordy,
            { instruments: 100, wordy: true },
            batch,
          ),
          ...(batch === 1000 ? [oneByOneTrial(await openNew(join(folder, 'single.db')))] : []),
        ],
        fillsPerRound,
        rounds,
      );
      bare.close();
      await plain.close();
      await wordy.close();
      console.log(`durable fills, in batches of ${batch}`);
      print(measured, ' fills');
      const fills = fillsPerRound * (rounds + 2);
      const sizes = ['bare', 'plain', 'wordy'].map((name) =>
        Math.round(bytesOf(join(folder, `${name}.db`)) / fills),
      );
      console.log(`  bytes per fill: bare ${sizes[0]}, book ${sizes[1]}, with words ${sizes[2]}`);
    });
  }
}

async function openNew(path: string): Promise<LocalBook> {
  const book = openBook(path);
  await book.record(account('main'));
  return book;
}

function bareTrial(bare: BareTable, batch: number): Trial {
  const trading = new Trading({ instruments: 100 });
  return {
    name: 'bare transactions (floor)',
    prepare: () => {
      const rows = bare.rows(trading.fills(fillsPerRound));
      return () => expectAll(bare.insert(rows, batch));
    },
  };
}

/** Entries with their keys and their chain, and no books. */
function storeTrial(path: string, batch: number): Trial {
  const file = openBookFile(path, { clock: systemClock, create: true });
  const now = systemClock.now();
  const request = { holder: 'bench', socket: null, pid: process.pid, now, ttlMs: foreverMs };
  const lease = file.acquireLease(request);
  if (isHeld(lease)) throw new Error(`${path} is held`);
  const { kind: _, account: name, time: __, ...settings } = account('main');
  const id = file.write(lease.epoch, (tx) => tx.addAccount(name, settings));
  const trading = new Trading({ instruments: 100 });
  let sequence = 0;
  return {
    name: 'entries, keys and chain without books',
    prepare: () => {
      const fills = trading.fills(fillsPerRound);
      return () => {
        for (let from = 0; from < fills.length; from += batch) {
          file.write(lease.epoch, (tx) => {
            for (const fill of fills.slice(from, from + batch)) {
              sequence += 1;
              tx.insertEntry(id, entryOf(sequence, fill, fill.time, []));
            }
            tx.sealBatch(id, systemClock.now());
          });
        }
      };
    },
  };
}

function recordTrial(name: string, book: LocalBook, options: TradingOptions, batch: number): Trial {
  const trading = new Trading(options);
  return {
    name,
    prepare: () => {
      const fills = trading.fills(fillsPerRound);
      return async () => expectAll(await recordIn(book, fills, batch));
    },
  };
}

/** A thousand reports at a time are on their way, each with a promise of its own. */
function oneByOneTrial(book: LocalBook): Trial {
  const trading = new Trading({ instruments: 100 });
  return {
    name: 'record, one by one, grouped by the writer',
    prepare: () => {
      const fills = trading.fills(fillsPerRound);
      return async () => {
        let booked = 0;
        for (let from = 0; from < fills.length; from += 1000) {
          const reports = fills.slice(from, from + 1000).map((fill) => book.record(fill));
          for (const outcome of await Promise.all(reports)) {
            if (outcome.status === 'booked') booked += 1;
          }
        }
        return expectAll(booked);
      };
    },
  };
}

function expectAll(count: number): number {
  if (count !== fillsPerRound) throw new Error(`${count} of ${fillsPerRound} fills were booked`);
  return count;
}
