import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const service = process.env['FEEDER_SERVICE'];

/** The screens: one build for the browser (served by the engine) and for the window of the application. */
export default defineConfig({
  root: resolve(import.meta.dirname, 'src/renderer'),
  // Relative addresses, so that the same files work from a folder and from a server.
  base: './',
  plugins: [react()],
  // `npm run dev`: the service that answers the screens, and its socket.
  ...(service === undefined ? {} : { server: { proxy: { '/api': { target: service, ws: true } } } }),
  build: {
    outDir: resolve(import.meta.dirname, 'out/renderer'),
    emptyOutDir: true,
    target: 'chrome130',
    // A page with a strict policy takes no fonts out of style sheets that became data.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rollupOptions: { input: resolve(import.meta.dirname, 'src/renderer/index.html') },
  },
});
