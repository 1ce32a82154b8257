import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** An entry of the audit log as it is stored. */
export type ChainedEntry = {
  /** Counts up from 1 without gaps. */
  readonly seq: number;
  /** The time of the database in UTC, ISO 8601 with milliseconds. */
  readonly at: string;
  /** The hash of the entry before; `genesisHash` for the first. */
  readonly previousHash: string;
  readonly hash: string;
  /** Canonical JSON (`writeAuditContent`). */
  readonly content: string;
};

/** A position of the chain: the log has, or had, an entry with this number and this hash. Zero: the empty log. */
export type Anchor = { readonly seq: number; readonly hash: string };

/** The previous hash of the first entry. */
export const genesisHash = '0'.repeat(64);

/**
 * Returns the hash of an entry: the SHA-256, in lower-case hex, of four lines: the previous hash, the number, the time, and
 * the content. The trigger `append_audit_entry` of the database computes the same.
 */
export function entryHash({ seq, at, previousHash, content }: Omit<ChainedEntry, 'hash'>): string {
  return bytesToHex(sha256(utf8ToBytes([previousHash, seq, at, content].join('\n'))));
}

/** A way in which a log is not what was appended. */
export type ChainFault =
  /** Entries from `from` to `to` are missing. */
  | { readonly kind: 'missing'; readonly from: number; readonly to: number }
  /** An entry has the number of one that was read before, or a lower one. */
  | { readonly kind: 'order'; readonly seq: number }
  /** The entry's content, time, number or hash was changed. */
  | { readonly kind: 'changed'; readonly seq: number }
  /** The entry does not continue the one before it: one of both was replaced. */
  | { readonly kind: 'unlinked'; readonly seq: number }
  /** The log ends at another entry than the head says: entries at its end were removed or added. */
  | { readonly kind: 'head'; readonly head: Anchor; readonly last: Anchor }
  /** The log does not have the entry of an anchor, or has another hash there: it was rewritten or cut. */
  | { readonly kind: 'anchor'; readonly anchor: Anchor; readonly found: string | null };

/** The result of a verification. Without faults, the log is what was appended, as far as the anchors prove. */
export type ChainReport = {
  readonly count: number;
  readonly first: ChainedEntry | null;
  readonly last: ChainedEntry | null;
  /** The first faults, at most `faultsMax`. */
  readonly faults: readonly ChainFault[];
};

const faultsMax = 20;

/** A verification in progress, which holds no more than the entry before. */
export type ChainVerification = {
  /** Takes the next entry, in the order of their numbers. */
  add(entry: ChainedEntry): void;
  /**
   * Ends the verification.
   * @param head the stored end of the log
   */
  end(head: Anchor): ChainReport;
};

/**
 * Starts to verify a log from its first entry.
 * @param anchors positions that were kept elsewhere
 */
export function verifyChain(anchors: readonly Anchor[] = []): ChainVerification {
  const faults: ChainFault[] = [];
  const found = (fault: ChainFault) => {
    if (faults.length < faultsMax) faults.push(fault);
  };
  /** The hashes at the numbers of the anchors. */
  const wanted = new Set(anchors.map(({ seq }) => seq));
  const hashes = new Map<number, string>([[0, genesisHash]]);
  let count = 0;
  let first: ChainedEntry | null = null;
  let last: ChainedEntry | null = null;
  return {
    add(entry) {
      const before: Anchor = last ?? { seq: 0, hash: genesisHash };
      if (entry.seq <= before.seq) found({ kind: 'order', seq: entry.seq });
      else if (entry.seq > before.seq + 1)
        found({ kind: 'missing', from: before.seq + 1, to: entry.seq - 1 });
      else if (entry.previousHash !== before.hash) found({ kind: 'unlinked', seq: entry.seq });
      if (entryHash(entry) !== entry.hash) found({ kind: 'changed', seq: entry.seq });
      if (wanted.has(entry.seq)) hashes.set(entry.seq, entry.hash);
      count += 1;
      first ??= entry;
      last = entry;
    },
    end(head) {
      const end = { seq: last?.seq ?? 0, hash: last?.hash ?? genesisHash };
      if (head.seq !== end.seq || head.hash !== end.hash) found({ kind: 'head', head, last: end });
      for (const anchor of anchors) {
        const hash = hashes.get(anchor.seq) ?? null;
        if (hash !== anchor.hash) found({ kind: 'anchor', anchor, found: hash });
      }
      return { count, first, last, faults };
    },
  };
}

/**
 * Reads anchors from text: one a line, as JSON (`{"seq":12,"hash":"…"}`, other fields are ignored) or as `12:HASH`.
 * @returns null if a line is neither, or if there is none
 */
export function readAnchors(text: string): readonly Anchor[] | null {
  const lines = text.split('\n').map((line) => line.trim());
  const anchors = lines.filter((line) => line !== '').map(readAnchor);
  return anchors.length > 0 && anchors.every((anchor) => anchor !== null) ? anchors : null;
}

function readAnchor(line: string): Anchor | null {
  const short = /^(\d{1,15}):([\da-f]{64})$/.exec(line);
  if (short) return { seq: Number(short[1]), hash: short[2] ?? '' };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('seq' in value) || !('hash' in value)) return null;
  const { seq, hash } = value;
  if (!Number.isSafeInteger(seq) || typeof hash !== 'string' || !/^[\da-f]{64}$/.test(hash)) return null;
  return { seq: Number(seq), hash };
}
