import { STATUS_CODES } from 'node:http';

/** One field of a request that is refused. */
export type FieldProblem = {
  /** Its path in the body, or the name of a parameter, with dots: `diversion.routes.0.domain`. */
  readonly field: string;
  readonly code: string;
  readonly detail: string;
};

/** A refusal that a program can read, as in RFC 9457 (https://www.rfc-editor.org/rfc/rfc9457). */
export type ApiProblem = {
  readonly status: number;
  /** The reason. */
  readonly detail: string;
  /** The next thing to do. */
  readonly fix?: string;
  /** Identifies the reason, such as `plan.otherHash`; texts may change, codes don't. */
  readonly code?: string;
  readonly errors?: readonly FieldProblem[];
};

export const problemType = 'application/problem+json';

/** Writes a problem as the body of a response, with its media type. */
export function writeProblem(problem: ApiProblem): { readonly type: string; readonly text: string } {
  const { status, ...rest } = problem;
  const body = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, ...rest };
  return { type: problemType, text: `${JSON.stringify(body)}\n` };
}
