/** When the chain was verified last, while this process runs. */
import { type Instant, instantText } from '../../../model/instant.ts';
import type { VerifyState } from '../../../report/upkeep-documents.ts';
import type { BookReader } from '../../reading.ts';

export interface Verified {
  readonly at: string;
  /** Of the account with the most entries. */
  readonly sequence: number;
  readonly sound: boolean;
  readonly why: string | null;
}

const kept = new WeakMap<BookReader, Verified>();

export const lastVerification = (reader: BookReader): Verified | null => kept.get(reader) ?? null;

export function noteVerification(
  reader: BookReader,
  at: Instant,
  { findings, heads }: Pick<VerifyState, 'findings' | 'heads'>,
): void {
  const [first] = findings;
  kept.set(reader, {
    at: instantText(at),
    sequence: Math.max(0, ...heads.map(({ sequence }) => sequence)),
    sound: first === undefined,
    why: first === undefined ? null : first.message,
  });
}
