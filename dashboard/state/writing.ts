/** Writes: each with a key of its own and the proof that this page asked, told when it is done. */
import { type Problem, problemFrom, unreachable } from '../api/problem.ts';
import { tell } from './notices.ts';
import { askAll } from './reading.ts';
import { forgetSession, session } from './session.ts';

export type Answer = Readonly<Record<string, unknown>>;

export type Written =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly problem: Problem };

/** What was sent without an answer is sent again with the same key: it is done once. */
export async function post(url: string, body: object = {}): Promise<Written> {
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': crypto.randomUUID(),
    'x-csrf-token': session.value?.csrf ?? '',
  };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = (await sent(url, init)) ?? (await sent(url, init));
  if (response === null) return { ok: false, problem: unreachable('sent twice, not answered') };
  if (response.status === 401) forgetSession();
  if (!response.ok) return { ok: false, problem: await problemFrom(response) };
  return { ok: true, answer: (await response.json()) as Answer };
}

async function sent(url: string, init: RequestInit): Promise<Response | null> {
  try {
    return await fetch(url, init);
  } catch {
    return null; // No answer is no refusal: whoever called sends it again, or says so.
  }
}

/** How it is taken back, by what was answered; null: it cannot be. */
export type UndoOf = (answer: Answer) => (() => unknown) | null;

/** Does it, says so with a way back, and reads everything anew. True: it was done. */
export async function act(
  words: string,
  url: string,
  body: object = {},
  undoOf: UndoOf = () => null,
): Promise<boolean> {
  const written = await post(url, body);
  if (written.ok) tellDone(words, written.answer, undoOf(written.answer));
  else tellFailed(written.problem);
  await askAll();
  return written.ok;
}

function tellDone(words: string, { state, left }: Answer, undo: (() => unknown) | null): void {
  const reached = typeof state === 'string' ? ` · ${state.replaceAll('_', ' ')}` : '';
  tell({
    ...{
      tone: 'done',
      words: `${words}${reached}`,
      detail: typeof left === 'string' ? left : null,
    },
    undo: undo === null ? null : { label: 'Undo', run: () => void undo() },
  });
}

export function tellFailed({ title, detail, hint, requestId }: Problem): void {
  const more = [hint, requestId === null ? null : `request ${requestId}`];
  const told = more.filter((each) => each !== null).join(' · ');
  tell({ tone: 'failed', words: `${title}: ${detail}`, undo: null, detail: told });
}
