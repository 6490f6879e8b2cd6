/** Duties on venues: `listen` books what happens at once, `venue-update` pulls by the clock. */
import { instantText } from '../../model/instant.ts';
import type { Pulled } from '../listening/pull.ts';
import type { StreamHealth } from '../listening/stream-watch.ts';
import type { WaitingClock } from '../system-clock.ts';
import type { VenueDesk } from '../venues/desk.ts';
import { keyRefused } from '../venues/refused.ts';
import { caseKey, settle, type Told } from './alerting.ts';
import type { Duty, DutyContext, DutyResult } from './duty.ts';
import type { StandingDuty } from './standing.ts';
import { everyMinutes } from './timetable.ts';

/** A first pull of years goes on at the next run: other duties wait no longer. */
const pullMostMs = 2 * 60_000;
const healthEveryMs = 5 * 60_000;
/** One answer may fail: what is incomplete so often in a row is told to a person. */
const toldAfter = 2;

export function venueUpdate(desk: VenueDesk, intervalMinutes: number): Duty {
  let incomplete = 0;
  return {
    name: `venue-update ${desk.name}`,
    timetable: everyMinutes(intervalMinutes),
    atStart: 'always',
    retry: null,
    failing: { alert: 'duty-failed', after: 2 },
    rationale:
      'What no stream told is found by listing it, and holdings are worth what prices say.',
    async run(context) {
      const pulled = await pullFor(context, desk);
      if (pulled.exitCode === 4) throw keyRefused(desk.name, whyOf(pulled) ?? 'no reason given');
      const sentence = sentenceOf(desk, pulled);
      const line = { event: 'venue.updated', account: desk.account, msg: sentence };
      if (pulled.exitCode === 0) context.log.info(line);
      else context.log.warn(line);
      incomplete = pulled.exitCode === 0 ? 0 : incomplete + 1;
      await tellIncomplete(context, desk, pulled, incomplete);
      return { exitCode: pulled.exitCode, sentence } satisfies DutyResult;
    },
  };
}

async function pullFor({ clock, log, signal }: DutyContext, desk: VenueDesk): Promise<Pulled> {
  const late = new AbortController();
  const cancel = clock.after(pullMostMs, () => late.abort(), 'background');
  try {
    return await desk.pull(log, AbortSignal.any([signal, late.signal]));
  } finally {
    cancel();
  }
}

const whyOf = ({ sections }: Pulled): string | null =>
  sections.find(({ why }) => why !== null)?.why ?? null;

function sentenceOf({ name }: VenueDesk, pulled: Pulled): string {
  const { tally, marks, exitCode } = pulled;
  const prices = marks.filter(({ mark }) => mark !== null).length;
  const done = `${name}: ${tally.booked} facts booked, ${prices} prices`;
  return exitCode === 0
    ? `${done}; no gaps`
    : `CANNOT SAY that nothing is missing; ${done}; ${lacksOf(pulled).join('; ')}`;
}

/** What may be missing, the first of each kind in words. */
function lacksOf(pulled: Pulled): readonly string[] {
  const { sections, gaps, unread, orders } = pulled;
  const lacking = sections.filter(({ why }) => why !== null);
  const [gap] = gaps;
  const [order] = orders.unknown;
  const unasked = lacking.length === 0 ? orders.why : null;
  return [
    ...lacking.map(({ section, why }) => `${section}: ${why}`),
    ...(gap === undefined ? [] : [`${gaps.length} gaps, as in ${gap.stream}: ${gap.why}`]),
    ...(unread === 0 ? [] : [`${unread} messages are kept and not in the book`]),
    ...(unasked === null ? [] : [`open orders: ${unasked}`]),
    ...(order === undefined ? [] : [`order ${order.orderId}: ${order.why}`]),
  ];
}

async function tellIncomplete(
  { alerts, clock, source }: DutyContext,
  { name, account }: VenueDesk,
  pulled: Pulled,
  inARow: number,
): Promise<void> {
  const key = caseKey('venue', source, name);
  const severity = 'medium';
  const title = `Facts of ${name} may be missing in the book`;
  const told: Told = {
    key,
    name: 'facts-missing',
    severity,
    account,
    title,
    lines: lacksOf(pulled),
  };
  if (inARow > 0 && inARow < toldAfter) return;
  await settle(alerts, key, inARow === 0 ? [] : [told], `${name} was listed whole`, clock.now());
}

export const listenTo = (desk: VenueDesk): StandingDuty => ({
  name: `listen ${desk.name}`,
  alert: 'listener-down',
  rationale: 'A fill is known when it happens, and what was told once is kept word for word.',
  async run({ clock, log, signal }) {
    let cancel = () => undefined as unknown;
    const watch = (health: () => StreamHealth) => {
      cancel = every(clock, healthEveryMs, () => {
        log.info({ event: 'listen.health', account: desk.account, msg: healthOf(desk, health()) });
      });
    };
    try {
      const exitCode = await desk.listen(log, signal, watch);
      if (exitCode === 4) throw keyRefused(desk.name, 'nothing could be listed with it');
    } finally {
      cancel();
    }
  },
});

/** The answer ends it. */
function every(clock: WaitingClock, ms: number, work: () => void): () => void {
  let cancel = () => undefined as unknown;
  const again = () => {
    cancel = clock.after(
      ms,
      () => {
        work();
        again();
      },
      'background',
    );
  };
  again();
  return () => void cancel();
}

function healthOf({ name }: VenueDesk, health: StreamHealth): string {
  const { streams, lastEventAgeMs, completeThrough, openGaps, unread, booked, problem } = health;
  const heard =
    lastEventAgeMs === null ? 'nothing heard' : `heard ${Math.round(lastEventAgeMs / 1_000)} s ago`;
  const silent = streams.filter((one) => one.silent).map(({ stream }) => stream);
  const through =
    completeThrough === null
      ? 'nothing listed yet'
      : `listed through ${instantText(completeThrough)}`;
  const doubts = [
    ...(silent.length === 0 ? [] : [`silent: ${silent.join(', ')}`]),
    ...(openGaps.length === 0 ? [] : [`${openGaps.length} gaps open`]),
    ...(unread === 0 ? [] : [`${unread} messages not in the book`]),
    ...(problem === null ? [] : [`not listed: ${problem}`]),
    ...(health.orders?.unknown ?? []).slice(0, 1).map(({ orderId, why }) => `${orderId}: ${why}`),
  ];
  const said = [heard, through, `${booked} facts booked`, `${health.missedByStream} told late`];
  return `${name}: ${[...said, ...doubts].join(', ')}`;
}
