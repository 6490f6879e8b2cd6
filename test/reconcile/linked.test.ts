/** Lines that one idea links are one case; lines that are off by the same by chance are not. */
import { expect, test } from 'vitest';
import { toText } from '../../src/decimal/text.ts';
import type { Break } from '../../src/model/break.ts';
import { checked, optionsAt } from './kit.ts';
import { ledgerOfStory, readStory, scenario, statementOf } from './scenario.ts';

/** Long 3 and short 5 in the book, without a list of executions. */
const holds = (long: string, short: string, known: readonly Break[] = []) => {
  const story = readStory(`
    account  USDT hedge
    both     fill AGI/USDT:USDT long buy 3 @ 1
    both     fill AGI/USDT:USDT short sell 5 @ 1
    says     position AGI/USDT:USDT long ${long}
    says     position AGI/USDT:USDT short ${short}
    without  executions
  `);
  const statement = statementOf(story);
  return checked(ledgerOfStory(story), statement, optionsAt(statement.asOf), { known });
};

const shown = (breaks: readonly Break[]) =>
  breaks.map(({ reason, confidence, state, lines }) => [
    ...[reason, confidence, state],
    lines.map(({ leg, difference }) => `${leg} ${toText(difference!)}`).join(', '),
  ]);

test('VC26 a fill on the wrong leg, told by no list, is one case of two lines', () => {
  // Bought 1 to reduce the short, booked on the long: 2 + 1 = 3, -4 - 1 = -5.
  const { breaks } = holds('2', '-4');
  expect(shown(breaks)).toEqual([['FILL_MISAPPLIED', 'likely', 'EXPLAINED', 'long -1, short 1']]);
  const { candidates, sentence, residuals } = breaks[0]!.explanation;
  expect(candidates!.map(({ name }) => name)).toEqual([
    ...['wrong leg', 'reduce-only or manual order', 'partial liquidation', 'deleveraging'],
  ]);
  expect(sentence).toContain(
    'sold 1 (AGI/USDT:USDT long) and a reduce-only order or one placed by hand bought 1 ' +
      '(AGI/USDT:USDT short)',
  );
  expect(residuals).toHaveLength(2);
});

test('VC26 what fits one leg alone is told of that one', () => {
  // Long 3 -> 1 and short -5 -> -7: booked with the wrong leg and side, or two causes.
  const { breaks } = holds('1', '-7');
  expect(shown(breaks)).toEqual([['SIGN_WRONG', 'likely', 'EXPLAINED', 'long -2, short -2']]);
  const liquidation = breaks[0]!.explanation.candidates!.find(({ name }) => /liquid/.test(name));
  expect(liquidation?.sentence).toMatch(/ \(AGI\/USDT:USDT long\)$/);
});

test('VC26 legs that are off by different sizes are two, and one when they come to agree', () => {
  const before = holds('2', '-3');
  expect(
    shown(before.breaks)
      .map(([, , , lines]) => lines)
      .sort(),
  ).toEqual(['long -1', 'short 2']);
  const { breaks } = holds('2', '-4', before.breaks);
  const [oldest] = [...before.breaks].sort((a, b) => (a.id < b.id ? -1 : 1));
  const kept = breaks.find(({ state }) => state === 'EXPLAINED')!;
  const merged = breaks.find(({ state }) => state === 'SELF_CLEARED')!;
  expect(breaks).toHaveLength(2);
  expect([kept.id, kept.lines.length, merged.mergedInto]).toEqual([oldest!.id, 2, oldest!.id]);
});

scenario(
  'VC26 two instruments that are off by one size may be so by chance: two cases',
  `
  both     deposit USDT 100
  both     fill AGI/USDT:USDT buy 3 @ 1
  both     fill SCA/USDT:USDT buy 5 @ 1
  says     position AGI/USDT:USDT 2 @ 1
  says     position SCA/USDT:USDT 6 @ 1
  without  executions
  break    SYMBOL_CONFUSED likely EXPLAINED
  break    SYMBOL_CONFUSED likely EXPLAINED
`,
);
