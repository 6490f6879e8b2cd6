/** Recorded answers of exchanges, beside the repository; see docs/PROOFS.md. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromMilliseconds } from '../../../src/model/instant.ts';
import { openExchange } from '../../../src/venues/ccxt/exchange-client.ts';

const root = join(import.meta.dirname, '../../../../shared/data');

export const hasRecorded = existsSync(join(root, 'ccxt-response-excerpts'));

export const recorded = (path: string): string => readFileSync(join(root, path), 'utf8');

export const recordedJson = <T>(path: string): T => JSON.parse(recorded(path)) as T;

export const recordedFiles = (folder: string): readonly string[] =>
  hasRecorded ? readdirSync(join(root, folder)).map((name) => `${folder}/${name}`) : [];

/** The real client, signing and waiting as always, on a transport that answers the recorded. */
export const replaying = (exchange: string, body: string) =>
  openExchange({
    exchange,
    credentials: { key: 'a-key-of-nobody', secret: 'a-secret-of-nobody' },
    clock: { now: () => fromMilliseconds(1_760_000_000_000) },
    paceMs: 0.1,
    wait: () => Promise.resolve(),
    transport: () => Promise.resolve(new Response(body, { status: 200 })),
  });

const requests = 'exchange-payloads-jkorf';

/** The JSON of a file whose first lines are the verb, the path and whether it is signed. */
export function requestBody(path: string): string {
  const whole = recorded(`${requests}/${path}`);
  return whole.slice(whole.search(/^[[{]/m));
}

/** What a socket sent, without the requests and receipts before it. */
export function pushed(path: string): string {
  const whole = recorded(`${requests}/${path}`);
  return whole.slice(whole.search(/^=\s*/m) + 1).trim();
}
