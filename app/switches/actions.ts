'use server';

import type {
  AddSwitchAction,
  ArmSwitchAction,
  DisarmSwitchAction,
  MoveSwitchAction,
  RemoveSwitchAction,
} from '@/lib/client/actions';
import {
  addSwitch as add,
  armSwitch as arm,
  disarmSwitch as disarm,
  moveSwitch as move,
  removeSwitch as remove,
} from '@/lib/server/change-switches';

export const addSwitch: AddSwitchAction = async (input) => add(input);
export const removeSwitch: RemoveSwitchAction = async (switchId) => remove(switchId);
export const armSwitch: ArmSwitchAction = async (input) => arm(input);
export const disarmSwitch: DisarmSwitchAction = async (switchId) => disarm(switchId);
export const moveSwitch: MoveSwitchAction = async (input) => move(input);
