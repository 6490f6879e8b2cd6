/** Results and refusals: bad input is a value that says what is wrong, where, and what to do. */

/** Where a refused value stands. */
export interface Where {
  readonly file?: string;
  readonly line?: number;
  readonly field?: string;
  readonly value?: string;
}

export interface Refusal {
  /** A precise kebab-case name: documentation, alert text and test oracle at once. */
  readonly code: string;
  readonly message: string;
  readonly where: Where;
  /** The rule that was broken. */
  readonly rule: string;
  readonly hint: string;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

export const accepted = <T>(value: T): Result<T> => ({ ok: true, value });
export const refused = (refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal,
});

/** Our own bug: a wrong book must stop. Never thrown for bad input or a broken world. */
export class InvariantError extends Error {
  constructor(message: string) {
    super(`invariant: ${message}`);
    this.name = 'InvariantError';
  }
}

export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
