/** What becomes of a request, and of its answer, after the faults of its path. */
import type { Reply } from '../door/door.ts';
import type { FaultRun } from './fault-run.ts';
import type { Fault, FaultOf } from './script.ts';

const page = '<!DOCTYPE html>\n<html><head><title>One moment, please</title></head></html>\n';

export const jsonReply = (body: string, status = 200): Reply => ({
  status,
  type: 'application/json',
  body,
});

export class RequestFaults {
  readonly #faults: readonly Fault[];

  constructor(run: FaultRun, path: string, cancels: boolean) {
    this.#faults = run.strike({ seam: 'request', path, cancels, to: path });
  }

  find<Name extends Fault['fault']>(name: Name): FaultOf<Name> | null {
    const found = this.#faults.find(({ fault }) => fault === name);
    return (found as FaultOf<Name> | undefined) ?? null;
  }

  /** The answer of what never arrives; undefined: it arrives. */
  before(tooMany: (status: number) => Reply): Reply | undefined {
    const limit = this.find('rate-limit');
    if (limit !== null) return tooMany(limit.status);
    return this.#unanswered(false);
  }

  /** The answer to what was carried out. */
  after(reply: Reply): Reply {
    const instead = this.#unanswered(true);
    if (instead !== undefined) return instead;
    if (this.find('lose-cancel-answer') !== null) return null;
    if (reply === null || this.find('cut-json') === null) return reply;
    return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
  }

  #unanswered(executed: boolean): Reply | undefined {
    for (const fault of this.#faults) {
      if (!('executed' in fault) || fault.executed !== executed) continue;
      if (fault.fault === 'no-answer') return null;
      if (fault.fault === 'html') return { status: fault.status, type: 'text/html', body: page };
      return jsonReply('', fault.status);
    }
    return undefined;
  }

  /** The rows of a list as they are told: `keyOf` says which row is the same row earlier. */
  rows<Row>(rowsOf: (ageMs: number) => readonly Row[], keyOf: (row: Row) => string): Row[] {
    if (this.find('empty-list') !== null) return [];
    const stale = this.find('stale');
    if (stale !== null) return [...rowsOf(stale.ageMs)];
    const torn = this.find('torn');
    if (torn === null) return [...rowsOf(0)];
    const earlier = new Map(rowsOf(torn.ageMs).map((row) => [keyOf(row), row]));
    return rowsOf(0).flatMap((row, index) => {
      if (index % 2 === 0) return [row];
      const was = earlier.get(keyOf(row));
      return was === undefined ? [] : [was];
    });
  }

  /** How many rows a page may have; null: all of it. */
  get rowsMax(): number | null {
    return this.find('short-page')?.rows ?? null;
  }
}
