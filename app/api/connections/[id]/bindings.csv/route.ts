import { connectionRoute } from '@/lib/server/connections/connection-route';
import { exportBindings } from '@/lib/server/estate/export-bindings';
import { file, problem } from '@/lib/server/route';

export const GET = connectionRoute(async (connectionId, params) => {
  const csv = await exportBindings({ connectionId, params });
  return csv === null
    ? problem(409, 'estate.never')
    : file(csv.text, 'text/csv; charset=utf-8; header=present', csv.fileName);
});
