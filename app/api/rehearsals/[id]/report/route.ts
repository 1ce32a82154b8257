import { getRehearsal } from '@/lib/server/rehearsals/get-rehearsal';
import { file, problem, route } from '@/lib/server/route';

/** The report of a rehearsal, as a file: of a fire drill with the report of its worst event. */
export const GET = route<{ id: string }>(async ({ id }) => {
  const rehearsal = await getRehearsal(id);
  if (rehearsal?.report == null) return problem(404, 'rehearsal.gone');
  const { report, drill } = rehearsal;
  const content = drill === null ? report : { ...drill, worst: report };
  return file(`${JSON.stringify(content, null, 2)}\n`, 'application/json', `${id}-report.json`);
});
