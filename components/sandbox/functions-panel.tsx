import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Banner } from '@/components/ui/banner';
import { Panel } from '@/components/ui/panel';
import type { SandboxView } from '@/lib/contract/sandbox';

type FunctionsPanelProps = Pick<SandboxView, 'runtimes'>;

/** The runtime of function code on this machine, and its isolation from the rest of the machine. */
export function FunctionsPanel({ runtimes }: FunctionsPanelProps) {
  const t = useTranslations('sandbox.functions');
  if (runtimes === null) {
    return (
      <Panel title={t('title')}>
        <p className="text-12 text-ink-2">{t('none')}</p>
      </Panel>
    );
  }
  const { isolation, weakerBecause, jailOnly, systemCalls, totalMemory } = runtimes;
  return (
    <Panel title={t('title')}>
      {jailOnly && isolation !== 'jail' ? (
        <div className="mb-3">
          <Banner tone="warn" title={t('refused')}>
            <span className="wrap-anywhere">{t('refusedText')}</span>
          </Banner>
        </div>
      ) : null}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2 text-12">
        <Row term={t('python')} {...(runtimes.pyodide && { note: t('pyodideText') })}>
          {runtimes.python ?? t('missing')}
        </Row>
        <Row term={t('node')}>{runtimes.node ?? t('missing')}</Row>
        <Row term={t('isolation')} note={t(`${isolation}Text`)}>
          {t(isolation)}
        </Row>
        <Row term={t('systemCalls')} note={t(`${systemCalls}Text`)}>
          {t(systemCalls)}
        </Row>
        <Row term={t('memory')} note={t(`${totalMemory}Text`)}>
          {t(totalMemory)}
        </Row>
      </dl>
      {weakerBecause === null ? null : (
        <p className="mt-2 break-words text-12 text-ink-2">{t('because', { cause: weakerBecause })}</p>
      )}
    </Panel>
  );
}

function Row({ term, note, children }: { term: string; note?: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-2">{term}</dt>
      <dd>
        {children}
        {note === undefined ? null : <p className="text-ink-2">{note}</p>}
      </dd>
    </>
  );
}
