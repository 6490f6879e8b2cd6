/**
 * Client order ids: a function of the strategy, the instrument's place and the bar, so that the
 * same decision made again is the same order, and the exchange knows it. Venues take letters,
 * digits, - and _, at most 36 of them.
 */
import type { Instant } from '../../model/instant.ts';

export const strategyNameMax = 20;

const nanosPerMs = 1_000_000n;

export const orderPrefix = (strategy: string, instrument: number): string =>
  `${strategy}_${instrument.toString(36)}_`;

export const orderName = (strategy: string, instrument: number, bar: Instant): string =>
  `${orderPrefix(strategy, instrument)}${(bar / nanosPerMs).toString(36)}`;

/** Whose order it is; null where no strategy named it. */
export const strategyOf = (clientOrderId: string | null): string | null =>
  /^([a-z0-9-]+)_[0-9a-z]+_[0-9a-z]+$/.exec(clientOrderId ?? '')?.[1] ?? null;
