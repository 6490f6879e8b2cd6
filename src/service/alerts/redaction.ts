/** Takes given secrets out of a text that somebody else wrote: a service may repeat what it got. */

/** Shorter pieces are words that stand in any text. */
const lengthMin = 4;

export function withoutThese(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ]);
  const longestFirst = forms.filter((one) => one.length >= lengthMin).sort(byLength);
  return longestFirst.reduce((clean, one) => clean.replaceAll(one, '***'), text);
}

const byLength = (a: string, b: string): number => b.length - a.length;

/** Everything of an address that may be known to its owner alone: all but the host. */
export function secretsOfUrl(url: string): readonly string[] {
  const { pathname, search, username, password } = new URL(url);
  const parts = [...pathname.split('/'), ...search.split(/[?&=]/)];
  return [url, pathname, search, username, password, ...parts].filter(
    // The words of public addresses: `services`, `hooks`, `alerts` hide nothing.
    (part) => part.length >= lengthMin && !/^[a-z]{1,12}$/.test(part),
  );
}

/** Where an address leads, as people are shown it. */
export function hostOf(url: string): string {
  const { protocol, host, pathname, search } = new URL(url);
  return `${protocol}//${host}${pathname === '/' && search === '' ? '' : '/…'}`;
}
