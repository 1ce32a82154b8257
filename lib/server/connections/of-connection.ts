import 'server-only';
import { findConnection } from './list-connections';

type Context = { readonly params: Promise<{ readonly id: string }> };

/**
 * Creates the GET handler of something that a connection has, as JSON; 404 if there is no such connection. A Response
 * that `read` returns is passed on unchanged.
 */
export function ofConnection(read: (connectionId: string, query: URLSearchParams) => Promise<unknown>) {
  return async (request: Request, { params }: Context): Promise<Response> => {
    const { id } = await params;
    if ((await findConnection(id)) === null)
      return Response.json({ error: 'connection.gone' }, { status: 404 });
    const answer = await read(id, new URL(request.url).searchParams);
    return answer instanceof Response ? answer : Response.json(answer);
  };
}
