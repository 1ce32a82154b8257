import { CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import { fieldId } from '@/components/diversion/draft/field-id';
import type { FindingAction } from '@/components/diversion/findings/finding-lines';
import { FindingLines } from '@/components/diversion/findings/finding-lines';
import type { FieldControl } from '@/components/ui/field';
import type { Patch } from '@/lib/draft/apply-fix';
import type { EditorField } from '@/lib/draft/draft';
import { type FieldFinding, worstStatus } from '@/lib/draft/field-findings';

export type RouteFieldState = {
  readonly findings: readonly FieldFinding[];
  /** Display-ready error texts from the schema or the server. */
  readonly errors: readonly string[];
};

type RouteFieldProps = RouteFieldState & {
  readonly field: EditorField;
  readonly label: string;
  /** True if the row says what the field is. */
  readonly isLabelHidden?: boolean;
  readonly note?: ReactNode;
  readonly onFix: (patch: Patch) => void;
  /** Further fixes for a finding, in addition to its own. */
  readonly actionsOf?: (finding: FieldFinding) => readonly FindingAction[];
  /** A button of this field, at the right of the label. */
  readonly aside?: ReactNode;
  readonly children: (control: FieldControl) => ReactNode;
};

/** One field of a route: its label, the control, and below it the findings of the checks. */
export function RouteFieldFrame(props: RouteFieldProps) {
  const { field, label, isLabelHidden = false, note, errors, onFix, aside, children } = props;
  const { actionsOf = () => [] } = props;
  // What passed is listed with the checks.
  const findings = props.findings.filter(({ status }) => status !== 'pass');
  const id = fieldId(field);
  const messageId = `${id}-message`;
  const worst = worstStatus(findings);
  const isBad = errors.length > 0 || worst === 'block';
  const hasMessage = errors.length > 0 || findings.length > 0 || note !== undefined;
  return (
    <div className="grid min-w-0 grid-cols-1 gap-1" data-field={field}>
      {isLabelHidden && !aside ? (
        <label htmlFor={id} className="sr-only">
          {label}
        </label>
      ) : (
        <div className="flex min-h-5 items-center gap-2">
          <label htmlFor={id} className={isLabelHidden ? 'sr-only' : 'text-12 font-medium text-ink-2'}>
            {label}
          </label>
          {aside ? <div className="-my-0.5 ml-auto max-md:hidden">{aside}</div> : null}
        </div>
      )}
      {children({
        id,
        ...(hasMessage ? { 'aria-describedby': messageId } : {}),
        ...(isBad ? { 'aria-invalid': true as const } : {}),
        ...(!isBad && worst === 'warn' ? { 'data-warning': '' as const } : {}),
      })}
      {hasMessage ? (
        <div id={messageId} className="grid gap-1 pt-px text-12">
          {errors.map((error) => (
            <p key={error} className="flex gap-1.5 text-bad-ink">
              <CircleX aria-hidden className="mt-px size-3.5 shrink-0 text-bad" />
              {error}
            </p>
          ))}
          <FindingLines findings={findings} onFix={onFix} actionsOf={actionsOf} />
          {note && errors.length === 0 && findings.length === 0 ? <p className="text-ink-3">{note}</p> : null}
        </div>
      ) : null}
    </div>
  );
}
