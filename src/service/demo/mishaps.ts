/** What goes wrong in the demo, and when. All of it happens to real bots. */

/**
 *   venue    the exchange's fault, as docs/emulator.md lists them
 *   book     somebody books a fill that was booked already, under another form of its id
 */
export type Mishap = {
  readonly account: string;
  /** Seconds after the demo began, at its usual speed; then again after each so many. */
  readonly at: number;
  readonly again: number | null;
  readonly why: string;
} & (
  | { readonly what: 'venue'; readonly fault: Readonly<Record<string, unknown>> }
  | { readonly what: 'book'; readonly size: 'small' | 'large' }
);

const venue = (
  account: string,
  at: number,
  again: number | null,
  fault: Readonly<Record<string, unknown>>,
  why: string,
): Mishap => ({ account, at, again, what: 'venue', fault, why });

export const mishaps: readonly Mishap[] = [
  venue(
    'trend',
    3,
    47,
    { fault: 'drop', topic: 'execution', when: { times: 1 } },
    'a fill is lost',
  ),
  venue(
    'trend',
    7,
    61,
    { fault: 'duplicate', topic: 'execution', when: { times: 1 } },
    'told twice',
  ),
  venue(
    'swing',
    5,
    83,
    { fault: 'close', topic: 'execution', code: 1006, when: { times: 1 } },
    'the line breaks',
  ),
  venue(
    'swing',
    31,
    97,
    { fault: 'server-error', path: 'position/list', status: 503, when: { times: 2 } },
    'no answer for a while: that is not flat',
  ),
  {
    ...{ account: 'trend', at: 6, again: 71, what: 'book', size: 'small' },
    why: 'below the limits of the policy: it is taken back without a person',
  },
  {
    ...{ account: 'swing', at: 8, again: null, what: 'book', size: 'large' },
    why: 'above the limits: it waits for a person on the page',
  },
];
