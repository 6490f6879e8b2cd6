/** What the settings of a venue say of checking it, and which account it holds. */
import { expect, test } from 'vitest';
import { venuesOfAccounts } from '../../../src/service/venues/of-accounts.ts';
import { parseVenueSettings } from '../../../src/service/venues/settings.ts';
import type { Account } from '../../../src/store/accounts.ts';

const main = { exchange: 'bybit', account: 'main' };
const read = (more: object) => parseVenueSettings({ main: { ...main, ...more } }, 'trueup.json');

test('VC13 settle, confirm and statementMaxAge are durations', () => {
  const settings = read({ settle: '90s', confirm: '500ms', statementMaxAge: '2m' });
  expect(settings).toMatchObject({
    value: { main: { settle: 90_000, confirm: 500, statementMaxAge: 120_000 } },
  });
  expect(read({ settle: 60 })).toMatchObject({ ok: false });
  expect(read({ settle: 'soon' })).toMatchObject({
    ...{ ok: false, refusal: { where: { field: 'venues.main.settle' } } },
  });
});

test('VC13 an account is asked about where the book and the settings name the same venue', () => {
  const accounts = [
    ...[
      { name: 'main', venue: 'main' },
      { name: 'main', venue: 'bybit' },
    ],
    ...[
      { name: 'other', venue: 'main' },
      { name: 'sim', venue: 'sim' },
      { name: 'x', venue: '' },
    ],
  ] as unknown as readonly Account[];
  const value = { main, sim: { exchange: 'paper', account: 'sim' } };
  const found = venuesOfAccounts({ venues: { value, file: 'trueup.json' } }, accounts);
  expect(found.ok && [...found.value]).toEqual([['main', 'main']]);
  expect(venuesOfAccounts({ venues: null }, accounts)).toMatchObject({ ok: true });
  const wrong = venuesOfAccounts({ venues: { value: { main: {} }, file: 'x.json' } }, accounts);
  expect(wrong).toMatchObject({ ok: false, refusal: { code: 'venues-bad' } });
});
