/** Takes secrets out of text that is about to be written where others read it. */

const patterns: readonly (readonly [RegExp, string])[] = [
  // The user and password of an address; people write passwords with / and @ in them.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s"'<>]*@/gi, '$1***@'],
  [
    /\b(password|passwd|pwd|secret|token|api[-_]?key)(["']?\s*[=:]\s*["']?)[^\s"'&,;]+/gi,
    '$1$2***',
  ],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, '$1 ***'],
  // A bot's token stands in the path of its addresses.
  [/\bbot\d{5,}:[\w-]{10,}/g, 'bot***'],
  [/\bwhsec_[\w+/=-]+/g, 'whsec_***'],
  // Incoming webhooks: whoever has the address may post.
  [/(hooks\.slack\.com\/services)\/[\w/]+/gi, '$1/***'],
];

export const withoutSecrets = (text: string): string =>
  patterns.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);
