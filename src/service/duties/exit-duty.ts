/** The duty `exit`: leaves positions that were held too long, where a person configured it. */
import type { ExitReport } from '../exiting/desk.ts';
import type { VenueDesk } from '../venues/desk.ts';
import { caseKey, settle, type Told } from './alerting.ts';
import type { Duty, DutyContext } from './duty.ts';
import { everyMinutes } from './timetable.ts';

export const leaveAged = (desk: VenueDesk): Duty => ({
  name: `exit ${desk.name}`,
  timetable: everyMinutes(60),
  atStart: 'unserved',
  retry: everyMinutes(15),
  failing: { alert: 'duty-failed', after: 2 },
  rationale: 'A position that nobody leaves grows old at a price that nobody chose.',
  async run(context) {
    const report = await desk.exits('apply', context.log, context.signal);
    const sentence = sentenceOf(report);
    const line = { event: 'exits.done', account: desk.account, msg: sentence };
    if (report.exitCode === 0) context.log.info(line);
    else context.log.warn(line);
    await tellHeld(context, desk, report, sentence);
    return { exitCode: report.exitCode, sentence };
  },
});

function sentenceOf({ venue, plan, after, deeds, stopped, exitCode }: ExitReport): string {
  const { lines, unknown } = after ?? plan;
  const aged = lines.filter(({ phase }) => phase !== null && phase !== 'young').length;
  const foreign = lines.filter(({ standing }) => standing === 'foreign').length;
  const done = deeds.map(({ instrument, what, outcome }) => `${instrument} ${what} ${outcome}`);
  const words = [
    `${aged} aged`,
    ...(foreign === 0 ? [] : [`${foreign} foreign`]),
    ...(done.length === 0 ? ['nothing was done'] : done),
    ...(stopped === null ? [] : [stopped.why]),
    ...unknown.slice(0, 3).map(({ what, why }) => `${what}: ${why}`),
  ];
  const doubt = exitCode === 5 ? 'CANNOT SAY: ' : '';
  return `${doubt}${venue}: ${words.join(', ')}`;
}

/** A position that is paused is told as well: nothing is wrong here, and it is still held. */
async function tellHeld(
  { alerts, clock, source }: DutyContext,
  { name, account }: VenueDesk,
  { plan, after, stopped, exitCode }: ExitReport,
  sentence: string,
): Promise<void> {
  const { lines } = after ?? plan;
  const paused = lines.filter(({ standing }) => standing === 'paused');
  const key = caseKey('exit', source, name);
  const told: Told = {
    ...{ key, name: 'exit-not-made', severity: 'medium', account },
    title: `Positions of ${name} that were held too long are not left`,
    lines: [
      stopped?.why ?? sentence,
      ...paused.map(({ instrument, leg, why }) => `${instrument} ${leg} is paused ${why}`),
      `next: trueup exits --venue ${name}`,
    ],
  };
  const isHeld = exitCode !== 0 || paused.length > 0;
  await settle(alerts, key, isHeld ? [told] : [], `${name} has nothing left to do`, clock.now());
}
