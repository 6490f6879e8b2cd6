/** What a request that failed says: the service's problem document, or words for silence. */

export interface Problem {
  /** 0: no answer came. */
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly hint: string | null;
  readonly requestId: string | null;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export async function problemFrom(response: Response): Promise<Problem> {
  const told = await bodyOf(response);
  return {
    status: response.status,
    code: textOf(told['type'])?.replace(/^.*\/problems\//, '') ?? `http-${response.status}`,
    title: textOf(told['title']) ?? `The service answered ${response.status}`,
    detail: textOf(told['detail']) ?? response.statusText,
    hint: textOf(told['hint']),
    requestId: textOf(told['requestId']) ?? response.headers.get('x-request-id'),
  };
}

export const unreachable = (error: unknown): Problem => ({
  status: 0,
  code: 'no-answer',
  title: 'The service does not answer',
  detail: isLate(error) ? 'no answer came in time' : 'nobody answers at its address',
  hint: 'is trueup serve running?',
  requestId: null,
});

/** A browser has a word of its own for each of the others, and none says more. */
const isLate = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';

async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {}; // A proxy's own page, say: the status tells what there is to tell.
  }
}
