/**
 * What a rehearsal plays on: the emulator, which is a tool for development and is handed in by the
 * command that loads it, and a database server, where one was named.
 */
import type { Decimal } from '../../decimal/decimal.ts';
import type {
  MarketEvent,
  PaperExchange,
  PaperOptions,
} from '../../venues/paper/paper-exchange.ts';
import type { WaitingClock } from '../system-clock.ts';

export interface EmulatedExchange {
  /** On loopback. */
  readonly port: number;
  /** Its own accounts: no code of the book computed them. */
  readonly exchange: PaperExchange;
  advance(event: MarketEvent): void;
  close(): Promise<void>;
}

export interface EmulatedOptions {
  readonly clock: WaitingClock;
  readonly paper: PaperOptions;
  readonly deposits: readonly (readonly [currency: string, amount: Decimal])[];
  readonly keys: readonly EmulatedKey[];
  readonly port: number;
}

export interface EmulatedKey {
  readonly key: string;
  readonly secret: string;
  readonly readOnly: boolean;
  readonly canWithdraw: boolean;
}

export type OpenEmulated = (options: EmulatedOptions) => Promise<EmulatedExchange>;

export interface RehearsalTools {
  readonly openExchange: OpenEmulated;
  /** A PostgreSQL server on which a database may be made and dropped; null: none is at hand. */
  readonly postgres: string | null;
}
