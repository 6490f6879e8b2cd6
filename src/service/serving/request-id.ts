/** The id by which a request is found in the log, in problems and in the audit of writes. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const sound = /^[\w.:-]{1,64}$/;

/** What the client, or a proxy before us, calls it; else a new one. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  if (typeof given === 'string' && sound.test(given)) return given;
  return randomUUID(); // ambient-ok: a request is no fact
}
