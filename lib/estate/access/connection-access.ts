import type { Permissions } from '../account-model';
import { type Feature, type FeatureName, features } from '../actions';

/* The rights that the keys of a connection have. The table is also in docs/real-account.md. */

/** A refusal or a failure of the cloud, in its words. */
export type AccessFailure = {
  readonly code: string;
  readonly message: string;
  readonly requestId: string | null;
};

/** A call that was tried; `failure` null = the cloud accepted it. */
export type AccessTrial = { readonly action: string; readonly failure: AccessFailure | null };

export type FeatureAccess = {
  readonly feature: FeatureName;
  /**
   * `granted`: all of its actions are allowed. `missing`: some are not. `failed`: the trial failed for another reason.
   * `off`: the connection is read-only. `unknown`: the key's policies don't say, or can't be read.
   */
  readonly state: 'granted' | 'missing' | 'failed' | 'off' | 'unknown';
  readonly missing: readonly string[];
  /** The failed trial, if any. */
  readonly failure: AccessFailure | null;
};

/** The result of a test of a connection. */
export type ConnectionAccess =
  | {
      readonly kind: 'answered';
      readonly accountUin: string;
      /** The user; null = a role. */
      readonly userUin: string | null;
      /** The names of other connections of the same account. */
      readonly sameAccount: readonly string[];
      readonly features: readonly FeatureAccess[];
    }
  | {
      readonly kind: 'failed';
      /** `code` null: workers can't use the keys, for the reason in the message. */
      readonly failure: Omit<AccessFailure, 'code'> & { readonly code: string | null };
    };

/** The codes for missing permissions: https://www.tencentcloud.com/document/product/1140/51177. */
const refusedRight = /^(AuthFailure|UnauthorizedOperation)(\.|$)/;

/** The action with which a user, and a role, reads its own policies: neither needs the other's. */
export const ownPolicies = {
  user: 'cam:ListAttachedUserAllPolicies',
  role: 'cam:ListAttachedRolePolicies',
} as const;
export type CallerKind = keyof typeof ownPolicies;

function judgeFeature(
  name: FeatureName,
  caller: CallerKind,
  permissions: Permissions | null,
  trials: readonly AccessTrial[],
): FeatureAccess {
  const { actions: all, trial: given }: Feature = features[name];
  const actions = all.filter((action) => action !== ownPolicies[caller === 'user' ? 'role' : 'user']);
  const trial = given === ownPolicies.user ? ownPolicies[caller] : given;
  if (permissions === null) return { feature: name, state: 'off', missing: [], failure: null };
  const tried = trials.find(({ action }) => action === trial);
  const failure = tried?.failure ?? null;
  const isRefused = failure !== null && refusedRight.test(failure.code);
  const missing = actions.filter(
    (action) => permissions.denied.includes(action) || (isRefused && action === trial),
  );
  const isAllowed = (action: string) =>
    permissions.allowed?.includes(action) === true || (action === trial && tried?.failure === null);
  const state =
    missing.length > 0
      ? 'missing'
      : failure !== null
        ? 'failed'
        : actions.every(isAllowed)
          ? 'granted'
          : 'unknown';
  return { feature: name, state, missing, failure };
}

/**
 * Judges each feature by the policies of the keys and by what was tried.
 * @param permissions of the key for reads, and of the one for changes; null = the connection is read-only
 * @param caller the owner of the key for reads
 */
export function judgeFeatures(
  permissions: { readonly read: Permissions; readonly write: Permissions | null },
  trials: readonly AccessTrial[],
  caller: CallerKind = 'user',
): readonly FeatureAccess[] {
  return Object.entries(features).map(([name, { use }]) =>
    judgeFeature(name as FeatureName, caller, permissions[use], trials),
  );
}

/** Builds the CAM policy that allows some actions, as JSON to paste: https://www.tencentcloud.com/document/product/598/10603 */
export function buildPolicy(actions: readonly string[]): string {
  const statement = [{ effect: 'allow', action: [...new Set(actions)].toSorted(), resource: ['*'] }];
  return JSON.stringify({ version: '2.0', statement }, null, 2);
}
