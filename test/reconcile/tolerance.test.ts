/** What a tolerance lets pass: no break by itself, and no proof either. */
import { expect, test } from 'vitest';
import { applied, checked, optionsAt } from './kit.ts';
import { ledgerOfStory, readStory, scenario, statementOf } from './scenario.ts';

// 100 + 3 = 103; the venue says a millionth more, one step of a currency of six digits.
const nearly = (tolerance: number) => `
  both     deposit USDT 100
  venue    interest USDT 3 id i1
  says     balance USDT 103.000001
  settle   0 now 100 tolerance ${tolerance}
`;

scenario(
  'VC29 a missing fact that leaves less than the tolerance is likely, and never proven',
  `${nearly(1)}
  break    INTEREST_MISSING likely EXPLAINED
  entry    book i1
  then     true
`,
);

scenario(
  'VC29 without a tolerance the same is not explained by it',
  `${nearly(0)}
  break    UNEXPLAINED unexplained OPEN
  entry    book i1
`,
);

test('VC29 what is verified within a tolerance differs again without it, under its name', () => {
  const story = readStory(nearly(1));
  const statement = statementOf(story);
  const options = { ...optionsAt(statement.asOf), toleranceSteps: 1 };
  const ledger = ledgerOfStory(story);
  const { breaks, plan } = checked(ledger, statement, options);
  const known = breaks.map((one) => ({ ...one, state: 'REPAIRED' as const }));
  const after = applied(ledger, plan).ledger;
  const within = checked(after, statement, options, { known });
  expect(within.breaks).toMatchObject([{ id: breaks[0]!.id, state: 'VERIFIED' }]);
  const exact = checked(after, statement, optionsAt(statement.asOf), { known: within.breaks });
  expect(exact.breaks).toMatchObject([{ id: breaks[0]!.id, state: 'REOPENED' }]);
  expect(exact.verdict).toBe('break');
});
