/** Are my books true? One sentence decides; the rest supports it. */

import { Empty } from '../../parts/empty.tsx';
import { Whole } from '../../parts/whole.tsx';
import { asOf } from '../../state/location.ts';
import { mode } from '../../state/settings.ts';
import { scopeOf, standingOf, useHome } from '../../state/verdict.ts';
import { AccountList } from './account-list.tsx';
import { BreakList } from './break-list.tsx';
import { EquityLine } from './equity-line.tsx';
import { MinutesTrue } from './minutes-true.tsx';
import { Today } from './today.tsx';
import { VerdictHead } from './verdict-head.tsx';

export function HomePage() {
  const reading = useHome();
  const { data } = reading;
  const standing = standingOf(reading);
  return (
    <>
      <VerdictHead home={data} standing={standing} />
      <Whole reading={reading} heads={['Account', 'Verdict', 'Difference', 'True until']}>
        {(home) => {
          const scope = scopeOf(home);
          if (scope === null && home.noAccount !== null) {
            return <Empty title="There is no account to compare">{home.noAccount}.</Empty>;
          }
          if (scope === null) {
            return asOf.value === null ? (
              <Empty title={`There is no ${mode.value} account`}>
                trueup init makes one; npm start opens the demonstration.
              </Empty>
            ) : (
              <Empty title={`There was no ${mode.value} account`}>
                Nothing of one had happened by then, and nothing was on record.
              </Empty>
            );
          }
          const breaks = home.breaks.filter((one) => one.mode === scope.scope);
          return (
            <div class="home">
              <div class="home-pair">
                <AccountList scope={scope} breaks={breaks} />
                <BreakList breaks={breaks} scope={scope} />
              </div>
              {home.minutesTrue.of === scope.scope && <MinutesTrue minutes={home.minutesTrue} />}
              {scope.accounts[0] !== undefined && (
                <EquityLine key={scope.scope} accounts={scope.accounts} />
              )}
              <Today today={scope.today} />
            </div>
          );
        }}
      </Whole>
    </>
  );
}
