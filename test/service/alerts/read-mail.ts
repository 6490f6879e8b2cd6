/** Reads the little of mail that ours are made of: headers, and text in two forms. */

export interface ReadMail {
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function mailOf(raw: string): ReadMail {
  const [headers, body] = partOf(raw);
  const boundary = /boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) throw new Error('a mail of one part');
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((one) => partOf(one.trimStart()));
  const decoded = (type: string): string => {
    const [head, content] = parts.find(([one]) => one['content-type']?.startsWith(type)) ?? [];
    if (head === undefined) throw new Error(`no ${type}`);
    return decode(content!, head['content-transfer-encoding'] ?? '7bit');
  };
  return {
    headers,
    subject: words(headers['subject'] ?? ''),
    text: decoded('text/plain'),
    html: decoded('text/html'),
  };
}

function partOf(raw: string): readonly [Readonly<Record<string, string>>, string] {
  const at = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, at)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return [Object.fromEntries(headers) as Record<string, string>, raw.slice(at + 4)];
}

function decode(content: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(content, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return content;
  return bytes(content.replaceAll(/=\r\n/g, ''));
}

const bytes = (text: string): string =>
  Buffer.from(
    text.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

/** RFC 2047. */
const words = (text: string): string =>
  text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_, form: string, word: string) =>
      form.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString('utf8')
        : bytes(word.replaceAll('_', ' ')),
    );
