import 'server-only';
import type { z } from 'zod';
import type { QueryName, VerbName } from '@/lib/policy/verbs';

/** The parts of a request from which an operation's input is made. */
export type RequestParts = {
  /** The path parameters by name. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON of the body; undefined = there is none. */
  readonly body: unknown;
};

/** An answer that is not JSON. */
export type TextAnswer = { readonly text: string; readonly type: string; readonly fileName?: string };

/** A list in an answer, which is sent in pages. */
export type ListForm =
  /** An object with some `rows` of those that were `found`; the input takes `offset` and `limit`. */
  | 'rows'
  /** A `KeysetPage`; the input takes `limit` and `after`, and nothing else. */
  | 'keyset'
  /** An array; `key` identifies an item. */
  | { key(item: unknown): string | number };

/**
 * An operation of the HTTP API: a verb or a query, with its place. `run`, `text` and `key` are methods, so that each may
 * have the type of its own input; the verb or the query checks it.
 */
export type Operation = {
  readonly name: VerbName | QueryName;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, with parameters in braces. */
  readonly path: `/${string}`;
  /** A sentence without its full stop, beginning with a verb. */
  readonly summary: string;
  run(input: unknown): Promise<unknown>;
  /** The schema of the input, where the definition has none. */
  readonly input?: z.ZodType;
  /** The query parameters, where the input's schema doesn't have them as its fields. */
  readonly query?: z.ZodObject;
  /** Makes the input. By default: the path parameters and the body or query parameters, as one object. */
  readonly toInput?: (parts: RequestParts) => unknown;
  /** The body is a file, which is passed on as text: its maximum size and its JSON Schema. */
  readonly file?: { readonly bytesMax: number; readonly schema: () => object };
  /** A valid body, which the documentation shows and the tests check. */
  readonly example?: unknown;
  /** The schema of the answer, for programs that rely on it. */
  readonly answer?: z.ZodType;
  /** A query that returns a `Result`, as verbs do. */
  readonly isResult?: true;
  /** Writes the answer as text. */
  text?(value: unknown): TextAnswer;
  readonly list?: ListForm;
  /** The answer has a secret that is shown once: a repeated request doesn't get it again. */
  readonly isSecret?: true;
};
