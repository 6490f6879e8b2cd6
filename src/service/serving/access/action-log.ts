/** Who asked for what over HTTP, and how it was answered: a row for each write. */
import type { Instant } from '../../../model/instant.ts';
import type { Statement } from '../../../store/driver.ts';
import type { ServiceFile } from '../../../store/service-file.ts';
import { StoreError } from '../../../store/store-error.ts';
import type { WaitingClock } from '../../system-clock.ts';

export interface Action {
  readonly actor: string;
  /** The route: `POST /api/v1/breaks/:id/approve`. */
  readonly action: string;
  /** What it was about: the path as it was asked. */
  readonly object: string;
  readonly status: number;
  readonly requestId: string;
}

/** Rows that are kept: a bot that reports a fact each second fills them in eleven days. */
const rowsMax = 1_000_000;

export class ActionLog {
  readonly #file: ServiceFile;
  readonly #clock: WaitingClock;
  readonly #insert: Statement;
  readonly #prune: Statement;
  readonly #unwritten: (Action & { readonly at: Instant })[] = [];

  constructor(file: ServiceFile, clock: WaitingClock) {
    this.#file = file;
    this.#clock = clock;
    this.#insert = file.driver.prepare(
      `INSERT INTO service_actions (at, actor, action, object, status, request_id)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#prune = file.driver.prepare('DELETE FROM service_actions WHERE n <= ?');
  }

  /** What was done stays done where it cannot be written down at once: the next row catches up. */
  add(row: Action): void {
    this.#unwritten.push({ ...row, at: this.#clock.now() });
    try {
      this.#file.write(() => {
        for (const { at, actor, action, object, status, requestId } of this.#unwritten) {
          const n = this.#insert.insert(at, actor, action, object, status, requestId);
          this.#prune.run(n - rowsMax);
        }
      });
      this.#unwritten.length = 0;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }
}
