import { defineConfig } from 'electron-vite';
import renderer from './vite.config.ts';

/** Three bundles: the main process as ESM, the preload as one CommonJS file for the sandbox, the screens by vite.config.ts. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: { input: { index: 'src/main/electron/main.ts' } },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      isolatedEntries: true,
      externalizeDeps: false,
      rollupOptions: { input: { index: 'src/main/electron/preload.ts' }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer,
});
