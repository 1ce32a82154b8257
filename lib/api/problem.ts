import { STATUS_CODES } from 'node:http';

/** A refusal that a program can read, as in RFC 9457 (https://www.rfc-editor.org/rfc/rfc9457). */
export type Problem = {
  readonly status: number;
  /** The reason, in one sentence. */
  readonly detail: string;
  /** The next thing to do. */
  readonly fix?: string;
};

/** Writes a problem as the body of a response, with its media type. */
export function writeProblem(problem: Problem): { readonly type: string; readonly text: string } {
  const { status, ...rest } = problem;
  const body = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, ...rest };
  return { type: 'application/problem+json', text: `${JSON.stringify(body)}\n` };
}
