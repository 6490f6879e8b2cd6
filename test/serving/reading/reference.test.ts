/** The description of the API: valid, whole, and the same wherever it stands. */
import { afterEach, describe, expect, test } from 'vitest';
import { reasonTitles } from '../../../src/model/reason.ts';
import { breaksPage } from '../../../src/service/serving/describing/breaks-page.ts';
import {
  referencePage,
  referenceStyle,
} from '../../../src/service/serving/describing/reference-page.ts';
import { type JsonSchema, openApiOf } from '../../../src/service/serving/open-api.ts';
import { problems } from '../../../src/service/serving/problem.ts';
import { routes } from '../../../src/service/serving/routes.ts';
import { closeDesks } from '../../service/reconcile/desk.ts';
import { partsOn } from './asking.ts';
import { httpPage, problemsPage } from './http-page.ts';
import { openMorning } from './rich-book.ts';

afterEach(closeDesks);

const api = openApiOf(routes, '1.2.3');
const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, one]) => ({ path, method, one })),
);

/** Every object inside, with where it stands. */
function* objectsIn(value: unknown, at = '#'): Generator<readonly [string, JsonSchema]> {
  if (typeof value !== 'object' || value === null) return;
  yield [at, value as JsonSchema];
  for (const [name, inner] of Object.entries(value)) yield* objectsIn(inner, `${at}/${name}`);
}

const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

/** What OpenAPI 3.1 and JSON Schema ask of it, as far as we use them. */
function faults(): readonly string[] {
  const found: string[] = [];
  const wrong = (condition: boolean, said: string) => void (condition || found.push(said));
  wrong(/^3\.1\.\d+$/.test(api.openapi), 'openapi is no version 3.1');
  wrong(api.info.title !== '' && api.info.version === '1.2.3', 'info');
  const ids = operations.map(({ one }) => one.operationId);
  wrong(new Set(ids).size === ids.length, `an operationId stands twice`);
  for (const { path, method, one } of operations) {
    const at = `${method} ${path}`;
    wrong(/^(get|post|delete)$/.test(method) && path.startsWith('/'), `${at}: no operation`);
    wrong(/^[A-Za-z]\w*$/.test(one.operationId), `${at}: ${one.operationId}`);
    wrong(one.tags.length === 1 && one.summary.length > 5, `${at}: tags or summary`);
    wrong(
      api.tags.some(({ name }) => name === one.tags[0]),
      `${at}: the tag is not listed`,
    );
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const inPath = one.parameters.filter((each) => each.in === 'path');
    wrong(String(inPath.map(({ name }) => name).sort()) === String(named.sort()), `${at}: params`);
    wrong(
      inPath.every(({ required }) => required),
      `${at}: a path parameter is not required`,
    );
    const keys = one.parameters.map((each) => `${each.in} ${each.name}`);
    wrong(new Set(keys).size === keys.length, `${at}: a parameter stands twice`);
    for (const [status, response] of Object.entries(one.responses)) {
      wrong(/^[2-5]\d\d$/.test(status), `${at}: status ${status}`);
      wrong(typeof response['description'] === 'string', `${at} ${status}: no description`);
    }
  }
  for (const [at, one] of objectsIn(api)) {
    const { type, $ref } = one;
    if (at.includes('/schema') && typeof type === 'string')
      wrong(types.includes(type), `${at}: ${type}`);
    if (typeof $ref !== 'string') continue;
    const name = /^#\/components\/schemas\/([A-Za-z0-9._-]+)$/.exec($ref)?.[1];
    wrong(name !== undefined && name in api.components.schemas, `${at}: ${$ref} is nowhere`);
  }
  return found;
}

describe('RD9 the description for programs', () => {
  test('RD9 is valid OpenAPI 3.1', () => {
    expect(faults()).toEqual([]);
  });

  test('RD9 has each route, its scope, what it takes and what it answers', () => {
    for (const { method, path, scope, query, body, idempotencyKey } of routes) {
      const one = api.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      expect(one, path).toBeDefined();
      expect(one!.security).toEqual(scope === null ? [] : [{ token: [scope] }]);
      expect(one!.requestBody === undefined, path).toBe(body === null);
      expect(Object.keys(one!.responses)).toContain('200');
      const names = one!.parameters.map(({ name }) => name);
      expect(names.includes('Idempotency-Key')).toBe(method !== 'GET' && idempotencyKey !== false);
      const asked = query === null ? [] : Object.keys((query as { shape?: object }).shape ?? {});
      expect(names).toEqual(expect.arrayContaining(asked));
    }
    expect(Object.keys(api.paths)).toEqual(expect.arrayContaining(['/api/stream']));
  });

  test('RD9 says for what each may be refused, by the code that stays', () => {
    const known = new Set(Object.values(problems).map(({ code }) => code));
    for (const { path, one } of operations) {
      const refusals = Object.entries(one.responses).filter(([status]) => status !== '200');
      expect(refusals.length, path).toBeGreaterThan(0);
      for (const [status, { description, content }] of refusals) {
        const codes = String(description)
          .split('; ')
          .map((each) => each.split(':')[0]!);
        for (const code of codes) expect(known, `${path} ${status}`).toContain(code);
        expect(Object.keys(content as object)).toEqual(['application/problem+json']);
      }
      const statuses = refusals.map(([status]) => status);
      if (one.security.length > 0) expect(statuses).toEqual(expect.arrayContaining(['401', '403']));
      // A body of another type is answered so by every write.
      expect(statuses.includes('415'), path).toBe('409' in one.responses);
    }
  });
});

test('RD10 the page to read names every route, and runs no script', () => {
  const page = referencePage(api);
  for (const { path, one } of operations) {
    expect(page).toContain(`id="${one.operationId}"`);
    expect(page).toContain(path);
  }
  expect(page).not.toMatch(/<script|\son\w+=|style="|javascript:/i);
  expect(page).toContain('href="/reference.css"');
  expect(referenceStyle).toContain('color-scheme: light dark');
});

test('UI20 every code of a cause has its place on the page of breaks', () => {
  const page = breaksPage();
  for (const [code, title] of Object.entries(reasonTitles)) {
    expect(page).toContain(`<article id="${code}"><h3>${code}</h3>\n<p><b>${title}</b></p>`);
  }
  expect(page).toContain('<code>sync --adjust</code>');
  expect(page).not.toMatch(/<script|\son\w+=|style="|`|\|/i);
});

test('RD10 the reference is made of the routes, its examples of a real book', async () => {
  const desk = await openMorning();
  const page = await httpPage(partsOn(desk));
  await expect(page).toMatchFileSnapshot('../../../docs/reference/http.md');
});

test('RD11 the reference of problems has every kind there is', async () => {
  await expect(problemsPage()).toMatchFileSnapshot('../../../docs/reference/problems.md');
});
