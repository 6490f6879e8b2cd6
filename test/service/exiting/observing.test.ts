/** What a venue's own words say of stops, and a bot's database of its trailing ones. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { usualExitRules } from '../../../src/exits/rules.ts';
import { observed } from '../../../src/service/exiting/observing.ts';
import { runExits } from '../../../src/service/exiting/run.ts';
import { storedTrailing, trailingPlaces } from '../../../src/service/exiting/trailing.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import { createIncidentDatabase } from '../../../src/sources/monitoring/incident-database.ts';
import { stepped } from '../../exits/kit.ts';
import { agi, allowed, Ground, type Hook } from './double.ts';

const folder = mkdtempSync(join(tmpdir(), 'trueup-trailing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The statement with an order of ours, and with the venue's words for it and the position. */
const wordsOf =
  (order: object, position: object): Hook =>
  async (go) => {
    const told = (await go()) as { value: object };
    const none = { balances: [], executions: [], cashFlows: [] };
    const raw = { ...none, orders: [JSON.stringify(order)], positions: [JSON.stringify(position)] };
    return { ...told, value: { ...told.value, raw } };
  };

const plain = { triggerPrice: '0.00', stopOrderType: 'UNKNOWN', orderType: 'Limit' };

test.each([
  ['an order of Bybit', plain, {}, false, false],
  ['a stop of Bybit', { ...plain, triggerPrice: '0.05', stopOrderType: 'Stop' }, {}, true, false],
  ['without a trigger', { triggerPrice: '', stopOrderType: '' }, {}, false, false],
  ['its trailing stop', { triggerPrice: '0.05', stopOrderType: 'TrailingStop' }, {}, true, true],
  ['a trailing stop of the position', plain, { trailingStop: '0.0010' }, false, true],
  ['none of the position', plain, { trailingStop: '0.00' }, false, false],
  ['an order of Binance', { type: 'LIMIT', origType: 'LIMIT', stopPrice: '0' }, {}, false, false],
  ['a stop of Binance', { type: 'STOP', stopPrice: '0.05' }, {}, true, false],
  ['its trailing one', { type: 'TRAILING_STOP_MARKET', stopPrice: '0.05' }, {}, true, true],
])('EX8 %s is told by its own words', async (_what, order, position, conditional, trailing) => {
  const ground = new Ground('-4160');
  ground.wait(3);
  await runExits(ground.parts(), allowed);
  ground.calls.length = 0;
  ground.hooks = { 'statement 1': wordsOf(order, position) };
  const { venue, patience } = ground.parts();
  const seen = await observed(venue, ground.held(), usualExitRules, patience);
  if (!seen.ok) throw new Error(seen.why);
  expect([seen.value.conditional.size > 0, seen.value.trailing.has(`${agi}|net`)]).toEqual([
    conditional,
    trailing,
  ]);
});

test('EX8 a trailing stop of the bot has precedence; its symbol is not stripped', async () => {
  const path = join(folder, 'bot.db');
  createIncidentDatabase(path);
  const location = `sqlite:${path}`;
  expect(await storedTrailing(location, systemClock)).toEqual([]);
  const file = new DatabaseSync(path);
  file.exec("UPDATE positions SET trailing_activated = 1 WHERE symbol = 'AGIUSDT'");
  file.close();
  const trailing = await storedTrailing(location, systemClock);
  expect(trailing).toMatchObject([{ symbol: 'AGIUSDT', direction: 'short' }]);
  const perpetual = { ...stepped(agi, '0.1', '1'), symbol: 'AGIUSDT' };
  const pair = { ...stepped('AGI/USDT', '0.1', '1'), symbol: 'AGIUSDT' };
  const thousand = { ...stepped('1000AGI/USDT:USDT', '0.1', '1'), symbol: '1000AGIUSDT' };
  expect(trailingPlaces(trailing, [perpetual, pair, thousand])).toEqual([
    ...[`${agi}|net`, `${agi}|short`, 'AGI/USDT|net', 'AGI/USDT|short'],
  ]);
  const ground = new Ground('-4160');
  ground.wait(7);
  const unified = [{ symbol: agi, direction: 'short' as const }];
  const run = await runExits({ ...ground.parts(), trailing: unified }, allowed);
  expect([run.deeds, run.plan.lines[0]!.standing]).toEqual([[], 'trailing']);
});

test('EX8 EX10 a database that is not there, or does not say, lets nothing be sent', async () => {
  const missing = storedTrailing(`sqlite:${join(folder, 'none.db')}`, systemClock);
  await expect(missing).rejects.toMatchObject({ code: 'source-missing' });
  const path = join(folder, 'silent.db');
  createIncidentDatabase(path);
  const file = new DatabaseSync(path);
  file.exec("UPDATE positions SET trailing_activated = NULL WHERE symbol = 'SCAUSDT'");
  file.close();
  const silent = storedTrailing(`sqlite:${path}`, systemClock);
  await expect(silent).rejects.toMatchObject({
    ...{ exitCode: 5, refusal: { code: 'exits-trailing-unknown' } },
  });
});
