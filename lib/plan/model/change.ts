import type { Phase } from '@/lib/diversion/phase';
import type { WriteCall } from '@/lib/estate/call';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import type { Probe } from '@/lib/estate/probe';
import type { BakeStep } from './model';

/** A result of the diff: one write or one probe, not yet numbered or ordered. `needs` are keys of other changes. */
export type PlannedChange = {
  readonly key: string;
  readonly phase: Phase;
  readonly needs: readonly string[];
  /** See `Step`. */
  readonly wave?: number;
} & (
  | {
      readonly kind: 'write';
      readonly object: ObjectRef;
      readonly call: WriteCall;
      readonly inverse: WriteCall;
      readonly before: ObjectState;
      readonly after: ObjectState;
      readonly yields?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'probe'; readonly probe: Probe; readonly withinMs: number }
  | {
      readonly kind: 'bake';
      readonly phase: BakeStep['phase'];
      readonly name: string;
      readonly percent: number | null;
      readonly bakeS: number;
      readonly oldTtlS: number;
    }
);
