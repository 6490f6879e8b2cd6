/** Every rehearsal by its name. */
import type { RehearsalResult, RehearsedStep } from '../../report/rehearsal-document.ts';
import { falconBalance } from './falcon-balance.ts';
import { FalconStage, keepFalconDatabase } from './falcon-stage.ts';
import { rehearse } from './rehearsal.ts';

export interface Rehearsal {
  readonly name: string;
  /** What is rehearsed, in a few words. */
  readonly about: string;
  /** Plays it; `told` hears of each step when it is done. */
  play(told: (step: RehearsedStep) => void): Promise<RehearsalResult>;
  /** Leaves what it begins with in a folder; the path. */
  keep(folder: string): string;
}

export const rehearsals: readonly Rehearsal[] = [
  {
    name: 'falcon-balance',
    about: "a bot's stored balance stopped being true, reported on 2026-01-12",
    play: (told) => rehearse('falcon-balance', FalconStage.open, falconBalance, told),
    keep: keepFalconDatabase,
  },
];
