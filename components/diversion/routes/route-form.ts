import type { DraftPlace } from '@/components/diversion/draft/ask-draft';
import type { Patch } from '@/lib/draft/apply-fix';
import type { Draft, EditorField, RouteDraft } from '@/lib/draft/draft';
import type { DraftChange } from '@/lib/draft/draft-change';
import type { EstateSlice } from '@/lib/draft/estate-slice';
import type { ChosenOption } from '@/lib/draft/options/find-chosen';
import type { RouteFieldState } from './route-field';
import type { TestInvocationControls } from './use-test-invocations';

/** The part of the surrounding form that route fields need. */
export type RouteForm = {
  readonly draft: Draft;
  /** The part of the estate that the draft refers to. */
  readonly estate: EstateSlice;
  /** The options that its fields have chosen. */
  readonly chosen: readonly ChosenOption[];
  /** The accounts whose resources can be chosen. */
  readonly place: DraftPlace;
  readonly stateOf: (field: EditorField) => RouteFieldState;
  /** Changes the draft in a way that needs no estate. */
  readonly edit: (change: (draft: Draft) => Draft) => void;
  /** Makes a choice whose consequences depend on the estate. */
  readonly choose: (change: DraftChange, options?: { readonly isTyped: boolean }) => void;
  readonly fix: (patch: Patch) => void;
  /** Opens the dialogs that create resources for a route, or change them beforehand; absent if none are created. */
  readonly create?: {
    readonly loadBalancer: (index: number, changed?: string) => void;
    readonly listener: (index: number, changed?: string) => void;
    readonly function: (index: number) => void;
    /** Changes what is created. */
    readonly edit: (change: (draft: Draft) => Draft) => void;
  };
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
