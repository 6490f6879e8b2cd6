/** Numbers of other programs as plain decimal text: no exponent, no sign where it says nothing. */

const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/**
 * The same number with all its digits: `1e-7` is 0.0000001, `+.5` is 0.5. Null where the text is
 * no finite number. Exact: digits are only moved.
 */
export function plainNumber(text: string): string | null {
  const [matched, sign, whole = '', fraction = '', exponent = '0'] = form.exec(text) ?? [];
  if (matched === undefined || whole.length + fraction.length === 0) return null;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const before = digits
    .slice(0, Math.max(point, 0))
    .padEnd(point, '0')
    .replace(/^0+(?=\d)/, '');
  const behind = point < 0 ? '0'.repeat(-point) + digits : digits.slice(point);
  const size = [before || '0', behind.replace(/0+$/, '')].filter(Boolean).join('.');
  return sign === '-' && size !== '0' ? `-${size}` : size;
}
