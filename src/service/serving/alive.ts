/** Whether the service of a book lives, asked where it noted that it listens. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServiceFile } from '../../store/service-file.ts';
import { openExistingBesideBook } from './beside-book.ts';
import type { ServeSettings } from './settings.ts';

/** Whoever waits for longer calls it dead. */
const answerMs = 2_500;
/** It listens there, and nobody can go there. */
const loopback: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** For programs of this machine. */
export function noteAddress(
  { driver, write }: ServiceFile,
  { address, port }: AddressInfo,
  { tls }: Pick<ServeSettings, 'tls'>,
): void {
  const host = loopback[address] ?? address;
  const name = host.includes(':') ? `[${host}]` : host;
  const noted = `${tls === null ? 'http' : 'https'}://${name}:${port}`;
  const note = driver.prepare("INSERT OR REPLACE INTO service_meta VALUES ('address', ?)");
  write(() => note.run(noted));
}

export interface Alive {
  /** Null: no service was ever started on that book. */
  readonly address: string | null;
  /** Why it is not said to live; null: it answered. */
  readonly fault: string | null;
}

/** Throws a StoreError where the file beside the book cannot be read. */
export async function askAlive(book: string): Promise<Alive> {
  const address = notedAddress(book);
  if (address === null) return { address, fault: `no service was started on ${book}` };
  return { address, fault: await faultAt(`${address}/healthz`) };
}

function notedAddress(book: string): string | null {
  const file = openExistingBesideBook(book);
  try {
    const noted = file?.driver.value("SELECT value FROM service_meta WHERE key = 'address'");
    return noted === undefined || noted === null ? null : String(noted);
  } finally {
    file?.close();
  }
}

/** Nothing is told to it, so that its certificate may be for whatever name people type. */
const faultAt = (url: string): Promise<string | null> =>
  new Promise((resolve) => {
    const ask = url.startsWith('https:') ? httpsRequest : httpRequest;
    const asked = ask(url, { timeout: answerMs, rejectUnauthorized: false, agent: false });
    asked.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? null : `it answers ${answer.statusCode}`);
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer in ${answerMs / 1_000} s`)));
    asked.on('error', ({ message }) => resolve(message));
    asked.end();
  });
