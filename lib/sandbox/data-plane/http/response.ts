import { readFunctionAnswer } from '@/lib/function-contract/function-answer';
import { endToEnd } from './forwarding-headers';

/** A function's response as HTTP. */
export type FunctionResponse = {
  readonly status: number;
  /** Name, value, name, value. */
  readonly headers: readonly string[];
  readonly body: Buffer;
};

/**
 * Converts a function's return value to HTTP; null when it is not in the integrated response format. The load balancer
 * sets length and connection headers; the function's are dropped.
 */
export function functionResponse(value: unknown): FunctionResponse | null {
  const answer = readFunctionAnswer(value);
  if (!answer.ok) return null;
  const { statusCode, headers, body, isBase64Encoded } = answer.value;
  return {
    status: statusCode,
    headers: endToEnd(headers.flat(), (name) => name === 'content-length'),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}
