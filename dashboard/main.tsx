/** The page begins here. */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './app.tsx';
import { startClock } from './state/clock.ts';
import { startKeys } from './state/commands.ts';
import { startCopying } from './state/copying.ts';
import { startStream } from './state/live.ts';
import { asOf, startLocation } from './state/location.ts';
import { startAsking } from './state/reading.ts';
import { findSession, standing } from './state/session.ts';
import { wearSettings } from './state/settings.ts';
import { wearPast } from './state/verdict.ts';

wearSettings(document.documentElement);
wearPast(document.documentElement, () => asOf.value);
startClock();
startLocation();
startKeys();
startCopying();
startAsking();
effect(() => {
  if (standing.value !== 'signed-in') return;
  const signedOut = new AbortController();
  void startStream(signedOut.signal);
  return () => signedOut.abort();
});
void findSession();
render(<App />, document.getElementById('page')!);
