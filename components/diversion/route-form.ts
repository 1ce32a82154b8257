import type { Estate } from '@/lib/estate/model';
import type { Patch } from './apply-fix';
import type { Draft, EditorField, RouteDraft } from './draft';
import type { RouteFieldState } from './route-field';
import type { FunctionTrying } from './use-function-trials';

/** What the fields of routes need of the form that they are in. */
export type RouteForm = {
  readonly draft: Draft;
  /** With what the draft creates: what its fields choose from. */
  readonly estate: Estate;
  readonly stateOf: (field: EditorField) => RouteFieldState;
  readonly changeRoute: (index: number, change: (route: RouteDraft) => RouteDraft) => void;
  readonly fix: (patch: Patch) => void;
  /**
   * What opens the dialogs in which things are created for a route, or changed before they are; absent where none are.
   */
  readonly create?: {
    readonly loadBalancer: (index: number, changed?: string) => void;
    readonly listener: (index: number, changed?: string) => void;
    readonly function: (index: number) => void;
    readonly remove: (id: string) => void;
  };
  /** What an account of a diversion that spans several is called; absent where there is but one. */
  readonly accountName?: (connectionId: string) => string;
  /** What has functions tried, and on which account; absent where none are. */
  readonly trying?: FunctionTrying & { readonly account: string };
};

/** One route of a form. */
export type RouteProps<R extends RouteDraft = RouteDraft> = {
  readonly form: RouteForm;
  readonly index: number;
  readonly route: R;
};

/** The value of an option that creates something instead of choosing it: no id of the cloud is like it. */
export const createOption = '+';
