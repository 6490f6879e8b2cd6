/** The bar at the top: which books, the verdict, the line, and who looks. */
import type { Home } from '../api/home.ts';
import { Ago } from '../parts/ago.tsx';
import { VerdictChip } from '../parts/verdict-chip.tsx';
import { asOf } from '../state/location.ts';
import { open } from '../state/overlays.ts';
import { session } from '../state/session.ts';
import type { StandingVerdict } from '../state/verdict.ts';
import { LineChip } from './line-chip.tsx';
import { ModeSwitch } from './mode-switch.tsx';

interface TopBarProps {
  readonly home: Home | null;
  readonly standing: StandingVerdict;
}

/** On a narrow screen the mode and the verdict need the room. */
const lookBack = (
  <span>
    <span class="top-wide">look back</span>
    <span class="top-narrow">as of</span>
  </span>
);

export function TopBar({ home, standing }: TopBarProps) {
  const told = standing.note === null ? standing.word : `${standing.word} ${standing.note}`;
  return (
    <header class="top">
      <a class="mark" href="/" aria-label="trueup, home">
        true<b>up</b>
      </a>
      {home !== null && <ModeSwitch home={home} />}
      <a class="top-verdict" href="/" aria-label={`Verdict: ${told}`} aria-live="polite">
        <VerdictChip verdict={standing.verdict} note={standing.note} />
      </a>
      {home !== null && asOf.value === null && !standing.isOld && (
        <span class="top-fresh quiet">
          said <Ago time={home.asOf} />
        </span>
      )}
      <span class="top-gap" />
      <LineChip />
      <button
        type="button"
        class="top-button top-look"
        onClick={() => open({ name: 'as-of' })}
        title="Look at the past (.)"
      >
        {asOf.value === null ? lookBack : 'past'}
        <kbd>.</kbd>
      </button>
      <button
        type="button"
        class="top-button top-palette"
        onClick={() => open({ name: 'palette' })}
      >
        <span class="unseen">Search and commands</span>
        <kbd>Ctrl-K</kbd>
      </button>
      <button
        type="button"
        class="top-button top-user"
        onClick={() => open({ name: 'settings' })}
        title="Appearance, and who is signed in"
      >
        <span class="quiet">as</span> {session.value?.actor ?? 'nobody'}
      </button>
    </header>
  );
}
