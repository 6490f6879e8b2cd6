/** The pages there are, as the rail, the bottom bar, the palette and the keys have them. */

export interface Place {
  readonly to: string;
  readonly words: string;
  readonly keys: string;
}

export const places: readonly Place[] = [
  { to: '/', words: 'Home', keys: 'g h' },
  { to: '/breaks', words: 'Breaks', keys: 'g b' },
  { to: '/accounts', words: 'Accounts', keys: 'g a' },
  { to: '/equity', words: 'Equity', keys: 'g e' },
  { to: '/exits', words: 'Exits', keys: 'g x' },
  { to: '/audit', words: 'Audit trail', keys: 'g t' },
  { to: '/venues', words: 'Venues and duties', keys: 'g v' },
  { to: '/reports', words: 'Reports', keys: 'g r' },
];

/** A page under another one belongs to it. */
export const isAt = (path: string, { to }: Place): boolean =>
  to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`);
