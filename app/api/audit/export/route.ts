import { exportAudit } from '@/lib/server/audit/export-audit';
import { route, streamFile } from '@/lib/server/route';

/** The audit log as JSON lines. */
export const GET = route(async ({ params, signal }) => {
  const { lines, fileName } = await exportAudit(Object.fromEntries(params));
  return streamFile(lines, 'application/jsonl', fileName, signal);
});
