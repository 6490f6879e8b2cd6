import { expect, test } from 'vitest';
import { toText } from '../../../src/decimal/text.ts';
import { usualExitRules } from '../../../src/exits/rules.ts';
import { parseVenueSettings } from '../../../src/service/venues/settings.ts';

const read = (exits: unknown) => {
  const main = { exchange: 'bybit', account: 'main', exits };
  return parseVenueSettings({ main }, 'trueup.json');
};

test('EX21 without a word nothing is enabled, and the rules are the usual ones', () => {
  const told = read({});
  if (!told.ok) throw new Error(told.refusal.message);
  expect(told.value['main']!.exits).toEqual({ enabled: false, rules: usualExitRules });
});

test('EX21 each rule can be set', () => {
  const told = read({
    ...{ enabled: true, limitAge: '90m', grace: '1h', lossStep: '0.01', maximumLoss: '0.2' },
    ...{ accelerateAfter: '5h', acceleration: '2', marketAfter: '12h', commission: '0.0006' },
    ...{ requoteAbove: '0.01', crossWithin: '0', pause: '1h', minimumNotional: '5' },
    adopts: ['aged_'],
  });
  if (!told.ok) throw new Error(told.refusal.message);
  const { enabled, rules } = told.value['main']!.exits!;
  expect(enabled).toBe(true);
  expect(rules).toMatchObject({ limitAgeMs: 5_400_000, graceMs: 3_600_000, adopts: ['aged_'] });
  expect([rules.lossStep, rules.acceleration, rules.crossWithin].map(toText)).toEqual([
    ...['0.01', '2', '0'],
  ]);
});

test.each([
  ['a word for yes', { enabled: 'yes' }, 'venues.main.exits.enabled'],
  ['a fraction that is a number', { lossStep: 0.005 }, 'venues.main.exits.lossStep'],
  ['a loss of everything', { maximumLoss: '1' }, 'venues.main.exits'],
  ['a slower acceleration', { acceleration: '0.5' }, 'venues.main.exits'],
  ['an id that fits all', { adopts: [''] }, 'venues.main.exits.adopts.0'],
  ['a word for whose', { ownOrders: 'mine' }, 'venues.main.exits.ownOrders'],
  ['no object', 'yes', 'venues.main.exits'],
  ['an unknown rule', { limitage: '3h' }, 'venues.main.exits.limitage'],
])('EX21 %s is refused where it stands', (_what, exits, field) => {
  expect(read(exits)).toMatchObject({ ok: false, refusal: { where: { field } } });
});

test('EX21 a rule that is misspelt is told as one of exits', () => {
  expect(read({ limitAgs: '3h' })).toMatchObject({
    refusal: { hint: 'did you mean limitAge?' },
  });
});
