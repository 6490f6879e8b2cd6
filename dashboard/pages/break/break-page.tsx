/** One break: what differs, why, how that is known, what would repair it, and what became of it. */
import type { Break } from '../../api/breaks.ts';
import { Ago, Since } from '../../parts/ago.tsx';
import { Confidence } from '../../parts/confidence.tsx';
import { ReasonLink } from '../../parts/reason-link.tsx';
import { SeverityWord } from '../../parts/severity-word.tsx';
import { Shape } from '../../parts/shape.tsx';
import { Waits } from '../../parts/waits.tsx';
import { Whole } from '../../parts/whole.tsx';
import { useFollowMode } from '../../state/follow-mode.ts';
import { asOf } from '../../state/location.ts';
import { useReading } from '../../state/reading.ts';
import { accountAddress, breakApi } from '../../words/addresses.ts';
import { shapeOfState, stateWord } from '../../words/break-words.ts';
import { Actions } from './actions.tsx';
import { Cause } from './cause.tsx';
import { Differences } from './differences.tsx';
import { EvidenceList } from './evidence-list.tsx';
import { History } from './history.tsx';
import { Remarks } from './remarks.tsx';
import { RepairPlan } from './repair-plan.tsx';

export function BreakPage({ id }: { readonly id: string }) {
  const reading = useReading<Break>(breakApi(id));
  useFollowMode(reading.data?.mode ?? null);
  return (
    <Whole reading={reading} heads={['', 'Ours', 'Theirs', 'Difference', 'After the repair']}>
      {(one) => (
        <article class="break">
          <BreakHead one={one} />
          {asOf.value === null ? <Actions one={one} /> : <LookedBack />}
          <div class="break-columns">
            <div>
              <Differences one={one} />
              <Cause one={one} />
              <EvidenceList account={one.account} explanation={one.explanation} />
            </div>
            <div>
              <RepairPlan one={one} />
              <Remarks one={one} />
              <History one={one} />
            </div>
          </div>
        </article>
      )}
    </Whole>
  );
}

const LookedBack = () => (
  <p class="banner">
    <Shape name="paused" /> As it stood then: it is looked at, and nothing is done about it from
    here.
  </p>
);

function BreakHead({ one }: { readonly one: Break }) {
  const { id, title, state, severity, confidence, account, openedAt, waitsFor, hold, reason } = one;
  return (
    <header class="break-head">
      <p class="crumbs">
        <a href="/breaks">Breaks</a> / <span class="id">{id}</span>
      </p>
      <h1>{title}</h1>
      <p class="break-facts">
        <span class={`state state-${state}`}>
          <Shape name={shapeOfState(state)} /> <b>{stateWord[state].toUpperCase()}</b>
        </span>
        <SeverityWord severity={severity} />
        <Confidence confidence={confidence} />
        <a href={accountAddress(account)}>{account}</a>
        <span>
          {waitsFor === 'closed' ? (
            <>
              closed <Ago time={one.changedAt} />
            </>
          ) : (
            <>
              open for <Since time={openedAt} />
              {one.firstOpenedAt !== null && (
                <>
                  , back again: first seen <Ago time={one.firstOpenedAt} />
                </>
              )}
            </>
          )}
        </span>
        <span>
          <Waits on={waitsFor} />
        </span>
        <ReasonLink reason={reason} />
      </p>
      {hold !== null && (
        <p class="hold">
          <Shape name="paused" /> Left alone until {hold.until.replace('T', ' ')}: {hold.reason}
        </p>
      )}
    </header>
  );
}
