import { describe, expect, test } from 'vitest';
import { editDistance, nearest } from '../../src/model/nearest.ts';

describe('the word somebody meant', () => {
  test.each([
    ['', '', 0],
    ['fill', 'fil', 1],
    ['fill', 'bill', 1],
    ['execId', 'executionId', 5],
  ])('from %j to %j it is %i letters', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  test.each([
    ['BUY', 'buy'],
    ['qantity', 'quantity'],
    ['executionID', 'executionId'],
    ['volume', null],
    ['x'.repeat(10_000), null],
    ['', null],
  ])('%j gives %j', (word, expected) => {
    expect(nearest(word, ['buy', 'quantity', 'executionId', 'price'])).toBe(expected);
  });
});
