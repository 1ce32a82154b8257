import { type ReadName, type Reads, readPath } from '@/lib/contract/reads';
import { noteBuild } from './other-build';

/** A failed live read: the server's status, or `null` if the server was unreachable. */
class ReadError extends Error {
  override readonly name = 'ReadError';
  readonly status: number | null;

  constructor(message: string, status: number | null, options?: { cause?: unknown }) {
    super(message, options);
    this.status = status;
  }
}

/** The time in ms after which a read is given up: the dashboard itself gives up on its database within 13 s. */
const answersWithinMs = 20_000;

/**
 * Returns the status of a failed live read; null if nothing answered. With 401 the session has ended; with another, the
 * dashboard is up and could not read what it was asked for.
 */
export const findStatus = (error: unknown): number | null =>
  error instanceof ReadError ? error.status : null;

/**
 * Requests something from one of our own handlers.
 * @param answers statuses beside 2xx that come with an answer
 * @throws ReadError with the path and the status, or the reason why nothing answered.
 */
export async function fetchAnswer(
  path: string,
  init: RequestInit & { readonly signal: AbortSignal },
  answers: readonly number[] = [],
): Promise<Response> {
  let response: Response;
  const signal = AbortSignal.any([init.signal, AbortSignal.timeout(answersWithinMs)]);
  try {
    response = await fetch(path, {
      ...init,
      signal,
      headers: { accept: 'application/json', ...init.headers },
    });
  } catch (cause) {
    if (init.signal.aborted) throw cause;
    throw new ReadError(`${path} could not be reached`, null, { cause });
  }
  noteBuild(response);
  if (!response.ok && !answers.includes(response.status))
    throw new ReadError(`${path} answered ${response.status}`, response.status);
  return response;
}

/**
 * Reads the answer of a query (`lib/contract/reads.ts`).
 * @throws ReadError as `fetchJson` does
 */
export function read<Name extends ReadName>(
  name: Name,
  input: Reads[Name]['input'],
  signal: AbortSignal,
): Promise<Reads[Name]['answer']> {
  return fetchJson(readPath(name, input), signal);
}

/**
 * Reads the answer of a query about an object that exists.
 * @throws ReadError as `read` does, and with 404 if it does not exist
 */
export async function readExisting<Name extends ReadName>(
  name: Name,
  input: Reads[Name]['input'],
  signal: AbortSignal,
): Promise<NonNullable<Reads[Name]['answer']>> {
  const answer = await read(name, input, signal);
  if (answer === null || answer === undefined)
    throw new ReadError(`${readPath(name, input)} found nothing`, 404);
  return answer;
}

/**
 * Reads JSON from one of our own GET handlers.
 * @param answers statuses beside 2xx that come with an answer
 * @throws ReadError with the path and the status, or the reason why nothing answered.
 */
export async function fetchJson<T>(
  path: string,
  signal: AbortSignal,
  answers: readonly number[] = [],
): Promise<T> {
  return (await (await fetchAnswer(path, { signal }, answers)).json()) as T;
}
