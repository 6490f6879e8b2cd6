/** What is around every page: the verdict, the line, where one can go, and what lies over it. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { asOf } from '../state/location.ts';
import { mode } from '../state/settings.ts';
import { preferMode, standingOf, useHome, wearVerdict } from '../state/verdict.ts';
import { BottomBar } from './bottom-bar.tsx';
import { useFrameCommands } from './frame-commands.ts';
import { Notices } from './notices.tsx';
import { Overlays } from './overlays.tsx';
import { PastBand } from './past-band.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';

export function Frame({ children }: { readonly children: ComponentChildren }) {
  const home = useHome();
  const standing = standingOf(home);
  useFrameCommands();
  const { data } = home;
  useEffect(() => {
    if (data !== null) preferMode(data);
  }, [data === null]);
  useLayoutEffect(
    () => wearVerdict(standing),
    [standing.verdict, standing.breaks, standing.cannotSay, mode.value, asOf.value === null],
  );
  return (
    <div class="frame">
      <a class="skip" href="#main">
        To the page
      </a>
      <TopBar home={home.data} standing={standing} />
      {asOf.value !== null && <PastBand instant={asOf.value} />}
      <div class="frame-middle">
        <Rail breaks={standing.breaks} />
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
      <BottomBar breaks={standing.breaks} />
      <Notices />
      <Overlays />
    </div>
  );
}
