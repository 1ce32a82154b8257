'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import type { RouteFieldState } from '@/components/diversion/routes/route-field';
import { RouteFields } from '@/components/diversion/routes/route-fields';
import type { RouteForm } from '@/components/diversion/routes/route-form';
import { SideFrame } from '@/components/diversion/routes/side-frame';
import { useFieldName } from '@/components/findings/use-field-name';
import { ActionFailure } from '@/components/shell/action-failure';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { Button, ButtonLink } from '@/components/ui/button';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { Picker } from '@/components/ui/pickers/picker';
import { TextLink } from '@/components/ui/text-link';
import { AsOf } from '@/components/ui/time';
import { useMessage } from '@/components/ui/use-message';
import type { AddSwitchAction } from '@/lib/client/actions';
import type { ConnectionView } from '@/lib/client/views';
import { defaultFailover } from '@/lib/diversion/default-failover';
import { applyChange } from '@/lib/draft/apply-change';
import { applyFix } from '@/lib/draft/apply-fix';
import { changeRoute } from '@/lib/draft/change-routes';
import type { Draft } from '@/lib/draft/draft';
import { type EditorField, emptyDraft } from '@/lib/draft/draft';
import { findingsForField } from '@/lib/draft/field-findings';
import { buildPreview } from '@/lib/draft/preview';
import type { Preview } from '@/lib/draft/preview-model';
import type { TestInvocation } from '@/lib/estate/functions/test-invocation';
import type { Estate } from '@/lib/estate/model';
import { stops } from '@/lib/preflight/model/stops';
import { routes } from '@/lib/routes';
import { useSwitchAction } from './use-switch-action';

type NewSwitchProps = {
  readonly connections: readonly Pick<ConnectionView, 'id' | 'name'>[];
  readonly connectionId: string;
  readonly estate: Estate;
  readonly testInvocations: readonly TestInvocation[];
  readonly addSwitch: AddSwitchAction;
};

/** Adds a domain with its two sides to the switchboard, from the resources in the estate. */
export function NewSwitch({ connections, connectionId, estate, testInvocations, addSwitch }: NewSwitchProps) {
  const t = useTranslations('switch.add');
  const side = useTranslations('diversion.side.switch');
  const router = useRouter();
  const form = useNewSwitch({ connectionId, estate, testInvocations, addSwitch });
  return (
    <>
      <ReadOnlyNote />
      <PageFrame>
        <PageHeader
          title={t('title')}
          facts={
            <>
              <span>{t('sub')}</span>
              <AsOf at={estate.takenAt} />
            </>
          }
          actions={
            <div className="w-64">
              <Picker
                aria-label={t('connection')}
                options={connections.map(({ id, name }) => ({ value: id, label: name, hint: id }))}
                value={connectionId}
                placeholder={t('connection')}
                onChange={(id) => router.push(routes.newSwitch(id))}
              />
            </div>
          }
        />
        <ActionFailure
          action={form.adding}
          unknownNote={t.rich('unknownNote', {
            switches: (text) => <TextLink href={routes.switches()}>{text}</TextLink>,
          })}
        />
        <div className="grid items-stretch gap-4 lg:grid-cols-2">
          {form.form.draft.routes.map(({ key, to }, index) => (
            <SideFrame
              key={key}
              side={to}
              title={side(`${to}.title`)}
              sub={side(`${to}.sub`)}
              foot={to === 'cvm' ? side('cvm.foot') : t('functionFoot')}
            >
              <RouteFields form={form.form} index={index} canAddTargets={false} />
            </SideFrame>
          ))}
        </div>
      </PageFrame>
      <span className="mt-auto" />
      <NewSwitchFooter
        draft={form.form.draft}
        preview={form.preview}
        isBusy={form.adding.isBusy || form.adding.isDone}
        onAdd={form.submit}
      />
    </>
  );
}

type NewSwitchFooterProps = {
  readonly draft: Draft;
  readonly preview: Preview;
  readonly isBusy: boolean;
  readonly onAdd: () => void;
};

/** The missing choices, and the button that adds the Switch to the board. */
function NewSwitchFooter({ draft, preview, isBusy, onAdd }: NewSwitchFooterProps) {
  const t = useTranslations('switch.add');
  const fieldName = useFieldName(draft);
  const { diversion, findings, plan } = preview;
  const missing =
    plan.state === 'incomplete' ? plan.missing.find((field) => !preview.errors[field]) : undefined;
  const blocks = findings.filter(stops).length;
  const why =
    missing !== undefined
      ? t('missing', { field: fieldName(missing) })
      : diversion === null
        ? t('broken')
        : blocks > 0
          ? t('blocked', { count: blocks })
          : '';
  return (
    <div className="sticky bottom-0 z-15 flex flex-wrap items-center justify-end gap-2 border-t border-line-strong bg-surface px-3 py-2.5 max-md:hidden md:px-5">
      <span id="add-why" className="text-12 text-ink-2">
        {why}
      </span>
      <ButtonLink href={routes.switches()} variant="ghost">
        {t('cancel')}
      </ButtonLink>
      <Button
        variant="primary"
        disabled={diversion === null}
        busy={isBusy}
        aria-describedby="add-why"
        onClick={onAdd}
      >
        {t('confirm')}
      </Button>
    </div>
  );
}

type NewSwitchInput = {
  readonly connectionId: string;
  readonly estate: Estate;
  readonly testInvocations: readonly TestInvocation[];
  readonly addSwitch: AddSwitchAction;
};

/**
 * Returns the result of the checks for a Switch while it is being edited. It is named after its domain, and nothing
 * moves yet.
 */
function previewSwitch(estate: Estate, testInvocations: readonly TestInvocation[], draft: Draft): Preview {
  const name = draft.routes[0]?.domain ?? '';
  const preview = buildPreview({ estate, draft: { ...draft, name }, keepAliveS: 0, testInvocations });
  if (preview.plan.state !== 'incomplete') return preview;
  // Without a domain there is no name either; reporting one of them is enough.
  const missing = preview.plan.missing.filter((field) => field !== 'name');
  return { ...preview, plan: { ...preview.plan, missing } };
}

/** Provides a Switch while it is being edited, and the action that adds it to the board. */
function useNewSwitch({ connectionId, estate, testInvocations, addSwitch }: NewSwitchInput) {
  const message = useMessage('switch.error', 'diversion.error');
  const router = useRouter();
  const [draft, setDraft] = useState(() => emptyDraft('switch', ''));
  const preview = useMemo(
    () => previewSwitch(estate, testInvocations, draft),
    [estate, testInvocations, draft],
  );
  const adding = useSwitchAction(addSwitch, () => router.push(routes.switches()));

  function take(change: (draft: Draft) => Draft) {
    adding.forget();
    setDraft(change);
  }

  const form: RouteForm = {
    draft,
    estate,
    stateOf: (field: EditorField): RouteFieldState => ({
      findings: findingsForField(preview.findings, field),
      errors: (preview.errors[field] ?? []).map((error) => message(error.message, error.values)),
    }),
    changeRoute: (index, change) => take((now) => changeRoute(estate, now, index, change)),
    choose: (change) => take((now) => applyChange({ estate, keepAliveS: 0 }, now, change)),
    fix: (patch) => take((now) => applyFix(estate, now, patch)),
  };
  return {
    form,
    preview,
    adding,
    submit: () => {
      const { diversion } = preview;
      if (diversion?.kind !== 'switch') return;
      adding.send({ connectionId, diversion, policy: defaultFailover });
    },
  };
}
