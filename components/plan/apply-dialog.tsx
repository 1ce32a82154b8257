'use client';

import { Play } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Callout } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { useMessage } from '@/components/ui/use-message';
import type { ApplyPlanAction } from '@/lib/client/actions';
import type { ActionError, PlanView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import { totalsOf } from './step-groups';

type ApplyDialogProps = {
  readonly view: PlanView;
  readonly applyPlan: ApplyPlanAction;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Says what will happen, and on a real account wants domain B typed. */
export function ApplyDialog({ view, applyPlan, open, onOpenChange }: ApplyDialogProps) {
  const t = useTranslations('plan.apply');
  const message = useMessage('ui.refusal', 'plan.apply.error');
  const router = useRouter();
  const [typed, setTyped] = useState('');
  const [isSending, setIsSending] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const { plan, connection } = view;
  const { domain, function: fn } = plan.diversion.laneB;
  const isReal = connection.kind === 'tencent';
  const isConfirmed = !isReal || typed.trim().toLowerCase() === domain;
  const there = totalsOf(plan.steps);

  async function apply() {
    setIsSending(true);
    setError(null);
    const answer = await applyPlan({
      planId: view.id,
      hash: view.hash,
      typedDomain: isReal ? typed.trim().toLowerCase() : null,
    });
    // On success the page changes: the button stays busy until it does, so that it is pressed once.
    if (answer.ok) return router.push(routes.run(answer.value.runId));
    setError(answer.error);
    setIsSending(false);
  }

  const typedError = error?.fields.typedDomain?.[0];
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
        <Button variant="primary" busy={isSending} disabled={!isConfirmed} onClick={apply}>
          {t('now')}
        </Button>
      }
    >
      <ul className="list-disc space-y-1 pl-5 text-12 text-ink-2">
        <li>{t('holds')}</li>
        <li>{t('back', { wait: totalsOf(plan.revert).waitS })}</li>
      </ul>
      {isReal ? (
        <Field
          label={t('typeDomain', { domain })}
          note={t('real')}
          error={typedError === undefined ? undefined : message(typedError)}
        >
          {(control) => (
            <Input {...control} value={typed} onChange={(event) => setTyped(event.target.value)} />
          )}
        </Field>
      ) : null}
      {error === null ? null : (
        <div role="alert">
          <Callout tone="bad" title={t('failed')}>
            {error.form ? message(error.form.message, error.form.values) : null}
          </Callout>
        </div>
      )}
    </Dialog>
  );
}
