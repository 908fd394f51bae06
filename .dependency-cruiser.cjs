/** The arrows between the layers: what a folder of src/main may import besides itself and src/shared. Everything else is forbidden. */
const MAY_IMPORT = {
  protocol: [],
  import: ['metering'],
  platform: [],
  metering: [],
  drivers: ['protocol'],
  line: ['platform'],
  store: ['platform'],
  // The printing of reports writes workbooks with the writer that the export has.
  reports: ['metering', 'store', 'platform', 'export'],
  export: ['metering', 'store', 'platform'],
  jobs: ['metering', 'platform'],
  simulator: ['protocol', 'platform'],
  engine: ['drivers', 'line', 'metering', 'platform'],
  search: ['drivers', 'line', 'engine', 'platform'],
  api: ['engine', 'search', 'store', 'reports', 'export', 'metering', 'jobs', 'import', 'platform'],
  transport: ['api', 'app', 'platform'],
  // Commands that need no engine (decode, probe, import, plant ...) are put together here as app puts together the rest.
  cli: [
    'api',
    'app',
    'headless',
    'platform',
    'protocol',
    'drivers',
    'line',
    'search',
    'store',
    'metering',
    'import',
    'export',
    'reports',
    'simulator',
  ],
  electron: ['app', 'transport', 'platform'],
  // The demonstration is a program of its own over the parts, the training plant included.
  demo: ['api', 'app', 'cli', 'drivers', 'headless', 'import', 'line', 'metering', 'platform', 'simulator', 'store'],
};

/** The composition root is every file directly in src/main, except the service, which stands above it. */
const FILES = { app: '^src/main/(?!headless)[^/]+\\.ts$', headless: '^src/main/headless\\.ts$' };
const place = (name) => FILES[name] ?? `^src/main/${name}/`;

const layers = Object.entries(MAY_IMPORT).map(([folder, targets]) => ({
  name: `layer-${folder}`,
  comment: `src/main/${folder} may import src/shared${targets.map((target) => `, ${target}`).join('')} and nothing else of src`,
  severity: 'error',
  from: { path: place(folder) },
  to: { path: '^src/', pathNot: ['^src/shared/', ...[folder, ...targets].map(place)] },
}));

const only = (name, module, ...folders) => ({
  name,
  comment: `${module} may be imported only in ${folders.join(', ')}`,
  severity: 'error',
  from: { path: '^src/', pathNot: folders.map((folder) => `^src/${folder}/`) },
  to: { path: module },
});

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'store-types-only',
      comment: 'reports and export take the types of the store, never its queries',
      severity: 'error',
      from: { path: '^src/main/(reports|export)/' },
      to: { path: '^src/main/store/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Modules that need each other are one module or miss an interface; types alone may go both ways',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'An import that resolves to nothing hides what it depends on',
      from: { path: '^src/' },
      // Vite resolves style sheets and fonts of packages by rules of its own.
      to: { couldNotResolve: true, pathNot: ['\\.css$', '^electron$'] },
    },
    {
      name: 'shared-alone',
      comment: 'src/shared stands on zod alone and imports nothing else of src',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { pathNot: ['^src/shared/', 'node_modules/zod/'] },
    },
    {
      name: 'protocol-pure',
      comment: 'Codecs import src/shared only: no Node module, no package',
      severity: 'error',
      from: { path: '^src/main/protocol/' },
      to: { pathNot: ['^src/main/protocol/', '^src/shared/'] },
    },
    {
      name: 'metering-pure',
      comment: 'Metering is arithmetic: no Node module, and of packages only the calendar',
      severity: 'error',
      from: { path: '^src/main/metering/' },
      to: { pathNot: ['^src/main/metering/', '^src/shared/', 'node_modules/temporal-polyfill/'] },
    },
    {
      name: 'renderer-shared-only',
      comment: 'The renderer reaches the main process through the API alone',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { path: '^src/', pathNot: ['^src/renderer/', '^src/shared/'] },
    },
    {
      name: 'renderer-no-node',
      comment: 'The renderer runs in a sandboxed page',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'headless',
      comment: 'The service starts without a window',
      severity: 'error',
      from: { path: place('headless') },
      to: { path: '^src/', pathNot: ['^src/shared/', ...['headless', 'app', 'transport', 'platform', 'api'].map(place)] },
    },
    {
      name: 'nothing-above-the-app',
      comment: 'app composes what is below it; windows, sockets and commands stand above it',
      severity: 'error',
      from: { path: place('app') },
      to: { path: '^src/(renderer/|main/(transport|cli|electron)/|main/headless)' },
    },
    only('electron-only', '(^electron$|node_modules/(electron|electron-updater)/)', 'main/electron'),
    only('sqlite-only', 'node_modules/better-sqlite3/', 'main/store'),
    only('serialport-only', 'node_modules/(serialport|@serialport)/', 'main/line'),
    only('net-only', '^(node:)?(net|dgram)$', 'main/line', 'main/transport', 'main/simulator'),
    only('tls-only', '^(node:)?tls$', 'main/line', 'main/transport', 'main/simulator', 'main/platform'),
    only('mail-only', 'node_modules/nodemailer/', 'main/export'),
  ],
  options: {
    // TypeScript 7 has no compiler API that dependency-cruiser knows: with its own parser it would cruise 0 modules and succeed.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.(css|svg|woff2?)$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
