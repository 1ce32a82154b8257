'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { focusField } from '@/components/diversion/draft/field-id';
import { ttlFacts } from '@/components/diversion/draft/ttl-facts';
import { DeployProgress } from '@/components/diversion/function/deploy-progress';
import { classes } from '@/components/ui/classes';
import { Copyable } from '@/components/ui/copyable';
import { PageFrame } from '@/components/ui/page-header';
import { type DraftSide, type RouteDraft, sidesOf } from '@/lib/draft/draft';
import { parseField, shownAt } from '@/lib/draft/draft-fields';
import type { EstateSlice } from '@/lib/draft/estate-slice';
import { findListener } from '@/lib/estate/look-up';
import { CreatingDialogs } from './creating-dialogs';
import { EditorHead } from './editor-head';
import { CheckPanels, FooterPart, LowerPanels } from './editor-panels';
import { DraftNotices, EditorNotices } from './notice-parts';
import { SideCounts } from './side-counts';
import { SideSheet } from './side-sheet';
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
  const { draft, preview } = form;
  const sides = sidesOf[draft.kind];
  useAskedField(form, input.asked.field);
  // The deployment is shown at the route that its function will serve.
  const progress = (index: number) =>
    newFunction.deployment.state === 'running' && draft.routes[index]?.key === newFunction.routeKey ? (
      <div className="pb-3.5 pl-8.5">
        <DeployProgress deployment={newFunction.deployment} />
      </div>
    ) : null;

  return (
    <>
      <PageFrame>
        <EditorHead
          draft={draft}
          takenAt={live.takenAt}
          account={connection.name}
          isReading={live.isReading}
          onName={(name) => form.change({ name })}
          onKind={drafting.changeKind}
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
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_332px]">
          <div className="grid min-w-0 gap-4">
            <div className={classes('grid items-stretch gap-4', sides.length > 1 && 'lg:grid-cols-2')}>
              {sides.map((side) => (
                <SideSheet
                  key={side}
                  side={side}
                  form={form}
                  routeForm={routeForm}
                  counts={<SideCounts {...{ draft, preview, side }} />}
                  foot={<SideFoot side={side} form={form} />}
                  below={progress}
                />
              ))}
            </div>
            <LowerPanels form={form} accounts={input.accounts} spanned={spanned} onAccountsChange={span} />
          </div>
          <div className="grid min-w-0 gap-4">
            <CheckPanels form={form} />
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

/** The effect on a side's traffic, at the bottom of its sheet; for an Access, the addresses of the functions. */
function SideFoot({ side, form }: { readonly side: DraftSide; readonly form: DiversionForm }) {
  const t = useTranslations('diversion.side');
  const { draft, estate } = form;
  if (draft.kind === 'access') {
    const addresses = draft.routes.flatMap((route) => accessAddress(estate, route) ?? []);
    if (addresses.length === 0) return t('access.function.foot');
    return (
      <>
        <p>{t('reached')}</p>
        <ul>
          {[...new Set(addresses)].map((address) => (
            <li key={address} className="flex h-5 items-center">
              <Copyable value={address} />
            </li>
          ))}
        </ul>
      </>
    );
  }
  if (draft.kind === 'switch' || side === 'cvm') return t(`${draft.kind}.${side}.foot`);
  const ttlS = Math.max(0, ...ttlFacts(estate, draft).map((fact) => fact.ttlS ?? 0));
  const served = Math.min(ttlS, Number.isNaN(draft.lowerTtlS) ? ttlS : (draft.lowerTtlS ?? ttlS));
  return served > 0 ? t('split.function.footTtl', { seconds: served }) : t('split.function.foot');
}
