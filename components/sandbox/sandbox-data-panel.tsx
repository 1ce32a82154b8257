'use client';

import { Download, RotateCcw, Sprout } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { FactRow, Facts } from '@/components/ui/facts';
import { Field } from '@/components/ui/field';
import { FileButton } from '@/components/ui/forms/file-button';
import { Panel } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';
import { useMay } from '@/lib/client/session/rights';
import type { CommandSandboxAction, SandboxView } from '@/lib/contract/sandbox';
import { sandboxFileMax } from '@/lib/input/import-limits';
import { routes } from '@/lib/routes';
import { sandboxCounts } from '@/lib/sandbox-counts';
import { CommandNoteLine } from './command-note-line';
import { type SandboxRequest, useSandboxCommands } from './use-sandbox';

type SandboxDataPanelProps = { readonly sandbox: SandboxView; readonly commandSandbox: CommandSandboxAction };

type Replacement = { readonly command: SandboxRequest; readonly what: string };

/** The contents of the emulated cloud, and the actions that replace them with other sandbox data. */
export function SandboxDataPanel({ sandbox, commandSandbox }: SandboxDataPanelProps) {
  const t = useTranslations('sandbox.data');
  const mayControl = useMay('runCode', 'everywhere');
  const { last, send } = useSandboxCommands(commandSandbox);
  const [seed, setSeed] = useState('');
  const [asking, setAsking] = useState<Replacement | null>(null);
  const [tooLarge, setTooLarge] = useState<string | null>(null);
  const chosen = seed === '' ? sandbox.seed : seed;
  const isBusy = last.state === 'sending';

  function take(file: File): void {
    const isTooLarge = file.size > sandboxFileMax;
    setTooLarge(isTooLarge ? file.name : null);
    if (!isTooLarge)
      setAsking({ command: { kind: 'import', file }, what: t('fromFile', { file: file.name }) });
  }

  return (
    <Panel title={t('title')}>
      <div className="grid gap-3">
        <Facts>
          <FactRow name={t('seed')}>{sandbox.seed}</FactRow>
          {sandboxCounts.map((name) => (
            <FactRow key={name} name={t(`count.${name}`)}>
              <span className="tabular-nums">{sandbox.counts[name] ?? 0}</span>
            </FactRow>
          ))}
        </Facts>
        {mayControl ? (
          <div className="grid gap-3 max-md:hidden">
            <div className="flex flex-wrap gap-2">
              <Button
                icon={<RotateCcw aria-hidden />}
                busy={isBusy}
                disabled={!sandbox.seeds.includes(sandbox.seed)}
                onClick={() =>
                  setAsking({ command: { kind: 'reset' }, what: t('fromSeed', { seed: sandbox.seed }) })
                }
              >
                {t('reset')}
              </Button>
              <ButtonLink
                href={routes.api.sandboxData()}
                prefetch={false}
                download
                icon={<Download aria-hidden />}
              >
                {t('export')}
              </ButtonLink>
              <FileButton label={t('importFile')} accept="application/json" isBusy={isBusy} onPick={take}>
                {t('import')}
              </FileButton>
            </div>
            <SeedField
              sandbox={sandbox}
              isBusy={isBusy}
              chosen={chosen}
              onChoose={setSeed}
              onLoad={(name) =>
                setAsking({ command: { kind: 'seed', name }, what: t('fromSeed', { seed: name }) })
              }
            />
            {tooLarge === null ? (
              <CommandNoteLine last={last} done={t('replaced')} />
            ) : (
              <p role="alert" className="text-12 text-bad-ink">
                {t('tooLarge', { file: tooLarge, most: sandboxFileMax / 1_000_000 })}
              </p>
            )}
          </div>
        ) : null}
      </div>
      <Dialog
        open={asking !== null}
        onOpenChange={(open) => open || setAsking(null)}
        title={t('ask')}
        description={t('askText', { what: asking?.what ?? '' })}
        icon={<RotateCcw aria-hidden />}
        cancelLabel={t('keep')}
        action={
          <Button
            variant="dangerSolid"
            onClick={() => {
              if (asking) send(asking.command, () => setSeed(''));
              setAsking(null);
            }}
          >
            {t('replace')}
          </Button>
        }
      />
    </Panel>
  );
}

type SeedFieldProps = {
  readonly sandbox: SandboxView;
  readonly isBusy: boolean;
  readonly chosen: string;
  readonly onChoose: (seed: string) => void;
  readonly onLoad: (seed: string) => void;
};

/** Loads another seed than the current one. */
function SeedField({ sandbox, isBusy, chosen, onChoose, onLoad }: SeedFieldProps) {
  const t = useTranslations('sandbox.data');
  return (
    <Field label={t('otherSeed')} note={t('seedNote')}>
      {(control) => (
        <div className="flex gap-2">
          <Select
            {...control}
            className="max-w-44"
            value={chosen}
            onChange={onChoose}
            options={sandbox.seeds.map((name) => ({ value: name, label: name }))}
          />
          <Button
            icon={<Sprout aria-hidden />}
            busy={isBusy}
            disabled={chosen === sandbox.seed}
            onClick={() => onLoad(chosen)}
          >
            {t('loadSeed')}
          </Button>
        </div>
      )}
    </Field>
  );
}
