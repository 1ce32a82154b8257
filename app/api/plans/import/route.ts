import { planFileMax } from '@/lib/import-limits';
import { importPlan } from '@/lib/server/import-plan';
import { importRoute } from '@/lib/server/import-route';

export const POST = importRoute(planFileMax, importPlan);
