/**
 * The duty `mirror`: rows of a bot's database that follow the book, also where no stream told. What
 * a person has to agree to is a case until it is written, or needs nobody any more.
 */
import { counted, moneyText } from '../../model/amount.ts';
import { reasonTitles } from '../../model/reason.ts';
import type { Mirror } from '../source/positions-mirror.ts';
import type { WaitingRepair } from '../source/positions-waiting.ts';
import { caseKey, settle, type Told } from './alerting.ts';
import type { Duty } from './duty.ts';
import { everyMinutes } from './timetable.ts';

/** `venue`: of the account whose rows they are, by its name in the settings. */
export function mirrorRows(
  rows: Pick<Mirror, 'once' | 'waiting'>,
  venue: string,
  intervalMinutes: number,
): Duty {
  /** Of the round before: a bot that writes ahead of the book is right a moment later. */
  let before: ReadonlySet<string> = new Set();
  return {
    name: 'mirror',
    timetable: everyMinutes(intervalMinutes),
    atStart: 'always',
    retry: null,
    failing: { alert: 'duty-failed', after: 2 },
    rationale:
      'A bot that is told by nobody keeps the size of yesterday: its rows follow the book.',
    async run({ alerts, clock, source }) {
      const count = await rows.once();
      const now = rows.waiting() ?? [];
      const told = now.filter(({ name, of }) => before.has(name) || of.state === 'APPROVED');
      before = new Set(now.map(({ name }) => name));
      const wanted = told.map((one) => rowsAlert(one, { source, venue }));
      const cleared = 'the row is right, or nobody has to agree to it any more';
      await settle(alerts, rowsKey({ source, venue }), wanted, cleared, clock.now());
      const followed =
        count === 0 ? 'no row was to follow' : `${counted(count, 'row')} followed the book`;
      const left = told.length === 0 ? '' : `; ${counted(told.length, 'repair')} left to a person`;
      return { exitCode: 0, sentence: followed + left };
    },
  };
}

interface RowsOf {
  readonly source: string;
  readonly venue: string;
}

const rowsKey = ({ source, venue }: RowsOf, name = ''): string =>
  caseKey('rows', source, name === '' ? venue : `${venue}/${name}`);

function rowsAlert({ name, of, sentences, because }: WaitingRepair, at: RowsOf): Told {
  const { state, gross, reason, confidence, explanation, account, severity } = of;
  const words = `--source --venue ${at.venue}`;
  const becomes = sentences.join('; ');
  const isApproved = state === 'APPROVED';
  return {
    ...{ key: rowsKey(at, name), name: 'rows-wait', severity, account },
    ...(gross === null ? {} : { atStake: gross }),
    title: `A repair of a bot's row waits for a person: ${reasonTitles[reason]}`,
    lines: [
      isApproved ? `approved, and not written yet: ${becomes}` : becomes,
      `${reason} (${confidence}), ${moneyText(gross)} at stake: ${explanation.sentence}`,
      because,
      isApproved
        ? `next: trueup sync ${words} --apply`
        : `next: trueup sync ${words}, which shows the plan and how to approve it`,
    ],
  };
}
