/** Who stands beside the book of an account: the newest statement on record, or that of then. */
import type { Party } from '../../../model/break.ts';
import { type Instant, instantText, millisecondsBetween } from '../../../model/instant.ts';
import { gateMaxAgeMs } from '../../../reconcile/gate.ts';
import type { Account } from '../../../store/accounts.ts';
import { isOfSource } from '../../checks-on-record.ts';
import type { BookReader } from '../../reading.ts';
import { type NotedCheck, notedCheck } from '../../reconcile-entries.ts';
import type { SidesAnswer } from '../documents/sides.ts';
import type { ServingParts } from '../parts.ts';
import { countsOf } from '../views/sides-view.ts';
import { aside } from './aside.ts';
import { pagesOf } from './chronicle.ts';
import { standingsOf } from './standings.ts';

type Answer = Omit<SidesAnswer, 'schema' | 'next'>;

export interface SidesAsked {
  /** Null: now. */
  readonly asOf: Instant | null;
  readonly from: number;
  readonly limit: number;
}

/** What stands beside the book, and why nothing does; `count`: of all pairs. */
export async function sidesBeside(
  parts: ServingParts,
  account: Account,
  { asOf, from, limit }: SidesAsked,
): Promise<{ readonly answer: Answer; readonly count: number }> {
  const { reader, clock, desks, markMaxAgeMs } = parts;
  const { name, mode, currency } = account;
  const of = { account: name, mode, currency };
  const none = (why: string, told: Partial<Answer> = {}) => ({
    answer: { ...of, ...nobody, ...told, why },
    count: 0,
  });
  const heard = checkAt(reader, account, asOf);
  if (heard === null) return none(whyNobody(parts, account, asOf));
  const { check, isLast } = heard;
  const { sequence, verdict, complete } = check;
  const party: Party = desks.some((desk) => desk.account === name) ? 'venue' : 'statement';
  const isYoung = millisecondsBetween(check.at, asOf ?? clock.now()) <= gateMaxAgeMs;
  // As for the verdict: what was compared before the service started says nothing of now.
  const isOurs = asOf !== null || check.at >= parts.startedAt;
  const told = {
    ...{ checkedAt: instantText(check.at), fresh: isLast && isYoung && isOurs },
    ...{ sequence, verdict, complete, party },
  };
  const asked = { account, sequence, party, markMaxAgeMs, now: clock.now(), asOf, from, limit };
  const found = await aside(parts, 'sided', asked);
  if (found === null) return none('what was told then cannot be read any more', told);
  const { items, beside, count } = found;
  return { answer: { ...of, ...told, why: null, ...beside, items: [...items] }, count };
}

const nobody = {
  ...{ statementAt: null, checkedAt: null, fresh: false, sequence: null, verdict: null },
  ...{ complete: null, party: null, counts: countsOf([]), sections: [], items: [] },
};

const pageLength = 20;
/** So many checks are looked through for one that was an answer. */
const checksMax = 2_000;

interface Heard {
  readonly check: NotedCheck;
  /** False: whoever was asked since then gave no answer. */
  readonly isLast: boolean;
}

/** The last check by then that somebody answered; null: there is none. */
function checkAt(reader: BookReader, account: Account, asOf: Instant | null): Heard | null {
  const { file } = reader;
  const { account: id } = account;
  if (isOfSource(file, id)) return null;
  if (asOf === null) {
    const { last, lastAnswered } = standingsOf(reader).of(account);
    if (lastAnswered === null) return null;
    return { check: lastAnswered, isLast: last?.sequence === lastAnswered.sequence };
  }
  const pages = pagesOf(reader);
  const last = pages.lastBefore(id, asOf + 1n, file.head(id).sequence);
  let before: number | null = last + 1;
  for (let looked = 0; before !== null && looked < checksMax; ) {
    const choice = { before, limit: pageLength, kinds: ['statement'] as const };
    const page = pages.entriesBefore(id, choice);
    const checks = page.items.map((row) => notedCheck(file, id, row));
    const found = checks.findIndex(({ answered }) => answered);
    if (found !== -1) return { check: checks[found]!, isLast: looked + found === 0 };
    looked += checks.length;
    before = page.before;
  }
  return null;
}

function whyNobody({ reader }: ServingParts, account: Account, asOf: Instant | null): string {
  const { file } = reader;
  const { account: id, name } = account;
  if (isOfSource(file, id)) {
    return `only a bot’s database was ever asked about ${name}: nobody stated what it holds`;
  }
  const [first] = pagesOf(reader).entriesAfter(id, 'statement', 0, 1);
  if (first === undefined) return `nobody was ever compared with ${name}`;
  if (asOf === null) return `nobody has answered yet when asked what ${name} holds`;
  const since = file.recordedAt(id, first.sequence) ?? first.effectiveAt;
  const then = instantText(asOf);
  if (since <= asOf) return `nobody had answered by ${then} when asked what ${name} holds`;
  const begin = `the first one was recorded at ${instantText(since)}`;
  return `no statement of ${name} was on record at ${then}: ${begin}`;
}
