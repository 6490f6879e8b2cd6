/** Who asks, and what they may do. */

/**
 *   read      everything that is on record
 *   repair    checks, proposals, repairs that the policy allows, comments, snooze
 *   approve   approvals, and accepting a difference
 *   trade     orders, and facts that a bot reports
 *   admin     tokens, duties, the stop of repairs; and all of the above
 */
export const scopes = ['read', 'repair', 'approve', 'trade', 'admin'] as const;
export type Scope = (typeof scopes)[number];

export interface Actor {
  /** As the audit trail names it: the name of the token; `anonymous` where none is needed. */
  readonly name: string;
  /** Id of the token; null: none. */
  readonly token: string | null;
  readonly scopes: ReadonlySet<Scope>;
  readonly via: 'token' | 'session' | 'none';
  /** Of a person at the page. */
  readonly session?: { readonly hash: string; readonly csrf: string };
}

export const nobody: Actor = { name: 'anonymous', token: null, scopes: new Set(), via: 'none' };

/** Whoever may anything may read. */
export const may = ({ scopes: held }: Actor, scope: Scope): boolean =>
  held.has('admin') || held.has(scope) || (scope === 'read' && held.size > 0);
