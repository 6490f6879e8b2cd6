/** What routes need of who is let in: tokens, sessions, and how often somebody tries. */
import type { Action } from './action-log.ts';
import type { Sessions } from './sessions.ts';
import type { Tokens } from './tokens.ts';

export interface Access {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  /** Whether a cookie may go over TLS alone. */
  readonly isSecure: boolean;
  /** A sign-in that is about to be tried from there. Throws a Problem where there were too many. */
  trySignIn(address: string): void;
  /** What is done by nobody's token yet, or by none any more: signing in and out. */
  record(action: Action): void;
  /** What failed is told to the log, without what was shown. */
  signInFailed(address: string, what: string): void;
}
