/** What the commands do in the incident of the quantities, by the functions behind them. */
import { join } from 'node:path';
import type { Decimal } from '../../decimal/decimal.ts';
import { usualExitRules } from '../../exits/rules.ts';
import type { AccountFact } from '../../model/fact.ts';
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
import { BookReader, readerOnce } from '../reading.ts';
import { type Compared, checkAll, type ReconcileOptions, sync } from '../reconciling.ts';
import { fillTrades } from '../source/positions-filling.ts';
import { loggedChanges } from '../source/positions-log.ts';
import { lookAtRows, type RowsGround, type RowsLook } from '../source/positions-look.ts';
import { noteRows } from '../source/positions-notes.ts';
import { usualExitAfterMs } from '../source/positions-opening.ts';
import { applyRows, planRows, type RowsSynced } from '../source/positions-sync.ts';
import { comparedWithVenue } from '../venue-check/comparing.ts';
import { VenueRefused } from '../venues/refused.ts';
import { writing } from '../writing.ts';
import type { RehearsalTools } from './exchange-port.ts';
import { botPrefix, exitPrefix } from './mismatch-bot.ts';
import { nameOf } from './mismatch-market.ts';
import { deskSettings } from './mismatch-settings.ts';
import { accountName, begins, MismatchStage, venueName } from './mismatch-stage.ts';
import { NotThere } from './rehearsal.ts';

const { markMaxAgeMs, settleMs, confirmMs, holder, programVersion } = deskSettings;

export interface Seen {
  readonly book: CheckedAccount;
  readonly look: RowsLook;
  readonly document: CheckDocument;
}

const { signal } = new AbortController();

export class MismatchDesk {
  readonly stage: MismatchStage;

  constructor(stage: MismatchStage) {
    this.stage = stage;
  }

  static async open(folder: string, tools: RehearsalTools): Promise<MismatchDesk> {
    return new MismatchDesk(await MismatchStage.open(folder, tools));
  }

  close(): Promise<void> {
    return this.stage.close();
  }

  /** `update --venue bybit --since 2025-10-12`. */
  async update(since: Instant = begins): Promise<Pulled> {
    const { book, log, parts } = this.stage;
    const { clock, venue } = parts;
    const followed = await openFollowed({
      ...{ venue, settings: { currency: 'USDT', positionMode: 'net' as const }, book, signal },
      ...{ holder, programVersion, markMaxAgeMs, clock, log, streams: false },
    });
    if (!followed.ok) throw new VenueRefused(followed.refusal);
    const { following, keeper, reader, account: own, close } = followed.value;
    try {
      await following.begin(own, { clock, signal, tries: 3 });
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

  /**
   * `investigate --source --statement positions.json`: what is held, and no execution, in a book
   * that knows nothing but the account.
   */
  async investigateHeld(): Promise<Seen> {
    const { venue, clock, folder } = this.stage.parts;
    const book = join(folder, 'look.db');
    const answer = await venue.statement();
    if (answer.status !== 'answered') throw new NotThere(`no statement: ${answer.why}`);
    const none = { balances: null, orders: null, executions: null, cashFlows: null };
    const statement: Statement = { ...answer.value, ...none };
    const source = { statement, text: statementText(statement) };
    const options = { clock, holder, programVersion, create: true, markMaxAgeMs };
    await writing(book, options, (writer) => writer.record(account));
    const reader = new BookReader(book, clock);
    try {
      return await this.#seen(reader, null, { account: accountIn(reader), source });
    } finally {
      reader.close();
    }
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

  /** `sync --source --venue bybit --apply --auto --fill-trades`: the book first, then the rows. */
  repair() {
    return this.#opened(async (reader, writer) => {
      const choice = { apply: true, auto: true, only: null, plans: null, actor: 'rehearsal' };
      const book = await sync(reader, writer, [await this.#compared(reader)], this.#how, choice);
      const { look } = await this.#seen(reader, writer, await this.#compared(reader));
      const ground = await this.#ground(reader);
      const rows = await applyRows(ground, writer, look, choice);
      return { book, rows, filled: await fillTrades(ground, writer, rows.after, choice.actor) };
    });
  }

  /** Each of three beside each other: the rows beside the venue, and beside the book alone. */
  parties(): Promise<{ readonly venue: RowsLook; readonly book: RowsLook }> {
    return this.#opened(async (reader) => {
      const ground = await this.#ground(reader);
      const compared = await this.#compared(reader);
      const alone = { account: compared.account, source: null };
      return {
        venue: await lookAtRows(ground, compared, null),
        book: await lookAtRows(ground, alone, null),
      };
    });
  }

  /** What closing it made by our book, since ever, before fees. */
  async realised(symbol: string): Promise<Decimal | null> {
    return this.#opened(async (reader) => {
      const how = { asOf: null, knownAt: null, markMaxAgeMs };
      const { view } = reader.look(accountIn(reader), how);
      const own = view.positions.find(({ instrument }) => instrument === nameOf(symbol));
      return own === undefined || own.lifetime.realisedUnknown ? null : own.lifetime.realised;
    });
  }

  /** `exits --apply`, with the orders of the bot's own manager left to it. */
  exits(mode: 'plan' | 'apply'): Promise<ExitReport> {
    const { book, log, parts } = this.stage;
    const { clock, venue } = parts;
    const settings = {
      ...{
        exchange: 'bybit',
        account: accountName,
        currency: 'USDT',
        positionMode: 'net' as const,
      },
      ...{ readOnly: false, allowWithdrawals: false, symbols: [], settle: settleMs },
      confirm: confirmMs,
      exits: {
        ...{ enabled: true, ownOrders: [botPrefix] },
        rules: { ...usualExitRules, adopts: [exitPrefix] },
      },
    };
    return exitsOf(
      {
        ...{ venue, settings, book, markMaxAgeMs, clock, log, signal },
        reader: readerOnce(book, clock),
        pull: () => this.update(),
      },
      mode,
    );
  }

  get #how(): ReconcileOptions {
    const { clock } = this.stage.parts;
    return { clock, strict: false, markMaxAgeMs, toleranceSteps: 0, adjust: new Set() };
  }

  #compared(reader: BookReader): Promise<Compared> {
    const { clock, venue } = this.stage.parts;
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
      ...{ document: 'check', now: this.stage.parts.clock.now(), strict: false, failAbove: null },
      ...{ hints: [], breakId: null, parties: ['source', input.truth.party] },
      source: rowsJson([{ account: accountName, snapshot, checked, against: input.truth.party }]),
    });
    return { book: book!, look, document };
  }

  async #ground(reader: BookReader, settles: number = settleMs): Promise<RowsGround> {
    const { clock, source, venue, logPath } = this.stage.parts;
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
    const { book, parts } = this.stage;
    const { clock } = parts;
    const options = { clock, holder, programVersion, create: false, markMaxAgeMs };
    const reader = new BookReader(book, clock);
    try {
      return await writing(book, options, (writer) => work(reader, writer));
    } finally {
      reader.close();
    }
  }
}

const account: AccountFact = {
  ...{ kind: 'account', account: accountName, venue: venueName, currency: 'USDT', time: null },
  ...{ costMethod: 'average', feesInCost: false, mode: 'paper', positionMode: 'net' },
};

const accountIn = (reader: BookReader) => reader.file.accountNamed(accountName)!;
