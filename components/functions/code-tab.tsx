'use client';

import { Check, Pencil, UploadCloud } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { entryFileName, runtimeLanguage, runtimes } from '@/components/diversion/function/runtimes';
import { useAddressState } from '@/components/shell/use-address-state';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { Picker } from '@/components/ui/pickers/picker';
import { Skeleton } from '@/components/ui/skeleton';
import { AsOf } from '@/components/ui/time';
import { loadPart } from '@/lib/client/load-part';
import { useMay } from '@/lib/client/session/rights';
import type { FunctionCode } from '@/lib/estate/functions/function-reading';
import type { CodeViewProps } from './code-view';
import { DeployCode } from './deploy-code';
import type { FunctionPageProps } from './function-props';
import { PartFrame } from './part-frame';

/** The editor is large, so it is loaded only with code to show. */
const CodeView = dynamic(
  () =>
    loadPart(
      import('./code-view').then((module) => module.CodeView),
      PlainCode,
    ),
  { ssr: false, loading: () => <Skeleton className="h-60 w-full" /> },
);

type CodeState = {
  readonly version: string;
  /** null = no comparison. */
  readonly compare: string | null;
};

function parseCodeState(params: URLSearchParams): CodeState {
  return { version: params.get('version') || '$LATEST', compare: params.get('compare') || null };
}

function writeCodeState(params: URLSearchParams, { version, compare }: CodeState): URLSearchParams {
  const next = new URLSearchParams(params);
  const put = (name: string, value: string | null) => (value ? next.set(name, value) : next.delete(name));
  put('version', version === '$LATEST' ? null : version);
  put('compare', compare);
  return next;
}

/** Code while it is being edited: the cloud's and the typed code. */
type Editing = { readonly code: FunctionCode; readonly text: string };

/** The code of a version, its difference from another, and an editor for `$LATEST`. */
export function CodeTab(props: FunctionPageProps) {
  const t = useTranslations('functions.code');
  const [{ version: wanted, compare: other }, change] = useAddressState(parseCodeState, writeCodeState);
  const mayRunCode = useMay('runCode');
  // Kept here, because the displayed code is read again when a deployment changes the function.
  const [editing, setEditing] = useState<Editing | null>(null);
  const [deployed, setDeployed] = useState<string | null>(null);
  const { versions } = props.view.function;
  const version = versions.includes(wanted) ? wanted : '$LATEST';
  const compare = other !== null && other !== version && versions.includes(other) ? other : null;
  const edit = (code: FunctionCode) => {
    setDeployed(null);
    setEditing({ code, text: code.text ?? '' });
  };
  return (
    <Panel
      title={t('title')}
      aside={
        editing !== null ? null : (
          <>
            <div className="w-32">
              <Picker
                size="sm"
                aria-label={t('version')}
                options={versions.map((value) => ({ value, label: value }))}
                value={version}
                onChange={(value) => change({ version: value })}
                placeholder={t('version')}
              />
            </div>
            <div className="w-44">
              <Picker
                size="sm"
                aria-label={t('compare')}
                options={[
                  { value: 'none', label: t('noCompare') },
                  ...versions
                    .filter((value) => value !== version)
                    .map((value) => ({ value, label: t('compareWith', { version: value }) })),
                ]}
                value={compare ?? 'none'}
                onChange={(value) => change({ compare: value === 'none' ? null : value })}
                placeholder={t('noCompare')}
              />
            </div>
          </>
        )
      }
    >
      {deployed === null ? null : (
        <p role="status" className="flex items-center gap-1.5 pb-2 text-12">
          <Check aria-hidden className="size-3.5 shrink-0 text-ok" />
          {t('deployed', { version: deployed })}
        </p>
      )}
      {editing !== null ? (
        <EditedCode
          {...props}
          {...editing}
          onType={(text) => setEditing({ ...editing, text })}
          onEnd={(published) => {
            setDeployed(published);
            setEditing(null);
          }}
        />
      ) : (
        <PartFrame {...props} part={{ part: 'code', version }} none={<NoCode />}>
          {(code, readAt) =>
            compare === null ? (
              <ShownCode
                code={code}
                original={null}
                readAt={readAt}
                onEdit={mayRunCode && canEdit(props, code) ? edit : null}
              />
            ) : (
              <PartFrame {...props} part={{ part: 'code', version: compare }} none={<NoCode />}>
                {(before) => <ShownCode code={code} original={before} readAt={readAt} onEdit={null} />}
              </PartFrame>
            )
          }
        </PartFrame>
      )}
    </Panel>
  );
}

