/** A command on a source that cannot be carried out as it was asked: nothing was written. */
import type { Refusal } from '../../model/result.ts';

export class SourceRefused extends Error {
  readonly refusal: Refusal;
  /** 2: asked wrongly; 5: a part is unknown, so that nothing can be said or written; 1: retry. */
  readonly exitCode: 1 | 2 | 5;

  constructor(refusal: Refusal, exitCode: 1 | 2 | 5 = 2) {
    super(refusal.message);
    this.name = 'SourceRefused';
    this.refusal = refusal;
    this.exitCode = exitCode;
  }
}
