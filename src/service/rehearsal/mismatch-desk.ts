/** What the commands do in the incident of the quantities, by the functions behind them. */
import type { Instant } from '../../model/instant.ts';
import type { Statement } from '../../model/statement.ts';
import { statementText } from '../../model/write-statement.ts';
import {
  type CheckDocument,
  type CheckedAccount,
  checkDocument,
} from '../../report/check-document.ts';
import { rowsJson, withRows } from '../../report/positions-document.ts';
import type { BookWriter } from '../book.ts';
import { type ExitReport, exitsOf } from '../exiting/desk.ts';
import { openFollowed } from '../listening/opening.ts';
import { type Pulled, pull } from '../listening/pull.ts';
import { BookReader } from '../reading.ts';
import { type Compared, checkAll, type ReconcileOptions, sync } from '../reconciling.ts';
import { loggedChanges } from '../source/positions-log.ts';
import { lookAtRows, type RowsGround, type RowsLook } from '../source/positions-look.ts';
import { noteRows } from '../source/positions-notes.ts';
import { usualExitAfterMs } from '../source/positions-opening.ts';
import { applyRows, planRows, type RowsSynced } from '../source/positions-sync.ts';
import { comparedWithVenue } from '../venue-check/comparing.ts';
import { VenueRefused } from '../venues/refused.ts';
import { accountName, begins, type MismatchStage } from './mismatch-stage.ts';
import { botPrefix, exitPrefix } from './mismatch-bot.ts';
import { usualExitRules } from '../../exits/rules.ts';
import { writing } from '../writing.ts';

/** As commands have them where nobody says otherwise. */
const markMaxAgeMs = 24 * 60 * 60 * 1000;
const settleMs = 60_000;
/** Two snapshots are so far apart: an emulator lists at once what happened. */
const confirmMs = 20;

export interface Seen {
  readonly book: CheckedAccount;
  readonly look: RowsLook;
  readonly document: CheckDocument;
}

const { signal } = new AbortController();

export class MismatchDesk {
  readonly #stage: MismatchStage;

  constructor(stage: MismatchStage) {
    this.#stage = stage;
  }

  /** `update --venue bybit --since 2025-10-12`. */
  async update(since: Instant = begins): Promise<Pulled> {
    const { book, log, parts } = this.#stage;
    const { clock, venue } = parts;
    const followed = await openFollowed({
      ...{ venue, settings: { currency: 'USDT', positionMode: 'net' as const }, book, signal },
      ...{ holder: 'rehearsal', programVersion: 'rehearsal', markMaxAgeMs, clock, log },
      streams: false,
    });
    if (!followed.ok) throw new VenueRefused(followed.refusal);
    const { following, keeper, reader, account, close } = followed.value;
    try {
      await following.begin(account, { clock, signal, tries: 3 });
      return await pull({ venue, following, keeper, reader, clock, signal, markMaxAgeMs }, since);
    } finally {
      await close();
    }
  }