function NoCode() {
  const t = useTranslations('functions.code');
  return (
    <EmptyState icon={null} title={t('none')}>
      {t('noneText')}
    </EmptyState>
  );
}

/**
 * Returns whether a deployment can replace the code: a single file in a runtime that the dialog for new functions
 * offers, too.
 */
function canEdit({ view }: FunctionPageProps, code: FunctionCode): boolean {
  return (
    code.version === '$LATEST' &&
    view.function.type === 'Event' &&
    runtimes.some((runtime) => runtime === code.runtime)
  );
}

type ShownCodeProps = {
  readonly code: FunctionCode;
  /** The code to compare with; null = none. */
  readonly original: FunctionCode | null;
  readonly readAt: string;
  /** null = read-only here. */
  readonly onEdit: ((code: FunctionCode) => void) | null;
};

function ShownCode({ code, original, readAt, onEdit }: ShownCodeProps) {
  const t = useTranslations('functions.code');
  if (code.text === null || original?.text === null) return <NoCode />;
  const file = entryFileName(code);
  const { version } = code;
  return (
    <div className="grid min-w-0 gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-12 text-ink-2">
        <span className="mono">{file}</span>
        <span>{t('bytes', { bytes: code.bytes })}</span>
        {code.description === '' ? null : <span className="truncate">{code.description}</span>}
        <span className="ml-auto inline-flex flex-wrap items-center gap-2">
          <AsOf at={readAt} />
          {onEdit === null ? null : (
            <Button
              size="sm"
              className="max-md:hidden"
              icon={<Pencil aria-hidden />}
              onClick={() => onEdit(code)}
            >
              {t('edit')}
            </Button>
          )}
        </span>
      </div>
      {original === null ? null : (
        <p className="text-12 text-ink-2">{t('diffNote', { from: original.version, to: version })}</p>
      )}
      <div className="min-w-0 overflow-hidden rounded-md border border-control">
        <CodeView
          key={`${version} ${original?.version}`}
          label={
            original === null
              ? t('label', { file, version })
              : t('diffLabel', { file, from: original.version, to: version })
          }
          language={runtimeLanguage(code.runtime)}
          value={code.text}
          original={original?.text ?? null}
        />
      </div>
    </div>
  );
}

type EditedCodeProps = FunctionPageProps &
  Editing & {
    readonly onType: (text: string) => void;
    /** Called with the version that was published, or with null if the changes were discarded. */
    readonly onEnd: (version: string | null) => void;
  };

function EditedCode({ code, text, onType, onEnd, ...props }: EditedCodeProps) {
  const t = useTranslations('functions.code');
  const [isDeploying, setDeploying] = useState(false);
  const [errorLine, setErrorLine] = useState<number | null>(null);
  const file = entryFileName(code);
  return (
    <div className="grid min-w-0 gap-2">
      <div className="flex flex-wrap items-center gap-2 text-12 text-ink-2">
        <span className="mono">{file}</span>
        <span className="ml-auto inline-flex flex-wrap items-center gap-2">
          <Button size="sm" onClick={() => onEnd(null)}>
            {t('cancel')}
          </Button>
          <Button
            size="sm"
            variant="primary"
            icon={<UploadCloud aria-hidden />}
            disabled={text === code.text}
            onClick={() => setDeploying(true)}
          >
            {t('deploy')}
          </Button>
        </span>
      </div>
      <p id="edited-code-note" className="text-12 text-ink-2">
        {t('editNote')} {t('otherFiles')}
      </p>
      <div className="min-w-0 overflow-hidden rounded-md border border-control">
        <CodeView
          label={t('label', { file, version: code.version })}
          describedBy="edited-code-note"
          language={runtimeLanguage(code.runtime)}
          value={text}
          original={null}
          onChange={onType}
          onSyntax={setErrorLine}
        />
      </div>
      {errorLine === null ? null : (
        <p role="status" className="text-12 text-warn-ink">
          {t('syntax', { line: errorLine })}
        </p>
      )}
      {isDeploying ? (
        <DeployCode {...props} code={code} edited={text} onClose={() => setDeploying(false)} onDone={onEnd} />
      ) : null}
    </div>
  );
}

/** The code without syntax highlighting, if the editor can't be loaded. */
function PlainCode({ label, value, onChange }: CodeViewProps) {
  return (
    <textarea
      aria-label={label}
      spellCheck={false}
      readOnly={onChange === undefined}
      className="mono block h-96 w-full bg-surface p-2"
      value={value}
      onChange={(event) => onChange?.(event.target.value)}
    />
  );
}
