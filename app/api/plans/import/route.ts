import { planFileMax } from '@/lib/input/import-limits';
import { importPlan } from '@/lib/server/plans/import-plan';
import { importRoute } from '@/lib/server/route';

export const POST = importRoute(planFileMax, importPlan);
