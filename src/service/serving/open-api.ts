/**
 * The description of the API, OpenAPI 3.1, made of the routes that answer: what a schema says is
 * what is validated, and nothing is described twice.
 */
import { z } from 'zod';
import { problemDocument } from './documents/settings.ts';
import { type ProblemName, problems } from './problem.ts';
import type { Route } from './route.ts';
import { streamPaths } from './streaming/sse.ts';

export type JsonSchema = { readonly [name: string]: unknown };

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly security: readonly { readonly token: readonly string[] }[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: JsonSchema };
  readonly responses: { readonly [status: string]: JsonSchema };
}

export type OpenApi = ReturnType<typeof openApiOf>;

export function openApiOf(routes: readonly Route[], version: string) {
  const schemas: Record<string, JsonSchema> = { problem: schemaOf(problemDocument) };
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas) };
  }
  for (const path of streamPaths) paths[path] = { get: streamOperation(path) };
  const token = { type: 'http', scheme: 'bearer', description: 'A token of trueup token add' };
  return {
    openapi: '3.1.0',
    info: { title: 'Trueup', version, description, license },
    servers: [{ url: '/' }],
    tags: [...new Set([...routes.map(({ tag }) => tag), 'stream'])].map((name) => ({ name })),
    paths,
    components: { schemas, securitySchemes: { token } },
  };
}

const license = { name: 'Apache-2.0', identifier: 'Apache-2.0' };
const description =
  'The book of record for trading bots. Decimals are texts, times are RFC 3339 in UTC, and null ' +
  'is unknown, with its reason beside it. Lists are pages: pass `next` on as `cursor`. Members ' +
  'may be added to answers, and none is taken away or changed.';

const safeMax = Number.MAX_SAFE_INTEGER;

/** As somebody sends it, or may count on. */
function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    ...{ io: 'input', unrepresentable: 'any' },
    override({ jsonSchema }) {
      // What every whole number has says nothing of this one.
      if (jsonSchema.maximum === safeMax) delete jsonSchema.maximum;
      if (jsonSchema.minimum === -safeMax) delete jsonSchema.minimum;
    },
  });
  return made;
}

function operationOf(route: Route, schemas: Record<string, JsonSchema>): Operation {
  const { method, path, tag, summary, scope, body } = route;
  return {
    operationId: idOf(method, path),
    ...{ tags: [tag], summary: scope === null ? summary : `${summary}. Scope: ${scope}` },
    security: scope === null ? [] : [{ token: [scope] }],
    parameters: [
      ...parametersOf('path', route.params),
      ...parametersOf('query', route.query),
      ...(isKeyed(route) ? [keyParameter] : []),
    ],
    ...(body === null ? {} : { requestBody: bodyOf(body, route) }),
    responses: { 200: answerOf(route, schemas), ...refusalsOf(route) },
  };
}

/** One that is read with every digit of its numbers is JSON all the same, and no text. */
function bodyOf(body: z.ZodType, { text = false }: Route) {
  const schema = schemaOf(body);
  const content = contentOf(text ? { ...schema, type: ['object', 'array'] } : schema);
  return { required: !body.safeParse({}).success, content };
}

/** `GET /api/v1/accounts/:account/why` is `getV1AccountsAccountWhy`. */
function idOf(method: string, path: string): string {
  const words = path.replace('/api/v1', '/v1').split(/[^A-Za-z0-9]+/);
  return (
    method.toLowerCase() + words.map((one) => one.slice(0, 1).toUpperCase() + one.slice(1)).join('')
  );
}

const isKeyed = ({ method, idempotencyKey }: Route): boolean =>
  method !== 'GET' && idempotencyKey !== false;

const keyParameter: Parameter = {
  ...{ name: 'Idempotency-Key', in: 'header', required: true },
  description: 'A new random text with each new write, and the same one when it is sent again',
  schema: { type: 'string' },
};

function parametersOf(place: 'path' | 'query', schema: z.ZodType | null): readonly Parameter[] {
  if (schema === null) return [];
  const made = schemaOf(schema) as {
    readonly properties?: { readonly [name: string]: JsonSchema };
    readonly required?: readonly string[];
  };
  return Object.entries(made.properties ?? {}).map(([name, { description: said, ...rest }]) => ({
    ...{ name, in: place },
    required: place === 'path' || made.required?.includes(name) === true,
    ...(typeof said === 'string' ? { description: said } : {}),
    schema: rest,
  }));
}

const contentOf = (schema: JsonSchema): JsonSchema => ({ 'application/json': { schema } });

/** A document is named by its schema, and stands once. */
function answerOf({ answer, types = [] }: Route, schemas: Record<string, JsonSchema>): JsonSchema {
  const schema = schemaOf(answer);
  const others = Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }]));
  if (schema['type'] === 'string') {
    return { description: 'Text', content: { 'text/plain': { schema }, ...others } };
  }
  const name = nameOf(schema);
  if (name === null) return { description: 'The answer', content: contentOf(schema) };
  schemas[name] = schema;
  const reference = { $ref: `#/components/schemas/${name}` };
  return { description: name, content: { ...contentOf(reference), ...others } };
}

function nameOf({ properties }: JsonSchema): string | null {
  const { schema } = (properties ?? {}) as { readonly schema?: { readonly const?: string } };
  return schema?.const?.replace('/', '.') ?? null;
}

/** What each kind of route may be refused for. */
function refusalsOf(route: Route): { readonly [status: string]: JsonSchema } {
  const { method, params, query, scope } = route;
  const isWrite = method !== 'GET';
  const names: readonly ProblemName[] = [
    // Also a parameter that nobody reads.
    'invalid',
    ...(isWrite ? (['refused'] as const) : []),
    ...(isKeyed(route) ? (['keyMissing', 'keyReused', 'underWay'] as const) : []),
    ...(scope === null ? [] : (['unauthenticated', 'forbidden'] as const)),
    ...(isWrite ? (['conflict', 'stale', 'tooLarge', 'mediaType', 'held'] as const) : []),
    ...(params === null && parametersOf('query', query).length === 0 ? [] : (['unknown'] as const)),
    ...(['tooMany', 'internal'] as const),
  ];
  return refusalResponses(names);
}

function refusalResponses(names: readonly ProblemName[]): {
  readonly [status: string]: JsonSchema;
} {
  const byStatus = Map.groupBy(names, (name) => problems[name].status);
  const schema = { $ref: '#/components/schemas/problem' };
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, all]) => [
        String(status),
        {
          description: all
            .map((name) => `${problems[name].code}: ${problems[name].title}`)
            .join('; '),
          content: { 'application/problem+json': { schema } },
        },
      ]),
  );
}

const text = { type: 'string' };

const streamOperation = (path: string): Operation => ({
  operationId: idOf('GET', path),
  tags: ['stream'],
  summary: 'Everything that is booked, as it happens, and what was missed before it. Scope: read',
  security: [{ token: ['read'] }],
  parameters: [
    { name: 'account', in: 'query', required: false, schema: text },
    { name: 'lastEventId', in: 'query', required: false, schema: text },
    { name: 'Last-Event-ID', in: 'header', required: false, schema: text },
  ],
  responses: {
    200: {
      description:
        'Server-sent events: entry, duty, reset. The id of an entry is good for thirty days; ' +
        'an older one is answered with reset: read everything again',
      content: { 'text/event-stream': { schema: text } },
    },
    ...refusalResponses(['invalid', 'unauthenticated', 'forbidden', 'unknown', 'tooMany', 'full']),
  },
});
