/**
 * Sets right what a venue lists otherwise than the book holds it: corrects, takes back, and takes
 * that back again where the venue lists an execution once more. Every decision is held against the
 * fact as it stands in the book, whoever changed it, and is an entry of its own.
 */
import { keyOf } from '../../journal/key.ts';
import { judge } from '../../journal/material.ts';
import type { EntryRow } from '../../model/entry.ts';
import type { Fact, Fill } from '../../model/fact.ts';
import { invariant } from '../../model/result.ts';
import type { Account } from '../../store/accounts.ts';
import type { Venue } from '../../venues/venue.ts';
import type { Kept } from '../book.ts';
import type { Log } from '../log.ts';
import type { Outcome } from '../outcome.ts';
import type { BookReader } from '../reading.ts';
import { draftOfReversal } from '../reconcile-entries.ts';
import type { WaitingClock } from '../system-clock.ts';
import { standingOf } from '../taking-back.ts';
import { type Amendments, bustOf, correctionOf, isOwnBust } from './amendments.ts';
import { asked, type Patience } from './asking.ts';
import type { Keeper } from './fact-desk.ts';
import { fillWords } from './identity.ts';
import type { Relisted } from './listing.ts';

export interface AmendingParts {
  readonly venue: Venue;
  readonly keeper: Keeper;
  readonly reader: BookReader;
  readonly clock: WaitingClock;
  readonly log: Log;
  readonly amendments: Amendments;
  readonly book: (facts: readonly Fact[]) => Promise<Kept>;
}

export class Amending {
  readonly #parts: AmendingParts;

  constructor(parts: AmendingParts) {
    this.#parts = parts;
  }

  /** Facts that were listed, and what became of them. */
  async listed(facts: readonly Fact[], outcomes: readonly Outcome[]): Promise<void> {
    const { account } = this.#account;
    const amended = this.#parts.reader.file.amendedTargets(account);
    for (const [index, fact] of facts.entries()) {
      if (fact.kind !== 'fill') continue;
      const row = this.#doubtful(account, fact, outcomes[index]!, amended);
      if (row !== null) await this.#setRight(fact, row);
    }
  }

  /** Fills that the venue lists no more, where their order says the same. */
  async takeBack(relisted: Relisted, patience: Patience): Promise<void> {
    const { venue, clock, log, amendments, book } = this.#parts;
    const byOrder = Map.groupBy(amendments.absent(relisted), orderKey);
    for (const gone of byOrder.values()) {
      const { instrument, orderId, clientOrderId, account } = gone[0]!;
      const words = gone.map(fillWords).join(', ');
      const reference = { instrument, orderId, clientOrderId };
      const order = orderId === null ? null : await asked(() => venue.order(reference), patience);
      const report = order?.ok ? order.value : null;
      if (report !== null && amendments.confirms(report, gone)) {
        await book(gone.map((fill) => this.#numbered(bustOf(fill, clock.now()))));
        const msg = `Taken back: ${words}; the venue lists it no more, nor does its order`;
        log.warn({ event: 'fill.busted', account, instrument, msg });
      } else {
        if (order?.ok === false) amendments.askAgain(gone);
        const msg = `Not listed any more, and not taken back without more evidence: ${words}`;
        log.warn({ event: 'fill.unlisted', account, instrument, msg });
      }
    }
  }

  /** The fill's entry, where it was told otherwise or something was recorded about it; or null. */
  #doubtful(
    account: number,
    fill: Fill,
    outcome: Outcome,
    amended: ReadonlySet<number>,
  ): EntryRow | null {
    const { file } = this.#parts.reader;
    if (outcome.status === 'conflict') return file.find(account, keyOf(fill));
    if (outcome.status !== 'duplicate' || !amended.has(outcome.sequence)) return null;
    const about = file.amendmentsOf(account, outcome.sequence);
    if (about.every(({ kind }) => kind === 'fill-completed')) return null;
    return file.entriesAt(account, [outcome.sequence])[0] ?? null;
  }

  async #setRight(listed: Fill, row: EntryRow): Promise<void> {
    const { reader, clock, log, amendments, book } = this.#parts;
    const standing = reader.inForce(this.#account, row);
    if (standing === null) return this.#reinstate(listed, row);
    const judged = judge(standing, { fact: listed, rates: [] });
    const fields = judged.verdict === 'conflict' ? judged.fields : [];
    if (!amendments.otherwise(listed, fields)) return;
    await book([this.#numbered(correctionOf(listed, fields, clock.now()))]);
    const msg = `Corrected ${fillWords(listed)}: the venue lists it so, twice`;
    log.warn({ event: 'fill.corrected', account: listed.account, msg });
  }

  /** Taken back because nothing listed it, it stands again; what a venue or person did stays. */
  async #reinstate(listed: Fill, row: EntryRow): Promise<void> {
    const { keeper, reader, clock, log, amendments } = this.#parts;
    const known = this.#account;
    const { account, name } = known;
    const against = reader.file
      .amendmentsOf(account, row.sequence)
      .filter(({ kind }) => kind === 'bust' || kind === 'reversal')
      .map((by) => ({ ...standingOf(reader.file, known, by.sequence), by }))
      .filter(({ reversed }) => !reversed);
    if (!against.every(({ by }) => isOwnBust(by))) return;
    const entries = against.map(({ last }) => ({
      draft: draftOfReversal(last, clock.now(), 'listed again'),
    }));
    const result = await keeper.apply({ account: name, expectedSequence: null, entries });
    // Somebody else wrote meanwhile: the next listing tells it again.
    if (result.status !== 'written') return;
    const fact = reader.inForce(known, row)?.fact;
    if (fact?.kind === 'fill') amendments.load(fact);
    const msg = `In force again: ${fillWords(listed)}; the venue lists it, after it did not`;
    log.warn({ event: 'fill.reinstated', account: name, instrument: listed.instrument, msg });
  }

  /** The same change a second time, after it was taken back, is an entry of its own. */
  #numbered<F extends ReturnType<typeof bustOf> | ReturnType<typeof correctionOf>>(fact: F): F {
    const { file } = this.#parts.reader;
    const { account } = this.#account;
    const numbered = (count: number): F => {
      if (count === 1) return fact;
      return fact.kind === 'bust'
        ? { ...fact, bustId: `${fact.bustId}-${count}` }
        : { ...fact, correctionId: `${fact.correctionId}-${count}` };
    };
    for (let count = 1; ; count += 1) {
      if (file.find(account, keyOf(numbered(count))) === null) return numbered(count);
    }
  }

  get #account(): Account {
    const known = this.#parts.reader.file.accountNamed(this.#parts.venue.account);
    invariant(known !== null, 'what was listed is of an account of the book');
    return known;
  }
}

const orderKey = ({ instrument, orderId, executionId }: Fill): string =>
  `${instrument}|${orderId ?? `execution ${executionId}`}`;
