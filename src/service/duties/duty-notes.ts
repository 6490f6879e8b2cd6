/**
 * What a restart must know: the slot that each duty served last, and what it said. A small file
 * beside the book, for one source: runs that were missed while nothing ran are counted from it, and
 * other commands read in it how the service is. It can be deleted: then nothing is known of before.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type Instant, instantText, parseInstant } from '../../model/instant.ts';
import { writeWhole } from '../write-whole.ts';
import type { DutyStatus } from './duty.ts';

export interface DutyNote {
  readonly name: string;
  readonly slot: Instant;
  readonly endedAt: Instant;
  readonly exitCode: number;
  readonly sentence: string;
  /** When it is due again, as far as the service knew that wrote this. */
  readonly next: Instant;
}

export interface DutyNotes {
  /** Null: there are none, or they cannot be read. */
  read(): readonly DutyNote[] | null;
  /** What did not run keeps the note that it has. Throws where the file cannot be written. */
  write(duties: readonly DutyStatus[]): void;
}

const schema = 'trueup.duties/1';

/** One file for each book and source. */
export const notesPath = (book: string, source: string): string =>
  `${book}.duties-${createHash('sha256').update(source).digest('hex').slice(0, 8)}.json`;

export function notesAt(path: string, source: string): DutyNotes {
  const read = () => (existsSync(path) ? notesOf(readFileSync(path, 'utf8')) : null);
  return {
    read,
    write(duties) {
      const ran = duties.flatMap(noteOf);
      const kept = (read() ?? []).filter(({ name }) => !ran.some((one) => one.name === name));
      const rows = [...ran, ...kept].map((note) => ({
        ...note,
        slot: instantText(note.slot),
        endedAt: instantText(note.endedAt),
        next: instantText(note.next),
      }));
      writeWhole(path, `${JSON.stringify({ schema, source, duties: rows }, null, 2)}\n`);
    },
  };
}

function noteOf({ name, last, next }: DutyStatus): readonly DutyNote[] {
  if (last === null) return [];
  const { slot, endedAt, result } = last;
  return [{ name, slot, endedAt, exitCode: result.exitCode, sentence: result.sentence, next }];
}

/** Damaged notes are no notes: they only say what was missed, and are written anew at once. */
function notesOf(text: string): readonly DutyNote[] | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const rows = (json as { duties?: unknown } | null)?.duties;
  if (!Array.isArray(rows)) return null;
  return rows.flatMap((row: Record<string, unknown> | null): DutyNote[] => {
    const { name, exitCode, sentence } = row ?? {};
    const [slot, endedAt, next] = ['slot', 'endedAt', 'next'].map((key) => timeOf(row?.[key]));
    if (typeof name !== 'string' || typeof exitCode !== 'number') return [];
    if (!slot || !endedAt || !next) return [];
    return [{ name, slot, endedAt, exitCode, sentence: String(sentence), next }];
  });
}

const timeOf = (value: unknown): Instant | null =>
  typeof value === 'string' ? parseInstant(value) : null;
