import { ArrowRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Ref } from 'react';
import { Button } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Kbd } from '@/components/ui/kbd';
import type { RampStep } from '@/lib/diversion/switch';
import { type ControlChoice, type FoundSwitch, oppositeSide, rampOfChoice } from './control';

type ArmedPanelProps = {
  readonly view: FoundSwitch;
  readonly choice: ControlChoice;
  readonly isBusy: boolean;
  readonly switchButton: Ref<HTMLButtonElement>;
  readonly onSwitch: (ramp: readonly RampStep[]) => void;
  readonly onDisarm: () => void;
};

/**
 * The effect of the switch control, and the control itself. Arm and Switch need two separate presses, so holding a key
 * down triggers nothing.
 */
export function ArmedPanel({ view, choice, isBusy, switchButton, onSwitch, onDisarm }: ArmedPanelProps) {
  const t = useTranslations('switch.control');
  const sides = useTranslations('switch.side');
  const { toward, shape } = choice;
  const side = sides(toward);
  const ramp = rampOfChoice(view, choice);
  const from = view.sides[toward].share;
  const minutes = ramp.reduce((sum, step) => sum + step.bakeS / 60, 0);
  const binds = toward === 'function' && view.sides.function.bound === 0;
  return (
    <div className="flex flex-wrap items-end gap-6 rounded-b-lg border-t border-accent-line bg-accent-soft px-4 pt-3 pb-3.5">
      <div className="min-w-0 flex-1 basis-80">
        <div className="flex flex-wrap items-center gap-2">
          <b className="font-semibold">{t('heading', { side, from })}</b>
          <Chip>{t('calls', { count: view.previews[toward].writes[shape] })}</Chip>
          <Chip>{minutes > 0 ? t('span', { minutes }) : t('flip')}</Chip>
        </div>
        <Ramp from={from} steps={ramp} />
        <p className="text-12 text-ink-2">
          {view.approvals > 0 ? `${t('approvals', { count: view.approvals })} ` : ''}
          {binds ? `${t('binds')} ` : ''}
          {t('note', { from: sides(oppositeSide(toward)), to: side })} {t('ttl', { seconds: view.ttlS })}
        </p>
      </div>
      <div className="grid shrink-0 gap-1 max-md:hidden">
        <Button
          ref={switchButton}
          variant="primary"
          size="lg"
          icon={<ArrowRight aria-hidden />}
          busy={isBusy}
          onKeyDown={(event) => {
            if (event.repeat) event.preventDefault();
          }}
          onClick={() => onSwitch(ramp)}
        >
          {t(view.approvals > 0 ? 'plan' : 'switch', { side })}
          <Kbd>Enter</Kbd>
        </Button>
        <Button variant="ghost" disabled={isBusy} onClick={onDisarm}>
          {t('disarm')}
          <Kbd>Esc</Kbd>
        </Button>
      </div>
    </div>
  );
}

type RampProps = { readonly from: number; readonly steps: readonly RampStep[] };

/** The shares of the ramp, each with the time after the press at which it is reached. */
function Ramp({ from, steps }: RampProps) {
  const t = useTranslations('switch.control');
  const switches = useTranslations('switch');
  const bakedBefore = (index: number) =>
    steps.slice(0, index).reduce((sum, step) => sum + step.bakeS / 60, 0);
  return (
    <ol className="mt-2.5 mb-2 flex max-w-105 gap-0.5 text-11 text-ink-2 tabular-nums">
      <li className="flex-1 border-t-6 border-scf-line pt-1.5">
        <b className="text-13 font-semibold text-ink">{switches('percent', { share: from })}</b> {t('now')}
      </li>
      {steps.map(({ percent }, index) => (
        <li key={percent} className="flex-1 border-t-6 border-scf pt-1.5">
          <b className="text-13 font-semibold text-ink">{switches('percent', { share: percent })}</b>{' '}
          {t('step', { minutes: bakedBefore(index) })}
        </li>
      ))}
    </ol>
  );
}
