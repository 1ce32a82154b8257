import type { Diversion, DiversionField } from '@/lib/diversion/diversion';
import type { Plan } from '@/lib/plan/model/model';
import type { PlanProblem } from '@/lib/plan/model/resolve-route';
import type { Draft, EditorField } from './draft';
import { isPlain, shownAt } from './draft-fields';
import type { FieldFinding } from './field-findings';

/* The result of checking a draft, without the checks themselves: the server creates it, and the browser shows it. */

/** The state of a draft: its plan, or the reason why it has none yet. */
export type PlanPreview =
  | { readonly state: 'incomplete'; readonly missing: readonly EditorField[] }
  | { readonly state: 'problems'; readonly problems: readonly PlanProblem[] }
  | { readonly state: 'ready'; readonly plan: Plan };

export type FieldError = {
  readonly message: string;
  readonly values: Readonly<Record<string, string | number>>;
};

/** The readiness of a plan for review, or the reason why it is not ready. */
export type PreviewReadiness =
  | { readonly can: true }
  | { readonly can: false; readonly why: 'missing'; readonly field: EditorField }
  | { readonly can: false; readonly why: 'blocked'; readonly count: number }
  | { readonly can: false; readonly why: 'problem' | 'nothing' };

export type Preview = {
  readonly findings: readonly FieldFinding[];
  /** Errors of filled fields: message keys below `diversion.error`, by field path. */
  readonly errors: Readonly<Record<string, readonly FieldError[]>>;
  readonly plan: PlanPreview;
  readonly readiness: PreviewReadiness;
  /** null until everything is chosen and valid. */
  readonly diversion: Diversion | null;
};

/** Returns the control for a path of the schema (`routes.1.addTargets.0.port`). */
export function fieldOfPath(draft: Draft, path: readonly PropertyKey[]): EditorField | undefined {
  const [first, second, third] = path.map(String);
  if (first !== undefined && isPlain(first)) return first;
  switch (first) {
    case 'routes':
      return shownAt(draft, third === undefined ? 'routes' : (`routes.${second}.${third}` as DiversionField));
    case 'creates':
      return shownAt(draft, `creates.${path.slice(1).map(String).join('.')}`);
    default:
      return undefined;
  }
}
