/**
 * A double as protobuf prints it: with 15 significant digits if they say it exactly, else 17, in the form of C's `%g`.
 *
 *     1 -> "1"    1e9 -> "1000000000"    1e20 -> "1e+20"    0.1 -> "0.1"
 */
export function printDouble(value: number): string {
  return printSpecial(value) ?? shortest(value, 15, 17, Number);
}

const MIN_NORMAL_FLOAT = 2 ** -126;

/** A float as protobuf prints it: with 6 significant digits if they say it exactly, else 9, as for all numbers too small to be normal. */
export function printFloat(value: number): string {
  return printSpecial(value) ?? (isSubnormal(value) ? general(value, 9) : shortest(value, 6, 9, (text) => Math.fround(Number(text))));
}

function isSubnormal(value: number): boolean {
  return value !== 0 && Math.abs(value) < MIN_NORMAL_FLOAT;
}

function printSpecial(value: number): string | undefined {
  if (Number.isNaN(value)) return 'nan';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  return value === Number.NEGATIVE_INFINITY ? '-inf' : undefined;
}

function shortest(value: number, few: number, many: number, read: (text: string) => number): string {
  const text = general(value, few);
  return read(text) === value ? text : general(value, many);
}

/** `%.<precision>g`. */
function general(value: number, precision: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponentText = '0'] = value.toExponential(precision - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= precision) {
    const digits = Math.abs(exponent).toString().padStart(2, '0');
    return `${trimZeros(mantissa)}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  return trimZeros(value.toFixed(precision - 1 - exponent));
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
