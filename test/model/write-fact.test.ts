import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFact } from '../../src/model/parse-fact.ts';
import { parseNdjson } from '../../src/model/parse-ndjson.ts';
import { factLine, writeFact } from '../../src/model/write-fact.ts';
import { anyFact } from './arbitrary-facts.ts';
import { correction, factOf, fill, opening, rename, transfer } from './examples.ts';

describe('what is written', () => {
  test('M20 reads back as the same fact', () => {
    fc.assert(
      fc.property(anyFact, (fact) => {
        expect(parseFact(writeFact(fact), {}, { strict: true })).toEqual({
          fact,
          refusals: [],
          warnings: [],
        });
      }),
      { numRuns: 3000 },
    );
  });

  test('M20 reads back through its line, and is written the same again', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 5 }), (facts) => {
        const lines = facts.map(factLine);
        const read = [...parseNdjson(lines, null, { strict: true })].map((one) => one.fact);
        expect(read).toEqual(facts);
        expect(read.map((fact) => factLine(fact!))).toEqual(lines);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    [
      { ...fill, feeCurrency: 'USDT', fee: '0.030', orderId: 'o1', provisional: true },
      '{"kind":"fill","account":"main","instrument":"BTC/USDT:USDT","leg":"net","side":"buy",' +
        '"quantity":"0.5","price":"60000.1","fee":"0.03","feeCurrency":"USDT",' +
        '"executionId":"e1","orderId":"o1","cause":"trade","provisional":true,' +
        '"time":"2024-05-01T12:30:00Z"}',
    ],
    [
      transfer,
      '{"kind":"transfer","account":"main","currency":"USDT","amount":"-50",' +
        '"counterAccount":"spot","transferId":"t1","time":"2024-05-01T12:30:00Z"}',
    ],
    [
      opening,
      '{"kind":"opening","account":"main","time":"2024-05-01T12:30:00Z",' +
        '"balances":[{"currency":"BTC","total":"1","cost":"60000"}],' +
        '"positions":[{"instrument":"BTC/USDT:USDT","leg":"net","quantity":"-5",' +
        '"averagePrice":"100"}]}',
    ],
    [
      rename,
      '{"kind":"rename","account":"main","from":"FB/USD","to":"META/USD","ratio":"1/1",' +
        '"id":"n1","time":"2024-05-01T12:30:00Z"}',
    ],
    [
      correction,
      '{"kind":"correction","account":"main","correctionId":"k1","executionId":"e1",' +
        '"price":"60000.2","time":"2024-05-01T12:30:00Z"}',
    ],
  ])('M20 has the order of the documented format: %j', (given, line) => {
    expect(factLine(factOf(given))).toBe(line);
  });

  test('M9 tells a fee that is not known from none, one and several', () => {
    const fees = [
      { currency: 'USDT', amount: '1' },
      { currency: 'BNB', amount: '2' },
    ];
    const written = (given: object) => writeFact(factOf({ ...fill, ...given }));
    expect(written({})).toHaveProperty('fee', null);
    expect(written({ fee: '0' })).toHaveProperty('fee', '0');
    expect(written({ fees })).toHaveProperty('fees', fees);
    expect(written({ fees })).not.toHaveProperty('fee');
  });
});
