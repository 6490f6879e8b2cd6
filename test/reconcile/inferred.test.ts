/** Fills that were inferred from a bot's orders, and the venue's own fills of the same orders. */
import { describe, expect, test } from 'vitest';
import { at, checked, optionsAt } from './kit.ts';
import { ledgerOfStory, readStory, scenario, statementOf } from './scenario.ts';

const agi = 'AGI/USDT:USDT';
const guess = (rest: string) => `book fill ${agi} buy 60 @ 2 id order:17 ${rest} provisional at 50`;
const deposit = 'both deposit USDT 100';
const end = 'both interest USDT 0 at 200';

describe('P9 both booked: the one that was inferred is taken back without a person', () => {
  scenario(
    'P9 the real ones came later',
    `
    ${deposit}
    ${guess('order o17')}
    both     fill ${agi} buy 40 @ 2 id e1 order o17 at 51
    both     fill ${agi} buy 20 @ 2 id e2 order o17 at 52
    ${end}
    line     position ${agi} net 120 60 -60
    break    FILL_DUPLICATED proven EXPLAINED residual 0
    entry    reverse 2
    then     true
  `,
  );

  scenario(
    'P9 the real one came first, and lists no executions are needed',
    `
    ${deposit}
    both     fill ${agi} buy 60 @ 2 id e1 order o17 at 51
    ${guess('order o17')}
    ${end}
    without  executions cash-flows
    line     position ${agi} net 120 60 -60
    break    FILL_DUPLICATED proven EXPLAINED residual 0
    entry    reverse 3
    then     true
  `,
  );

  scenario(
    'P9 a fee that was not known makes no line of it unknown afterwards',
    `
    both     deposit USDT 1000
    ${guess('order o17')}
    both     fill ${agi} buy 60 @ 2 fee 0.1 USDT id e1 order o17 at 51
    ${end}
    break    FILL_DUPLICATED proven EXPLAINED residual 0
    entry    reverse 2
    then     true
  `,
  );
});

describe('P10 listed only: the real ones are booked where the inferred one stood', () => {
  scenario(
    'P10 nothing differs but the facts, and yet they change places',
    `
    ${deposit}
    ${guess('order o17')}
    venue    fill ${agi} buy 40 @ 2 id e1 order o17 at 51
    venue    fill ${agi} buy 20 @ 2 id e2 order o17 at 52
    ${end}
    break    FILL_DUPLICATED proven EXPLAINED residual 0 lines 3
    entry    reverse 2
    entry    book e1
    entry    book e2
    then     true
  `,
  );

  scenario(
    'P10 one of two is booked: the other is, too',
    `
    ${deposit}
    ${guess('order o17')}
    both     fill ${agi} buy 40 @ 2 id e1 order o17 at 51
    venue    fill ${agi} buy 20 @ 2 id e2 order o17 at 52
    ${end}
    line     position ${agi} net 100 60 -40
    break    FILL_DUPLICATED proven EXPLAINED residual 0
    entry    reverse 2
    entry    book e2
    then     true
  `,
  );

  scenario(
    'P10 another difference on the same line does not keep it: it is said what is left',
    `
    ${deposit}
    ${guess('order o17')}
    both     fill ${agi} buy 60 @ 2 id e1 order o17 at 51
    says     position ${agi} 55 @ 2
    ${end}
    line     position ${agi} net 120 55 -65
    break    UNEXPLAINED unexplained OPEN residual -5
    entry    reverse 2
  `,
  );
});

const partly =
  'of 60 that are inferred from order o17, the venue’s own fills for 40 are known: ' +
  'they take its place with the rest of them';

