import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../src/sources/postgres/address.ts';
import { numbered } from '../../src/sources/postgres/placeholders.ts';
import { SourceError } from '../../src/sources/source-error.ts';

const refusal = (url: string): SourceError => {
  try {
    parseAddress(url);
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  throw new Error(`${url} was not refused`);
};

describe('an address', () => {
  test.each([
    ['postgresql://bot:s3cret@db.example/falcon', 'postgresql://bot@db.example:5432/falcon'],
    ['postgres://bot:s3cret@DB.example:6000/falcon', 'postgresql://bot@DB.example:6000/falcon'],
    ['postgresql+psycopg2://bot:s3cret@h/falcon', 'postgresql://bot@h:5432/falcon'],
    ['postgresql://bot:p%40s%2Fs3cret@h/falcon', 'postgresql://bot@h:5432/falcon'],
    ['postgresql://bot:two@s3cret@h/falcon', 'postgresql://bot@h:5432/falcon'],
    ['postgresql://h/falcon?user=bot&password=s3cret', 'postgresql://bot@h:5432/falcon'],
    ['postgresql://bot:s3cret@[::1]:6000/falcon', 'postgresql://bot@[::1]:6000/falcon'],
    [
      'postgresql://bot:s3cret@h/falcon?schema=Paper',
      'postgresql://bot@h:5432/falcon?schema=Paper',
    ],
    [
      'postgresql://bot:s3cret@/falcon?host=/run/pg&port=6000',
      'postgresql://bot@/falcon?host=/run/pg&port=6000',
    ],
    [
      'postgresql://bot:s3cret@%2Frun%2Fpg:6000/falcon',
      'postgresql://bot@/falcon?host=/run/pg&port=6000',
    ],
  ])('Q50 Q63 %s is shown with its user and without its password', (url, location) => {
    expect(parseAddress(url).location).toBe(location);
    expect(parseAddress(url).role).toBe('bot');
    expect(JSON.stringify(parseAddress(url).location)).not.toContain('s3cret');
  });

  test.each([
    ['another scheme', 'mysql://bot:s3cret@h/falcon'],
    ['# in the password', 'postgresql://bot:12#s3cret@h/falcon'],
    ['/ in the password', 'postgresql://bot:12/s3cret@h/falcon'],
    ['? in the password', 'postgresql://bot:12?s3cret@h/falcon'],
    ['a host that is none', 'postgresql://bot:s3cret@h:port/falcon'],
    ['several hosts', 'postgresql://bot:s3cret@h1:1,h2:2/falcon'],
    ['a parameter that is not known', 'postgresql://bot@h/falcon?s3cret=1'],
    ['half an escape', 'postgresql://bot:s3cret%@h/falcon'],
    ['a port that is no number', 'postgresql://bot:s3cret@h/falcon?port=x'],
    ['an sslmode that is not known', 'postgresql://bot:s3cret@h/falcon?sslmode=s3cret'],
    ['a certificate that is not there', 'postgresql://bot:s3cret@h/falcon?sslrootcert=none.crt'],
  ])('Q50 Q63 an address with %s is refused, and not quoted', (_, url) => {
    const error = refusal(url);
    expect(error.code).toBe('source-missing');
    expect([error.message, error.hint, error.stack, String(error.cause)].join()).not.toContain(
      's3cret',
    );
  });

  test.each([
    ['', { rejectUnauthorized: false }, true],
    ['?sslmode=prefer', { rejectUnauthorized: false }, true],
    ['?sslmode=disable', false, false],
    ['?sslmode=require', { rejectUnauthorized: false }, false],
    ['?sslmode=verify-ca', { checkServerIdentity: expect.any(Function) }, false],
    ['?sslmode=verify-full', {}, false],
  ])(
    'Q65 the parameters "%s" ask for TLS as every PostgreSQL program does',
    (query, tls, prefer) => {
      const address = parseAddress(`postgresql://bot@h/falcon${query}`);
      expect(address.config.ssl).toEqual(tls);
      expect(address.preferTls).toBe(prefer);
    },
  );

  test('Q65 a socket speaks no TLS unless it is asked to', () => {
    expect(parseAddress('postgresql:///falcon?host=/run/pg').config.ssl).toBe(false);
  });
});

test.each([
  ['SELECT ? + ?', 'SELECT $1 + $2'],
  ["SELECT '?', ?", "SELECT '?', $1"],
  ["SELECT 'it''s ?', ?", "SELECT 'it''s ?', $1"],
  ["SELECT E'it\\'s ?', ?", "SELECT E'it\\'s ?', $1"],
  ["SELECT '\\', ?, '\\'", "SELECT '\\', $1, '\\'"],
  ['SELECT "is it?" FROM t WHERE a = ?', 'SELECT "is it?" FROM t WHERE a = $1'],
  ['SELECT $$ ? $$, $a$ ? $$ ? $a$, ?', 'SELECT $$ ? $$, $a$ ? $$ ? $a$, $1'],
  ['SELECT ? -- why?\n, ?', 'SELECT $1 -- why?\n, $2'],
  ['SELECT /* why? */ ?', 'SELECT /* why? */ $1'],
])('Q51 %j is asked as %j', (written, asked) => {
  expect(numbered(written)).toBe(asked);
});
