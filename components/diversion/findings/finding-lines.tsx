import { CircleCheck, CircleHelp, CircleX, TriangleAlert } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { focusField } from '@/components/diversion/draft/field-id';
import { FindingSource } from '@/components/findings/finding-source';
import { FindingText } from '@/components/findings/finding-text';
import { classes } from '@/components/ui/classes';
import { TextButton } from '@/components/ui/text-link';
import type { Patch } from '@/lib/draft/apply-fix';
import type { EditorField } from '@/lib/draft/draft';
import type { FieldFinding } from '@/lib/draft/field-findings';
import { useAnyKey } from '@/lib/messages/use-any-key';
import type { FindingStatus, Fix } from '@/lib/preflight/model/model';
import { OutageAcknowledgement } from './outage-acknowledgement';

/** A fix for a finding that the page itself offers. */
export type FindingAction = { readonly label: string; readonly onPress: () => void };

const looks: Readonly<Record<FindingStatus, { icon: typeof CircleX; text: string; mark: string }>> = {
  block: { icon: CircleX, text: 'text-bad-ink', mark: 'text-bad' },
  warn: { icon: TriangleAlert, text: 'text-warn-ink', mark: 'text-warn-ink' },
  unknown: { icon: CircleHelp, text: 'text-warn-ink', mark: 'text-warn-ink' },
  pass: { icon: CircleCheck, text: 'text-ink-2', mark: 'text-ok' },
};

/**
 * Focuses the field that a fix changes: its button is gone as soon as the change is checked. What has no control of its
 * own, such as the certificate of a new rule, is changed at the field of the finding. The focus stays among the names of
 * a Switch, whose field only adds some.
 */
export function focusFixedField(
  { field, patch }: { readonly field: EditorField; readonly patch: Fix['patch'] },
  block?: ScrollLogicalPosition,
) {
  if (patch && 'field' in patch && focusField(patch.field, block)) return;
  if (field !== 'waves') focusField(field, block);
}

type FindingLinesProps = {
  readonly findings: readonly FieldFinding[];
  readonly onFix: (patch: Patch) => void;
  readonly actionsOf: (finding: FieldFinding) => readonly FindingAction[];
};

/** The findings of one field: passes in one quiet line, every other finding on its own line with its fix. */
export function FindingLines({ findings, onFix, actionsOf }: FindingLinesProps) {
  const passed = findings.filter((finding) => finding.status === 'pass');
  const wrong = findings.filter((finding) => finding.status !== 'pass');
  return (
    <>
      {passed.length > 0 ? <PassedLine findings={passed} /> : null}
      {wrong.map((finding) => (
        <WrongLine
          key={`${finding.check} ${finding.why} ${finding.objects.join()}`}
          finding={finding}
          actions={actionsOf(finding)}
          onFix={onFix}
        />
      ))}
    </>
  );
}

/** Shows the results of one or two passed checks; of more, only the names. */
function PassedLine({ findings }: { readonly findings: readonly FieldFinding[] }) {
  const t = useTranslations('preflight');
  const format = useFormatter();
  // A field may represent several objects that one check has covered.
  const checks = [...new Set(findings.map((finding) => t(`check.${finding.check}`)))];
  return (
    <p className="flex gap-1.5 text-ink-2">
      <CircleCheck aria-hidden className="mt-px size-3.5 shrink-0 text-ok" />
      <span>
        {findings.length > 2
          ? format.list(checks, { type: 'unit' })
          : findings.map((finding, index) => (
              <span key={`${finding.check} ${finding.objects.join()}`}>
                {index > 0 ? ' · ' : ''}
                <FindingText finding={finding} />
              </span>
            ))}
      </span>
    </p>
  );
}

type WrongLineProps = {
  readonly finding: FieldFinding;
  readonly actions: readonly FindingAction[];
  readonly onFix: FindingLinesProps['onFix'];
};

function WrongLine({ finding, actions, onFix }: WrongLineProps) {
  const t = useAnyKey('preflight');
  const { field, status, fix } = finding;
  const look = looks[status];
  const patch = fix?.patch;
  return (
    <div className={classes('flex gap-1.5', look.text)}>
      <look.icon aria-hidden className={classes('mt-px size-3.5 shrink-0', look.mark)} />
      <div className="min-w-0">
        <p>
          <FindingText finding={finding} />
        </p>
        <div className="mt-0.5 flex flex-wrap gap-x-3 gap-y-1 text-ink-2">
          {fix && patch ? (
            <TextButton
              onClick={() => {
                onFix(patch);
                focusFixedField({ field, patch }, 'nearest');
              }}
            >
              {t(`fix.${fix.label}`, fix.values)}
            </TextButton>
          ) : fix ? (
            <span>{t(`fix.${fix.label}`, fix.values)}</span>
          ) : null}
          {actions.map(({ label, onPress }) => (
            <TextButton
              key={label}
              onClick={() => {
                onPress();
                focusFixedField({ field, patch: null }, 'nearest');
              }}
            >
              {label}
            </TextButton>
          ))}
        </div>
        <p>
          <FindingSource finding={finding} />
        </p>
        <OutageAcknowledgement key={finding.acknowledgement?.loss} finding={finding} onChange={onFix} />
      </div>
    </div>
  );
}
