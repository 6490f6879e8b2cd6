/** A book that a test checks and repairs: real files, a lease, and a clock of its own. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { toText } from '../../../src/decimal/text.ts';
import type { Break } from '../../../src/model/break.ts';
import { type Instant, instant } from '../../../src/model/instant.ts';
import { parseStatementText } from '../../../src/model/parse-statement.ts';
import type { BookWriter } from '../../../src/service/book.ts';
import type { Checked, CheckRequest } from '../../../src/service/checking.ts';
import { checkAccount } from '../../../src/service/checking.ts';
import { openForWriting } from '../../../src/service/open-for-writing.ts';
import type { Outcome } from '../../../src/service/outcome.ts';
import { BookReader } from '../../../src/service/reading.ts';
import type { StatementSource } from '../../../src/service/reconcile-entries.ts';
import {
  type Compared,
  type ReconcileOptions,
  type SyncChoice,
  type SyncResult,
  sync,
} from '../../../src/service/reconciling.ts';
import { approveBreak, checkAndNote } from '../../../src/service/syncing.ts';
import { systemClock, type WaitingClock } from '../../../src/service/system-clock.ts';
import { undoEntry } from '../../../src/service/undoing.ts';
import type { Account } from '../../../src/store/accounts.ts';
import { bookPath, markMaxAgeMs } from '../held-book.ts';
import { fact } from '../random-facts.ts';

/** Stands still until it is moved; waits are real. */
export class DeskClock implements WaitingClock {
  #now: Instant = instant('2026-11-20T12:00:00Z');
  readonly after = systemClock.after;

  now(): Instant {
    return this.#now;
  }

  set(now: Instant): void {
    this.#now = now;
  }

  advance(seconds: number): void {
    this.#now += BigInt(seconds) * 1_000_000_000n;
  }
}

export type Json = Readonly<Record<string, unknown>>;

/** A time of the day that all of these tests happen on: `at('09:00')`, `at('09:00:30.5')`. */
export const at = (time: string): string =>
  `2026-11-20T${time.length === 5 ? `${time}:00` : time}Z`;

export const account = (changes: Json = {}): Json => ({
  kind: 'account',
  account: 'main',
  venue: 'bybit',
  currency: 'USDT',
  ...changes,
});

export const fill = (executionId: string, changes: Json = {}): Json => ({
  kind: 'fill',
  account: 'main',
  instrument: 'BTC/USDT:USDT',
  side: 'buy',
  quantity: '1',
  price: '100',
  fee: '0.1',
  feeCurrency: 'USDT',
  executionId,
  time: at('09:00'),
  ...changes,
});

export const cash = (kind: string, id: string, amount: string, changes: Json = {}): Json => ({
  ...{ kind, account: 'main', currency: 'USDT', amount, id, time: at('08:00') },
  ...changes,
});

export const mark = (instrument: string, price: string, time = at('11:30')): Json => ({
  ...{ kind: 'mark', instrument, price, time },
});

/** A complete section of the whole day. */
export const list = (items: readonly Json[], changes: Json = {}): Json => ({
  ...{ complete: true, from: at('00:00'), to: at('23:59'), items, ...changes },
});

export const held = (items: readonly Json[], changes: Json = {}): Json => ({
  ...{ complete: true, items, ...changes },
});

export const balances = (totals: Readonly<Record<string, string>>, changes: Json = {}): Json =>
  held(
    Object.entries(totals).map(([currency, total]) => ({ currency, total })),
    changes,
  );

/** What the venue says at noon. */
export const says = (sections: Json): Json => ({
  ...{ schema: 'trueup.statement/1', account: 'main', venue: 'bybit', asOf: at('12:00') },
  ...sections,
});

export function sourceOf(document: Json): StatementSource {
  const text = JSON.stringify(document);
  const { statement, refusals } = parseStatementText(text, {}, { strict: true });
  if (statement === null) throw new Error(refusals.map(({ message }) => message).join('; '));
  return { statement, text };
}

export class Desk {
  readonly path: string;
  readonly clock: DeskClock;
  readonly reader: BookReader;
  readonly writer: BookWriter;

  private constructor(path: string, clock: DeskClock, reader: BookReader, writer: BookWriter) {
    this.path = path;
    this.clock = clock;
    this.reader = reader;
    this.writer = writer;
  }

  /** A book with these facts. */
  static async open(...facts: readonly Json[]): Promise<Desk> {
    const path = bookPath();
    const clock = new DeskClock();
    const options = { clock, holder: 'desk', create: true, markMaxAgeMs };
    const writer = await openForWriting(path, options);
    const desk = new Desk(path, clock, new BookReader(path, clock), writer);
    await desk.tell(account(), ...facts);
    return desk;
  }

  async tell(...facts: readonly Json[]): Promise<readonly Outcome[]> {
    const { outcomes } = await this.writer.recordAll(facts.map(fact));
    const wrong = outcomes.find(({ status }) => status === 'refused');
    if (wrong?.status === 'refused') throw new Error(wrong.refusal.message);
    return outcomes;
  }

  account(name = 'main'): Account {
    return this.reader.file.accountNamed(name)!;
  }

