import { TriangleAlert } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import type { ComponentProps } from 'react';
import { useState } from 'react';
import type { FieldPath, FieldPathValue } from 'react-hook-form';
import { Field } from '@/components/ui/field';
import { TextField } from '@/components/ui/forms/text-field';
import { Autocomplete } from '@/components/ui/pickers/autocomplete';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { loadPart } from '@/lib/client/load-part';
import type { CodeEditor as FullEditor } from './code-editor';
import { DeployForm, memorySizesMb } from './deploy-form';
import { entryFileName, runtimeLanguage, runtimes } from './runtimes';

/** The editor is large, so it is loaded when the dialog opens. */
const CodeEditor = dynamic(
  () =>
    loadPart(
      import('./code-editor').then((module) => module.CodeEditor),
      PlainCodeField,
    ),
  {
    ssr: false,
    loading: () => <Skeleton className="h-60 w-full" />,
  },
);

type DeployFieldsProps = {
  readonly values: DeployForm;
  /** Namespaces of the region; empty = they could not be read, or no region is chosen. */
  readonly namespaces: readonly string[];
  readonly set: <K extends FieldPath<DeployForm>>(name: K, value: FieldPathValue<DeployForm, K>) => void;
  /** Returns the error text of a field; undefined if it has none. */
  readonly errorOf: (name: keyof DeployForm) => string | undefined;
};

/** The fields of a function to deploy: its name, runtime and code. */
export function DeployFields({ values, namespaces, set, errorOf }: DeployFieldsProps) {
  const t = useTranslations('diversion.createFunction');
  const [errorLine, setErrorLine] = useState<number | null>(null);
  const codeLabel = t('code', { file: entryFileName(values) });
  return (
    <>
      <div className="grid items-start gap-3 md:grid-cols-[1.4fr_1fr_1fr]">
        <TextField
          label={t('name')}
          note={t('nameNote')}
          error={errorOf('name')}
          value={values.name}
          onType={(text) => set('name', text)}
        />
        <Field
          label={t('namespace')}
          error={errorOf('namespace')}
          warning={
            namespaces.length > 0 && !namespaces.includes(values.namespace)
              ? t('namespaceMissing')
              : undefined
          }
        >
          {(control) => (
            <Autocomplete
              {...control}
              options={namespaces.map((value) => ({ value }))}
              value={values.namespace}
              onChange={(namespace) => set('namespace', namespace.trim())}
              emptyText={t('noNamespace')}
              openLabel={t('openNamespaces')}
            />
          )}
        </Field>
        <TextField
          label={t('alias')}
          note={t('aliasNote')}
          error={errorOf('alias')}
          value={values.alias}
          onType={(text) => set('alias', text)}
        />
      </div>
      <div className="grid items-start gap-3 md:grid-cols-[1fr_1.4fr_1fr_1fr]">
        <Field label={t('runtime')} error={errorOf('runtime')}>
          {(control) => (
            <Select
              {...control}
              options={runtimes.map((value) => ({ value, label: value }))}
              value={values.runtime}
              onChange={(value) => set('runtime', DeployForm.shape.runtime.parse(value))}
            />
          )}
        </Field>
        <TextField
          label={t('handler')}
          error={errorOf('handler')}
          value={values.handler}
          onType={(text) => set('handler', text)}
        />
        <Field label={t('memory')} error={errorOf('memoryMb')}>
          {(control) => (
            <Select
              {...control}
              options={memorySizesMb.map((mb) => ({ value: String(mb), label: `${mb} MB` }))}
              value={String(values.memoryMb)}
              onChange={(value) => set('memoryMb', Number(value))}
            />
          )}
        </Field>
        <TextField
          label={t('timeout')}
          error={errorOf('timeoutS')}
          inputMode="numeric"
          unit="s"
          value={Number.isNaN(values.timeoutS) ? '' : String(values.timeoutS)}
          onType={(text) => set('timeoutS', text.trim() === '' ? Number.NaN : Number(text))}
        />
      </div>
      <div className="grid gap-1">
        <p className="text-12 font-medium text-ink-2">{codeLabel}</p>
        <div className="overflow-hidden rounded-md border border-control">
          <CodeEditor
            label={codeLabel}
            language={runtimeLanguage(values.runtime)}
            describedBy="function-code-note"
            value={values.code}
            onChange={(code) => set('code', code)}
            onSyntax={setErrorLine}
          />
        </div>
        <p id="function-code-note" className="text-12 text-ink-2">
          {errorOf('code') ?? t('codeNote')}
        </p>
        {errorLine === null ? null : (
          <p role="status" className="flex gap-1.5 text-12 text-warn-ink">
            <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
            {t('syntax', { line: errorLine, language: runtimeLanguage(values.runtime) })}
          </p>
        )}
      </div>
    </>
  );
}

/** A code field without syntax colours, used if the editor can't be loaded. */
function PlainCodeField({ label, describedBy, value, onChange }: ComponentProps<typeof FullEditor>) {
  return (
    <textarea
      aria-label={label}
      aria-describedby={describedBy}
      spellCheck={false}
      className="mono block h-60 w-full bg-surface p-2"
      value={value}
      onChange={(event) => onChange?.(event.target.value)}
    />
  );
}
