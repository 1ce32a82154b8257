/** The digits of base64url (RFC 4648), six bits each. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const values = new Map([...alphabet].map((digit, value) => [digit, value]));

/** A value is `mantissa` × 10^`exponent`, with a mantissa below this and these exponents. */
const mantissas = 10_000;
const [leastExponent, mostExponent] = [-7, 5];
/** A point with the exponent of the one before takes two digits, if its mantissa differs by less than this. */
const deltaMost = 1024;
/** The first bit of a longer point. */
const longFlag = 32;

type Point = { readonly mantissa: number; readonly exponent: number };

const toNumber = ({ mantissa, exponent }: Point) => Number(`${mantissa}e${exponent}`);

/** Returns a value with as many digits as fit; null = it has more than four, is too large, or negative. */
function toPoint(value: number): Point | null {
  if (!(value >= 0)) return null;
  for (let exponent = leastExponent; exponent <= mostExponent; exponent += 1) {
    const mantissa = Math.round(value / 10 ** exponent);
    if (mantissa >= mantissas) continue;
    const point = { mantissa, exponent };
    return toNumber(point) === value ? point : null;
  }
  return null;
}

/** Writes the low bits of a number as digits, the highest first. */
function write(number: number, digits: number): string {
  let text = '';
  for (let shift = 6 * (digits - 1); shift >= 0; shift -= 6) text += alphabet[(number >> shift) & 63] ?? '';
  return text;
}

/**
 * Packs numbers of at most four significant digits: two digits of base64url for a number that is close to the one before,
 * three for another. A day by the minute has 2,880 to 4,320.
 * @returns null = a number has more digits, or is not from 0 to 999,900,000
 */
export function packSeries(numbers: readonly number[]): string | null {
  let text = '';
  let before: Point | null = null;
  for (const number of numbers) {
    const point = toPoint(number);
    if (point === null) return null;
    const delta: number = point.mantissa - (before?.mantissa ?? 0);
    text +=
      before?.exponent === point.exponent && Math.abs(delta) < deltaMost
        ? write(delta + deltaMost, 2)
        : write((longFlag << 12) | ((point.exponent - leastExponent) * mantissas + point.mantissa), 3);
    before = point;
  }
  return text;
}

/**
 * Returns the numbers that `packSeries` packed, in one pass: each takes two digits at least, so that a text never becomes
 * longer than itself.
 * @returns null = the text was not packed by it
 */
export function unpackSeries(text: string): readonly number[] | null {
  const numbers: number[] = [];
  let before: Point | null = null;
  for (let at = 0; at < text.length; ) {
    const isLong = ((values.get(text[at] ?? '') ?? 0) & longFlag) !== 0;
    const end: number = at + (isLong ? 3 : 2);
    const number = read(text.slice(at, end));
    if (number === null || end > text.length) return null;
    const point: Point | null = isLong ? readLong(number & ~(longFlag << 12)) : readDelta(number, before);
    if (point === null) return null;
    numbers.push(toNumber(point));
    before = point;
    at = end;
  }
  return numbers;
}

/** Reads digits as a number; null = one of them is not a digit. */
function read(digits: string): number | null {
  let number = 0;
  for (const digit of digits) {
    const value = values.get(digit);
    if (value === undefined) return null;
    number = (number << 6) | value;
  }
  return number;
}

function readLong(number: number): Point | null {
  const exponent = Math.floor(number / mantissas) + leastExponent;
  return exponent > mostExponent ? null : { mantissa: number % mantissas, exponent };
}

function readDelta(number: number, before: Point | null): Point | null {
  if (before === null) return null;
  const mantissa = before.mantissa + number - deltaMost;
  return mantissa < 0 || mantissa >= mantissas ? null : { mantissa, exponent: before.exponent };
}
