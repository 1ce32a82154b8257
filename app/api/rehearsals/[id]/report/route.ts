import { getRehearsal } from '@/lib/server/rehearsals/get-rehearsal';
import { file, problem, route } from '@/lib/server/route';

/** The report of a rehearsal, as a file. */
export const GET = route<{ id: string }>(async ({ id }) => {
  const rehearsal = await getRehearsal(id);
  if (rehearsal?.report == null) return problem(404, 'rehearsal.gone');
  return file(`${JSON.stringify(rehearsal.report, null, 2)}\n`, 'application/json', `${id}-report.json`);
});
