import type { RunId } from '@/lib/run/model/run-id';

/**
 * GET /api/changes: one message of the stream, which names what to read again. `plan` concerns a plan's approvals,
 * `round` the probes of a Switch, `probes` the charts of a run, `switches` the switchboard, `schedule` freezes and the
 * emergency stop; `anything` means that changes may have been missed.
 */
export type Change =
  | { readonly kind: 'run' | 'probes'; readonly id: RunId }
  | {
      readonly kind:
        | 'connection'
        | 'estate'
        | 'deployment'
        | 'testInvocations'
        | 'functions'
        | 'diversion'
        | 'plan'
        | 'round'
        | 'drift'
        | 'traffic';
      readonly id: string;
    }
  | { readonly kind: 'schedule' | 'policy' | 'switches' | 'alerts' | 'checklist' | 'anything' };
