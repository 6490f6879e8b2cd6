/** Opens the desk of a source; what it does is in `looking.ts` and `updating.ts`. */
import { dirname, join } from 'node:path';
import type { SourceIdentity } from '../../model/source.ts';
import type { GuardState } from '../../report/guard-document.ts';
import { openSource } from '../../sources/open-source.ts';
import type { Source } from '../../sources/source.ts';
import { isUnanswered } from '../failure.ts';
import type {
  GuardRequest,
  SourceCheck,
  SourceCheckRequest,
  SourceDesk,
  SourceDeskOptions,
  SourceHistory,
  SourceUndo,
  SourceUpdate,
  SourceUpdateRequest,
} from './desk-port.ts';
import { guardSource } from './guarding.ts';
import { checked, type DeskContext, unanswered } from './looking.ts';
import { SourceBook } from './source-book.ts';
import { undo, update } from './updating.ts';

export type * from './desk-port.ts';
export { performanceMaxAgeMsDefault } from './desk-port.ts';

/**
 * Throws a SourceError where there is no such database, or none that is known. One that does not
 * answer gives a desk that says so at once, and asks again each time after that.
 */
export async function openSourceDesk(options: SourceDeskOptions): Promise<SourceDesk> {
  const desk = new Desk(options);
  await desk.begin();
  return desk;
}

class Desk implements SourceDesk {
  readonly #options: SourceDeskOptions;
  readonly #book: SourceBook;
  #source: Source | null = null;
  /** Why it did not answer when it was last asked. */
  #silent: unknown = null;
  /** The same of the moment when the desk was opened: nobody waits for it a second time. */
  #silentAtFirst: unknown = null;

  constructor(options: SourceDeskOptions) {
    this.#options = options;
    this.#book = new SourceBook({ ...options, path: options.book });
  }

  get source(): Source {
    if (this.#source === null) throw this.#silent;
    return this.#source;
  }

  get identity(): SourceIdentity {
    return this.source.identity;
  }

  async begin(): Promise<void> {
    try {
      await this.open();
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      this.#silentAtFirst = error;
    }
  }

  async open(): Promise<DeskContext> {
    const silent = this.#silentAtFirst;
    this.#silentAtFirst = null;
    if (silent !== null) throw silent;
    const { location, ...options } = this.#options;
    try {
      // A server has no place beside it for copies: they are kept beside the book.
      const backupFolder = join(dirname(options.book), 'trueup-backups');
      const remembered = (identity: SourceIdentity) => this.#book.zoneOf(identity);
      const how = { ...options, backupFolder, remembered };
      const source = this.#source ?? (await openSource(location, how));
      this.#source = source;
      return { options: this.#options, source, book: this.#book, look: options };
    } catch (error) {
      this.#silent = error;
      throw error;
    }
  }

  async check(request: SourceCheckRequest): Promise<SourceCheck> {
    try {
      return await checked(await this.open(), request);
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      return unanswered(this.#options, error, request);
    }
  }

  async update(request: SourceUpdateRequest): Promise<SourceUpdate> {
    return update(await this.open(), { ...request, total: true });
  }

  async rewrite(request: Parameters<SourceDesk['rewrite']>[0]): Promise<SourceUpdate> {
    const { rewrites } = request.agreed;
    const [total, record] = [rewrites === 'total', rewrites === 'record'];
    return update(await this.open(), { ...request, total, record, prices: null });
  }

  async undo(request: Parameters<SourceDesk['undo']>[0]): Promise<SourceUndo> {
    return undo(await this.open(), request);
  }

  async guard(request: GuardRequest): Promise<GuardState> {
    return guardSource(await this.open(), request);
  }

  async recordPerformance({
    prices,
    actor,
  }: Parameters<SourceDesk['recordPerformance']>[0]): Promise<SourceUpdate> {
    const request = { prices, actor, record: true, dryRun: false, total: false };
    return update(await this.open(), request);
  }

  async performance(limit: number): Promise<readonly SourceHistory[]> {
    const { source, book } = await this.open();
    const snapshot = await source.snapshot();
    const histories: SourceHistory[] = [];
    for (const [accountId, account] of await book.names(snapshot)) {
      const records = await source.performance(accountId, limit + 1);
      const shown = limit === 0 ? [] : records.slice(-limit);
      const before = records.at(-shown.length - 1) ?? null;
      const nameless = snapshot.namelessRecords ?? 0;
      histories.push({ account, accountId, records: shown, before, nameless });
    }
    return histories;
  }

  async close(): Promise<void> {
    await this.#source?.close();
  }
}
