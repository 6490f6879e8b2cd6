/** Who is signed in. `checking` until the service said so; `none`: somebody has to sign in. */
import { computed, signal } from '@preact/signals';
import type { Session } from '../api/operations.ts';
import { type Problem, problemFrom, unreachable } from '../api/problem.ts';
import { decoded } from './location.ts';

export type Standing = 'checking' | 'none' | 'signed-in';

export const session = signal<Session | null>(null);
export const standing = signal<Standing>('checking');
/** Why the last attempt to sign in failed. */
export const signInProblem = signal<Problem | null>(null);

const scopes = computed(() => new Set(session.value?.scopes ?? []));
export const may = (scope: string): boolean =>
  scopes.value.has('admin') ||
  scopes.value.has(scope) ||
  (scope === 'read' && scopes.value.size > 0);

const address = '/api/v1/session';
const codeFragment = /^#sign-in=(.+)$/;

/** With the code that the fragment holds, where there is one: it never reaches a log. */
export async function findSession(): Promise<void> {
  const fragment = codeFragment.exec(window.location.hash)?.[1];
  if (fragment !== undefined) {
    history.replaceState(null, '', window.location.pathname + window.location.search);
    // What cannot be read is told to be no code, as any other that is none.
    if (await signIn({ code: decoded(fragment) ?? fragment })) return;
  }
  const response = await asked(fetch(address));
  if (response === null) return;
  if (response.ok) accept((await response.json()) as Session);
  else standing.value = 'none';
}

/** False: it was refused, and `signInProblem` says why. */
export async function signIn(by: { readonly code: string } | { readonly token: string }) {
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(by) };
  const response = await asked(fetch(address, init));
  if (response === null) return false;
  if (!response.ok) {
    signInProblem.value = await problemFrom(response);
    standing.value = 'none';
    return false;
  }
  accept((await response.json()) as Session);
  return true;
}

export async function signOut(): Promise<void> {
  const headers = { 'x-csrf-token': session.value?.csrf ?? '' };
  await asked(fetch(address, { method: 'DELETE', headers }));
  // Begins anew, so that whoever signs in next sees nothing of what was read.
  window.location.assign('/');
}

/** An answer said that nobody is signed in any more. */
export function forgetSession(): void {
  session.value = null;
  standing.value = 'none';
}

function accept(found: Session): void {
  if (found.actor === null) {
    forgetSession();
    return;
  }
  session.value = found;
  signInProblem.value = null;
  standing.value = 'signed-in';
}

async function asked(request: Promise<Response>): Promise<Response | null> {
  try {
    return await request;
  } catch (error) {
    signInProblem.value = unreachable(error);
    standing.value = 'none';
    return null;
  }
}
