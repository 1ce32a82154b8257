import bindings from './en/bindings.json';
import calendar from './en/calendar.json';
import diversion from './en/diversion.json';
import diversions from './en/diversions.json';
import drift from './en/drift.json';
import estate from './en/estate.json';
import functions from './en/functions.json';
import history from './en/history.json';
import overview from './en/overview.json';
import palette from './en/palette.json';
import plan from './en/plan.json';
import preflight from './en/preflight.json';
import run from './en/run.json';
import measure from './en/run-measure.json';
import sandbox from './en/sandbox.json';
import schedule from './en/schedule.json';
import settings from './en/settings.json';
import shell from './en/shell.json';
import switches from './en/switch.json';
import ui from './en/ui.json';

/** All visible text, one namespace for each part of the app. */
export const messages = {
  shell,
  ui,
  estate,
  bindings,
  calendar,
  diversion,
  diversions,
  drift,
  functions,
  history,
  palette,
  overview,
  plan,
  run: { ...run, measure },
  preflight,
  sandbox,
  schedule,
  settings,
  switch: switches,
};

// Types the keys: a key without a text doesn't compile.
declare module 'next-intl' {
  interface AppConfig {
    Messages: typeof messages;
  }
}
