/** Program of `startTestWeb`: the verbs of a dashboard, which handles one request at a time. */
import { webVerbs } from './test-web-verbs';

type Question = { readonly verb: keyof typeof webVerbs; readonly args: readonly unknown[] };

process.on('message', async ({ verb, args }: Question) => {
  process.send?.({ answer: await Reflect.apply(webVerbs[verb], null, args) });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ type: 'ready' });
