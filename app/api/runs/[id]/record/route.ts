import { file, problem, route } from '@/lib/server/route';
import { exportRunRecord } from '@/lib/server/runs/get-run-record';

/** The record of a run, as a file. */
export const GET = route<{ id: string }>(async ({ id }) => {
  const record = await exportRunRecord(id);
  if (record === null) return problem(404, 'run.gone');
  return file(
    `${JSON.stringify(record, null, 2)}\n`,
    'application/json',
    `${record.report.runId}-record.json`,
  );
});
