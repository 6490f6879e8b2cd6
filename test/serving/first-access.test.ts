/** The way in of the one who starts the service first: told once, and never lost before it was. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { firstAccess } from '../../src/service/serving/access/first-access.ts';
import { Sessions } from '../../src/service/serving/access/sessions.ts';
import { Tokens } from '../../src/service/serving/access/tokens.ts';
import { openServiceFile, type ServiceFile } from '../../src/store/service-file.ts';
import { LaterClock } from './served.ts';

let file: ServiceFile;
const clock = new LaterClock();
beforeEach(() => {
  file = openServiceFile(':memory:');
});
afterEach(() => file.close());

/** As a start does it; codes die with a process. */
function begin() {
  const tokens = new Tokens(file, clock);
  const sessions = new Sessions(file, tokens, clock);
  const isUsable = (secret: string) => tokens.find(secret) !== null;
  return { tokens, isUsable, first: firstAccess({ tokens, sessions }, file, clock) };
}

test('SV41 a first token that no start came to tell is revoked, and another one made', () => {
  const [one, two] = [begin(), begin()];
  const three = begin();
  expect([one, two, three].map(({ first }) => first === null)).toEqual([false, false, false]);
  const usable = [one, two, three].map(({ first }) => three.isUsable(first!.secret));
  expect(usable).toEqual([false, false, true]);
  // By that one somebody came in: none is made any more.
  expect(begin().first).toBe(null);
});

test('SV41 one that was told stays as it is, used or not', () => {
  const one = begin();
  one.first!.told();
  const two = begin();
  expect(two.first).toBe(null);
  expect(two.isUsable(one.first!.secret)).toBe(true);
  two.tokens.revoke(two.tokens.list()[0]!.id);
  expect(begin().first).toBe(null);
});

test('SV41 where a person made a token no other is made, and none is revoked', () => {
  begin();
  const { tokens } = begin();
  tokens.add({ name: 'ada', scopes: ['read'], expiresAt: null, by: 'ada' });
  expect(begin().first).toBe(null);
  const valid = tokens.list().filter((token) => tokens.isValid(token));
  expect(valid.map(({ name }) => name)).toEqual(['ada', 'first']);
});
