import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { endToEnd } from './forwarding-headers';

/** A function's answer as HTTP. */
export type FunctionResponse = {
  readonly status: number;
  /** Name, value, name, value. */
  readonly headers: readonly string[];
  readonly body: Buffer;
};

const status = z.int().min(200).max(599);
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** The integrated response format: https://www.tencentcloud.com/document/product/583/39849 */
const integrated = z
  .object({
    isBase64Encoded: z.boolean().default(false),
    statusCode: z.union([
      status,
      z
        .string()
        .regex(/^\d{3}$/)
        .transform(Number)
        .pipe(status),
    ]),
    headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
    body: z.string().default(''),
  })
  .refine((answer) => !answer.isBase64Encoded || base64.test(answer.body));

/**
 * Reads what a function returned. Null when it is not in the integrated format, or when its headers could not be sent
 * over HTTP. Length and connection headers are the load balancer's to set; the function's are dropped.
 */
export function functionResponse(value: unknown): FunctionResponse | null {
  const parsed = integrated.safeParse(value);
  if (!parsed.success) return null;
  const { statusCode, headers, body, isBase64Encoded } = parsed.data;
  const list = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((header): [string, string] => [name, header]),
  );
  if (!list.every(([name, header]) => canBeSent(name, header))) return null;
  return {
    status: statusCode,
    headers: endToEnd(list.flat(), (name) => name === 'content-length'),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

function canBeSent(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
