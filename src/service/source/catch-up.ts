/**
 * What was written into a source and is not in our journal yet: a crash between the two, or a
 * command without a book. The source's own log has it, and nothing is lost.
 */
import type { SourceAuditRow, SourceSnapshot } from '../../model/source.ts';
import type { Source } from '../../sources/source.ts';
import { nothingUnnoted, type Unnoted } from './noting.ts';
import type { SourceBook } from './source-book.ts';
import { auditedTo, isNoted, placeOf } from './source-entries.ts';

const pageRows = 1_000;

/** Rows of ours; those of the triggers stay where they are. */
export async function unnotedWrites(
  source: Source,
  book: SourceBook,
  snapshot: SourceSnapshot,
): Promise<Unnoted> {
  const place = placeOf(source.identity);
  const names = [...book.namesOf(snapshot).values()];
  const from = await book.read(({ file }) =>
    names.map((name) => {
      const account = file.accountNamed(name);
      return account === null ? 0 : auditedTo(file, account.account, place);
    }),
  );
  if (from === null || from.length === 0) return nothingUnnoted;
  const ours: SourceAuditRow[] = [];
  let readTo = Math.min(...from);
  for (;;) {
    const rows = await source.audit(readTo, pageRows);
    ours.push(...rows.filter(({ actor }) => actor === 'trueup'));
    readTo = Math.max(readTo, ...rows.map(({ id }) => id));
    if (rows.length < pageRows) break;
  }
  const before = await book.read(({ file }) =>
    ours.filter(({ id }) =>
      names.some((name) => {
        const account = file.accountNamed(name);
        return account === null || !isNoted(file, account.account, place, id);
      }),
    ),
  );
  return { ...nothingUnnoted, before: before ?? [], readTo };
}
