/**
 * Executions that a list of money speaks of. One that the list of executions does not have, and
 * should by now, is a gap of its own: it is open until the execution is booked, or is told no more.
 */

import type { Fact } from '../../model/fact.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Feed, Gap, NewGap } from '../../store/feeds.ts';
import type { ToldExecution, Venue } from '../../venues/venue.ts';
import type { Outcome } from '../outcome.ts';
import type { BookReader } from '../reading.ts';
import type { Span } from './unreadable.ts';

const beginning = 'the log of money tells of ';

/** Lists are asked so much further back: a venue may date the two a little differently. */
const datesMs = 60_000;

export const isUnlisted = ({ why }: Pick<NewGap, 'why'>): boolean => why.startsWith(beginning);

export class Told {
  readonly #parts: { readonly venue: Venue; readonly reader: BookReader };
  /** Told and not looked for yet, or too young to be missed; by id, when they were. */
  readonly #pending = new Map<string, Instant>();
  /** Taken back by the log itself, or listed and not to be booked. */
  readonly #settled = new Set<string>();

  constructor({ venue, reader }: { readonly venue: Venue; readonly reader: BookReader }) {
    this.#parts = { venue, reader };
  }

  take(told: readonly ToldExecution[]): void {
    for (const { executionId, time, takenBack } of told) {
      if (takenBack) this.#settled.add(executionId);
      else this.#pending.set(executionId, time);
    }
  }

  /** What was listed and not booked is not missing: the opening has it, or its refusal was told. */
  listed(facts: readonly Fact[], outcomes: readonly Outcome[]): void {
    for (const [index, fact] of facts.entries()) {
      const { status } = outcomes[index]!;
      if (fact.kind !== 'fill') continue;
      if (status === 'before-opening' || status === 'refused') this.#settled.add(fact.executionId);
    }
  }

  /** A gap for those of a listed span that are missing, and that no open gap names already. */
  unlisted({ since, through }: Feed, open: readonly Gap[]): readonly NewGap[] {
    if (through === null) return [];
    const { name: venue, account } = this.#parts.venue;
    const isOwed = (time: Instant) => since === null || time > since;
    const missing = this.#missing(through).filter(([, time]) => isOwed(time));
    // Where there is a gap its span is listed again, and they are told again.
    for (const [id] of missing) this.#pending.delete(id);
    const gaps = open.filter(isUnlisted);
    const fresh = missing.filter(([, time]) => !gaps.some((gap) => isWithin(gap, time)));
    if (fresh.length === 0) return [];
    const times = fresh.map(([, time]) => time);
    const first = times.reduce((a, b) => (a < b ? a : b));
    const to = times.reduce((a, b) => (a > b ? a : b));
    const what = fresh.length === 1 ? 'an execution' : `${fresh.length} executions`;
    const why = `${beginning}${what} that the venue does not list: ${fresh[0]![0]}`;
    const from = addMilliseconds(first, -datesMs);
    return [{ venue, account, stream: 'executions', from, to, why }];
  }

  /** The gaps in which nothing is missing any more, after their span was listed again. */
  async found(
    open: readonly Gap[],
    relist: (span: Span) => Promise<boolean>,
  ): Promise<readonly Gap[]> {
    const found: Gap[] = [];
    for (const gap of open.filter(isUnlisted)) {
      const { from, to } = gap;
      if (!(await relist({ from, to: addMilliseconds(to, datesMs) }))) break;
      if (!this.#missing(to).some(([, time]) => isWithin(gap, time))) found.push(gap);
    }
    return found;
  }

  #missing(through: Instant): readonly (readonly [id: string, time: Instant])[] {
    const { file } = this.#parts.reader;
    const { account } = file.accountNamed(this.#parts.venue.account)!;
    for (const id of this.#pending.keys()) {
      const isBooked = file.fillsWithId(account, id).length > 0;
      if (isBooked || this.#settled.has(id)) this.#pending.delete(id);
    }
    return [...this.#pending].filter(([, time]) => time <= through);
  }
}

export const isWithin = ({ from, to }: Pick<NewGap, 'from' | 'to'>, time: Instant): boolean =>
  (from === null || time >= from) && time <= to;
