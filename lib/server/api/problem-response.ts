import 'server-only';
import { type ApiProblem, writeProblem } from '@/lib/contract/problem';

/** Creates the response of a problem. */
export function problemResponse(
  problem: ApiProblem,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { type, text } = writeProblem(problem);
  return new Response(text, { status: problem.status, headers: { ...headers, 'Content-Type': type } });
}
