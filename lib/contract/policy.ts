import type { ConnectionKind } from '@/lib/policy/connection-kinds';
import type { Policy } from '@/lib/policy/policy';
import type { Answer } from './answer';

/** The policy for all plans on connections of a kind; `set` null = not set: Spillway's default applies. */
export type PolicyView = {
  readonly kind: ConnectionKind;
  readonly policy: Policy;
  /** The fields whose stored values are invalid, as after a manual change: Spillway's defaults apply to them. */
  readonly unread?: readonly (keyof Policy)[];
  readonly set: { readonly by: string; readonly at: string } | null;
};

/**
 * Sets the policy for all plans on connections of a kind. `readAt` is when the policy that was edited had been set,
 * null = never: the change is refused if someone else has set the policy since. Field errors are keyed by the policy's
 * fields.
 */
export type SetPolicyAction = (
  input: Policy & { kind: ConnectionKind; readAt: string | null },
) => Answer<null>;
