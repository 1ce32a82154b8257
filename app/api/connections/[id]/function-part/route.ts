import { connectionRoute } from '@/lib/server/connections/connection-route';
import { readFunctionPart } from '@/lib/server/functions/read-function-part';
import { problem } from '@/lib/server/route';

export const GET = connectionRoute(async (connectionId, params) => {
  const { region = '', namespace = '', name = '', ...part } = Object.fromEntries(params);
  return (
    (await readFunctionPart({ connectionId, region, namespace, name, part })) ?? problem(404, 'function.gone')
  );
});
