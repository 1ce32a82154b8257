'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { FactRow, Facts } from '@/components/ui/facts';
import { TextField } from '@/components/ui/forms/text-field';
import { PageFrame } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { AlertLinkView, UseAlertLinkAction } from '@/lib/contract/alert';

type AlertLinkPageProps = {
  readonly token: string;
  readonly view: AlertLinkView;
  readonly actByLink: UseAlertLinkAction;
};

/** The page of a link of an alert: what it does, and the button that does it. Opening it changes nothing. */
export function AlertLinkPage({ token, view, actByLink }: AlertLinkPageProps) {
  const { action, subject, path, name, connection, hash, expiresAt, state } = view;
  const t = useTranslations('links');
  const [reason, setReason] = useState('');
  const act = useAction(actByLink, () => {});
  return (
    <PageFrame>
      <Panel title={t(`heading.${action}`, { subject })} className="max-w-160">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <Facts>
            <FactRow name={t('name')}>{name}</FactRow>
            <FactRow name={t('connection')}>{connection}</FactRow>
            <FactRow name={t('hash')}>
              <code className="break-all">{hash}</code>
            </FactRow>
            <FactRow name={t('expires')}>
              <Time at={expiresAt} hasDay />
            </FactRow>
          </Facts>
          {act.isDone ? (
            <div role="status">
              <Banner title={t(`done.${action}`)} />
            </div>
          ) : state === 'ready' ? (
            <form
              className="grid gap-4"
              onSubmit={(event) => {
                event.preventDefault();
                act.send({ token, reason });
              }}
            >
              <p>{t(`about.${action}`)}</p>
              <TextField
                label={t('reason')}
                note={t('reasonHint')}
                error={act.fieldError('reason', reason)}
                value={reason}
                onType={setReason}
              />
              <ActionFailure action={act} />
              <div>
                <Button
                  type="submit"
                  variant={action === 'approve' ? 'primary' : 'dangerSolid'}
                  busy={act.isBusy}
                >
                  {t(`now.${action}`)}
                </Button>
              </div>
            </form>
          ) : (
            <Banner tone="warn" title={t(`state.${state}`)} />
          )}
          <TextLink href={path}>{t('open', { subject })}</TextLink>
        </div>
      </Panel>
    </PageFrame>
  );
}
