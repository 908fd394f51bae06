import { defineConfig } from 'electron-vite';
import renderer from './vite.config.ts';

/** Three bundles: the main process as ESM with the thread of the papers, the preload as one CommonJS file for the sandbox, the screens by vite.config.ts. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // The thread that lays out pages is a file of its own.
      rollupOptions: { input: { index: 'src/main/electron/main.ts', 'pdf-thread': 'src/main/reports/print/pdf-thread.ts' } },
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
