import 'server-only';
import { problem, route } from '@/lib/server/route';
import { findConnection } from '@/lib/store/connections/read-connections';

/** Creates the GET handler of a resource of a connection; 404 if the connection does not exist. */
export function connectionRoute(read: (connectionId: string, params: URLSearchParams) => Promise<unknown>) {
  return route<{ readonly id: string }>(async ({ id, params }) =>
    (await findConnection(id)) === null ? problem(404, 'connection.gone') : read(id, params),
  );
}
