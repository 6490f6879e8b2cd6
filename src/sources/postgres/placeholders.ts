/** `?` as it is written on every engine, `$1`, `$2` ... as PostgreSQL wants it. */

/** What a `?` means nothing in: quotes of every kind, and comments. */
const opaque = [
  /[eE]'(?:\\.|''|[^'\\])*'/,
  /'(?:''|[^'])*'/,
  /"(?:""|[^"])*"/,
  /\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$/,
  /--[^\n]*/,
  /\/\*[\s\S]*?\*\//,
];
const token = new RegExp(`${opaque.map((pattern) => pattern.source).join('|')}|\\?`, 'g');

export function numbered(sql: string): string {
  let count = 0;
  return sql.replace(token, (found) => {
    if (found !== '?') return found;
    count += 1;
    return `$${count}`;
  });
}
