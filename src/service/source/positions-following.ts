/** A mirror that opens the bot's database and our book when it is first asked, and keeps them. */
import type { Clock } from '../../model/instant.ts';
import type { PolicySettings } from '../../reconcile/limits.ts';
import type { Log } from '../log.ts';
import { BookReader } from '../reading.ts';
import { writing } from '../writing.ts';
import type { SourceDeskOptions } from './desk-port.ts';
import type { RowsOptions } from './positions-look.ts';
import { type Mirror, mirror } from './positions-mirror.ts';
import { noInstruments, openRows, usualExitAfterMs } from './positions-opening.ts';

export interface MirrorOptions {
  readonly source: SourceDeskOptions;
  /** Of the account in our book that is listened to. */
  readonly account: string;
  readonly exchangeOf: RowsOptions['exchangeOf'];
  readonly log: Log;
  /** False: rows are looked at, and none is written; absent: true. */
  readonly follows?: boolean;
  /** How far it goes without a person, as it is now; absent: as by default. */
  readonly policy?: () => PolicySettings;
}

export interface OpenMirror extends Mirror {
  close(): Promise<void>;
}

export function mirrorOf({
  source: from,
  account,
  exchangeOf,
  log,
  policy,
  follows = true,
}: MirrorOptions): OpenMirror {
  const { clock, book, markMaxAgeMs, programVersion, strict } = from;
  let opened: Promise<{ readonly own: Mirror; close(): Promise<void> }> | null = null;
  let current: Mirror | null = null;
  const open = async () => {
    const source = await openRows(from);
    const reader = await readerOf(book, clock, source);
    const options: RowsOptions = {
      ...{ clock, strict, markMaxAgeMs, toleranceSteps: 0, settleMs: 0, ownOrderPrefixes: [] },
      ...{ logged: [], exitAfterMs: usualExitAfterMs, exchangeOf, instrumentsOf: noInstruments },
      ...(policy === undefined ? {} : { policy }),
    };
    const holder = 'trueup mirror';
    const own = mirror({
      ...{ ground: { source, reader, options }, account, log, follows },
      writing: (work) =>
        writing(book, { clock, holder, programVersion, markMaxAgeMs, create: false }, work),
    });
    current = own;
    return {
      own,
      async close() {
        await own.idle();
        reader.close();
        await source.close();
      },
    };
  };
  /** What could not be opened is tried again the next time. */
  const now = async () => {
    opened ??= open();
    return await opened.catch((error: unknown) => {
      opened = null;
      throw error;
    });
  };
  const failed = (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    log.warn({ event: 'mirror.failed', account, msg: `Rows do not follow: ${why}` });
  };
  return {
    follow: () => void now().then(({ own }) => own.follow(), failed),
    once: async () => (await now()).own.once(),
    waiting: () => current?.waiting() ?? null,
    idle: async () => (await opened?.catch(() => null))?.own.idle(),
    async close() {
      await (await opened?.catch(() => null))?.close();
    },
  };
}

/** Tried again and again, so what was opened before it is closed when it cannot be had. */
async function readerOf(
  book: string,
  clock: Clock,
  source: { close(): Promise<void> },
): Promise<BookReader> {
  try {
    return new BookReader(book, clock);
  } catch (error) {
    await source.close();
    throw error;
  }
}
