/** Opens the book that a command is about, and closes it whatever happens. */
import { millisecondsBetween } from '../model/instant.ts';
import type { Result } from '../model/result.ts';
import type { BookWriter } from '../service/book.ts';
import { accountOf, accountsOf } from '../service/books-of.ts';
import { isHolderGone } from '../service/failure.ts';
import { openForWriting } from '../service/open-for-writing.ts';
import { BookReader } from '../service/reading.ts';
import { systemClock } from '../service/system-clock.ts';
import type { Shell } from './command.ts';
import { refusedInput } from './command-error.ts';
import { version } from './version.ts';

export async function withReader<T>(
  shell: Shell,
  work: (reader: BookReader) => T | Promise<T>,
): Promise<T> {
  const reader = new BookReader(shell.globals.configuration.book, systemClock);
  try {
    return await work(reader);
  } finally {
    reader.close();
  }
}

export interface WriterOptions {
  readonly create?: boolean;
}

/** Commands come and go: a holder that just ended is no reason to fail. */
const writerTries = 20;
const pauseMs = 100;
/** A holder that is there and silent is found out after a second; sooner, it was on its way out. */
const silenceMs = 900;

/**
 * Writes to the book, by way of whoever holds it. The work is done again when the holder ends
 * meanwhile: what it had written is recognised, and not written twice.
 */
export async function withWriter<T>(
  shell: Shell,
  command: string,
  work: (writer: BookWriter) => Promise<T>,
  options: WriterOptions = {},
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const began = systemClock.now();
    try {
      return await writeOnce(shell, command, work, options);
    } catch (error) {
      const waited = millisecondsBetween(began, systemClock.now());
      if (tries === writerTries || !isHolderGone(error, waited < silenceMs)) throw error;
      await new Promise<void>((resolve) => systemClock.after(pauseMs, resolve));
    }
  }
}

async function writeOnce<T>(
  shell: Shell,
  command: string,
  work: (writer: BookWriter) => Promise<T>,
  { create = false }: WriterOptions,
): Promise<T> {
  const { book, markMaxAgeMs } = shell.globals.configuration;
  const writer = await openForWriting(book, {
    clock: systemClock,
    holder: `trueup ${command}`,
    programVersion: version(),
    create,
    markMaxAgeMs,
  });
  try {
    return await work(writer);
  } finally {
    await writer.close();
  }
}

/** The value, or the end of the command. */
export function wanted<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw refusedInput(result.refusal);
}

export const chosenAccounts = ({ globals }: Shell, { file }: BookReader) =>
  wanted(accountsOf(file, globals.configuration.account));

export const chosenAccount = ({ globals }: Shell, { file }: BookReader) =>
  wanted(accountOf(file, globals.configuration.account));
