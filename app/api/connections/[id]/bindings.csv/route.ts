import { exportBindings } from '@/lib/server/estate/export-bindings';
import { file, problem, route } from '@/lib/server/route';

export const GET = route<{ id: string }>(async ({ id, params }) => {
  const csv = await exportBindings({ connectionId: id, query: params.toString() });
  return csv === null
    ? problem(409, 'estate.never')
    : file(csv.text, 'text/csv; charset=utf-8; header=present', csv.fileName);
});
