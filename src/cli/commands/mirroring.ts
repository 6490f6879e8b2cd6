/** Rows of a bot's database that follow the book: what `listen` and `schedule` have in common. */
import type { Configuration } from '../../service/config.ts';
import type { Log } from '../../service/log.ts';
import { type LiveSettings, policyOf } from '../../service/reloading.ts';
import { mirrorOf, type OpenMirror } from '../../service/source/positions-following.ts';
import { exchangesOf } from '../../service/source/positions-opening.ts';
import type { Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { wanted } from '../open-book.ts';
import { keepsTotal } from './positions-options.ts';
import { deskOptions, type SourceOptions } from './source-options.ts';

export interface MirroringOptions extends SourceOptions {
  readonly mirror?: true;
}

/** A database that keeps a total has no rows that could follow; one that is silent may have. */
export async function refuseUnfitMirror(shell: Shell, options: MirroringOptions): Promise<void> {
  if (options.mirror !== true) {
    if (options.source === undefined) return;
    const hint = 'add --mirror, or leave --source out';
    throw usageError('option-unfit', 'a database is named, and not what for', hint, '--source');
  }
  if (!(await keepsTotal(shell, options))) return;
  const hint = 'trueup schedule --source looks after a total';
  throw usageError('source-unfit', 'this database keeps a total, and no rows to follow', hint);
}

interface MirrorWith {
  readonly log: Log;
  readonly policy?: LiveSettings['policy'];
  /** False: rows are looked at alone. */
  readonly follows?: boolean;
}

export function mirrorFor(
  shell: Shell,
  options: MirroringOptions,
  account: string,
  { log, policy, follows = true }: MirrorWith,
): OpenMirror {
  const { configuration } = shell.globals;
  return mirrorOf({
    source: deskOptions(shell, options),
    ...{ account, log, follows, exchangeOf: exchangesOf(configuration) },
    policy: policy ?? policyAtStart(configuration),
  });
}

function policyAtStart(configuration: Configuration): LiveSettings['policy'] {
  const policy = wanted(policyOf(configuration));
  return () => policy;
}
