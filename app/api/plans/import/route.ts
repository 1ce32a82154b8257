import { planFileMax } from '@/lib/input/import-limits';
import { importRoute } from '@/lib/server/import-route';
import { importPlan } from '@/lib/server/plans/import-plan';

export const POST = importRoute(planFileMax, importPlan);
