import { asDomain } from '@/components/confirm/domain-confirm';
import type { SwitchView } from '@/lib/contract/switch';
import { buildRamp, type RampShape } from '@/lib/diversion/ramp';
import type { RampStep, SwitchSide } from '@/lib/diversion/switch';

/** A Switch with both sides in the snapshot. */
export type FoundSwitch = Exclude<SwitchView, { sides: null }>;

/** The choices made before the switch control is armed. */
export type ControlChoice = {
  readonly toward: SwitchSide;
  readonly shape: RampShape;
  /** As typed, in minutes. */
  readonly bake: string;
  /** On a real account: the typed domain. */
  readonly typed: string;
};

const bakeMinutesMax = 1440;

export function oppositeSide(side: SwitchSide): SwitchSide {
  return side === 'cvm' ? 'function' : 'cvm';
}

/** Returns whether both sides serve, so that it can move in either direction. */
export function isMixed({ sides }: SwitchView): boolean {
  return sides !== null && sides.cvm.share > 0 && sides.function.share > 0;
}

/** Returns the target side of the switch control: the one that does not serve, or the selected one if both do. */
export function getTowardSide(view: SwitchView, chosen: SwitchSide | null): SwitchSide {
  const away = oppositeSide(view.serving ?? 'cvm');
  return isMixed(view) ? (chosen ?? away) : away;
}

/** Returns the minutes of a bake; null if invalid. */
export function getBake({ shape, bake }: Pick<ControlChoice, 'shape' | 'bake'>): number | null {
  if (shape === 'flip') return 0;
  const minutes = Number(bake);
  const isWhole = /^\d+$/.test(bake.trim());
  return isWhole && minutes <= bakeMinutesMax ? minutes : null;
}

export type ControlOff =
  | { readonly why: 'gone' | 'bake' | 'typed' }
  | { readonly why: 'blocked'; readonly count: number }
  | { readonly why: 'unbound' | 'nothing'; readonly side: SwitchSide };

/** Returns the reason why the switch control can't be armed; null if it can. */
export function findControlOff(view: SwitchView, choice: ControlChoice): ControlOff | null {
  const { toward } = choice;
  if (view.sides === null) return { why: 'gone' };
  const { blocks, writes } = view.previews[toward];
  if (blocks.length > 0) return { why: 'blocked', count: blocks.length };
  // The move itself binds the function, but not servers.
  if (toward === 'cvm' && view.sides.cvm.bound === 0) return { why: 'unbound', side: toward };
  if (writes.flip === 0) return { why: 'nothing', side: toward };
  if (getBake(choice) === null) return { why: 'bake' };
  const isReal = view.connectionKind === 'tencent';
  return isReal && asDomain(choice.typed) !== view.domain ? { why: 'typed' } : null;
}

/** Returns the ramp of a choice, from the side's current share. */
export function rampOfChoice(view: FoundSwitch, choice: ControlChoice): readonly RampStep[] {
  const { share } = view.sides[choice.toward];
  return buildRamp(choice.shape, { share, bakeS: (getBake(choice) ?? 0) * 60 });
}
