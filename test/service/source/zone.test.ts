/** A zone that is detected at one look and needed at the next, by programs that come and go. */
import { utimesSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Ground } from './kit.ts';

/** The newest time of the incident is 16:00:05 on a clock in New York, 21:00:05 in UTC. */
function written(ground: Ground, at: string): void {
  utimesSync(ground.path, new Date(at), new Date(at));
}

const zoneOf = async (ground: Ground, zone: string | null = null) =>
  (await ground.check({ zone })).snapshot!.zone;

test('Q26 a detected zone is kept by the next command, what contradicts it is told', async () => {
  const ground = new Ground();
  await ground.makeBook();
  written(ground, '2026-01-12T21:00:08Z');
  expect(await zoneOf(ground)).toMatchObject({ known: 'detected', name: '-05:00' });
  written(ground, '2026-01-12T22:00:08Z');
  const { snapshot, checked } = await ground.check({ zone: null });
  expect(snapshot!.zone).toMatchObject({
    known: 'detected',
    name: '-05:00',
    detectedNow: '-06:00',
  });
  expect(checked!.hints.join()).toContain('taken for -05:00 as before');
});

test('Q26 what was declared once is no detection, and what was assumed is none', async () => {
  const ground = new Ground();
  await ground.makeBook();
  written(ground, '2026-01-14T00:00:00Z');
  expect(await zoneOf(ground, 'Asia/Tokyo')).toMatchObject({ known: 'declared' });
  expect(await zoneOf(ground)).toMatchObject({ known: 'assumed' });
  written(ground, '2026-01-12T21:00:08Z');
  expect(await zoneOf(ground)).toMatchObject({ known: 'detected', name: '-05:00' });
});

test('Q25 Q26 an update leaves the zone of the bot where it was', async () => {
  const ground = new Ground();
  await ground.makeBook();
  written(ground, '2026-01-12T21:00:08Z');
  await ground.check({ zone: null });
  await ground.at(
    (desk) => desk.update({ record: true, prices: null, dryRun: false, actor: null }),
    {
      zone: null,
    },
  );
  // The minute of our own write, as it were one hour, to the second, after the bot's.
  written(ground, '2026-01-12T22:00:08Z');
  const zone = await zoneOf(ground);
  expect(zone).toMatchObject({ known: 'detected', name: '-05:00' });
});
