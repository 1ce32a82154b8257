/* Runs before each file of the project `database`, whose files share a process: each begins as a new one does, with the environment that the tests were started with, and nothing that the product keeps on `globalThis`. */

const holder = globalThis as typeof globalThis & { testEnvironment?: NodeJS.ProcessEnv };
holder.testEnvironment ??= { ...process.env };
for (const name of Object.keys(process.env)) if (!(name in holder.testEnvironment)) delete process.env[name];
Object.assign(process.env, holder.testEnvironment);
for (const name of Object.keys(globalThis))
  if (name.startsWith('spillway')) Reflect.deleteProperty(globalThis, name);

export {};
