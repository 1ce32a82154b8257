import type { Patch } from '@/lib/draft/apply-fix';
import type { Draft, EditorField, RouteDraft } from '@/lib/draft/draft';
import type { DraftChange } from '@/lib/draft/draft-change';
import type { Estate } from '@/lib/estate/model';
import type { RouteFieldState } from './route-field';
import type { TestInvocationControls } from './use-test-invocations';

/** The part of the surrounding form that route fields need. */
export type RouteForm = {
  readonly draft: Draft;
  /** Includes the resources that the draft creates; its fields choose from this. */
  readonly estate: Estate;
  readonly stateOf: (field: EditorField) => RouteFieldState;
  /** Changes a route in a way that needs no estate. */
  readonly changeRoute: (index: number, change: (route: RouteDraft) => RouteDraft) => void;
  /** Makes a choice whose consequences depend on the estate. */
  readonly choose: (change: DraftChange, options?: { readonly isTyped: boolean }) => void;
  readonly fix: (patch: Patch) => void;
  /** Opens the dialogs that create resources for a route, or change them beforehand; absent if none are created. */
  readonly create?: {
    readonly loadBalancer: (index: number, changed?: string) => void;
    readonly listener: (index: number, changed?: string) => void;
    readonly function: (index: number) => void;
    readonly remove: (id: string) => void;
  };
  /** Returns the name of an account in a diversion that spans several; absent if there is only one. */
  readonly accountName?: (connectionId: string) => string;
  /** Invokes functions for testing, and the account used; absent if there are no test invocations. */
  readonly trying?: TestInvocationControls & { readonly account: string };
};

/** One route of a form. */
export type RouteProps<R extends RouteDraft = RouteDraft> = {
  readonly form: RouteForm;
  readonly index: number;
  readonly route: R;
};

/** The value of an option that creates a resource instead of choosing one; no id of the cloud looks like it. */
export const createOption = '+';