  options(changes: Partial<ReconcileOptions> = {}): ReconcileOptions {
    const { clock } = this;
    const none = new Set<string>();
    return { clock, strict: false, markMaxAgeMs, toleranceSteps: 0, adjust: none, ...changes };
  }

  compared(document: Json | null): Compared {
    const source = document === null ? null : sourceOf(document);
    return { account: this.account(source?.statement.account ?? 'main'), source };
  }

  request(document: Json | null, changes: Partial<ReconcileOptions> = {}): CheckRequest {
    const { clock: _, ...options } = this.options(changes);
    return { ...this.compared(document), now: this.clock.now(), ...options };
  }

  check(document: Json | null): Promise<Checked> {
    return checkAndNote(this.reader, this.writer, this.request(document));
  }

  /** As `investigate` and `check --no-record` look. */
  look(document: Json | null): Checked {
    return checkAccount(this.reader, this.request(document));
  }

  sync(document: Json, choice: Partial<SyncChoice> = {}, adjust: readonly string[] = []) {
    const usual = { apply: false, auto: false, only: null, plans: null };
    const options = this.options({ adjust: new Set(adjust) });
    const chosen = { ...usual, ...choice };
    return sync(this.reader, this.writer, [this.compared(document)], options, chosen);
  }

  apply(document: Json, choice: Partial<SyncChoice> = {}): Promise<SyncResult> {
    return this.sync(document, { apply: true, ...choice });
  }

  approve(breakId: string, plan: string) {
    const approval = { breakId, plans: [plan], at: this.clock.now() };
    return approveBreak(this.reader, this.writer, this.account(), approval);
  }

  undo(sequence: number) {
    return undoEntry(this.reader, this.writer, this.account(), sequence, this.clock.now());
  }

  get head(): number {
    return this.reader.file.head(this.account().account).sequence;
  }

  /** Kinds of the entries after one. */
  kinds(after = 0): readonly string[] {
    const { account: id } = this.account();
    return [...this.reader.file.entries(id, after)].map(({ kind }) => kind);
  }

  /** What the book holds now: balances and contracts, by name. */
  holds(name = 'main'): Readonly<Record<string, string>> {
    const options = { asOf: null, knownAt: null, markMaxAgeMs };
    const { view } = this.reader.look(this.account(name), options);
    const contracts = view.positions.filter(({ type }) => type !== 'spot');
    return Object.fromEntries([
      ...view.balances.map(({ currency, total }) => [currency, toText(total)]),
      ...contracts.map(({ instrument, leg, quantity }) => [
        leg === 'net' ? instrument : `${instrument} ${leg}`,
        toText(quantity),
      ]),
    ]);
  }

  realised(): string | null {
    const options = { asOf: null, knownAt: null, markMaxAgeMs };
    const { gross } = this.reader.look(this.account(), options).view.realisedPnl;
    return gross === null ? null : toText(gross);
  }

  async close(): Promise<void> {
    this.reader.close();
    await this.writer.close();
    rmSync(dirname(this.path), { recursive: true, force: true });
  }
}

const desks: Desk[] = [];

/** A desk that `closeDesks` closes. */
export async function openDesk(...facts: readonly Json[]): Promise<Desk> {
  const desk = await Desk.open(...facts);
  desks.push(desk);
  return desk;
}

export async function closeDesks(): Promise<void> {
  for (const desk of desks.splice(0)) await desk.close();
}

export const breaksOf = ({ reconciled }: Checked): readonly Break[] => reconciled.breaks;

export const open = (checked: Checked): readonly Break[] =>
  breaksOf(checked).filter(({ state }) => state !== 'VERIFIED' && state !== 'SELF_CLEARED');

/** The lines of a check as `name ours -> theirs`. */
export const linesOf = (checked: Checked): readonly string[] =>
  open(checked).flatMap(({ lines }) =>
    lines.map(({ key, leg, ours, theirs }) =>
      [
        leg === null || leg === 'net' ? key : `${key} ${leg}`,
        ours === null ? 'none' : toText(ours),
        '->',
        theirs === null ? 'none' : toText(theirs),
      ].join(' '),
    ),
  );

interface SyncedView {
  readonly plan: string;
  readonly stale: boolean;
  readonly repairs: readonly {
    readonly break: string;
    readonly state: string;
    readonly needsApproval: boolean;
    readonly entries: readonly { action: string; id: string; target?: number; fact: Json | null }[];
    readonly effects: readonly { what: string; key: string; before: string; after: string }[];
  }[];
  readonly leftAlone: readonly { break: string; decision: string }[];
  readonly applied: readonly { break: string; entries: readonly number[]; state: string }[] | null;
}

/** The one account of a result of sync. */
export const syncedOf = ({ json }: SyncResult): SyncedView =>
  (json['accounts'] as unknown as readonly SyncedView[])[0]!;

/** What the plan says each balance and position will be. */
export const afterOf = (result: SyncResult): Readonly<Record<string, string>> =>
  Object.fromEntries(
    syncedOf(result).repairs.flatMap(({ effects }) =>
      effects.map(({ key, after }): [string, string] => [key, after]),
    ),
  );
