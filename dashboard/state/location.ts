/** Where the page is: its path and its query, kept in the address so that a view can be sent on. */
import { computed, signal } from '@preact/signals';

const here = () => new URL(window.location.href);
const address = signal(here());

export const path = computed(() => address.value.pathname);
export const query = computed(() => address.value.searchParams);
/** An instant of the past that is looked at; null: now. */
export const asOf = computed(() => query.value.get('as_of'));

export function startLocation(): void {
  addEventListener('popstate', () => {
    address.value = here();
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || link.target !== '' || link.hasAttribute('download')) return;
    if (link.origin !== window.location.origin || !isPage(link.pathname)) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

/** Other addresses of the service are files and answers, not pages. */
const isPage = (pathname: string) => !/^\/(api|assets|icons|reference|openapi)/.test(pathname);

/** The instant that is looked at goes along. */
export function go(to: string): void {
  const url = new URL(to, window.location.origin);
  if (asOf.value !== null && !url.searchParams.has('as_of')) {
    url.searchParams.set('as_of', asOf.value);
  }
  history.pushState(null, '', url);
  address.value = url;
  scrollTo(0, 0);
  document.getElementById('main')?.focus({ preventScroll: true });
}

/** Changes members of the query; null takes one away. */
export function setQuery(changes: Readonly<Record<string, string | null>>): void {
  const url = new URL(address.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  history.replaceState(null, '', url);
  address.value = url;
}

/** What was typed as an address may be none. */
export function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // It leads nowhere, which is what the page says.
  }
}
