/** The time of the service, a second at a time, so that "3 s ago" is told by its clock. */
import { signal } from '@preact/signals';

/** Milliseconds by which the service's clock is ahead of this one. */
let ahead = 0;
export const now = signal(Date.now());
/** Of this machine: for how long ago something was heard here. */
export const here = signal(Date.now());

const tick = () => {
  here.value = Date.now();
  now.value = here.value + ahead;
};

export function startClock(): void {
  setInterval(tick, 1000);
}

/** From an answer that says when it was made; it may have been kept for a second. */
export function hearTime(date: string): void {
  const told = Date.parse(date) - Date.now();
  const found = Math.abs(told) < 2000 ? 0 : told;
  if (Math.abs(found - ahead) < 2000) return;
  ahead = found;
  tick();
}
