/** Writes to a book, by way of whoever holds it, and outlives a holder that ends meanwhile. */
import { millisecondsBetween } from '../model/instant.ts';
import type { BookWriter } from './book.ts';
import { isHolderGone } from './failure.ts';
import { type OpenOptions, openForWriting } from './open-for-writing.ts';

/** Commands come and go: a holder that just ended is no reason to fail. */
const writerTries = 20;
const pauseMs = 100;
/** A holder that is there and silent is found out after a second; sooner, it was on its way out. */
const silenceMs = 900;

/**
 * Opens the book, does the work and closes it. The work is done again when the holder ends
 * meanwhile: what it had written is recognised, and not written twice.
 */
export async function writing<T>(
  path: string,
  options: OpenOptions,
  work: (writer: BookWriter) => Promise<T>,
): Promise<T> {
  const { clock } = options;
  for (let tries = 1; ; tries += 1) {
    const began = clock.now();
    try {
      return await writeOnce(path, options, work);
    } catch (error) {
      const waited = millisecondsBetween(began, clock.now());
      if (tries === writerTries || !isHolderGone(error, waited < silenceMs)) throw error;
      await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
    }
  }
}

async function writeOnce<T>(
  path: string,
  options: OpenOptions,
  work: (writer: BookWriter) => Promise<T>,
): Promise<T> {
  const writer = await openForWriting(path, options);
  try {
    return await work(writer);
  } finally {
    await writer.close();
  }
}
