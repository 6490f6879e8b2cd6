/**
 * Items of a statement that the book tells in the same words. While a break waits for a person,
 * each check lists everything since all was true once more: what is booked is named, not repeated.
 */
import { factOf } from '../journal/codec.ts';
import { keyOf } from '../journal/key.ts';
import type { EntryKind, EntryRow } from '../model/entry.ts';
import { cashKinds } from '../model/fact.ts';
import { parseInstant } from '../model/instant.ts';
import type { Statement, StatementSection } from '../model/statement.ts';
import { type FactObject, writeFact } from '../model/write-fact.ts';
import type { ListedFact } from '../reconcile/book-side.ts';
import type { BookFile } from '../store/book-file.ts';

/** Every entry of the section's kinds from the first sequence to the last. */
type Span = readonly [first: number, last: number];

/** Whose items entries tell; of a section that is absent all of them are written out. */
export interface BookedItems {
  readonly executions?: readonly Span[];
  readonly cashFlows?: readonly Span[];
}

type SectionName = keyof BookedItems;

/** A statement's, as it is written. */
type Document = Readonly<Record<string, unknown>>;

const kindsOf: Readonly<Record<SectionName, readonly EntryKind[]>> = {
  executions: ['fill'],
  cashFlows: cashKinds,
};

/** An account by its number in the file. */
interface Told {
  readonly file: BookFile;
  readonly account: number;
}

/** The statement with only those items that the book lacks or tells otherwise, and the others. */
export function withoutBooked(
  told: Told,
  statement: Statement,
): { readonly left: Statement; readonly booked?: BookedItems } {
  const entryOf = toldBy(told, statement.account);
  const executions = parted(told, 'executions', statement.executions, entryOf);
  const cashFlows = parted(told, 'cashFlows', statement.cashFlows, entryOf);
  const booked: BookedItems = {
    ...(executions.spans.length === 0 ? {} : { executions: executions.spans }),
    ...(cashFlows.spans.length === 0 ? {} : { cashFlows: cashFlows.spans }),
  };
  const left = { ...statement, executions: executions.left, cashFlows: cashFlows.left };
  return Object.keys(booked).length === 0 ? { left } : { left, booked };
}

/** The entry that tells a fact word for word; null: none does. */
const toldBy =
  ({ file, account }: Told, name: string) =>
  (fact: ListedFact): EntryRow | null => {
    const row = file.find(account, keyOf(fact));
    if (row === null) return null;
    return wordsOf(itemOf(row, name)) === wordsOf(writeFact(fact)) ? row : null;
  };

function parted<Item extends ListedFact>(
  told: Told,
  name: SectionName,
  section: StatementSection<Item> | null,
  entryOf: (fact: ListedFact) => EntryRow | null,
): { readonly left: StatementSection<Item> | null; readonly spans: readonly Span[] } {
  if (section === null) return { left: null, spans: [] };
  const sequences = new Set<number>();
  const items = section.items.filter((item) => {
    const sequence = entryOf(item)?.sequence;
    // What is listed twice is told once by its entry, and once here.
    if (sequence === undefined || sequences.has(sequence)) return true;
    sequences.add(sequence);
    return false;
  });
  return { left: { ...section, items }, spans: spansOf(told, name, sequences) };
}

const itemOf = (row: EntryRow, account: string): FactObject => writeFact(factOf(row, account));

const wordsOf = (item: FactObject): string => JSON.stringify(item);

function spansOf(
  { file, account }: Told,
  name: SectionName,
  sequences: ReadonlySet<number>,
): readonly Span[] {
  if (sequences.size === 0) return [];
  const spans: [number, number][] = [];
  const [first, last] = [...sequences].reduce(
    ([least, most], one) => [Math.min(least, one), Math.max(most, one)],
    [Number.MAX_SAFE_INTEGER, 0],
  );
  let isOpen = false;
  for (const { sequence } of file.entriesOf(account, kindsOf[name], first - 1, last)) {
    const isTold = sequences.has(sequence);
    if (isTold && isOpen) spans.at(-1)![1] = sequence;
    else if (isTold) spans.push([sequence, sequence]);
    isOpen = isTold;
  }
  return spans;
}

/** The document of a statement with all its items, as they were told. */
export function withBooked(told: Told, document: Document, booked: BookedItems): Document {
  const whole = { ...document };
  const account = document['account'] as string;
  for (const [name, spans] of Object.entries(booked) as [SectionName, readonly Span[]][]) {
    const section = document[name] as { readonly items: readonly FactObject[] };
    const rows = spans.flatMap(([first, last]) => [
      ...told.file.entriesOf(told.account, kindsOf[name], first - 1, last),
    ]);
    whole[name] = {
      ...section,
      items: [...section.items, ...rows.map((row) => itemOf(row, account))],
    };
  }
  return inOrder(whole);
}

/** Facts by their times, and then by their words: the same list is the same text. */
export function inOrder(document: Document): Document {
  const ordered = { ...document };
  for (const name of Object.keys(kindsOf)) {
    const section = document[name] as { readonly items: readonly FactObject[] } | null;
    if (section === null) continue;
    const items = section.items.map((item) => ({ item, at: timeOf(item), words: wordsOf(item) }));
    items.sort((a, b) => compare(a.at, b.at) || compare(a.words, b.words));
    ordered[name] = { ...section, items: items.map(({ item }) => item) };
  }
  return ordered;
}

const timeOf = ({ time }: FactObject): bigint => parseInstant(time as string) ?? 0n;

const compare = <T extends bigint | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
