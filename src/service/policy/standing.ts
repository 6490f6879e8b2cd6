/**
 * What may be repaired without a person now: the settings, the stop, and what was repaired already.
 * All but the settings is read from the journal, so that a restart forgets nothing.
 */
import { add, zero } from '../../decimal/decimal.ts';
import { sha256 } from '../../journal/digest.ts';
import type { EntryRow } from '../../model/entry.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import { accepted, type Result } from '../../model/result.ts';
import {
  type Automatic,
  type LimitedChange,
  type PolicySettings,
  policyByDefault,
  type Spent,
  type Stop,
} from '../../reconcile/limits.ts';
import type { StopShown } from '../../report/check-document.ts';
import type { Account } from '../../store/accounts.ts';
import type { BookFile } from '../../store/book-file.ts';
import type { BookWriter, PlanEntry } from '../book.ts';
import type { Configuration } from '../config.ts';
import { draft } from '../reconcile-entries.ts';
import { repairedSince } from './repaired.ts';

const dayMs = 86_400_000;

export function automaticOf(
  file: BookFile,
  account: number,
  now: Instant,
  settings: PolicySettings = policyByDefault,
): Automatic {
  const spentOn = once(() => spentSince(file, account, addMilliseconds(now, -dayMs)));
  const rounded = once(() => roundedSince(file, account, addMilliseconds(now, -30 * dayMs)));
  return {
    settings,
    stop: stopOf(file, account),
    spent: (change) => spentOn().get(change) ?? { value: zero, count: 0 },
    roundingSteps: (currency) => rounded().get(currency) ?? 0,
  };
}

/** Most plans need none of it. */
function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | null = null;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}

function spentSince(file: BookFile, account: number, since: Instant) {
  const spent = new Map<LimitedChange, Spent>();
  for (const { kind, moved } of repairedSince(file, account, since)) {
    if (kind !== 'rows' && kind !== 'taking-back') continue;
    const { value, count } = spent.get(kind) ?? { value: zero, count: 0 };
    spent.set(kind, { value: add(value, moved ?? zero), count: count + 1 });
  }
  return spent;
}

/** Each adjustment of a residue is at most one step. */
function roundedSince(file: BookFile, account: number, since: Instant) {
  const steps = new Map<string, number>();
  for (const { kind, key } of repairedSince(file, account, since)) {
    if (kind === 'rounding') steps.set(key, (steps.get(key) ?? 0) + 1);
  }
  return steps;
}

/** What the settings say; read where they say something. */
export async function policyIn({
  policy,
}: Pick<Configuration, 'policy'>): Promise<Result<PolicySettings>> {
  if (policy === null) return accepted(policyByDefault);
  const { parsePolicy } = await import('./settings.ts');
  return parsePolicy(policy.value, policy.file);
}

interface StopBody {
  readonly stopped: boolean;
  /** Null: none was said, which is for going on. */
  readonly reason: string | null;
  /** sha256 of the name, which lies outside the chain; null: nobody was named. */
  readonly by: string | null;
}

const bodyOf = (row: EntryRow): StopBody => JSON.parse(row.body!) as StopBody;

/** The stop that is in force in the account; null: none is. */
export function stopOf(file: BookFile, account: number): Stop | null {
  const row = file.lastOfKind(account, 'policy');
  if (row === null) return null;
  const { stopped, reason, by } = bodyOf(row);
  if (!stopped) return null;
  return { since: row.effectiveAt, reason: reason ?? '', by: by === null ? null : file.text(by) };
}

/** As it is shown: what a person said before what the settings say; null: nothing is stopped. */
export function stopShown(
  file: BookFile,
  account: number,
  settings: PolicySettings = policyByDefault,
): StopShown | null {
  const stop = stopOf(file, account);
  return stop === null && settings.stopped ? stopBySettings : stop;
}

const stopBySettings: StopShown = { since: null, reason: 'the settings say so', by: null };

/** Of any account of the book: what is written for all of them waits for each. Null: none yet. */
export function stopInBook(file: BookFile | null, settings: PolicySettings): StopShown | null {
  if (settings.stopped) return stopBySettings;
  for (const { account } of file?.accounts() ?? []) {
    const stop = stopOf(file!, account);
    if (stop !== null) return stop;
  }
  return null;
}

export function stopWords(file: BookFile, row: EntryRow): string {
  const { stopped, by } = bodyOf(row);
  const name = by === null ? null : file.text(by);
  const what = stopped ? 'stops repairs without a person' : 'repairs without a person go on';
  return `${what}${name === null ? '' : `, by ${name}`}`;
}

export interface Switching {
  readonly stopped: boolean;
  readonly reason: string | null;
  readonly at: Instant;
  /** Absent where nobody said. */
  readonly by?: string;
}

/** Whether it was another state before; said twice it is said once. */
export async function switchRepairs(
  file: BookFile,
  writer: BookWriter,
  { account, name }: Account,
  { stopped, reason, at, by }: Switching,
): Promise<boolean> {
  const last = file.lastOfKind(account, 'policy');
  const was = last !== null && bodyOf(last).stopped;
  if (was === stopped) return false;
  const body: StopBody = { stopped, reason, by: by === undefined ? null : sha256(by) };
  // Two at once say the same word after the same entry: it is one.
  const id = `${stopped ? 'stop' : 'start'} @${last?.sequence ?? 0}`;
  const entry: PlanEntry = {
    draft: draft('policy', id, at, { body: JSON.stringify(body) }),
    ...(by === undefined ? {} : { text: by }),
  };
  const result = await writer.apply({ account: name, expectedSequence: null, entries: [entry] });
  return result.status === 'written';
}
