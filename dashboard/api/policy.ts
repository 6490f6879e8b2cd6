/** What is repaired without a person, and whether somebody stopped it. */
import type { Amount, Time } from './forms.ts';

export interface Spent {
  readonly value: Amount;
  readonly count: number;
}

export interface PolicyOfAccount {
  readonly account: string;
  readonly currency: string;
  readonly stopped: {
    readonly since: Time | null;
    readonly reason: string;
    readonly by: string | null;
  } | null;
  readonly lastDay: { readonly takingBack: Spent; readonly rows: Spent };
}

export interface Policy {
  readonly table: readonly {
    readonly when: string;
    readonly decision: string;
    readonly because: string;
  }[];
  readonly accounts: readonly PolicyOfAccount[];
}