describe('P11 sums that differ', () => {
  scenario(
    'P11 a complete list says less: likely, and a person decides',
    `
    ${deposit}
    ${guess('order o17')}
    both     fill ${agi} buy 59 @ 2 id e1 order o17 at 51
    ${end}
    line     position ${agi} net 119 59 -60
    break    FILL_DUPLICATED likely EXPLAINED residual 0
    entry    reverse 2 approve
    then     true
  `,
  );

  scenario(
    'P11 the venue knows more than the bot did',
    `
    ${deposit}
    ${guess('order o17')}
    both     fill ${agi} buy 61 @ 2 id e1 order o17 at 51
    ${end}
    break    FILL_DUPLICATED likely EXPLAINED residual 0
    entry    reverse 2 approve
    then     true
  `,
  );

  scenario(
    'P11 a part of the order in a list that is not complete: it is waited for the rest',
    `
    ${deposit}
    ${guess('order o17')}
    both     fill ${agi} buy 40 @ 2 id e1 order o17 at 51
    ${end}
    partial  executions
    without  positions balances cash-flows
    entry    none
    unknown  balances not stated
    unknown  executions incomplete
    unknown  executions order:17 ${partly}
    unknown  positions not stated
    verdict  cannot-say
  `,
  );

  scenario(
    'P11 the part that is only listed is not booked beside the whole, either',
    `
    ${deposit}
    ${guess('order o17')}
    venue    fill ${agi} buy 40 @ 2 id e1 order o17 at 51
    ${end}
    partial  executions
    without  positions balances cash-flows
    entry    none
    verdict  cannot-say
  `,
  );

  test('P11 what is over is said', () => {
    const story = readStory(
      `${deposit}\n${guess('order o17')}\n` +
        `both fill ${agi} buy 61 @ 2 id e1 order o17 at 51\n${end}`,
    );
    const { breaks } = checked(ledgerOfStory(story), statementOf(story), optionsAt(at(300)));
    expect(breaks[0]!.explanation.sentence).toBe(
      'An inferred fill stands beside the venue’s own fills of its order: ' +
        `buy 60 ${agi} @ 2 (order:17) is one fill of order o17 (e1), 1 more in all.`,
    );
  });
});

describe('P12 without an id that the venue knows', () => {
  const alike = (ours: string, theirs: string, expected: string) => `
    ${deposit}
    ${guess(ours)}
    ${theirs}
    ${end}
    ${expected}
  `;
  const likely = 'break FILL_DUPLICATED likely EXPLAINED residual 0';
  const taken = `${likely}\nentry reverse 2 approve\nthen true`;
  const kept = 'entry none';
  const whole = (rest: string) => `both fill ${agi} buy 60 @ 2 id e1 ${rest}`;

  scenario('P12 what is alike is likely', alike('', whole('order 9 at 80'), taken));
  scenario(
    'P12 two fills of one order, their mean price within the sum',
    alike(
      '',
      `both fill ${agi} buy 30 @ 1.9 id e1 order 9 at 51\n` +
        `both fill ${agi} buy 30 @ 2.1 id e2 order 9 at 52`,
      taken,
    ),
  );
  scenario(
    'P12 a bot’s own number is no id of the venue',
    alike('order 17', whole('order 7c9e6679 at 51'), taken),
  );
  scenario(
    'P12 two ids of one form are two orders',
    alike('order 1234567', whole('order 1234568 at 51'), kept),
  );
  scenario('P12 another minute', alike('', whole('order 9 at 111'), kept));
  scenario(
    'P12 another price',
    alike('', `both fill ${agi} buy 60 @ 2.01 id e1 order 9 at 51`, kept),
  );
  scenario(
    'P12 a part of an order is not the order',
    alike('', `${whole('order 9 at 51')}\nboth fill ${agi} buy 1 @ 2 id e2 order 9 at 115`, kept),
  );
  scenario(
    'P12 one order of the venue stands for one: the other stays',
    `
    ${deposit}
    ${guess('')}
    book     fill ${agi} buy 60 @ 2 id order:18 provisional at 52
    ${whole('order 9 at 51')}
    ${end}
    says     position ${agi} 120 @ 2
    break    FILL_DUPLICATED likely EXPLAINED residual 0
    entry    reverse 2 approve
    then     true
  `,
  );
});
