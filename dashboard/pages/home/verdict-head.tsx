/** The verdict as a sentence, and beside it what is at stake: gross, then net, then age. */
import type { BreakSummary } from '../../api/breaks.ts';
import type { Home, Scope } from '../../api/home.ts';
import { Ago } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Instant } from '../../parts/instant.tsx';
import { Shape } from '../../parts/shape.tsx';
import { asOf } from '../../state/location.ts';
import { type StandingVerdict, scopeOf } from '../../state/verdict.ts';
import { spanText } from '../../words/times.ts';
import { scopeStake } from './home-figures.ts';

interface HeadProps {
  readonly home: Home | null;
  readonly standing: StandingVerdict;
}

export function VerdictHead({ home, standing }: HeadProps) {
  const scope = home === null ? null : scopeOf(home);
  const { verdict, note, isOld } = standing;
  const isAsTold = scope !== null && !isOld && verdict === scope.verdict;
  return (
    <header class={`verdict verdict-${verdict}`} aria-live="polite">
      <Shape name={verdict === 'checking' ? 'settling' : verdict} size={40} />
      <div class="verdict-words">
        <h1>{isAsTold ? scope.sentence : standing.word}</h1>
        {note !== null && asOf.value === null && <p class="verdict-note">{note}</p>}
        {asOf.value !== null && <p class="verdict-note">{thenWords(home, scope)}</p>}
        {verdict === 'checking' && <p class="verdict-note">Nothing is said until it is known.</p>}
        {(isAsTold || isOld) && scope !== null && (
          <div class={isOld ? 'is-old' : ''}>
            <Facts scope={scope} breaks={breaksOf(home, scope)} isOld={isOld} />
          </div>
        )}
      </div>
      {home !== null && (
        <p class={`verdict-fresh quiet${asOf.value === null ? ' is-above' : ''}`}>
          as of {asOf.value === null ? <Ago time={home.asOf} /> : <Instant time={home.asOf} />}
        </p>
      )}
    </header>
  );
}

const breaksOf = (home: Home | null, { scope }: Scope): readonly BreakSummary[] =>
  home?.breaks.filter(({ mode }) => mode === scope) ?? [];

/** What is said of the past is said of what was on record. */
function thenWords(home: Home | null, scope: Scope | null): string {
  if (home !== null && scope === null) return 'Nothing was on record of any account then.';
  return 'As it was on record then; what was recorded later is left out.';
}

interface FactsProps {
  readonly scope: Scope;
  readonly breaks: readonly BreakSummary[];
  readonly isOld: boolean;
}

function Facts({ scope, breaks: worst, isOld }: FactsProps) {
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
              <Amount value={gross} unit={unit} told={() => scopeStake(scope, worst, 'gross')} />
              {unvalued.length > 0 && <span class="quiet"> without {unvalued.join(', ')}</span>}
            </dd>
          </div>
          <div>
            <dt>Net</dt>
            <dd>
              <Amount value={net} signed told={() => scopeStake(scope, worst, 'net')} />
            </dd>
          </div>
        </>
      )}
      {oldestBreakSeconds !== null && (
        <div>
          <dt>Oldest</dt>
          <dd>
            <a class="figure-link" href="/breaks?view=open">
              {spanText(oldestBreakSeconds)}
            </a>
          </dd>
        </div>
      )}
      <div>
        <dt>Approvals waiting</dt>
        <dd>
          <a class="figure-link" href="/breaks?view=needs-you">
            {approvalsWaiting}
          </a>
        </dd>
      </div>
      <div class="fact-gates">
        <dt>Trading gate</dt>
        <dd>{isOld ? <LastGates scope={scope} /> : <Gates scope={scope} />}</dd>
      </div>
    </dl>
  );
}

/** Whether one may trade now nobody says: the gate itself denies, where it is asked. */
function LastGates({ scope: { accounts } }: { readonly scope: Scope }) {
  const denied = accounts.filter(({ gate }) => gate === 'deny').length;
  const allowed = accounts.length - denied;
  const was = [denied > 0 && `${denied} DENY`, allowed > 0 && `${allowed} ALLOW`];
  return <span class="gate-was">not known; was {was.filter(Boolean).join(', ')}</span>;
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
