import type { EstatePart } from '@/lib/estate/gaps';
import type { Estate } from '@/lib/estate/model';
import { CloudError } from '../errors';
import type { SyncProgress } from '../port';
import type { OnOdd } from './call/pages';

/**
 * Names a part of the estate: `account`, `clb/REGION`, `clb/REGION/LB`, `clb/REGION/LB/LISTENER`,
 * `clb/REGION/LB/LISTENER/RULE`, `scf/REGION/NAMESPACE`,
 * `scf/REGION/NAMESPACE/FUNCTION` and what belongs to it (`…/aliases/ALIAS`, `…/provisioned`),
 * `cvm/REGION/INSTANCE`, `vpc/REGION/NETWORK`, `zones/REGION/ZONE`, `security-groups/REGION/GROUP`,
 * `dnspod/ZONE/RECORD`, `dnspod-plans/PLAN`, `dnspod-lines/LINE`, `clb-health/REGION/TARGET`, `clb-quota/REGION`,
 * `clb-protection/REGION`, `clb-config/REGION/CONFIG`, `scf-account/REGION`, `ssl/CERTIFICATE`, `igtm/INSTANCE`, `cam`.
 */
export type Part = EstatePart;

/** A part that consists of lists, whose entries may be gaps of their own. */
type ListPart =
  | 'dnspod'
  | 'dnspod-plans'
  | 'dnspod-lines'
  | 'ssl'
  | 'igtm'
  | `${'dnspod' | 'clb' | 'clb-health' | 'clb-config' | 'scf' | 'cvm' | 'vpc' | 'zones'}/${string}`;

/** Counts the parts of a full read, reports progress, and keeps the parts that could not be read. */
export class PartTracker {
  readonly #onProgress: (progress: SyncProgress) => void;
  readonly #gaps: Estate['gaps'] = [];
  #done = 0;
  #total = 0;
  #calls = 0;

  constructor(onProgress: (progress: SyncProgress) => void) {
    this.#onProgress = onProgress;
  }

  get gaps(): Readonly<Estate['gaps']> {
    return this.#gaps;
  }

  /** Counts one API call. */
  called(): void {
    this.#calls += 1;
  }

  gap(part: Part, reason: string): void {
    this.#gaps.push({ part, reason });
  }

  /** Returns a callback that records an unreadable entry of a part as its own gap below the part. */
  odd(part: ListPart): OnOdd {
    return (id, reason) => this.gap(`${part}/${id}`, `the answer has not the documented shape: ${reason}`);
  }

  /**
   * Reads one part.
   * @returns null when the cloud refuses to return it; the gap is then recorded.
   */
  async read<T>(part: Part, read: () => Promise<T>): Promise<T | null> {
    this.#total += 1;
    try {
      return await read();
    } catch (cause) {
      if (!(cause instanceof CloudError)) throw cause;
      const { requestId } = cause.data;
      this.gap(part, requestId === null ? cause.message : `${cause.message} (request ${requestId})`);
      return null;
    } finally {
      this.#done += 1;
      this.#onProgress({ done: this.#done, total: this.#total, calls: this.#calls, part });
    }
  }
}
