/** What goes wrong with a request, as a problem document. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { StoreError } from '../../store/store-error.ts';
import { failureOf } from '../failure.ts';
import type { ServingParts } from './parts.ts';
import { Problem, type ProblemName, problemDocument, problems } from './problem.ts';

/** What is no problem by itself is told in full to the log, and to the client by its id alone. */
export function problemReply(
  { log }: ServingParts,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = problemFrom(error);
  const { status } = problem.kind;
  if (problem.kind.code === 'internal' || error instanceof StoreError) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error({ event: 'request.failed', msg: `${request.method} ${request.url}: ${why}` });
  }
  const { retryAfterSeconds, allow } = problem.more;
  if (typeof allow === 'string') reply.header('allow', allow);
  if (typeof retryAfterSeconds === 'number') reply.header('retry-after', retryAfterSeconds);
  const [path] = request.url.split('?');
  const document = problemDocument(problem, path!, request.id);
  return reply.code(status).type('application/problem+json').send(JSON.stringify(document));
}

/** Whether it is sure that a write which ended so did nothing. */
export function isNothingDone(error: unknown): boolean {
  const { status, code } = problemFrom(error).kind;
  return (status < 500 && code !== 'outcome-unknown') || code === 'book-held' || status === 503;
}

export const statusOf = (error: unknown): number => problemFrom(error).kind.status;

function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message }) => ({
      where: `${error.validationContext ?? 'request'}${instancePath}`,
      message,
    }));
    const said = errors.map(({ where, message }) => `${where}: ${message}`).join('; ');
    return new Problem('invalid', said, { errors });
  }
  const byStatus = ofFramework(error);
  if (byStatus !== null) return byStatus;
  const failure = failureOf(error);
  if (failure === null) return new Problem('internal', 'something went wrong here');
  const { code, message, hint } = failure;
  const name: ProblemName = failure.exitCode === 7 ? 'held' : 'internal';
  // Where our files are is nobody's business who asks: the log has it.
  const said = error instanceof StoreError ? problems[name].title : message;
  return new Problem(name, said, { failure: code, ...(hint === null ? {} : { hint }) });
}

const named: Readonly<Record<number, ProblemName>> = {
  400: 'invalid',
  401: 'unauthenticated',
  // Of the page's files: a name that leads nowhere, or out of their folder.
  403: 'unknown',
  404: 'unknown',
  413: 'tooLarge',
  415: 'mediaType',
  429: 'tooMany',
};

/** What the framework itself refuses: a body that is too large or no JSON, too many requests. */
function ofFramework(error: unknown): Problem | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null;
  const name = named[Number(error.statusCode)];
  return name === undefined ? null : new Problem(name, error.message);
}
