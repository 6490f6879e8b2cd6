/** Looking at a source: what it says, what is true, and the note of both. */
import { countText } from '../../model/amount.ts';
import { instantText } from '../../model/instant.ts';
import { isClosed } from '../../model/life-cycle.ts';
import type { SourceSnapshot } from '../../model/source.ts';
import { OrderHistory } from '../../reconcile/source/orders.ts';
import type { BalanceSheet } from '../../reconcile/source/sheet.ts';
import { worstVerdict } from '../../reconcile/verdict.ts';
import { type CheckDocument, checkDocument } from '../../report/check-document.ts';
import { sourceDocument } from '../../report/source-document.ts';
import type { Source } from '../../sources/source.ts';
import type { SourceError } from '../../sources/source-error.ts';
import { unnotedWrites } from './catch-up.ts';
import type { SourceCheck, SourceCheckRequest, SourceDeskOptions } from './desk-port.ts';
import { type Look, type Looked, type LookOptions, lookAt, noteLook } from './noting.ts';
import { type GivenPrices, givenPrices } from './pricing.ts';
import type { SourceBook } from './source-book.ts';

export interface DeskContext {
  readonly options: SourceDeskOptions;
  readonly source: Source;
  readonly book: SourceBook;
  readonly look: LookOptions;
}

export async function checked(
  context: DeskContext,
  request: SourceCheckRequest & { readonly given?: GivenPrices | null },
): Promise<SourceCheck> {
  const snapshot = await context.source.snapshot();
  const given = request.given ?? (await givenPrices(request.prices, snapshot));
  const { looked: seen, recorded } = await looked(context, snapshot, given, request);
  for (const note of seen.notes) context.options.tell(`note: ${note}`);
  const document = documentOf(seen, context.look.strict, request);
  const sheets = seen.checked.accounts.map(({ sheet }) => sheet);
  const { verdict } = document;
  return { verdict, document, sheets, snapshot, checked: seen.checked, recorded };
}

const documentOf = (
  { checked: seen, currency, notable }: Looked,
  strict: boolean,
  { document = 'check', breakId = null, failAbove = null, hints }: SourceCheckRequest,
): CheckDocument => {
  const accounts = seen.accounts.map(({ reconciled }) => reconciled);
  const verdict = worstVerdict(accounts.map((one) => one.verdict));
  const sheets = seen.accounts.map(({ sheet }) => sheet);
  const open = accounts.flatMap(({ breaks }) => breaks.filter((one) => !isClosed(one)));
  return sourceDocument(seen, {
    ...{ document, breakId, failAbove, strict, currency },
    hints: hints?.(verdict, open, sheets) ?? [],
    sequenceOf: (name) => notable.get(name)?.sequence ?? 0,
    trueSinceOf: (name) => notable.get(name)?.trueSince ?? null,
  });
};

/** A database that did not answer: nothing is known of it, and that is said. */
export function unanswered(
  { clock, strict, account }: SourceDeskOptions,
  error: SourceError,
  { document = 'check' }: SourceCheckRequest,
): SourceCheck {
  const now = clock.now();
  const empty = checkDocument([], {
    ...{ document, now, strict, failAbove: null, breakId: null, parties: ['source', 'source'] },
    hints: [error.hint],
  });
  const unknown = [
    {
      account: account ?? 'all',
      section: 'source',
      scope: null,
      why: error.message,
      since: instantText(now),
    },
  ];
  const json = { ...empty.json, unknown };
  return {
    ...{ verdict: empty.verdict, document: { ...empty, json }, sheets: [] },
    ...{ snapshot: null, checked: null, recorded: false },
  };
}

/** Compares a look, and notes it where that is asked for and there is a book to note it in. */
export async function looked(
  context: DeskContext,
  snapshot: SourceSnapshot,
  given: GivenPrices | null,
  request: Pick<SourceCheckRequest, 'record' | 'create' | 'document' | 'decided' | 'explains'>,
): Promise<{ readonly looked: Looked; readonly recorded: boolean }> {
  const { source, book, look, options } = context;
  const bare = { snapshot, given, orders: null };
  const first = await compared(context, bare);
  const { record, create = false } = request;
  const sheets = first.checked.accounts.map(({ sheet }) => sheet);
  const orders =
    request.explains === false
      ? null
      : await ordersFor(context, snapshot, sheets, request.document);
  const whole: Look = { ...bare, orders };
  if (!record || !(create || book.isThere)) {
    if (record) options.tell(nothingNoted(options.book));
    return { looked: orders === null ? first : await compared(context, whole), recorded: false };
  }
  const { decided } = request;
  const found = await unnotedWrites(source, book, snapshot);
  const unnoted = decided === undefined ? found : { ...found, decided };
  const noted = await book.write(create, async (writer) => {
    await book.ensure(writer, (await book.names(snapshot)).values());
    return noteLook(book, writer, whole, look, unnoted);
  });
  return { looked: noted, recorded: true };
}

async function compared({ book, look }: DeskContext, one: Look): Promise<Looked> {
  return (
    (await book.read((reader) => lookAt(book, reader, one, look))) ?? lookAt(book, null, one, look)
  );
}

/** More than these take longer than a look should; who investigates waits for them. */
const ordersMax = 200_000;

/** Orders explain a difference, and nothing else needs them: there may be millions. */
export async function ordersFor(
  { source, options }: DeskContext,
  { orders: { count } }: SourceSnapshot,
  sheets: readonly BalanceSheet[],
  document: SourceCheckRequest['document'] = 'check',
): Promise<OrderHistory | null> {
  if (!sheets.some(({ match }) => match === 'different')) return null;
  if (count <= ordersMax || document === 'investigate') return ordersOf(source);
  options.tell(
    `note: the ${countText(count)} orders were not read to explain it; investigate does`,
  );
  return null;
}

async function ordersOf(source: Source): Promise<OrderHistory> {
  const history = new OrderHistory();
  for await (const order of source.orders()) history.add(order);
  return history;
}

const nothingNoted = (book: string): string =>
  `nothing was noted: there is no book ${book}; trueup init makes one, and so does update`;
