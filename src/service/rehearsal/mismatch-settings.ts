/** As commands have them where nobody says otherwise, and what a rehearsal calls itself. */
export const deskSettings = {
  markMaxAgeMs: 24 * 60 * 60 * 1000,
  /** Younger differences may clear by themselves. */
  settleMs: 60_000,
  /** Two snapshots are so far apart: the emulator lists at once what happened. */
  confirmMs: 20,
  holder: 'rehearsal',
  programVersion: 'rehearsal',
} as const;
