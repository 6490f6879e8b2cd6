/** A run that cannot go on: bad data, a strategy that fails, a book that is not its own. */
import type { Refusal } from '../../model/result.ts';

export class PaperRefused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'PaperRefused';
    this.refusal = refusal;
  }
}
