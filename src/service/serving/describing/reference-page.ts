/** The description of the API as one page to read: no script, and a sheet of its own. */
import type { JsonSchema, OpenApi, Operation, Parameter } from '../open-api.ts';

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

export const tagged = (name: string, text: string, attributes = ''): string =>
  `<${name}${attributes}>${text}</${name}>`;

export interface Shown extends Operation {
  readonly method: string;
  readonly path: string;
}

/** In the order of the routes, by their tags. */
export function operationsOf({ paths }: OpenApi): ReadonlyMap<string, readonly Shown[]> {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({
      ...one,
      ...{ method: method.toUpperCase(), path },
    })),
  );
  return Map.groupBy(all, ({ tags }) => tags[0]!);
}

export function referencePage(api: OpenApi): string {
  const groups = operationsOf(api);
  const links = [...groups].map(([tag, all]) => {
    const items = all.map((one) => tagged('li', linkTo(one))).join('');
    return tagged('section', tagged('h2', escaped(tag)) + tagged('ul', items));
  });
  const parts = [...groups].map(([tag, all]) => {
    const shown = all.map((one) => operationHtml(one, api.components.schemas)).join('\n');
    return tagged('section', `${tagged('h2', escaped(tag))}\n${shown}`);
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trueup API ${escaped(api.info.version)}</title>
<link rel="stylesheet" href="/reference.css">
</head>
<body>
<header><h1>Trueup API</h1><p>${escaped(api.info.description)}</p>
<p><a href="/openapi.json">openapi.json</a>, for programs</p></header>
<div class="page"><nav aria-label="Routes">${links.join('')}</nav>
<main>
${parts.join('\n')}
</main></div>
</body>
</html>
`;
}

const linkTo = ({ method, path, operationId }: Shown): string =>
  tagged('a', `<b>${method}</b> ${escaped(path)}`, ` href="#${operationId}"`);

function operationHtml(one: Shown, schemas: OpenApi['components']['schemas']): string {
  const { method, path, operationId, summary, parameters, requestBody, responses } = one;
  const parts = [
    tagged('h3', `<b class="${method.toLowerCase()}">${method}</b> ${escaped(path)}`),
    tagged('p', escaped(summary)),
    parameters.length === 0 ? '' : parametersHtml(parameters),
    requestBody === undefined ? '' : schemaHtml('Body', requestBody.content, schemas),
    ...Object.entries(responses).map(([status, response]) =>
      responseHtml(status, response, schemas),
    ),
  ];
  return tagged('article', parts.filter(Boolean).join('\n'), ` id="${operationId}"`);
}

function parametersHtml(parameters: readonly Parameter[]): string {
  const rows = parameters.map((one) => {
    const cells = [
      tagged('code', escaped(one.name)),
      one.in,
      one.required ? 'required' : '',
      tagged('code', escaped(formOf(one.schema))),
      escaped(one.description ?? ''),
    ];
    return tagged('tr', cells.map((cell) => tagged('td', cell)).join(''));
  });
  const heads = ['Name', 'In', '', 'Form', ''].map((head) => tagged('th', head)).join('');
  return tagged('table', tagged('thead', tagged('tr', heads)) + tagged('tbody', rows.join('')));
}

/** `integer 1..500, default 100`, or the words that it may be. */
export function formOf(schema: JsonSchema): string {
  const { type, minimum, maximum, maxLength, default: usual } = schema;
  const words = schema['enum'] as readonly string[] | undefined;
  const range =
    minimum === undefined && maximum === undefined ? '' : ` ${minimum ?? ''}..${maximum ?? ''}`;
  const length = maxLength === undefined ? '' : ` ..${maxLength}`;
  const form = words?.join(' | ') ?? `${schema['format'] ?? type ?? 'any'}${range}${length}`;
  return usual === undefined ? form : `${form}, default ${usual}`;
}

function responseHtml(
  status: string,
  { description, content }: JsonSchema,
  schemas: OpenApi['components']['schemas'],
): string {
  const words = `<b>${status}</b> ${escaped(String(description))}`;
  if (status !== '200') return tagged('p', words, ' class="refusal"');
  return schemaHtml(words, content as JsonSchema, schemas);
}

function schemaHtml(
  title: string,
  content: JsonSchema,
  schemas: OpenApi['components']['schemas'],
): string {
  const [first] = Object.values(content) as { readonly schema: JsonSchema }[];
  const shown = resolved(first!.schema, schemas);
  const text = escaped(JSON.stringify(shown, null, 1));
  return tagged('details', tagged('summary', title) + tagged('pre', text));
}

/** The named schema itself, for whoever reads. */
export function resolved(
  schema: JsonSchema,
  schemas: OpenApi['components']['schemas'],
): JsonSchema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  return schemas[reference.slice('#/components/schemas/'.length)] ?? schema;
}

export const referenceStyle = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 78rem; padding: 1rem; }
.page { display: grid; gap: 2rem; grid-template-columns: minmax(0, 20rem) minmax(0, 1fr); }
nav { align-self: start; font-size: 0.85rem; max-height: 95vh; overflow: auto; }
nav { position: sticky; top: 0; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav h2 { font-size: 1rem; margin: 0.8rem 0 0.2rem; }
a { color: inherit; overflow-wrap: anywhere; }
article { border-top: 1px solid color-mix(in srgb, currentcolor 25%, transparent); }
article { padding: 1rem 0; }
h3 { font-family: ui-monospace, monospace; font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: 0.9rem; width: 100%; }
th, td { border-bottom: 1px solid color-mix(in srgb, currentcolor 15%, transparent); }
th, td { padding: 0.2rem 0.6rem 0.2rem 0; text-align: left; vertical-align: top; }
pre { font-size: 0.8rem; max-height: 30rem; overflow: auto; }
.refusal { font-size: 0.85rem; margin: 0.2rem 0; }
@media (max-width: 50rem) { .page { display: block; } nav { max-height: none; position: static; } }
`;
