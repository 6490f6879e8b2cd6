/** The verdict as a sentence, and beside it what is at stake: gross, then net, then age. */
import type { Home, Scope } from '../../api/home.ts';
import { Ago } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Shape } from '../../parts/shape.tsx';
import { type StandingVerdict, scopeOf } from '../../state/verdict.ts';
import { spanText } from '../../words/times.ts';

interface HeadProps {
  readonly home: Home | null;
  readonly standing: StandingVerdict;
}

export function VerdictHead({ home, standing }: HeadProps) {
  const scope = home === null ? null : scopeOf(home);
  const { verdict, note } = standing;
  const isAsTold = scope !== null && verdict === scope.verdict;
  return (
    <header class={`verdict verdict-${verdict}`} aria-live="polite">
      <Shape name={verdict === 'checking' ? 'settling' : verdict} size={40} />
      <div class="verdict-words">
        <h1>{isAsTold ? scope.sentence : standing.word}</h1>
        {note !== null && <p class="verdict-note">{note}</p>}
        {verdict === 'checking' && <p class="verdict-note">Nothing is said until it is known.</p>}
        {isAsTold && <Facts scope={scope} />}
      </div>
      {home !== null && (
        <p class="verdict-fresh quiet">
          as of <Ago time={home.asOf} />
        </p>
      )}
    </header>
  );
}

function Facts({ scope }: { readonly scope: Scope }) {
  const { gross, net, currency, unvalued } = scope.atStake;
  const unit = currency ?? '';
  const { oldestBreakSeconds, approvalsWaiting, breaks } = scope;
  return (
    <dl class="facts">
      {(breaks > 0 || gross === null) && (
        <>
          <div class="fact-first">
            <dt>At stake, gross</dt>
            <dd>
              <Amount value={gross} unit={unit} />
              {unvalued.length > 0 && <span class="quiet"> without {unvalued.join(', ')}</span>}
            </dd>
          </div>
          <div>
            <dt>Net</dt>
            <dd>
              <Amount value={net} signed />
            </dd>
          </div>
        </>
      )}
      {oldestBreakSeconds !== null && (
        <div>
          <dt>Oldest</dt>
          <dd>{spanText(oldestBreakSeconds)}</dd>
        </div>
      )}
      <div>
        <dt>Approvals waiting</dt>
        <dd>{approvalsWaiting}</dd>
      </div>
      <div class="fact-gates">
        <dt>Trading gate</dt>
        <dd>
          <Gates scope={scope} />
        </dd>
      </div>
    </dl>
  );
}

function Gates({ scope }: { readonly scope: Scope }) {
  const denied = scope.accounts.filter(({ gate }) => gate === 'deny');
  const allowed = scope.accounts.length - denied.length;
  return (
    <>
      {denied.map(({ account }) => (
        <span key={account} class="gate gate-deny">
          {account} <b>DENY</b>
        </span>
      ))}
      {allowed > 0 && (
        <span class="gate">
          {denied.length === 0 ? `all ${allowed}` : `${allowed} more`} <b>ALLOW</b>
        </span>
      )}
    </>
  );
}
