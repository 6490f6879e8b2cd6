/** Something on a venue that cannot be carried out as it was asked. */
import type { Refusal } from '../../model/result.ts';

export class VenueRefused extends Error {
  readonly refusal: Refusal;
  /** 1: it may be possible later; 2: asked wrongly; 4: the key; 5: a part of it is unknown. */
  readonly exitCode: 1 | 2 | 4 | 5;

  constructor(refusal: Refusal, exitCode: 1 | 2 | 4 | 5 = 2) {
    super(refusal.message);
    this.name = 'VenueRefused';
    this.refusal = refusal;
    this.exitCode = exitCode;
  }
}

export const keyRefused = (venue: string, why: string): VenueRefused =>
  new VenueRefused(
    {
      code: 'venue-credentials',
      message: `${venue} refuses the key: ${why}`,
      where: { field: `venues.${venue}.keyFile` },
      rule: 'a key is valid, and may read what it is asked for',
      hint: 'make a key that may read, and write it to where the settings name it',
    },
    4,
  );
