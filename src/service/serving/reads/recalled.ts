/** What was on record about an account at an instant that is past: its verdict, and the gate. */

import { toTextOrNull } from '../../../decimal/text.ts';
import type { Break } from '../../../model/break.ts';
import type { EntryRow } from '../../../model/entry.ts';
import { type Instant, instantTextOrNull } from '../../../model/instant.ts';
import { decideGate, gateMaxAgeMs } from '../../../reconcile/gate.ts';
import { countsAsBreak, stakeOf } from '../../../reconcile/verdict.ts';
import type { Account } from '../../../store/accounts.ts';
import { isOfSource } from '../../checks-on-record.ts';
import type { BookReader } from '../../reading.ts';
import { breakOf, type NotedCheck, notedCheck } from '../../reconcile-entries.ts';
import { type SourceLook, sourceLook } from '../../source/source-checks.ts';
import { secondsSince } from '../views/break-view.ts';
import { verdictOnRecord } from '../views/verdict-view.ts';
import { pagesOf } from './chronicle.ts';
import { sourceFigures } from './source-worth.ts';

export interface RecallAsked {
  readonly account: Account;
  readonly asOf: Instant | null;
  /** Null: of whatever was recorded until then. */
  readonly knownAt: number | null;
  readonly now: Instant;
}

/** As a person would have read it at that instant; later checks and breaks are left out. */
export function recalled(reader: BookReader, asked: RecallAsked) {
  const { file } = reader;
  const { account } = asked.account;
  const { sequence, at } = placeOf(reader, asked);
  const found = new Map<string, Break>();
  for (const row of file.entriesOf(account, ['break'], 0, sequence)) {
    const one = breakOf(row);
    found.set(one.id, one);
  }
  const breaks = [...found.values()];
  const checks = checksUpTo(reader, account, sequence);
  const times = { now: at, maxAgeMs: gateMaxAgeMs, startedAt: null };
  const said = verdictOnRecord({ breaks, ...checks }, times);
  const { gate, reasons } = decideGate({ ...times, ...checks, breaks });
  const open = breaks.filter((one) => countsAsBreak(one, { strict: false }));
  const stake = stakeOf(open, { strict: false });
  const { lastAnswered } = checks;
  return {
    ...{ verdict: said.verdict, why: said.why, breaks: open.length, gate },
    trueUntil: instantTextOrNull(said.trueUntil),
    trueSince: instantTextOrNull(said.trueSince),
    checkedAt: instantTextOrNull(said.checkedAt),
    dataAgeSeconds: lastAnswered === null ? null : secondsSince(lastAnswered.at, at),
    ...{ gross: toTextOrNull(stake.gross), net: toTextOrNull(stake.net) },
    gateReasons: reasons.map(({ code, why }) => ({ code, why })),
    source: isOfSource(file, account) ? sourceFigures(checks.last as SourceLook | null) : null,
  };
}

/** The last entry of then, and when it was. */
function placeOf(reader: BookReader, { account, asOf, knownAt, now }: RecallAsked) {
  const { file } = reader;
  const head = file.head(account.account).sequence;
  const known = Math.min(knownAt ?? head, head);
  const recorded = knownAt === null ? now : (file.recordedAt(account.account, known) ?? now);
  const at = asOf === null ? recorded : asOf < now ? asOf : now;
  const last = asOf === null ? known : pagesOf(reader).lastBefore(account.account, at + 1n, head);
  return { sequence: Math.min(known, last), at };
}

type Checks = Record<'last' | 'lastComplete' | 'lastTrue' | 'lastAnswered', NotedCheck | null>;

const pageLength = 50;
/** So many checks are looked through for one that was true. */
const checksMax = 2_000;

function checksUpTo(reader: BookReader, account: number, sequence: number): Checks {
  const { file } = reader;
  const ofSource = isOfSource(file, account);
  const checkOf = (row: EntryRow) => (ofSource ? sourceLook : notedCheck)(file, account, row);
  const kinds = [ofSource ? 'source' : 'statement'] as const;
  const checks: Checks = { last: null, lastComplete: null, lastTrue: null, lastAnswered: null };
  let before: number | null = sequence + 1;
  for (let looked = 0; before !== null && looked < checksMax; ) {
    const page = pagesOf(reader).entriesBefore(account, { before, limit: pageLength, kinds });
    for (const row of page.items) {
      looked += 1;
      const check = checkOf(row);
      if (check === null) continue;
      checks.last ??= check;
      if (check.complete) checks.lastComplete ??= check;
      if (check.verdict === 'true') checks.lastTrue ??= check;
      if (check.answered) checks.lastAnswered ??= check;
    }
    if (checks.lastComplete && checks.lastTrue && checks.lastAnswered) break;
    before = page.before;
  }
  return checks;
}
