'use client';

import { useMutation } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Callout } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextLink } from '@/components/ui/text-link';
import { useMessage } from '@/components/ui/use-message';
import type { ApplyPlanAction } from '@/lib/client/actions';
import { answerOf } from '@/lib/client/answer-of';
import type { PlanView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import { asDomain, DomainConfirm } from './domain-confirm';
import { totalsOf } from './step-groups';
import { UnreadFacts } from './unread-facts';

type ApplyDialogProps = {
  readonly view: PlanView;
  readonly applyPlan: ApplyPlanAction;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Says what will happen, and on a real account wants domain B typed. */
export function ApplyDialog({ view, applyPlan, open, onOpenChange }: ApplyDialogProps) {
  const t = useTranslations('plan.apply');
  const message = useMessage('ui.refusal');
  const router = useRouter();
  const [typed, setTyped] = useState('');
  const { plan, connection } = view;
  const { domain, function: fn } = plan.diversion.laneB;
  const isReal = connection.kind === 'tencent';
  const isConfirmed = !isReal || asDomain(typed) === domain;
  const there = totalsOf(plan.steps);
  const apply = useMutation({
    mutationFn: () =>
      answerOf(applyPlan({ planId: view.id, hash: view.hash, typedDomain: isReal ? asDomain(typed) : null })),
    onSuccess: (answer) => {
      if (answer.ok) router.push(routes.run(answer.value.runId));
    },
  });
  // On success the page changes: the button stays busy until it does, so that it is pressed once.
  const isBusy = apply.isPending || apply.data?.ok === true;
  const refusal = apply.data?.ok === false ? apply.data.error : null;
  const typedError = refusal?.fields.typedDomain?.[0];
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('title')}
      description={t('description', {
        writes: there.writes,
        connection: connection.name,
        seconds: there.workS,
        domain,
        function: `${fn.namespace}/${fn.name}:${fn.qualifier}`,
      })}
      icon={<Play aria-hidden />}
      cancelLabel={t('cancel')}
      action={
        <Button variant="primary" busy={isBusy} disabled={!isConfirmed} onClick={() => apply.mutate()}>
          {t('now')}
        </Button>
      }
    >
      <ul className="list-disc space-y-1 pl-5 text-12 text-ink-2">
        <li>{t('holds')}</li>
        <li>{t('back', { wait: totalsOf(plan.revert).waitS })}</li>
      </ul>
      <UnreadFacts findings={view.findings} />
      {isReal ? (
        <DomainConfirm
          domain={domain}
          typed={typed}
          onType={setTyped}
          error={typedError === undefined ? undefined : message(typedError)}
        />
      ) : null}
      {refusal === null ? null : (
        <div role="alert">
          <Callout tone="bad" title={t('failed')}>
            {refusal.form ? message(refusal.form.message, refusal.form.values) : null}
          </Callout>
        </div>
      )}
      {apply.isError ? (
        <div role="alert">
          <Callout tone="bad" title={t('unknown')}>
            {t.rich('unknownNote', {
              runs: (text) => <TextLink href={routes.runs()}>{text}</TextLink>,
            })}
          </Callout>
        </div>
      ) : null}
    </Dialog>
  );
}
