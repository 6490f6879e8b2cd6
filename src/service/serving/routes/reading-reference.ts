/** The API described: for programs, and as a page to read. */
import { z } from 'zod';
import { breaksPage } from '../describing/breaks-page.ts';
import { referencePage, referenceStyle } from '../describing/reference-page.ts';
import { type OpenApi, openApiOf } from '../open-api.ts';
import { type Route, route } from '../route.ts';

const words = { method: 'GET', tag: 'reference', scope: null, holdsMs: null } as const;

/** Of these routes; made once, when it is asked for first. */
export function referenceRoutes(routes: readonly Route[]): readonly Route[] {
  let made: { readonly api: OpenApi; readonly page: string } | null = null;
  const all: Route[] = [...routes];
  const described = (version: string) => {
    if (made === null) {
      const api = openApiOf(all, version);
      made = { api, page: referencePage(api) };
    }
    return made;
  };
  const own = [
    route(
      {
        ...{ ...words, path: '/openapi.json', summary: 'This API as OpenAPI 3.1' },
        answer: z.looseObject({ openapi: z.literal('3.1.0') }),
      },
      ({ version }) => ({ body: described(version).api }),
    ),
    route(
      {
        ...{ ...words, path: '/reference', summary: 'This API as a page to read' },
        ...{ answer: z.string(), types: ['text/html'] },
      },
      ({ version }) => ({ body: described(version).page, type: 'text/html; charset=utf-8' }),
    ),
    route(
      {
        ...{ ...words, path: '/reference/breaks', summary: 'Why a break is: each code explained' },
        ...{ answer: z.string(), types: ['text/html'] },
      },
      () => ({ body: breaksPage(), type: 'text/html; charset=utf-8' }),
    ),
    route(
      {
        ...{ ...words, path: '/reference.css', summary: 'The sheet of that page' },
        ...{ answer: z.string(), types: ['text/css'] },
      },
      () => ({ body: referenceStyle, type: 'text/css; charset=utf-8' }),
    ),
  ];
  all.push(...own);
  return own;
}
