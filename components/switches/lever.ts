import { asDomain } from '@/components/plan/domain-confirm';
import type { SwitchView } from '@/lib/client/switch-views';
import { type RampShape, rampOf } from '@/lib/diversion/ramp-shapes';
import type { RampStep, SwitchSide } from '@/lib/diversion/switch';

/** What a person has chosen before the lever is armed. */
export type LeverChoice = {
  readonly toward: SwitchSide;
  readonly shape: RampShape;
  /** As typed, in minutes. */
  readonly bake: string;
  /** On a real account: the domain, as typed. */
  readonly typed: string;
};

const bakeMinutesMax = 1440;

export function otherSide(side: SwitchSide): SwitchSide {
  return side === 'cvm' ? 'function' : 'cvm';
}

/** Both sides answer: it can go either way. */
export function isMixed({ sides }: SwitchView): boolean {
  return sides !== null && sides.cvm.share > 0 && sides.function.share > 0;
}

/** Where the lever goes: away from what serves, or where a person chose while both do. */
export function towardOf(view: SwitchView, chosen: SwitchSide | null): SwitchSide {
  const away = otherSide(view.serving ?? 'cvm');
  return isMixed(view) ? (chosen ?? away) : away;
}

/** Minutes of a bake; null when it is none. */
export function bakeOf({ shape, bake }: Pick<LeverChoice, 'shape' | 'bake'>): number | null {
  if (shape === 'flip') return 0;
  const minutes = Number(bake);
  const isWhole = /^\d+$/.test(bake.trim());
  return isWhole && minutes <= bakeMinutesMax ? minutes : null;
}

export type LeverOff =
  | { readonly why: 'gone' | 'bake' | 'typed' }
  | { readonly why: 'blocked'; readonly count: number }
  | { readonly why: 'unbound' | 'nothing'; readonly side: SwitchSide };

/** Why the lever can't be armed; null when it can. */
export function leverOff(view: SwitchView, choice: LeverChoice): LeverOff | null {
  const { sides, previews } = view;
  const { toward } = choice;
  if (sides === null || previews === null) return { why: 'gone' };
  const { blocks, writes } = previews[toward];
  if (blocks.length > 0) return { why: 'blocked', count: blocks.length };
  // The function is bound by the move itself; servers are not.
  if (toward === 'cvm' && sides.cvm.bound === 0) return { why: 'unbound', side: toward };
  if (writes.flip === 0) return { why: 'nothing', side: toward };
  if (bakeOf(choice) === null) return { why: 'bake' };
  const isReal = view.connectionKind === 'tencent';
  return isReal && asDomain(choice.typed) !== view.domain ? { why: 'typed' } : null;
}

/** The ramp that a choice means, from where the side stands. */
export function rampOfChoice(view: SwitchView, choice: LeverChoice): readonly RampStep[] {
  const share = view.sides?.[choice.toward].share ?? 0;
  return rampOf(choice.shape, { share, bakeS: (bakeOf(choice) ?? 0) * 60 });
}
