/** The duty `mirror`: rows of a bot's database that follow the book, also where no stream told. */
import { counted } from '../../model/amount.ts';
import type { Mirror } from '../source/positions-mirror.ts';
import type { Duty } from './duty.ts';
import { everyMinutes } from './timetable.ts';

export const mirrorRows = ({ once }: Pick<Mirror, 'once'>, intervalMinutes: number): Duty => ({
  name: 'mirror',
  timetable: everyMinutes(intervalMinutes),
  atStart: 'always',
  retry: null,
  failing: { alert: 'duty-failed', after: 2 },
  rationale: 'A bot that is told by nobody keeps the size of yesterday: its rows follow the book.',
  async run() {
    const rows = await once();
    const sentence =
      rows === 0 ? 'no row was to follow' : `${counted(rows, 'row')} followed the book`;
    return { exitCode: 0, sentence };
  },
});
