import { diversionsTexts } from './diversions';
import bindings from './en/bindings.json';
import calendar from './en/calendar.json';
import diversion from './en/diversion.json';
import drift from './en/drift.json';
import stop from './en/emergency-stop.json';
import estate from './en/estate.json';
import functions from './en/functions.json';
import overview from './en/overview.json';
import palette from './en/palette.json';
import sandbox from './en/sandbox.json';
import schedule from './en/schedule.json';
import settings from './en/settings.json';
import shell from './en/shell.json';
import switches from './en/switch.json';
import ui from './en/ui.json';
import { historyTexts } from './history';
import { lateTexts } from './late';
import { planTexts } from './plan';
import { preflightTexts } from './preflight';
import { runTexts } from './run';

/** All visible text, one namespace for each part of the app. */
export const messages = {
  shell,
  ui: { ...ui, ...lateTexts.ui },
  estate,
  bindings,
  calendar,
  diversion: { ...diversion, ...lateTexts.diversion },
  diversions: diversionsTexts,
  drift,
  functions,
  history: historyTexts,
  palette,
  overview,
  plan: planTexts,
  run: runTexts,
  preflight: preflightTexts,
  sandbox,
  schedule: { ...schedule, emergencyStop: stop },
  settings,
  switch: { ...switches, ...lateTexts.switch },
};

// Types the keys: a key without a text doesn't compile.
declare module 'next-intl' {
  interface AppConfig {
    Messages: typeof messages;
  }
}
