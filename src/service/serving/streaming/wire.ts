/** Events as they go over the wire (server-sent events), made once and shared by everybody. */
import type { Instant } from '../../../model/instant.ts';
import { ownBytes } from '../own-bytes.ts';
import type { StreamEvent, StreamEventName } from './hub.ts';

export const idOf = (epoch: string, number: number): string => `${epoch}-${number}`;

/** Null: no id of ours. */
export function numberOf(id: string, epoch: string): number | null {
  const match = /^([0-9a-f]{8})-(0|[1-9]\d{0,14})$/.exec(id);
  return match === null || match[1] !== epoch ? null : Number(match[2]);
}

export interface WireParts {
  readonly id: string | null;
  readonly name: StreamEventName | 'end';
  readonly account: string | null;
  readonly at: Instant;
}

/** JSON holds no line feed, so that one line of data is enough. */
export function eventOf({ id, name, account, at }: WireParts, data: object): StreamEvent {
  const head = id === null ? '' : `id: ${id}\n`;
  const bytes = ownBytes(`${head}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  return { id, account, at, bytes };
}

/** Says only that the line lives. */
export const heartbeat = Buffer.from(': still here\n\n');
/** How long a client waits before it comes back. */
export const greeting = Buffer.from('retry: 2000\n\n');
