/** Instruments with all their versions, and currencies: known to every account of a book. */
import { crc32 } from 'node:zlib';
import { parseBody } from '../journal/body.ts';
import { canonicalJson } from '../journal/canonical-json.ts';
import { instrumentOf } from '../journal/decode.ts';
import { instrumentBody } from '../journal/encode.ts';
import type { CurrencyFact } from '../model/fact.ts';
import type { Instrument } from '../model/instrument.ts';
import type { Driver, Row } from './driver.ts';
import { StoreError } from './store-error.ts';

const check = (name: string, content: string): number => crc32(JSON.stringify([name, content]));

export function registryReads(driver: Driver) {
  const instruments = driver.prepare(
    'SELECT name, content, crc FROM book_instruments ORDER BY venue, name, version',
  );
  const currencies = driver.prepare(
    'SELECT currency, decimals FROM book_currencies ORDER BY currency',
  );
  return {
    /** Every version, the older first. */
    instruments: (): Instrument[] => instruments.all().map(storedInstrument),
    /** The names of instruments that are not what was written. */
    damagedInstruments: (): string[] =>
      instruments
        .all()
        .filter((row) => !isSound(row))
        .map((row) => String(row[0])),
    currencies: (): CurrencyFact[] =>
      currencies.all().map((row) => ({
        kind: 'currency',
        currency: row[0] as string,
        decimals: Number(row[1]),
      })),
  };
}

export function registryWrites(driver: Driver) {
  const newest = driver.prepare(
    `SELECT version, content FROM book_instruments WHERE venue = ? AND name = ?
     ORDER BY version DESC LIMIT 1`,
  );
  const insert = driver.prepare('INSERT INTO book_instruments VALUES (?, ?, ?, ?, ?, ?)');
  const currency = driver.prepare('INSERT OR REPLACE INTO book_currencies VALUES (?, ?)');
  return {
    /** Adds a version; false when it is what the newest one says already. */
    putInstrument(instrument: Instrument): boolean {
      const { venue, name, validFrom } = instrument;
      const content = canonicalJson(instrumentBody(instrument));
      const last = newest.get(venue, name);
      if (last?.[1] === content) return false;
      const version = 1 + Number(last?.[0] ?? 0);
      insert.run(venue, name, version, validFrom, content, check(name, content));
      return true;
    },
    putCurrency(fact: CurrencyFact): void {
      currency.run(fact.currency, fact.decimals);
    },
  };
}

const isSound = ([name, content, crc]: Row): boolean =>
  check(name as string, content as string) === crc;

function storedInstrument(row: Row): Instrument {
  const name = row[0] as string;
  if (!isSound(row)) {
    throw new StoreError(
      'book-damaged',
      `the instrument ${name} is not what was written`,
      'run verify, and restore the newest good backup',
    );
  }
  return instrumentOf(name, parseBody(row[1] as string));
}
