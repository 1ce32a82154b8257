import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { DomainConfirm } from '@/components/confirm/domain-confirm';
import { FindingTexts } from '@/components/findings/finding-text';
import { Callout, FailureCallout } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextLink } from '@/components/ui/text-link';
import { listMovedNames } from '@/lib/diversion/routes';
import type { Finding } from '@/lib/preflight/model/model';
import { routes } from '@/lib/routes';
import type { Apply, ApplyView } from './use-apply';

type SubmitDialogProps = {
  /** The place of its texts, below `plan`. */
  readonly words: 'apply' | 'schedule' | 'reschedule';
  readonly view: ApplyView;
  readonly apply: Apply;
  readonly icon: ReactNode;
  readonly description: ReactNode;
  readonly size?: 'normal' | 'wide';
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Called when the button is pressed and, if a real account requires the domain, the domain was typed. */
  readonly onConfirm: () => void;
  /** Content shown before the plan is submitted. */
  readonly children: ReactNode;
};

/** Submits a plan, at once or on a schedule, and shows what did not pass, the domain to type, and the outcome. */
export function SubmitDialog(props: SubmitDialogProps) {
  const {
    words,
    view,
    apply,
    icon,
    description,
    size = 'normal',
    open,
    onOpenChange,
    onConfirm,
    children,
  } = props;
  const t = useTranslations(`plan.${words}`);
  const { typed } = apply;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size={size}
      title={t('title')}
      description={description}
      icon={icon}
      action={
        <Button variant="primary" busy={apply.isBusy} disabled={!apply.isConfirmed} onClick={onConfirm}>
          {t('submit')}
        </Button>
      }
    >
      {children}
      <OpenFindings findings={view.findings} />
      {typed.isWanted ? (
        <DomainConfirm
          names={listMovedNames(view.plan.diversion)}
          typed={typed.text}
          onType={typed.set}
          error={typed.error}
        />
      ) : null}
      <ApplyOutcome apply={apply} failed={t('failed')} unknown={t('unknown')} />
    </Dialog>
  );
}

/**
 * Warnings and other findings that did not pass without blocking the plan, by text: the operator should see them before
 * applying.
 */
function OpenFindings({ findings }: { readonly findings: readonly Finding[] }) {
  const t = useTranslations('plan.apply');
  const findingKey = ({ why, values }: Finding) => `${why} ${JSON.stringify(values)}`;
  // Both lanes may have the same finding.
  const open = [...new Map(findings.map((finding) => [findingKey(finding), finding])).values()];
  const warned = open.filter(({ status }) => status === 'warn');
  const groups = [
    ['outages', warned.filter(({ isAcknowledged }) => isAcknowledged)],
    ['warnings', warned.filter(({ isAcknowledged }) => !isAcknowledged)],
    ['unread', open.filter(({ status }) => status === 'unknown')],
  ] as const;
  return groups.map(([name, own]) =>
    own.length === 0 ? null : (
      <Callout key={name} tone="warn" title={t(name, { count: own.length })}>
        <FindingTexts findings={own} />
      </Callout>
    ),
  );
}

type ApplyOutcomeProps = {
  readonly apply: Apply;
  /** The text for a failed action. */
  readonly failed: string;
  /** The text for an unknown outcome, when no response arrived. */
  readonly unknown: string;
};

/** The reason why a plan was not accepted, or that the outcome is unknown. */
function ApplyOutcome({ apply, failed, unknown }: ApplyOutcomeProps) {
  const t = useTranslations('plan.apply');
  return (
    <>
      {apply.isRefused ? <FailureCallout title={failed}>{apply.why}</FailureCallout> : null}
      {apply.isUnknown ? (
        <FailureCallout title={unknown}>
          {t.rich('unknownNote', {
            diversions: (text) => <TextLink href={routes.diversions()}>{text}</TextLink>,
          })}
        </FailureCallout>
      ) : null}
    </>
  );
}
