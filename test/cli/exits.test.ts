/** exits: what it shows, and what it does; races are in the tests of the service. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runExits } from '../../src/cli/commands/exits.ts';
import { runVenueUpdate } from '../../src/cli/commands/update-venue.ts';
import { decimal } from '../../src/decimal/text.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import type { OpenVenue } from '../../src/service/venues/opening.ts';
import { parseVenueSettings } from '../../src/service/venues/settings.ts';
import { blocksOf } from '../house/documents.ts';
import { root } from '../house/sources.ts';
import { Ground, type Hook } from '../service/exiting/double.ts';
import { ground, removeGrounds } from './venue-ground.ts';

afterAll(removeGrounds);

/** A short of 4160, so many hours old, of which the book knows. */
async function stand(hours: number, told: object | null = {}, json = false) {
  const exits = told === null ? null : { ownOrders: ['entry'], ...told };
  const market = new Ground('-4160', { lives: { clock: systemClock, sinceHours: hours } });
  market.wait(hours);
  const main = { exchange: 'bybit', account: 'main', readOnly: false, confirm: '1ms' };
  const read = parseVenueSettings({ main: exits === null ? main : { ...main, exits } }, 'x');
  if (!read.ok) throw new Error(read.refusal.message);
  const settings = read.value['main']!;
  const open: OpenVenue = async () => ({ ok: true, value: { venue: market.venue, settings } });
  const { shell, printed, cli } = ground(json);
  await runVenueUpdate(shell, { venue: 'main' }, open);
  printed.length = 0;
  const run = (options: { readonly apply?: true } = {}) =>
    runExits(shell, { venue: 'main', ...options }, open);
  return { market, printed, run, cli };
}

/** Times of now, and the seconds that a test takes. */
const steady = (document: object): string =>
  JSON.stringify(document)
    .replace(/"20\d\d-[^"]+Z"/g, '"some time"')
    .replace(/("ageSeconds":|"toleratedLoss":"0\.005)\d*/g, '$1');

/** A position that no execution made. */
const withMore: Hook = async (go) => {
  const told = (await go()) as { value: { positions: { items: readonly object[] } } };
  const { positions } = told.value;
  const items = positions.items.map((one) => ({ ...one, quantity: decimal('-4000') }));
  return { ...told, value: { ...told.value, positions: { ...positions, items } } };
};

describe('exits', () => {
  test('EX20 what is due is shown and not sent: 3, with what to run next', async () => {
    const { market, printed, run } = await stand(7, { enabled: true });
    expect(await run()).toBe(3);
    const [first, ...lines] = printed.join('\n').split('\n');
    expect(first).toMatch(/^paper, account main · PAPER, at \S+ \S+Z: 1 position$/);
    expect(lines).toEqual([
      '',
      '  POSITION       LEG    LEFT  ENTRY    PRICE  AGE     PHASE                TARGET   STATE',
      '  AGI/USDT:USDT  net  −4,160   0.05  0.05051  7h 00m  liquidation −0.50 %  0.05025  due',
      '',
      '  create buy 4,160 @ 0.05025  AGI/USDT:USDT net: tolerated-loss',
      '',
      '✗ 1 step due, nothing sent',
      '  next: trueup exits --venue paper --apply',
    ]);
    expect(market.placed).toEqual([]);
  });

  test.each([
    [['entry'], 3, 'liquidation'],
    [['bot_', 'ent'], 3, 'liquidation'],
    ['all', 3, 'liquidation'],
    [['bot_'], 0, '1 foreign and left alone'],
    [undefined, 0, '1 foreign and left alone'],
  ])(
    'EX11 with own orders %j a position that "entry" opened ends with %i',
    async (own, code, words) => {
      const { printed, run } = await stand(7, { enabled: true, ownOrders: own });
      expect(await run()).toBe(code);
      expect(printed.join('\n')).toContain(words);
    },
  );

  test('EX11 by default nothing is closed but what the bot opened; the way is named', async () => {
    const { market, printed, run } = await stand(40, { enabled: true, ownOrders: undefined });
    market.calls.length = 0;
    expect(await run({ apply: true })).toBe(0);
    expect([market.placed, market.left()]).toEqual([[], '-4160']);
    expect(printed.join('\n')).toContain(
      '  foreign AGI/USDT:USDT net: no order of the bot is known to have opened it\n' +
        "  venues.paper.exits.ownOrders says how the bot's client order ids begin, " +
        'or "all" of them',
    );
  });

  test('EX20 a young position is 0', async () => {
    const { printed, run } = await stand(2);
    expect(await run()).toBe(0);
    expect(printed.join('\n')).toMatch(/ 2h 00m {2}young .*\n\n✓ NOTHING TO DO$/s);
  });

  test.each([[{}], [{ enabled: false }], [{ limitAge: '1h' }]])(
    'EX17 EX20 --apply with exits %o in the settings sends nothing: 6, and what it takes',
    async (exits) => {
      const { market, printed, run } = await stand(7, exits);
      expect(await run({ apply: true })).toBe(6);
      expect(printed.join('\n')).toContain('✗ NOT CONFIGURED  nothing was sent; 1 step due');
      expect(printed.join('\n')).toContain('"exits": {"enabled": true} in venues.paper');
      expect(market.placed).toEqual([]);
    },
  );

  test('EX19 EX20 --apply sends what is due, and ends with what is true', async () => {
    const { market, printed, run } = await stand(7, { enabled: true });
    expect(await run({ apply: true })).toBe(0);
    expect(market.open()).toEqual([expect.stringMatching(/^buy 4160 of 4160 @ 0.05025$/)]);
    const [, , , , , ...rest] = printed.join('\n').split('\n');
    expect(rest).toEqual([
      expect.stringMatching(/^ {2}AGI\/USDT:USDT net {2}create tux-\w+-p1-0 {2}placed, 0 filled/),
      '',
      '  AGI/USDT:USDT net  book −4,160, venue −4,160  ✓ equal',
      '',
      '✓ NOTHING TO DO',
    ]);
  });

  test('EX17 EX20 --apply where the gate denies is 3, with what to look at', async () => {
    const { market, printed, run } = await stand(7, { enabled: true });
    market.calls.length = 0;
    // The first look is planned from; the gate looks twice at what differs.
    market.hooks = { 'statement 2': withMore, 'statement 3': withMore };
    expect(await run({ apply: true })).toBe(3);
    expect(printed.join('\n')).toMatch(/✗ STOPPED {2}.*\n {2}next: trueup check --venue paper$/);
    expect(market.placed).toEqual([]);
  });

  test('EX20 the reference shows what it prints', async () => {
    const { printed, run } = await stand(7, { enabled: true }, true);
    expect(await run()).toBe(3);
    const path = join(root, 'docs', 'reference', 'exits.md');
    const text = readFileSync(path, 'utf8');
    const shown = blocksOf(text).find(({ language }) => language === 'json')!;
    const document = JSON.parse(printed[0]!) as object;
    if (process.env['UPDATE_DOCS'] !== undefined) {
      writeFileSync(path, text.replace(shown.text, `${JSON.stringify(document, null, 2)}\n`));
    } else expect(steady(document)).toEqual(steady(JSON.parse(shown.text) as object));
  });

  test('EX20 a venue that nobody named and no account is refused', async () => {
    const { shell } = ground();
    await expect(runExits(shell, { venue: 'other' })).rejects.toMatchObject({ exitCode: 2 });
  });
});
