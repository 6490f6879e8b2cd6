/** Every rehearsal by its name. */
import type { RehearsalResult, RehearsedStep } from '../../report/rehearsal-document.ts';
import type { RehearsalTools } from './exchange-port.ts';
import { falconBalance } from './falcon-balance.ts';
import { FalconStage, keepFalconDatabase } from './falcon-stage.ts';
import { keepBotDatabase } from './mismatch-database.ts';
import { rehearse } from './rehearsal.ts';

export interface Rehearsal {
  readonly name: string;
  /** What is rehearsed, in a few words. */
  readonly about: string;
  /** Plays it; `told` hears of each step when it is done. */
  play(told: (step: RehearsedStep) => void, tools: RehearsalTools): Promise<RehearsalResult>;
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
  {
    name: 'quantity-mismatch',
    about: 'stored quantities of positions drifted from the exchange, reported on 2025-10-13',
    async play(told, tools) {
      // What speaks to exchanges is loaded for who needs it.
      const { MismatchDesk } = await import('./mismatch-desk.ts');
      const { quantityMismatch } = await import('./quantity-mismatch.ts');
      const opened = (folder: string) => MismatchDesk.open(folder, tools);
      return rehearse('quantity-mismatch', opened, quantityMismatch, told);
    },
    keep: keepBotDatabase,
  },
];
