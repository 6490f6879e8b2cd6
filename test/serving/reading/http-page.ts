/** docs/reference/http.md and problems.md, made of the routes, and of answers of a real book. */
import {
  formOf,
  operationsOf,
  resolved,
  type Shown,
} from '../../../src/service/serving/describing/reference-page.ts';
import { type JsonSchema, type OpenApi, openApiOf } from '../../../src/service/serving/open-api.ts';
import type { ServingParts } from '../../../src/service/serving/parts.ts';
import { problems } from '../../../src/service/serving/problem.ts';
import { routes } from '../../../src/service/serving/routes.ts';
import { ask } from './asking.ts';

/** Of the book that docs/breaks.md tells of: each by the path of its route. */
const examples: Readonly<Record<string, string>> = {
  '/api/account': '/api/account?account=okx-spot',
  '/api/positions': '/api/positions?account=okx-spot',
  '/api/v1/home': '/api/v1/home',
  '/api/v1/gate/{account}': '/api/v1/gate/coinbase-spot',
  '/api/v1/accounts/{account}/balances': '/api/v1/accounts/kraken-spot/balances',
  '/api/v1/accounts/{account}/why': '/api/v1/accounts/kraken-spot/why?what=balance&key=BTC',
  '/api/v1/accounts/{account}/fills': '/api/v1/accounts/kraken-spot/fills?limit=1',
  '/api/v1/accounts/{account}/side-by-side': '/api/v1/accounts/kraken-spot/side-by-side?limit=1',
  '/api/v1/breaks': '/api/v1/breaks?limit=1',
  '/api/v1/plans': '/api/v1/plans?account=binance-perp',
  '/api/v1/approvals': '/api/v1/approvals',
  '/api/v1/audit': '/api/v1/audit?account=okx-spot&limit=2',
  '/api/v1/bridge': '/api/v1/bridge?account=kraken-spot',
};

const preamble = `# The HTTP API

\`trueup serve\` answers on this machine, at \`http://127.0.0.1:8787\` unless the settings say
otherwise. \`/openapi.json\` describes the same for programs, \`/reference\` is a page to read, and
this page is made of the same routes. Numbers are texts, times are in UTC, null is unknown with its
reason beside it, and what live and paper accounts hold is never added up.

A token goes into the header, \`Authorization: Bearer TOKEN\`; \`trueup token add\` makes one. Lists
are pages: pass \`next\` on as \`?cursor=\` until it is null. Reads carry an \`ETag\`; with
\`If-None-Match\`, what has not changed is \`304\` without a body. Whatever is refused is a problem
document: [problems](problems.md).

\`as_of\` looks back at an instant. Figures, fills and orders are of what had taken effect by then,
as it is known now; verdicts, the gate, breaks and the audit trail are of what was on record by
then. The answer says \`asOf\`, and a cursor goes on in the list of its own instant alone.
\`known_at\` looks back at what was known after an entry. A route that has neither refuses them.`;

export async function httpPage(parts: ServingParts): Promise<string> {
  const api = openApiOf(routes, 'test');
  const sections: string[] = [];
  for (const [tag, all] of operationsOf(api)) {
    const shown: string[] = [];
    for (const one of all) shown.push(await operationText(parts, api, one));
    sections.push(`## ${tag.slice(0, 1).toUpperCase()}${tag.slice(1)}\n\n${shown.join('\n\n')}`);
  }
  return `${[preamble, ...sections].join('\n\n')}\n`;
}

async function operationText(parts: ServingParts, api: OpenApi, one: Shown): Promise<string> {
  const { method, path, summary, parameters } = one;
  const url = method === 'GET' ? examples[path] : undefined;
  const example = url === undefined ? [] : [await exampleText(parts, url)];
  const rows = parameters.map(({ name, in: place, required, description = '', schema }) => {
    const cells = [`\`${name}\``, place, required ? 'required' : '', formText(schema), description];
    return `| ${cells.join(' | ')} |`;
  });
  const table = ['| name | in | | form | |', '|---|---|---|---|---|', ...rows].join('\n');
  return [
    `### \`${method} ${path}\``,
    `${summary}.`,
    ...(rows.length === 0 ? [] : [table]),
    ...membersText('Body', one.requestBody?.content, api),
    ...bodyText(one),
    ...membersText('Answer', one.responses['200']?.['content'], api),
    ...example,
  ].join('\n\n');
}

const formText = (schema: JsonSchema): string => formOf(schema).replaceAll('|', 'or');

/** `Answer: schema, asOf, ...`: what each is stands in the description for programs. */
function membersText(title: string, content: unknown, api: OpenApi): readonly string[] {
  const [type] = Object.keys((content ?? {}) as object);
  const { schema } = ((content ?? {}) as Record<string, { schema: JsonSchema }>)[type ?? ''] ?? {};
  if (schema === undefined) return [];
  const { items, ...whole } = resolved(schema, api.components.schemas);
  const { properties } = (items === undefined ? whole : items) as { readonly properties?: object };
  if (properties === undefined) return [`${title}: \`${type}\``];
  const names = Object.keys(properties).map((name) => `\`${name}\``);
  return [`${title}${items === undefined ? '' : ', a list of'}: ${names.join(', ')}`];
}

/** What the route itself shows of its body. */
function bodyText({ requestBody, method, path }: Shown): readonly string[] {
  const content = (requestBody?.content ?? {}) as Record<string, { schema: JsonSchema }>;
  const { description, examples = [] } = content['application/json']?.schema ?? {};
  const shown = (examples as readonly unknown[]).map(
    (one) => `\`${method} ${path}\`\n\n\`\`\`json\n${JSON.stringify(one, null, 2)}\n\`\`\``,
  );
  return [...(typeof description === 'string' ? [`${description}.`] : []), ...shown];
}

async function exampleText(parts: ServingParts, url: string): Promise<string> {
  const body = await ask(parts, url);
  return `\`GET ${url}\`\n\n\`\`\`json\n${JSON.stringify(body, null, 2)}\n\`\`\``;
}

export function problemsPage(): string {
  const all = Object.values(problems).toSorted(
    (a, b) => a.status - b.status || (a.code < b.code ? -1 : 1),
  );
  const parts = all.map(({ code, status, title, hint }) =>
    [`## ${code}`, `${status}. ${title}.`, `What to do: ${hint}.`].join('\n\n'),
  );
  return `${[problemsPreamble, ...parts].join('\n\n')}\n`;
}

const problemsPreamble = `# Problems

What the [HTTP API](http.md) refuses, or fails at, is answered as \`application/problem+json\`
(RFC 9457). \`type\` is \`/problems/CODE\` and stays as it is; \`status\` and \`title\` are of the
kind, \`detail\` says what is wrong with this request, \`hint\` what to do, and \`requestId\` finds
it in the log. What was refused by a rule of the book has \`refusal\`, \`where\` and \`rule\` as the
command line prints them: [errors](errors.md).`;
