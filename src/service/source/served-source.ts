/** The database of a bot that a service looks after: how it is opened, whether it is written. */
import type { PositionSource } from '../../sources/position-source.ts';
import { openSourceDesk, type SourceDesk, type SourceDeskOptions } from './desk.ts';
import type { RowsOptions } from './positions-look.ts';
import { kindOfSource, openRows } from './positions-opening.ts';

export interface ServedSource {
  readonly options: SourceDeskOptions;
  /** As it is named at the command line, and never with a password. */
  readonly name: string;
  /** False: whoever started the service said that nothing is ever written there. */
  readonly mayWrite: boolean;
  readonly exchangeOf: RowsOptions['exchangeOf'];
}

export type SourceKind = Awaited<ReturnType<typeof kindOfSource>>;

export const kindOfServed = ({ options }: ServedSource): Promise<SourceKind> =>
  kindOfSource(options);

/** Opened for one piece of work: a file that was replaced since is seen as it is now. */
export async function atDesk<T>(
  { options }: ServedSource,
  sourceAccount: string | null,
  work: (desk: SourceDesk) => Promise<T>,
): Promise<T> {
  const desk = await openSourceDesk({ ...options, sourceAccount });
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

export async function atRows<T>(
  { options }: ServedSource,
  work: (source: PositionSource) => Promise<T>,
): Promise<T> {
  const source = await openRows(options);
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}
