import { z } from 'zod';
import { err, ok, type Result } from '@/lib/result';

/** A parsed response of a function behind a load balancer, in the integrated response format. */
export type FunctionAnswer = {
  readonly statusCode: number;
  /** Each header, once for each of its values. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As in the response: Base64 if the flag is set. */
  readonly body: string;
  readonly isBase64Encoded: boolean;
};

/** The ways in which a response can break the format: each is a key of a text. */
export const answerFaults = [
  'notObject',
  'noStatus',
  'status',
  'headers',
  'header',
  'body',
  'base64Flag',
  'base64Body',
] as const;
export type AnswerFault = (typeof answerFaults)[number];

const statusCode = z.int().min(200).max(599);
const threeDigits = z.string().regex(/^\d{3}$/);
const status = z.union([statusCode, threeDigits.transform(Number).pipe(statusCode)]);
/** Entries, because a record would drop the name `__proto__` without checking its value. */
const headers = z.array(z.tuple([z.string(), z.union([z.string(), z.array(z.string())])]));
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;
/** A name and a value that can be sent over HTTP/1.1: https://www.rfc-editor.org/rfc/rfc9110#section-5 */
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Parses what a function returned to a load balancer, by the integrated response format: `isBase64Encoded`,
 * `statusCode`, `headers`, `body`; all but the status are optional.
 * https://www.tencentcloud.com/document/product/583/39849
 * @param value parsed from JSON
 * @returns the response, or everything that is wrong with it: a load balancer then sends its own error instead
 */
export function readFunctionAnswer(value: unknown): Result<FunctionAnswer, readonly AnswerFault[]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return err(['notObject']);
  // Its content is checked field by field.
  const given = value as Readonly<Partial<Record<keyof FunctionAnswer, unknown>>>;
  const { isBase64Encoded: flag = false } = given;
  const code = status.safeParse(given.statusCode);
  const named = headers.safeParse(listEntries(given.headers));
  const body = z.string().default('').safeParse(given.body);
  const list = named.success ? listPairs(named.data) : [];
  const isEncoded = flag === true;
  const faults: readonly (AnswerFault | false)[] = [
    given.statusCode === undefined ? 'noStatus' : !code.success && 'status',
    !named.success && 'headers',
    !list.every(([name, text]) => headerName.test(name) && headerValue.test(text)) && 'header',
    !body.success && 'body',
    typeof flag !== 'boolean' && 'base64Flag',
    isEncoded && body.success && !base64.test(body.data) && 'base64Body',
  ];
  const found = faults.filter((fault) => fault !== false);
  if (found.length > 0 || !code.success || !body.success) return err(found);
  return ok({ statusCode: code.data, headers: list, body: body.data, isBase64Encoded: isEncoded });
}

/** Returns the entries of an object; null of any other value. */
function listEntries(value: unknown = {}): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : null;
}

function listPairs(given: z.infer<typeof headers>): readonly (readonly [string, string])[] {
  return given.flatMap(([name, values]) => [values].flat().map((value) => [name, value] as const));
}
