/** What is play money says so wherever its venue or account is named. */
export type Mode = 'live' | 'paper' | undefined;

export const paperMark = (mode: Mode): string => (mode === 'paper' ? ' · PAPER' : '');
