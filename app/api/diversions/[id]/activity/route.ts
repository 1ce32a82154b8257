import { getActivity } from '@/lib/server/diversions/get-activity';
import { file, problem, route } from '@/lib/server/route';

/** The activity of a diversion; with `?download` as a file. */
export const GET = route<{ id: string }>(async ({ id, params }) => {
  const activity = await getActivity(id);
  if (activity === null) return problem(404, 'diversion.gone');
  if (!params.has('download')) return activity;
  return file(
    `${JSON.stringify(activity, null, 2)}\n`,
    'application/json',
    `${activity.diversionId}-activity.json`,
  );
});
