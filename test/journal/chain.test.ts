import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchHash, canonicalLine, genesisHash } from '../../src/journal/chain.ts';
import type { EntryRow } from '../../src/model/entry.ts';

const row: EntryRow = {
  sequence: 1,
  v: 1,
  effectiveAt: 1768212930123456789n,
  kind: 'fill',
  id: 'e"1',
  instrument: 'BTC/USDT',
  side: 'buy',
  leg: 'net',
  quantity: '0.5',
  price: '60000.1',
  amount: null,
  currency: null,
  orderId: null,
  body: '{"a":1}',
  causedBy: null,
};

const header = {
  previousHash: genesisHash,
  account: 'main',
  firstSequence: 1,
  lastSequence: 1,
  recordedAt: 1768212931000000001n,
};

test('J31 the canonical line of an entry never changes', () => {
  expect(canonicalLine(row)).toBe(
    '[1,1,"1768212930123456789","fill","e\\"1","BTC/USDT","buy","net","0.5","60000.1",' +
      'null,null,null,"{\\"a\\":1}",null]\n',
  );
});

test('J32 a batch is hashed over its predecessor, account, range, time and lines', () => {
  const text = `["${genesisHash}","main",1,1,"1768212931000000001"]\n${canonicalLine(row)}`;
  const expected = createHash('sha256').update(text).digest('hex');
  expect(batchHash(header, [canonicalLine(row)])).toBe(expected);
  expect(expected).toBe('befd6eaa0ff1e07424597e8eb6cf62ee71b8db99a89b24f4c07e4234c2749410');
});

test('J33 a change of any column or of the header changes the hash', () => {
  const hash = batchHash(header, [canonicalLine(row)]);
  for (const column of Object.keys(row) as (keyof EntryRow)[]) {
    const changed = { ...row, [column]: row[column] === null ? 'x' : null };
    expect(batchHash(header, [canonicalLine(changed)])).not.toBe(hash);
  }
  const headers = [
    { ...header, previousHash: '1'.repeat(64) },
    { ...header, account: 'other' },
    { ...header, firstSequence: 2 },
    { ...header, lastSequence: 2 },
    { ...header, recordedAt: 0n },
  ];
  for (const other of headers) expect(batchHash(other, [canonicalLine(row)])).not.toBe(hash);
});

test('J34 the order of entries counts, the way they are fed does not', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 2, maxLength: 50 }), (texts) => {
      const lines = texts.map((text, index) =>
        canonicalLine({ ...row, id: text, sequence: index }),
      );
      const hash = batchHash(header, lines);
      expect(batchHash(header, lines.values())).toBe(hash);
      expect(batchHash(header, lines.toReversed())).not.toBe(hash);
    }),
  );
  const many = Array.from({ length: 2500 }, (_, sequence) => canonicalLine({ ...row, sequence }));
  const text = `["${genesisHash}","main",1,1,"1768212931000000001"]\n${many.join('')}`;
  expect(batchHash(header, many)).toBe(createHash('sha256').update(text).digest('hex'));
});
