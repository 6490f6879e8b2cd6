/** The guard in a bot's database, as commands ask for it: what was done, and how it stands. */
import { toTextOrNull } from '../../decimal/text.ts';
import type { GuardAction, GuardState } from '../../report/guard-document.ts';
import type { Source } from '../../sources/source.ts';

export interface GuardRequest {
  readonly action: GuardAction;
  /** Log every change: of an installation. */
  readonly audit: boolean;
  /** Say the statements; an installation then only says them. */
  readonly statements: boolean;
}

export async function guardSource(source: Source, request: GuardRequest): Promise<GuardState> {
  const { guard, identity } = source;
  const { action } = request;
  const before = await source.snapshot();
  const isDone = action === 'status' || (action === 'install' && request.statements);
  const audit = request.audit || before.guard.audited;
  const statements = request.statements ? await guard.statements({ audit }) : null;
  if (!isDone && action === 'install') await guard.install({ audit: request.audit });
  if (!isDone && action === 'remove') await guard.remove();
  const after = isDone ? before : await source.snapshot();
  return {
    ...{ action, identity, statements, found: before.guard, guard: after.guard },
    dryRun: action === 'install' && request.statements,
    totals: after.accounts.map(({ id, total }) => ({
      account: id,
      before: toTextOrNull(before.accounts.find((one) => one.id === id)?.total ?? null),
      after: toTextOrNull(total),
    })),
  };
}
