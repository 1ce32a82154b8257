import { type HeadFinding, hasLoss, listFindingLines } from '../head-finding';
import { commentText, shellQuote } from './shell-quote';

export type ScriptHead = {
  /** The name of the diversion, its plan, and whether the script applies or rolls back. */
  readonly title: string;
  readonly hash: string;
  /** The time of the sync that the plan starts from. */
  readonly takenAt: string;
  /** The account's number; null = unknown: then the script can't check that it is the right one. */
  readonly accountUin: string | null;
  /** Those of the script that applies; a rollback has none. */
  readonly findings: readonly HeadFinding[];
};

/** Ends the script before it does anything, unless its user accepts the losses of exactly this plan. */
const acceptProgram = (hash: string) => `

if [ "\${SPILLWAY_ACCEPT:-}" != ${shellQuote(hash)} ]; then
  echo 'refused: clients get errors, see LOSSES at the top of this file; to accept them, set SPILLWAY_ACCEPT to the plan hash' >&2
  exit 2
fi`;

/** Returns the comment at the top: the effect, the requirements and the exit codes of the script. */
export function headProgram({ title, hash, takenAt, findings }: ScriptHead): string {
  const lines = listFindingLines(findings).map((line) => `# ${line}\n`);
  return `#!/usr/bin/env bash
#
# ${commentText(title)}
${lines.join('')}\
# Plan hash ${commentText(hash)}, made from the estate of ${commentText(takenAt)}.
#
# Makes the calls of the plan in their order, with its waits and probes. Before each call its object is read: where it is
# as the call would leave it, the call is left out; where it is neither as before nor as after, the script ends. So it can
# be run again after it was stopped. It can't know what its other half (apply, or rollback) is doing: run one at a time.
#
# Needs bash, curl, dig, awk and tccli with a key (https://github.com/TencentCloud/tencentcloud-cli).
# Environment, both optional: SPILLWAY_RESOLVER (ip or ip:port that names are asked of; the system's), SPILLWAY_PORT_OFFSET
# (added to ports below 1024; 0), and whatever curl and tccli read.
# Ends with 0: everything is as the plan leads to; 2: refused, with the reason, nothing more was done.

set -euo pipefail
export LC_ALL=C${hasLoss(findings) ? acceptProgram(hash) : ''}`;
}
