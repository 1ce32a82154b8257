'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { focusField } from '@/components/diversion/draft/field-id';
import { ChecksPanel } from '@/components/diversion/findings/checks-panel';
import { DeployProgress } from '@/components/diversion/function/deploy-progress';
import { Copyable } from '@/components/ui/copyable';
import { PageFrame } from '@/components/ui/page-header';
import { type RouteDraft, sidesOf } from '@/lib/draft/draft';
import { parseField, shownAt } from '@/lib/draft/draft-fields';
import type { EstateSlice } from '@/lib/draft/estate-slice';
import { findListener } from '@/lib/estate/look-up';
import { CreatingDialogs } from './creating-dialogs';
import { EditorHead } from './editor-head';
import { FooterPart, Options } from './editor-panels';
import { KindRow } from './kind-row';
import { MovesPanel } from './moves-panel';
import { NamesFold } from './names-panel';
import { DraftNotices, EditorNotices } from './notice-parts';
import { RampRow } from './ramp-panel';
import { SideRows } from './side-rows';
import type { DiversionForm } from './use-diversion-form';
import { type EditorInput, useEditor } from './use-editor';

const usualPorts = { http: 80, https: 443 } as const;

/** Returns the address of a route once it is applied, or null while its domain, listener or path is not chosen. */
function accessAddress(estate: EstateSlice, route: RouteDraft): string | null {
  const listener = findListener(estate, route.loadBalancerId, route.listenerId);
  const { rule } = route;
  const url = rule.kind === 'new' ? rule.url : estate.rules.find(({ id }) => id === rule.ruleId)?.url;
  if (listener === undefined || route.domain === '' || !url?.startsWith('/')) return null;
  const scheme = listener.protocol === 'HTTPS' ? 'https' : 'http';
  const port = listener.port === usualPorts[scheme] ? '' : `:${listener.port}`;
  return `${scheme}://${route.domain}${port}${url}`;
}

/**
 * Plans a diversion of any kind: each side is a list of routes from a domain to its backend, checked on every choice.
 */
export function DiversionEditor(input: EditorInput) {
  const { connection } = input;
  const {
    spanned,
    span,
    live,
    drafting,
    form,
    saving,
    save,
    routeForm,
    newFunction,
    creating,
    stopCreating,
  } = useEditor(input);
  const { draft } = form;
  const sides = sidesOf[draft.kind];
  useAskedField(form, input.asked.field);
  const { preview } = form;
  return (
    <>
      <PageFrame>
        <EditorHead
          draft={draft}
          takenAt={live.takenAt}
          account={connection.name}
          isReading={live.isReading}
          onName={(name) => form.change({ name })}
        />
        {input.notices}
        <DraftNotices
          left={drafting.left}
          lost={drafting.lost}
          onRestore={drafting.restore}
          onDiscard={drafting.discard}
        />
        <EditorNotices
          action={{ ...saving, refusal: saving.refusal ?? saving.fieldErrors }}
          failure={form.failure}
          syncProblem={live.problem}
          onRetryCheck={form.checkFailed ? form.retryCheck : null}
        />
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_400px]">
          <div className="min-w-0 rounded-lg border border-line bg-surface">
            <KindRow kind={draft.kind} onKind={drafting.changeKind} />
            {sides.map((side) => (
              <SideRows
                key={side}
                side={side}
                form={routeForm}
                findings={preview.findings}
                isCurrent={form.isCurrent}
              >
                {newFunction.deployment.state === 'running' ? (
                  <DeployProgress deployment={newFunction.deployment} />
                ) : null}
                {draft.kind === 'access' ? <Addresses form={form} /> : null}
              </SideRows>
            ))}
            {draft.kind === 'switch' ? (
              <>
                <NamesFold form={form} />
                <RampRow form={form} />
              </>
            ) : null}
            <Options form={form} accounts={input.accounts} spanned={spanned} onAccountsChange={span} />
          </div>
          <div className="grid min-w-0 gap-4">
            <MovesPanel draft={draft} estate={form.estate} />
            <ChecksPanel
              draft={draft}
              preview={preview}
              isChecking={!form.isCurrent && !form.checkFailed}
              onFixAll={(fixes) => form.choose({ kind: 'fixAll', fixes })}
            />
          </div>
        </div>
      </PageFrame>
      <span className="mt-auto" />
      <FooterPart form={form} isSaving={saving.isBusy} onSave={save} onDiscard={drafting.discard} />
      <CreatingDialogs
        resource={{ creating, form, onClose: stopCreating }}
        fn={{
          open: newFunction.isOpen,
          onClose: newFunction.close,
          form,
          region: newFunction.region,
          isolation: connection.isolation,
          deployment: newFunction.deployment,
          onDeploy: newFunction.deploy,
        }}
      />
    </>
  );
}

/** Focuses the field that the address names when the page is rendered. */
function useAskedField(form: DiversionForm, asked: string | null): void {
  const opened = useRef(form.draft);
  const waiting = useRef(asked);
  useEffect(() => {
    if (waiting.current === null) return;
    if (focusField(shownAt(opened.current, parseField(waiting.current)))) waiting.current = null;
  }, []);
}

/** The addresses at which the functions of an Access will answer. */
function Addresses({ form: { draft, estate } }: { readonly form: DiversionForm }) {
  const t = useTranslations('diversion.side');
  const addresses = new Set(draft.routes.flatMap((route) => accessAddress(estate, route) ?? []));
  if (addresses.size === 0) return null;
  return (
    <div className="text-12 text-ink-2">
      <p>{t('reached')}</p>
      <ul>
        {[...addresses].map((address) => (
          <li key={address} className="flex h-5 items-center">
            <Copyable value={address} />
          </li>
        ))}
      </ul>
    </div>
  );
}
