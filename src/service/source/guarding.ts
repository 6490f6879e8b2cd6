/** The guard in a bot's database, as the desk carries it out: noted in our book like any write. */
import { toTextOrNull } from '../../decimal/text.ts';
import { sha256 } from '../../journal/digest.ts';
import { millisecondsBetween } from '../../model/instant.ts';
import type { SourceSnapshot } from '../../model/source.ts';
import type { GuardState } from '../../report/guard-document.ts';
import { unnotedWrites } from './catch-up.ts';
import type { GuardRequest, SourceDeskOptions } from './desk-port.ts';
import { checked, type DeskContext, looked, ordersFor } from './looking.ts';
import { noteLook, unnotedBut } from './noting.ts';

export async function guardSource(
  context: DeskContext,
  request: GuardRequest,
): Promise<GuardState> {
  const { source } = context;
  const { guard, identity } = source;
  const { action } = request;
  const before = await source.snapshot();
  const isDone = action === 'status' || (action === 'install' && request.statements);
  const audit = request.audit || before.guard.audited;
  const statements = request.statements ? await guard.statements({ audit }) : null;
  if (!isDone) await changed(context, before, request);
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

async function changed(
  context: DeskContext,
  before: SourceSnapshot,
  { action, audit, actor }: GuardRequest,
): Promise<void> {
  const { source, book, options, look } = context;
  const { guard } = source;
  if (action === 'remove' && before.guard.state === 'absent') return;
  const sql = { audit: audit || before.guard.audited };
  const statements = action === 'install' ? digestOf(await guard.statements(sql)) : null;
  // What nobody could note afterwards is not done.
  const { looked: seen } = await looked(context, before, null, { record: true, create: true });
  const sheets = seen.checked.accounts.map(({ sheet }) => sheet);
  const orders = await ordersFor(context, before, sheets);
  if (action === 'install') {
    await toldWhenLong(options, 'copying the database and making the triggers', () =>
      guard.install({ audit }),
    );
  } else {
    await toldWhenLong(options, 'copying the database and dropping the triggers', () =>
      guard.remove(),
    );
  }
  const found = await unnotedWrites(source, book, before);
  const row = [...found.before.values()].flat().findLast(({ action: what }) => what === 'log');
  if (row === undefined) return;
  const unnoted = { ...unnotedBut(found, row), circumstances: { backup: null, statements }, actor };
  const one = { snapshot: before, given: null, orders };
  await book.write(false, (writer) => noteLook(book, writer, one, look, unnoted));
  await checked(context, { record: true, prices: null });
}

const digestOf = (statements: readonly string[]): string => sha256(statements.join(';\n'));

const longMs = 1_000;

/** Says that it goes on once it has taken a second, and how long it took in the end. */
export async function toldWhenLong<T>(
  { clock, tell }: Pick<SourceDeskOptions, 'clock' | 'tell'>,
  words: string,
  work: () => Promise<T>,
): Promise<T> {
  const began = clock.now();
  const cancel = clock.after(longMs, () => tell(`${words} ...`), 'background');
  try {
    return await work();
  } finally {
    cancel();
    const ms = millisecondsBetween(began, clock.now());
    if (ms >= longMs) tell(`${words} took ${Math.floor(ms / 1_000)} s`);
  }
}
