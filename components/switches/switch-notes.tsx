import { CircleX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { onDemand, usePart } from '@/components/ui/base/on-demand';
import type { SwitchView } from '@/lib/contract/switch';
import type { SwitchSide } from '@/lib/diversion/switch';

/** Findings have the most text of all. */
const findings = onDemand(() => import('./block-text'));

type SwitchNotesProps = { readonly view: SwitchView; readonly toward: SwitchSide };

/** The reasons why the switch control is disabled, each with its rule. */
export function SwitchNotes({ view, toward }: SwitchNotesProps) {
  const t = useTranslations('switch');
  const blocks = view.previews?.[toward].blocks ?? [];
  const part = usePart(findings, blocks.length > 0);
  if (view.sides !== null && blocks.length === 0) return null;
  return (
    <ul className="grid gap-1 border-t border-line px-4 py-2.5 text-12 text-bad-ink">
      {view.sides === null ? (
        <Note>
          {view.estateTakenAt === null ? t('neverRead', { connection: view.connectionName }) : t('gone')}
        </Note>
      ) : null}
      {blocks.map((finding) => (
        <Note key={`${finding.check} ${finding.why} ${finding.objects.join()}`}>
          {part === null || part === 'missing' ? (
            finding.objects.join(', ')
          ) : (
            <part.BlockText finding={finding} />
          )}
        </Note>
      ))}
    </ul>
  );
}

function Note({ children }: { readonly children: React.ReactNode }) {
  return (
    <li className="flex gap-1.5">
      <CircleX aria-hidden className="mt-px size-3.5 shrink-0 text-bad" />
      <span>{children}</span>
    </li>
  );
}
