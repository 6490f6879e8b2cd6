/** Play money says so in every output of its venue and its account; real money never does. */
import { afterAll, describe, expect, test } from 'vitest';
import type { Shell } from '../../src/cli/command.ts';
import { runCheck } from '../../src/cli/commands/check.ts';
import { runDoctor } from '../../src/cli/commands/doctor.ts';
import { runExits } from '../../src/cli/commands/exits.ts';
import { runInvestigate } from '../../src/cli/commands/investigate.ts';
import { runListen } from '../../src/cli/commands/listen.ts';
import { syncWith } from '../../src/cli/commands/sync.ts';
import { runVenueUpdate } from '../../src/cli/commands/update-venue.ts';
import { runCache, runVenue } from '../../src/cli/commands/venue.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import type { OpenVenue } from '../../src/service/venues/opening.ts';
import { depositAt, fillAt } from '../service/listening/ground.ts';
import { ground, removeGrounds } from './venue-ground.ts';

afterAll(removeGrounds);

type Mode = 'live' | 'paper';
type Run = (shell: Shell, open: OpenVenue) => Promise<number>;

const venue = { venue: 'fake' };
const commands: readonly (readonly [string, Run])[] = [
  ['update', (shell, open) => runVenueUpdate(shell, venue, open)],
  ['venue balances', (shell, open) => runVenue(shell, 'fake', 'balances', { raw: false }, open)],
  ['venue cache', (shell, open) => runCache(shell, 'fake', 1, open)],
  ['doctor', (shell, open) => runDoctor(shell, venue, open)],
  ['check', (shell, open) => runCheck(shell, { record: true, ...venue }, open)],
  ['investigate', (shell, open) => runInvestigate(shell, venue, [], open)],
  ['sync', (shell, open) => syncWith(shell, venue, open)],
  ['exits', (shell, open) => runExits(shell, venue, open)],
];

/** A venue of that mode, whose account the book has already. */
async function standing(mode: Mode, json: boolean) {
  const made = ground(json);
  const at = systemClock.now() - 60_000_000_000n;
  Object.assign(made.venue, {
    capabilities: { ...made.venue.capabilities, mode },
    cached: async () => ({
      status: 'answered',
      value: { asOf: at, listenedMs: 1_000, sections: [] },
    }),
  });
  made.venue.cashFlow(depositAt('d1', at));
  made.venue.fill(fillAt('e1', at));
  await runVenueUpdate({ ...made.shell, terminal: { ...made.shell.terminal } }, venue, made.open);
  made.printed.splice(0);
  return made;
}

/** The mode of a document, or of the one account or venue in it. */
function modeOf(text: string): unknown {
  const document = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const [one] = (document['accounts'] ?? document['venues'] ?? [document]) as Record<
    string,
    unknown
  >[];
  return one?.['accountMode'] ?? one?.['mode'];
}

describe.each<Mode>(['paper', 'live'])('%s', (mode) => {
  test.each(commands)(`LS44 ${mode}: what %s prints says so`, async (_name, run) => {
    const { shell, open, printed } = await standing(mode, false);
    await run(shell, open);
    const said = printed.join('\n');
    expect(said.length).toBeGreaterThan(10);
    expect(said.includes('PAPER')).toBe(mode === 'paper');
  });

  test.each(commands)(`LS44 ${mode}: the document of %s says so`, async (_name, run) => {
    const { shell, open, printed } = await standing(mode, true);
    await run(shell, open);
    expect(printed.map(modeOf)).toEqual([mode]);
  });

  test(`LS44 ${mode}: what reads the book alone says so`, async () => {
    const { cli } = await standing(mode, false);
    for (const words of ['book', 'gate', 'check', 'audit', 'performance']) {
      const { out } = await cli.run(words);
      expect([words, out.includes('PAPER')]).toEqual([words, mode === 'paper']);
      const document = JSON.stringify(await cli.json(words));
      expect(modeOf(document)).toBe(mode);
    }
  });

  test(`LS44 LS45 ${mode}: listen says it in its log, and ends with one document`, async () => {
    const { cli, shell, open, venue: place, printed, told } = await standing(mode, true);
    const fills = async () => {
      const { entries } = await cli.json<{ entries: { kind: string }[] }>('audit');
      return entries.filter(({ kind }) => kind === 'fill').length;
    };
    const before = await fills();
    const running = runListen(shell, venue, open);
    const said = async (words: string) => {
      while (!told.some((line) => line.includes(words))) {
        await new Promise((resolve) => systemClock.after(5, () => resolve(null)));
      }
    };
    await said('listen.started');
    place.fill(fillAt('e2', systemClock.now(), { orderId: 'o2' }));
    await said('fill.booked');
    process.emit('SIGTERM', 'SIGTERM');
    expect(await running).toBe(0);
    expect(told.some((line) => line.includes('PAPER'))).toBe(mode === 'paper');
    expect(printed.map((text) => JSON.parse(text) as unknown)).toMatchObject([
      {
        ...{ schema: 'trueup.listen/1', venue: 'fake', account: 'main', mode, exitCode: 0 },
        // Its order is told by the stream, or found at the venue.
        ...{ booked: expect.any(Number), unread: 0, conflicting: 0, gaps: expect.any(Array) },
      },
    ]);
    expect((await fills()) - before).toBe(1);
    const [{ booked }] = printed.map((text) => JSON.parse(text) as { booked: number }) as [
      { booked: number },
    ];
    expect(booked).toBeGreaterThanOrEqual(1);
  });
});
