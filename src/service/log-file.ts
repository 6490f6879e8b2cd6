/**
 * A log file that is appended to and can be opened anew after it was moved away (logrotate). What
 * cannot be written is counted and said: it never stops the work that is logged.
 */
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { accepted, type Refusal, type Result, refused } from '../model/result.ts';

export class LogFile {
  readonly path: string;
  readonly #tell: (sentence: string) => void;
  #file: number | null = null;
  #fault: string | null = null;
  #lost = 0;
  #torn = false;

  constructor(path: string, tell: (sentence: string) => void) {
    this.path = path;
    this.#tell = tell;
  }

  /** Why the newest lines could not be written; null while they can. */
  get fault(): string | null {
    return this.#fault;
  }

  /** Lines that were not written since the file could last be written. */
  get lost(): number {
    return this.#lost;
  }

  /** The file, made where there is none, or why it cannot be written. */
  static open(path: string, tell: (sentence: string) => void): Result<LogFile> {
    const folder = dirname(path);
    if (!existsSync(folder)) {
      const message = `the log file's folder ${folder} does not exist`;
      return refused(refusalOf('log-folder-missing', path, message, `make it: mkdir -p ${folder}`));
    }
    const file = new LogFile(path, tell);
    file.reopen();
    if (file.#fault === null) return accepted(file);
    return refused(
      refusalOf('log-unwritable', path, file.#fault, 'name a file that you may write'),
    );
  }

  /** Opens the path anew: what was moved away is left alone from now on. */
  reopen(): void {
    this.close();
    try {
      this.#file = openSync(this.path, 'a', 0o640);
    } catch (error) {
      this.#failed(error);
    }
  }

  write(line: string): void {
    // A file that could not be opened or written may be there again.
    if (this.#file === null) this.reopen();
    if (this.#file === null) {
      this.#lost += 1;
      return;
    }
    try {
      this.#append(this.#file, line);
      this.#mended();
    } catch (error) {
      this.#lost += 1;
      this.#failed(error);
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  /** A line that was cut short by a full disk ends before the next one begins. */
  #append(file: number, line: string): void {
    const bytes = Buffer.from(this.#torn ? `\n${line}` : line);
    for (let from = 0; from < bytes.length; ) {
      from += writeSync(file, bytes, from);
      this.#torn = from < bytes.length;
    }
  }

  #failed(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    const isNew = this.#fault === null;
    this.#fault = `the log file ${this.path} cannot be written: ${why}`;
    if (isNew) this.#tell(`${this.#fault}; the duties go on`);
  }

  #mended(): void {
    if (this.#fault === null) return;
    this.#fault = null;
    this.#tell(`the log file ${this.path} is written again; ${this.#lost} lines are missing in it`);
    this.#lost = 0;
  }
}

const refusalOf = (code: string, file: string, message: string, hint: string): Refusal => ({
  code,
  message,
  where: { file, field: '--log-file' },
  rule: 'a log file can be appended to',
  hint,
});
