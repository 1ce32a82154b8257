import { RehearsalResult } from '@/lib/rehearsal/report/drill-report';
import type { FinishedRehearsal } from './child-messages';

/**
 * Checks a result against its schema, and writes it as JSON.
 * @throws ZodError when it is not a result
 */
export function finishRehearsal(result: RehearsalResult): FinishedRehearsal {
  const { report, drill } = RehearsalResult.parse(result);
  return {
    verdict: (drill ?? report).verdict,
    report: JSON.stringify(report),
    drill: drill === null ? null : JSON.stringify(drill),
  };
}
