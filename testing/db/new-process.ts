/*
 * Runs before each file of the project `database`, whose files share a process. Resets what an earlier file left in it:
 * environment variables, and the dashboard's context, which late work of that file may have opened again.
 */
const shared = globalThis as typeof globalThis & { initialEnvironment?: NodeJS.ProcessEnv };
shared.initialEnvironment ??= { ...process.env };
const initial = shared.initialEnvironment;
for (const name of Object.keys(process.env)) if (!(name in initial)) delete process.env[name];
Object.assign(process.env, initial);
// Verbs and queries are called outside of requests, as the user of this machine. Tests of the sign-in turn it on.
process.env.SPILLWAY_SIGN_IN = 'off';

// What Next's copies of a module share, such as `spillwayContext`.
for (const name of Object.keys(globalThis))
  if (name.startsWith('spillway')) Reflect.deleteProperty(globalThis, name);
