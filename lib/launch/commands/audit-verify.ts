import { existsSync, readFileSync } from 'node:fs';
import { type Anchor, type ChainFault, readAnchors } from '@/lib/audit/chain';
import { type AuditVerification, verifyAuditLog } from '@/lib/server/audit/verify-audit';
import { withOwnerDatabase } from '../postgres/with-owner-database';

const usage = `npm run audit:verify -- [--anchor] [ANCHOR…]

Verifies the audit log: each entry, its place, and the end of the log.

  --anchor   prints the end of the log as a line of JSON: keep it elsewhere, and verify against it later
  ANCHOR     such an anchor, as SEQ:HASH, or a file with one or more lines of them

Exit codes: 0 intact, 1 not intact, 2 could not be verified`;

/** A reason why nothing was verified, for the terminal. */
class CannotVerifyError extends Error {
  override readonly name = 'CannotVerifyError';
}

/** Standard output and standard error, by line. */
type Output = { readonly out: (line: string) => void; readonly err: (line: string) => void };

/**
 * Verifies the audit log of `DATABASE_URL`, or of the embedded database, which is started if Spillway isn't running.
 * @param root the project's folder
 * @param args of the command line (`usage`)
 * @returns the exit code: 0 intact, 1 not intact, 2 could not be verified
 */
export async function auditVerify(
  root: string,
  args: readonly string[],
  { out, err }: Output = { out: console.log, err: console.error },
): Promise<number> {
  if (args.includes('--help')) {
    out(usage);
    return 0;
  }
  try {
    const wantsAnchor = args.includes('--anchor');
    const anchors = args.filter((arg) => arg !== '--anchor').flatMap(parseAnchorArgument);
    const report = await withOwnerDatabase(root, (url) => verifyAuditLog(url, anchors));
    const isIntact = report.faults.length === 0 && report.missingTriggers.length === 0;
    // With --anchor, standard output has the anchor alone, to be appended to a file.
    for (const line of describeVerification(report, anchors)) (wantsAnchor ? err : out)(line);
    if (wantsAnchor && isIntact)
      out(JSON.stringify({ at: report.last?.at ?? null, seq: report.head.seq, hash: report.head.hash }));
    return isIntact ? 0 : 1;
  } catch (error) {
    err(`The audit log could not be verified: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
}

function parseAnchorArgument(arg: string): readonly Anchor[] {
  if (arg.startsWith('-')) throw new CannotVerifyError(`unknown option ${arg}\n\n${usage}`);
  const given = readAnchors(arg);
  if (given !== null) return given;
  if (!existsSync(arg)) throw new CannotVerifyError(`${arg} is neither SEQ:HASH nor a file`);
  const anchors = readAnchors(readFileSync(arg, 'utf8'));
  if (anchors === null)
    throw new CannotVerifyError(`${arg} has a line that is no anchor, such as {"seq":12,"hash":"…"}`);
  return anchors;
}

/** Describes a verification for the terminal, line by line. */
function describeVerification(
  { count, first, last, head, faults, missingTriggers }: AuditVerification,
  anchors: readonly Anchor[],
): readonly string[] {
  const isIntact = faults.length === 0 && missingTriggers.length === 0;
  const entry = (name: string, each: typeof first) =>
    each === null ? [] : [`  ${name} entry: ${each.seq}, ${each.at}`];
  const withAnchors =
    anchors.length === 0
      ? ['  Verified against no anchor: without one, a log that was rewritten as a whole looks intact.']
      : isIntact
        ? [`  Anchors: ${anchors.length}, each confirmed`]
        : [];
  return [
    `The audit log is ${isIntact ? 'intact' : 'NOT intact'}.`,
    `  Entries: ${count}`,
    ...entry('First', first),
    ...entry('Last', last),
    `  Head: ${head.seq}:${head.hash}`,
    ...withAnchors,
    ...faults.map((fault) => `  - ${describeFault(fault)}`),
    ...missingTriggers.map((name) => `  - The trigger ${name} is missing or disabled: rows can be changed.`),
  ];
}

function describeFault(fault: ChainFault): string {
  switch (fault.kind) {
    case 'missing':
      return fault.from === fault.to
        ? `Entry ${fault.from} is missing.`
        : `Entries ${fault.from} to ${fault.to} are missing.`;
    case 'order':
      return `Entry ${fault.seq} is not in its place.`;
    case 'changed':
      return `Entry ${fault.seq} was changed: its hash is another one.`;
    case 'unlinked':
      return `Entry ${fault.seq} does not continue the entry before it: one of both was replaced.`;
    case 'head':
      return `The log ends at entry ${fault.last.seq}, but ${fault.head.seq} was the last one appended: the end was removed or changed.`;
    case 'anchor':
      return fault.found === null
        ? `The log has no entry ${fault.anchor.seq}, which an anchor names: it was cut, or this is another log.`
        : `Entry ${fault.anchor.seq} is not the one that an anchor names: the log was rewritten.`;
  }
}
