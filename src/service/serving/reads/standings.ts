/**
 * What is on record about each account: its breaks and its checks. Kept, so that of a stream that
 * grew only what was added is read: a bot asks the gate before every order.
 */
import type { Break } from '../../../model/break.ts';
import type { Account } from '../../../store/accounts.ts';
import type { Head } from '../../../store/batches.ts';
import type { BookFile } from '../../../store/book-file.ts';
import { checksOnRecord, isOfSource } from '../../checks-on-record.ts';
import type { BookReader } from '../../reading.ts';
import { breakOf, knownBreaks, type NotedCheck, notedCheck } from '../../reconcile-entries.ts';
import { type SourceLook, sourceLook } from '../../source/source-checks.ts';

export interface Standing {
  readonly head: Head;
  /** Nobody but a bot's database was ever asked about it: its checks are looks at that. */
  readonly isOfSource: boolean;
  /** The last look at a total; null: it is no database's. */
  readonly look: SourceLook | null;
  /** As they were last recorded, closed ones included, by id. */
  readonly breaks: ReadonlyMap<string, Break>;
  readonly last: NotedCheck | null;
  readonly lastComplete: NotedCheck | null;
  readonly lastTrue: NotedCheck | null;
  /** The last that is no note of a silence. */
  readonly lastAnswered: NotedCheck | null;
}

/** So many checks are looked through for one that was true. */
const checksMax = 2_000;

const kept = new WeakMap<BookReader, Standings>();

export function standingsOf(reader: BookReader): Standings {
  const known = kept.get(reader) ?? new Standings(reader.file);
  kept.set(reader, known);
  return known;
}

export class Standings {
  readonly #file: BookFile;
  readonly #kept = new Map<number, Standing>();

  constructor(file: BookFile) {
    this.#file = file;
  }

  of({ account }: Pick<Account, 'account'>): Standing {
    return this.#file.read(() => {
      const head = this.#file.head(account);
      const known = this.#kept.get(account);
      if (known?.head.hash === head.hash) return known;
      const isGrown = known !== undefined && known.head.sequence < head.sequence;
      const standing = isGrown ? this.#grown(account, known, head) : this.#read(account, head);
      this.#kept.set(account, standing);
      return standing;
    });
  }

  #read(account: number, head: Head): Standing {
    const { breaks } = knownBreaks(this.#file, account);
    let checks = noChecks;
    let looked = 0;
    for (const check of checksOnRecord(this.#file, account)) {
      checks = withOlder(checks, check);
      looked += 1;
      const isWhole = checks.lastTrue && checks.lastComplete && checks.lastAnswered;
      if (isWhole || looked >= checksMax) break;
    }
    const ofSource = isOfSource(this.#file, account);
    const look = ofSource ? (checks.last as SourceLook | null) : null;
    const byId = new Map(breaks.map((one) => [one.id, one]));
    return { head, isOfSource: ofSource, look, breaks: byId, ...checks };
  }

  #grown(account: number, known: Standing, head: Head): Standing {
    if (isOfSource(this.#file, account) !== known.isOfSource) return this.#read(account, head);
    const breaks = new Map(known.breaks);
    let checks: Checks = known;
    let { look } = known;
    const kinds = ['break', known.isOfSource ? 'source' : 'statement'] as const;
    for (const row of this.#file.entriesOf(account, kinds, known.head.sequence, head.sequence)) {
      if (row.kind === 'break') {
        const one = breakOf(row);
        breaks.set(one.id, one);
      } else if (row.kind === 'source') {
        const newer = sourceLook(this.#file, account, row);
        look = newer ?? look;
        checks = newer === null ? checks : withNewer(checks, newer);
      } else checks = withNewer(checks, notedCheck(this.#file, account, row));
    }
    const { last, lastComplete, lastTrue, lastAnswered } = checks;
    const { isOfSource: ofSource } = known;
    return { head, isOfSource: ofSource, look, breaks, last, lastComplete, lastTrue, lastAnswered };
  }
}

type Checks = Pick<Standing, 'last' | 'lastComplete' | 'lastTrue' | 'lastAnswered'>;

const noChecks: Checks = { last: null, lastComplete: null, lastTrue: null, lastAnswered: null };

const withOlder = (checks: Checks, check: NotedCheck): Checks => ({
  last: checks.last ?? check,
  lastComplete: checks.lastComplete ?? (check.complete ? check : null),
  lastTrue: checks.lastTrue ?? (check.verdict === 'true' ? check : null),
  lastAnswered: checks.lastAnswered ?? (check.answered ? check : null),
});

const withNewer = (checks: Checks, check: NotedCheck): Checks => ({
  last: check,
  lastComplete: check.complete ? check : checks.lastComplete,
  lastTrue: check.verdict === 'true' ? check : checks.lastTrue,
  lastAnswered: check.answered ? check : checks.lastAnswered,
});
