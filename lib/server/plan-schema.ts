import 'server-only';
import { planFileSchema } from '@/lib/plan/export/plan-file';

/** What an exported plan looks like, as JSON Schema. */
export function planSchema(): object {
  return planFileSchema();
}
