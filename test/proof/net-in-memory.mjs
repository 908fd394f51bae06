// `node --import` this file: from then on `node:net` has its connections inside the process, so that simulated time may run.
import { registerHooks } from 'node:module';

const url = new URL('./whole-net.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'node:net' && context.parentURL !== url ? { url, shortCircuit: true } : next(specifier, context),
});
