import accounts from './en/accounts.json';
import alerts from './en/alerts.json';
import approval from './en/approval.json';
import audit from './en/audit.json';
import bindings from './en/bindings.json';
import calendar from './en/calendar.json';
import capacity from './en/capacity.json';
import connections from './en/connections.json';
import diversion from './en/diversion.json';
import diversions from './en/diversions.json';
import drift from './en/drift.json';
import estate from './en/estate.json';
import functions from './en/functions.json';
import history from './en/history.json';
import links from './en/links.json';
import overview from './en/overview.json';
import palette from './en/palette.json';
import plan from './en/plan.json';
import preflight from './en/preflight.json';
import rehearsal from './en/rehearsal.json';
import run from './en/run.json';
import safety from './en/safety.json';
import sandbox from './en/sandbox.json';
import schedule from './en/schedule.json';
import security from './en/security.json';
import session from './en/session.json';
import settings from './en/settings.json';
import shell from './en/shell.json';
import switches from './en/switch.json';
import tokens from './en/tokens.json';
import ui from './en/ui.json';
import vantage from './en/vantage.json';

/**
 * All visible text, one namespace and one file for each area. The reasons of options are not among them, because the
 * server puts them into the options: `lib/draft/options/answer-options.ts`.
 */
export const messages = {
  accounts,
  alerts,
  approval,
  audit,
  bindings,
  calendar,
  capacity,
  connections,
  diversion,
  diversions,
  drift,
  estate,
  functions,
  history,
  links,
  overview,
  palette,
  plan,
  preflight,
  rehearsal,
  run,
  safety,
  sandbox,
  schedule,
  security,
  session,
  settings,
  shell,
  switch: switches,
  tokens,
  ui,
  vantage,
};

// Types the keys: a key without a text doesn't compile.
declare module 'next-intl' {
  interface AppConfig {
    Messages: typeof messages;
  }
}
