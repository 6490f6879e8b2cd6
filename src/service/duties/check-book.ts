/**
 * The duty `check-book` of the service: accounts that no venue is asked about are held against
 * themselves and the newest statement on record.
 */
import { counted } from '../../model/amount.ts';
import { countsAsBreak, exitCodeOf, worstVerdict } from '../../reconcile/verdict.ts';
import type { Account } from '../../store/accounts.ts';
import { isOfSource } from '../checks-on-record.ts';
import { checkAll, type ReconcileOptions, verdictBeside } from '../reconciling.ts';
import { recordedStatement } from '../statement-file.ts';
import type { VenueDesk } from '../venues/desk.ts';
import type { CheckedBook, Duty, DutyContext, DutyResult } from './duty.ts';
import { everyMinutes } from './timetable.ts';

export const checkBookName = 'check-book';

export const checkBook = (book: CheckedBook, desks: readonly VenueDesk[]): Duty => ({
  name: checkBookName,
  timetable: everyMinutes(book.intervalMinutes),
  atStart: 'always',
  retry: null,
  failing: { alert: 'duty-failed', after: 2 },
  rationale: 'What nobody outside is asked about is held against itself, and what was stated.',
  run: (context) => checked(context, book, new Set(desks.map(({ account }) => account))),
});

async function checked(
  { clock, log, options }: DutyContext,
  { reader: readerOf, markMaxAgeMs, openWriter }: CheckedBook,
  asked: ReadonlySet<string>,
): Promise<DutyResult> {
  const writer = await openWriter();
  try {
    const reader = readerOf();
    const { file } = reader;
    // What a database says of itself is the duty `balance` of.
    const isOwn = ({ account, name }: Account) => !asked.has(name) && !isOfSource(file, account);
    const accounts = file.accounts().filter(isOwn);
    if (accounts.length === 0)
      return { exitCode: 0, sentence: 'no account is held by the book alone' };
    const { policy } = options;
    const how: ReconcileOptions = {
      ...{ clock, strict: false, markMaxAgeMs, toleranceSteps: 0, adjust: new Set<string>() },
      ...(policy === undefined ? {} : { policy: policy() }),
    };
    const compared = accounts.map((account) => ({
      account,
      source: recordedStatement(file, account),
    }));
    const found = await checkAll(reader, writer, compared, how);
    const verdict = worstVerdict(
      found.map(({ reconciled }, at) => verdictBeside(compared[at]!, reconciled.verdict)),
    );
    const alone = compared.filter(({ source }) => source === null);
    const breaks = found
      .flatMap(({ reconciled }) => reconciled.breaks)
      .filter((one) => countsAsBreak(one, how));
    const words = `${counted(accounts.length, 'account')}, ${counted(breaks.length, 'break')}`;
    const names = alone.map(({ account }) => account.name).join(', ');
    const doubt = alone.length === 0 ? '' : `; nobody was ever compared with ${names}`;
    const sentence = `${verdicts[verdict]}: ${words}${doubt}`;
    log[verdict === 'true' ? 'info' : 'warn']({ event: 'book.checked', msg: sentence });
    return { exitCode: exitCodeOf(verdict), sentence };
  } finally {
    await writer.close();
  }
}

const verdicts = { true: 'TRUE', break: 'BREAK', 'cannot-say': 'CANNOT SAY' } as const;
