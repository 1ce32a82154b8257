import { queryOptions } from '@tanstack/react-query';
import { read } from '@/lib/client/fetch-json';
import { slowMs } from '@/lib/client/queries';
import { sendJson } from '@/lib/client/send-json';
import type { SafetyRulePreview } from '@/lib/contract/safety';
import type { SafetyRule } from '@/lib/safety/safety-rule';

/**
 * Builds the query for the safety rules, which nothing pushes. Its key and its path are here, because only a part of a
 * page that is loaded late needs them.
 */
export function safetyRulesQuery() {
  return queryOptions({
    queryKey: ['safetyRules'],
    queryFn: ({ signal }) => read('safetyRule.list', undefined, signal),
    refetchInterval: slowMs,
  });
}

/** Reads the current diversions that a rule would refuse. @param id of the stored rule; null = it is not stored yet */
export function previewRule(id: number | null, rule: SafetyRule) {
  return sendJson<SafetyRulePreview>('POST', '/api/safety-rules/preview', JSON.stringify({ id, rule }));
}
