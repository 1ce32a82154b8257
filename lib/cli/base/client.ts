import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Login } from './config';
import { CliError, type ExitCode, exitCodes } from './exit-codes';

/** A problem of the API, as far as it is read here. */
const Problem = z.looseObject({
  status: z.number(),
  detail: z.string(),
  fix: z.string().optional(),
  code: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), detail: z.string() })).default([]),
});
export type ReadProblem = z.infer<typeof Problem>;

/** A refusal by the API. */
export class RefusedCall extends CliError {
  constructor(readonly problem: ReadProblem) {
    super(getExitCode(problem), problem.detail, problem.fix);
  }
}

function getExitCode({ status }: ReadProblem): ExitCode {
  if (status === 401 || status === 403) return exitCodes.forbidden;
  if (status === 404) return exitCodes.notFound;
  if (status === 409) return exitCodes.refused;
  return status === 400 || status === 413 || status === 422 ? exitCodes.invalid : exitCodes.failed;
}

type Call = { readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'; readonly body?: unknown };

/** A client of the API. */
export type Client = {
  /** The address of the dashboard. */
  readonly url: string;
  /** Returns the JSON of an answer, checked; undefined schema = as it is. */
  read<Schema extends z.ZodType>(path: string, schema: Schema, call?: Call): Promise<z.output<Schema>>;
  /** Returns an answer as text. */
  readText(path: string): Promise<string>;
  /** Sends a change whose answer has no value. */
  send(path: string, call: Call): Promise<void>;
};

/** An attempt is repeated that often after a connection that broke, 429 or 503: its key makes a change happen once. */
const attemptsMax = 4;

/** Returns whether the same request may succeed soon. With 409 and `Retry-After`, its first attempt is still going on. */
function isTransient(response: Response | null): boolean {
  if (response === null || response.status === 429 || response.status === 503) return true;
  return response.status === 409 && response.headers.has('retry-after');
}

/** Waits before the next attempt: as long as the server asks, a minute at most. */
function retryDelayMs(response: Response | null, attempt: number): number {
  const asked = Number(response?.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(asked) ? Math.min(asked, 60) * 1000 : 250 * 2 ** attempt;
}

/**
 * Creates a client of the API.
 * @param sleep waits for so many milliseconds
 */
export function createClient({ url, token }: Login, sleep: (ms: number) => Promise<void>): Client {
  async function ask(path: string, { method = 'GET', body }: Call = {}): Promise<Response> {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json, application/problem+json, */*',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method !== 'GET' && { 'idempotency-key': randomUUID() }),
    };
    const text = body === undefined ? null : JSON.stringify(body);
    for (let attempt = 1; ; attempt += 1) {
      let response: Response | null = null;
      let cause = '';
      try {
        response = await fetch(`${url}/api/v1${path}`, { method, headers, body: text, redirect: 'error' });
      } catch (error) {
        cause = error instanceof Error ? String(error.cause ?? error.message) : String(error);
      }
      if (!isTransient(response) || attempt === attemptsMax) {
        if (response !== null) return response;
        throw new CliError(
          exitCodes.failed,
          `Spillway does not answer at ${url}: ${cause}.`,
          'Start it, or set SPILLWAY_URL.',
        );
      }
      await sleep(retryDelayMs(response, attempt));
    }
  }

  async function checked(path: string, call?: Call): Promise<Response> {
    const response = await ask(path, call);
    if (response.ok) return response;
    const text = await response.text();
    const problem = Problem.safeParse(parseJson(text));
    throw new RefusedCall(
      problem.success
        ? problem.data
        : { status: response.status, detail: text.trim().slice(0, 500) || response.statusText, errors: [] },
    );
  }

  return {
    url,
    async read(path, schema, call) {
      const value = schema.safeParse(parseJson(await (await checked(path, call)).text()));
      if (value.success) return value.data;
      const reason = value.error.issues[0];
      throw new CliError(
        exitCodes.failed,
        `Spillway answers ${path} in another form: ${reason?.path.join('.')} ${reason?.message}.`,
        'Use the CLI of the same version.',
      );
    },
    async readText(path) {
      return (await checked(path)).text();
    },
    async send(path, call) {
      await checked(path, call);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads all pages of a list of items. */
export async function readAll<Schema extends z.ZodType>(
  client: Client,
  path: string,
  item: Schema,
): Promise<readonly z.output<Schema>[]> {
  const Page = z.object({ items: z.array(item), nextCursor: z.string().nullable() });
  const all: z.output<Schema>[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: z.output<typeof Page> = await client.read(`${path}?limit=200${after}`, Page);
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}
