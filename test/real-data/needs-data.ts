import { beforeEach } from 'vitest';

/** Skips the tests of a file, and says why, where the data they prove against is not there. */
export const needs = (available: boolean, set: string): void => {
  beforeEach(({ skip }) => {
    skip(!available, `no ${set} beside the repository, see docs/PROOFS.md`);
  });
};
