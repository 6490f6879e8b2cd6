/** Takes secrets out of text that is about to be shown, written or sent where others read it. */

/** Our own spelling of an address, which names a user and holds nothing else: it stays. */
const nameOnly = String.raw`postgres(?:ql)?:\/\/[\w.%~-]+@[^\s"'<>@]*(?:[\s"'<>]|$)`;

const patterns: readonly (readonly [RegExp, string])[] = [
  // The user and password of an address; people write passwords with / and @ in them.
  [new RegExp(String.raw`(\b(?!${nameOnly})[a-z][a-z0-9+.-]*:\/\/)[^\s"'<>]*@`, 'gi'), '$1***@'],
  [
    /\b(password|passwd|pwd|secret|token|api[-_]?key)(["']?\s*[=:]\s*["']?)[^\s"'&,;]+/gi,
    '$1$2***',
  ],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, '$1 ***'],
  // A bot's token stands in the path of its addresses.
  [/\bbot\d{5,}:[\w-]{10,}/g, 'bot***'],
  [/\bwhsec_[\w+/=-]+/g, 'whsec_***'],
  // Of our own service, and of the address that signs in at its page.
  [/\btru_[\w-]{20,}/g, 'tru_***'],
  [/#sign-in=[\w-]+/g, '#sign-in=***'],
  // Incoming webhooks: whoever has the address may post.
  [/(hooks\.slack\.com\/services)\/[\w/]+/gi, '$1/***'],
];

/** By what secrets look like: for text in which nobody knows what stands. */
export const withoutSecrets = (text: string): string =>
  patterns.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);

/** A text that is one address or one path as a whole: a password there may hold anything. */
export const addressWithoutSecrets = (address: string): string =>
  withoutSecrets(address.replace(/^([a-z][a-z0-9+.-]*:\/\/).*[\s"'<>].*@/is, '$1***@'));

/** The address of a database as it can be typed again: with its user, and without the password. */
export const withoutPassword = (address: string): string =>
  addressWithoutSecrets(
    address.replace(/^(postgres(?:ql)?(?:\+\w+)?:\/\/[\w.%~-]+):.*@([^@]*)$/is, '$1@$2'),
  );

/** Shorter pieces are words that stand in any text. */
const lengthMin = 4;

/** By the secrets themselves: a service may repeat what it got. */
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

/** The words of public addresses: `services`, `hooks`, `alerts`, `v2` hide nothing. */
const isPlainWord = (part: string): boolean => /^(?:[a-z]{1,12}|v\d{1,2})?$/.test(part);

/** Everything of an address that may be known to its owner alone: all but the host. */
export function secretsOfUrl(url: string): readonly string[] {
  const { pathname, search, hash, username, password } = new URL(url);
  const parts = [...pathname.split('/'), ...search.split(/[?&=]/), hash.slice(1)];
  return [url, pathname, search, username, password, ...parts].filter(
    (part) => part.length >= lengthMin && !isPlainWord(part),
  );
}

/** Whether a part of it may be known to its owner alone: such an address stands in no file. */
export function holdsSecret(url: string): boolean {
  const { pathname, searchParams, hash, username, password } = new URL(url);
  const parts = [...pathname.split('/'), ...searchParams.values(), hash.slice(1)];
  const isPublic = (part: string) => part === '{symbols}' || isPlainWord(part);
  return username + password !== '' || !parts.map(decoded).every(isPublic);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // no word in any case
  }
}

/** Where an address leads, as people are shown it. */
export function hostOf(url: string): string {
  const { protocol, host, pathname, search, hash } = new URL(url);
  const isBare = pathname === '/' && search === '' && hash === '';
  return `${protocol}//${host}${isBare ? '' : '/…'}`;
}
