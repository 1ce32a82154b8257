import 'server-only';
import { planFileSchema } from '@/lib/plan/export/plan-file';

/** Returns the JSON Schema of an exported plan. */
export function planSchema(): object {
  return planFileSchema();
}
