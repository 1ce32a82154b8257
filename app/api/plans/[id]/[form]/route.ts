import { exportPlan } from '@/lib/server/plans/export-plan';
import { file, route } from '@/lib/server/route';

export const GET = route<{ id: string; form: string }>(async ({ id, form }) => {
  const made = await exportPlan({ planId: id, form });
  if (!made.ok) {
    const isMissing = ['plan.gone', 'plan.noForm'].includes(made.error.form?.message ?? '');
    return Response.json(made.error, { status: isMissing ? 404 : 409 });
  }
  return file(made.value.text, made.value.type, made.value.fileName);
});
