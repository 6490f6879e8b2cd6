/** Opens the book that a command is about, and closes it whatever happens. */
import type { Result } from '../model/result.ts';
import type { BookWriter } from '../service/book.ts';
import { accountOf, accountsOf } from '../service/books-of.ts';
import { BookReader } from '../service/reading.ts';
import { systemClock } from '../service/system-clock.ts';
import { writing } from '../service/writing.ts';
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

/** Writes to the book, by way of whoever holds it. */
export function withWriter<T>(
  shell: Shell,
  command: string,
  work: (writer: BookWriter) => Promise<T>,
  { create = false }: WriterOptions = {},
): Promise<T> {
  const { book, markMaxAgeMs } = shell.globals.configuration;
  const holder = `trueup ${command}`;
  const options = { clock: systemClock, holder, programVersion: version(), create, markMaxAgeMs };
  return writing(book, options, work);
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