  /** `check --source --venue bybit --log bot.log`: book and rows beside the venue, noted. */
  check(): Promise<Seen> {
    return this.#opened(async (reader, writer) => {
      const compared = await this.#compared(reader);
      return this.#seen(reader, writer, compared);
    });
  }

  /** `investigate --source --statement positions.json`: what is held, and no execution. */
  investigateHeld(): Promise<Seen> {
    return this.#opened(async (reader) => {
      const { venue } = this.#stage.parts;
      const answer = await venue.statement();
      if (answer.status !== 'answered') throw new Error(`no statement: ${answer.why}`);
      const { raw: _words, ...told } = answer.value;
      const none = { balances: null, orders: null, executions: null, cashFlows: null };
      const statement: Statement = { ...told, ...none };
      const source = { statement, text: statementText(statement) };
      return this.#seen(reader, null, { account: accountIn(reader), source });
    });
  }

  /** `sync --source --venue bybit`: the plan alone. */
  plan(): Promise<{ readonly book: Awaited<ReturnType<typeof sync>>; readonly rows: RowsSynced }> {
    return this.#opened(async (reader, writer) => {
      const compared = await this.#compared(reader);
      const choice = { apply: false, auto: false, only: null, plans: null };
      const book = await sync(reader, writer, [compared], this.#how, choice);
      const { look } = await this.#seen(reader, writer, compared);
      return { book, rows: await planRows(await this.#ground(reader), writer, look) };
    });
  }

  /** `sync --source --venue bybit --apply --auto`: the book first, then the rows. */
  repair() {
    return this.#opened(async (reader, writer) => {
      const choice = { apply: true, auto: true, only: null, plans: null, actor: 'rehearsal' };
      const book = await sync(reader, writer, [await this.#compared(reader)], this.#how, choice);
      const { look } = await this.#seen(reader, writer, await this.#compared(reader));
      const rows = await applyRows(await this.#ground(reader), writer, look, choice);
      return { book, rows };
    });
  }

  /** `exits --apply`, with the orders of the bot's own manager left to it. */
  exits(mode: 'plan' | 'apply'): Promise<ExitReport> {
    const { book, log, parts } = this.#stage;
    const { clock, venue } = parts;
    const settings = {
      ...{ exchange: 'bybit', account: accountName, currency: 'USDT', positionMode: 'net' as const },
      ...{ readOnly: false, allowWithdrawals: false, symbols: [], settle: settleMs },
      confirm: confirmMs,
      exits: { enabled: true, rules: { ...usualExitRules, adopts: [exitPrefix] } },
    };
    return exitsOf(
      {
        ...{ venue, settings, book, markMaxAgeMs, clock, log, signal },
        pull: () => this.update(),
      },
      mode,
    );
  }

  get #how(): ReconcileOptions {
    const { clock } = this.#stage.parts;
    return { clock, strict: false, markMaxAgeMs, toleranceSteps: 0, adjust: new Set() };
  }

  #compared(reader: BookReader): Promise<Compared> {
    const { clock, venue } = this.#stage.parts;
    const asking = { clock, signal, times: { confirmMs, settleMs } };
    return comparedWithVenue(reader, { account: accountIn(reader), venue }, this.#how, asking);
  }

  async #seen(reader: BookReader, writer: BookWriter | null, compared: Compared): Promise<Seen> {
    const ground = await this.#ground(reader, compared.source?.live === undefined ? 0 : settleMs);
    const [book] = await checkAll(reader, writer, [compared], this.#how);
    const found = await lookAtRows(ground, compared, book!);
    const look = writer === null ? found : await noteRows(ground, writer, found);
    const { checked, snapshot, input } = look;
    const document = checkDocument([withRows(book!, { checked, strict: false })], {
      ...{ document: 'check', now: this.#stage.parts.clock.now(), strict: false, failAbove: null },
      ...{ hints: [], breakId: null, parties: ['source', input.truth.party] },
      source: rowsJson({ snapshot, checked, against: input.truth.party }),
    });
    return { book: book!, look, document };
  }

  async #ground(reader: BookReader, settles = settleMs): Promise<RowsGround> {
    const { clock, source, venue, logPath } = this.#stage.parts;
    const { positions } = await source.snapshot();
    const symbols = positions.map(({ symbol }) => symbol);
    return {
      ...{ source, reader },
      options: {
        ...{ clock, strict: false, markMaxAgeMs, toleranceSteps: 0, settleMs: settles },
        ...{ ownOrderPrefixes: [botPrefix], logged: await loggedChanges(logPath, symbols) },
        ...{ exitAfterMs: usualExitAfterMs, exchangeOf: () => null },
        async instrumentsOf() {
          const answer = await venue.instruments();
          return answer.status === 'answered' ? answer.value : [];
        },
      },
    };
  }

  async #opened<T>(work: (reader: BookReader, writer: BookWriter) => Promise<T>): Promise<T> {
    const { book, parts } = this.#stage;
    const { clock } = parts;
    const options = { clock, holder: 'rehearsal', create: false, markMaxAgeMs };
    const reader = new BookReader(book, clock);
    try {
      return await writing(book, { ...options, programVersion: 'rehearsal' }, (writer) =>
        work(reader, writer),
      );
    } finally {
      reader.close();
    }
  }
}

const accountIn = (reader: BookReader) => reader.file.accountNamed(accountName)!;
