'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useCheckedDraft } from '@/components/diversion/draft/use-checked-draft';
import { useWhenChecked } from '@/components/diversion/draft/use-when-checked';
import { EditorNotices } from '@/components/diversion/editor/notice-parts';
import { SideRows } from '@/components/diversion/editor/side-rows';
import type { RouteFieldState } from '@/components/diversion/routes/route-field';
import type { RouteForm } from '@/components/diversion/routes/route-form';
import { useFieldName } from '@/components/findings/use-field-name';
import { Button, ButtonLink } from '@/components/ui/button';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { Picker } from '@/components/ui/pickers/picker';
import { TextLink } from '@/components/ui/text-link';
import { AsOf } from '@/components/ui/time';
import { useMessage } from '@/components/ui/use-message';
import type { ConnectionView } from '@/lib/contract/connection';
import type { AddSwitchAction } from '@/lib/contract/switch';
import { defaultFailover } from '@/lib/diversion/default-failover';
import type { OpenedDraft } from '@/lib/draft/answers/answer-draft';
import { type Draft, type EditorField, sidesOf } from '@/lib/draft/draft';
import { findingsForField } from '@/lib/draft/field-findings';
import type { Preview } from '@/lib/draft/preview-model';
import { stops } from '@/lib/preflight/model/stops';
import { routes } from '@/lib/routes';
import { useSwitchAction } from './use-switch-action';

type NewSwitchProps = {
  readonly connections: readonly Pick<ConnectionView, 'id' | 'name'>[];
  readonly connectionId: string;
  /** The draft to begin with. */
  readonly opened: OpenedDraft;
  readonly addSwitch: AddSwitchAction;
};

/** Adds a domain with its two sides to the switchboard, from the resources in the estate. */
export function NewSwitch({ connections, connectionId, opened, addSwitch }: NewSwitchProps) {
  const t = useTranslations('diversion.addSwitch');
  const router = useRouter();
  const form = useNewSwitch({ connectionId, opened, addSwitch });
  return (
    <>
      <PageFrame>
        <PageHeader
          title={t('title')}
          facts={
            <>
              <span>{t('sub')}</span>
              <AsOf at={form.form.estate.takenAt} />
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
        <EditorNotices
          action={form.adding}
          unknownNote={t.rich('unknownNote', {
            switches: (text) => <TextLink href={routes.switches()}>{text}</TextLink>,
          })}
          failure={null}
          syncProblem={null}
          onRetryCheck={form.checkFailed ? form.retryCheck : null}
        />
        <div className="rounded-lg border border-line bg-surface">
          {sidesOf.switch.map((side) => (
            <SideRows
              key={side}
              side={side}
              form={form.form}
              findings={form.preview.findings}
              isCurrent={form.isCurrent}
              canAddTargets={false}
            />
          ))}
        </div>
      </PageFrame>
      <span className="mt-auto" />
      <NewSwitchFooter
        draft={form.form.draft}
        preview={form.preview}
        isBusy={form.adding.isBusy || form.adding.isDone || form.isAsked}
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
  const t = useTranslations('diversion.addSwitch');
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
    <div
      data-bottom-bar
      className="sticky bottom-0 z-15 flex flex-wrap items-center justify-end gap-2 border-t border-line-strong bg-surface px-3 py-2.5 max-md:hidden md:px-5"
    >
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

type NewSwitchInput = Pick<NewSwitchProps, 'connectionId' | 'opened' | 'addSwitch'>;

/** A Switch is named after its domain. */
const nameByDomain = (draft: Draft): Draft => ({ ...draft, name: draft.routes[0]?.domain ?? '' });

/** Returns what is missing of a Switch. Without a domain there is no name either; reporting one of them is enough. */
function withoutName({ plan, ...preview }: Preview): Preview {
  if (plan.state !== 'incomplete') return { ...preview, plan };
  return { ...preview, plan: { ...plan, missing: plan.missing.filter((field) => field !== 'name') } };
}

/** Provides a Switch while it is being edited, and the action that adds it to the board. */
function useNewSwitch({ connectionId, opened, addSwitch }: NewSwitchInput) {
  const message = useMessage('switch.error', 'diversion.error');
  const router = useRouter();
  const place = useMemo(() => ({ connectionId, others: [], deployed: [] }), [connectionId]);
  const checked = useCheckedDraft({ ...place, opened, snapshot: '', complete: nameByDomain });
  const preview = useMemo(() => withoutName(checked.preview), [checked.preview]);
  const adding = useSwitchAction(addSwitch, (_added, isHere) => {
    if (isHere) router.push(routes.switches());
  });
  const submit = useWhenChecked(checked.isCurrent, () => {
    const { diversion } = preview;
    if (diversion?.kind === 'switch') adding.send({ connectionId, diversion, policy: defaultFailover });
  });
  const forget = () => {
    adding.forget();
    submit.forget();
  };
  const choose: RouteForm['choose'] = (change, options) => {
    forget();
    checked.choose(change, options);
  };
  const form: RouteForm = {
    draft: checked.draft,
    estate: checked.estate,
    chosen: checked.chosen,
    place,
    stateOf: (field: EditorField): RouteFieldState => ({
      findings: findingsForField(preview.findings, field),
      errors: (preview.errors[field] ?? []).map((error) => message(error.message, error.values)),
    }),
    edit: (change) => {
      forget();
      checked.edit(change);
    },
    choose,
    fix: (patch) => choose({ kind: 'fix', patch }),
  };
  return {
    form,
    preview,
    adding,
    submit: submit.ask,
    isCurrent: checked.isCurrent,
    /** True while the last change is checked before the Switch is added. */
    isAsked: submit.isAsked,
    checkFailed: checked.failed,
    retryCheck: checked.retry,
  };
}
