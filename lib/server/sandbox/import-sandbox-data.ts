import 'server-only';
import type { ActionError } from '@/lib/contract/answer';
import { findJsonExcess, type JsonLimits } from '@/lib/input/bounded-json';
import { sandboxFileMax } from '@/lib/input/import-limits';
import { ok, type Result } from '@/lib/result';
import { parseFileText } from '@/lib/server/parse-input';
import { verb } from '@/lib/server/verb';
import { callControlApi } from '@/lib/store/connections/call-control-api';
import { refuse } from '@/lib/store/refusal';
import { recordReset } from './record-reset';

/** The data of 100,000 targets has about 2 million values and a depth of 12. */
const limits: JsonLimits = { length: sandboxFileMax, depth: 32, values: 5_000_000, members: 500_000 };

function parseSandboxData(input: unknown): Result<string, ActionError> {
  const text = parseFileText(input);
  if (!text.ok) return text;
  const excess = findJsonExcess(text.value, limits);
  return excess === null ? text : refuse(`sandbox.import.${excess.kind}`, { max: excess.max });
}

/**
 * Replaces the sandbox data. The sandbox's control API validates the new data, and changes nothing if it is invalid.
 */
export const importSandboxData = verb('sandbox.import', parseSandboxData, 'all', async (text, actor) => {
  const at = new Date();
  const answer = await callControlApi('PUT', '/data', text);
  if (!answer.ok) return answer;
  await recordReset({ kind: 'import', actor: actor.name, at });
  return ok(null);
});
