// The import law: a room imports only rooms above its own row, no cycles (of types alone neither), and each outside package has its room.
const rooms = '^(proto|annotations|swagger|gateway|examples|bench)/';
const onlyTo = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: rooms, pathNot: [from, ...allowed] },
});
const packageOnlyIn = (name, pkg, pathNot) => ({
  name,
  severity: 'error',
  from: { path: rooms, pathNot },
  to: { path: `^node_modules/${pkg}/` },
});

// The rooms of the gateway in the order in which a room may import: each only those before it, and of these only what it needs.
const core = ['^proto/', '^annotations/', '^swagger/'];
const gatewayRooms = {
  exchange: ['^proto/'],
  upstream: ['^proto/', '^gateway/exchange/'],
  discovery: ['^proto/', '^gateway/(exchange|upstream)/'],
  sources: ['^proto/', '^gateway/upstream/'],
  transcode: ['^proto/', '^annotations/', '^gateway/exchange/', '^gateway/upstream/call\\.ts$'],
  config: ['^proto/', '^gateway/(exchange|upstream|sources|transcode)/'],
  runtime: ['^proto/', '^gateway/(exchange|upstream|discovery|config)/'],
  api: [...core, '^gateway/(exchange|upstream|sources|transcode|config|runtime)/'],
  admission: ['^proto/', '^gateway/(exchange|upstream|config|runtime)/', '^gateway/api/policy\\.ts$'],
  request: [...core, '^gateway/(exchange|upstream|transcode|config|runtime|api|admission)/'],
  lifecycle: [...core, '^gateway/(exchange|upstream|sources|transcode|config|runtime|api|request)/'],
  listener: [...core, '^gateway/(exchange|config|runtime|api|request|lifecycle)/'],
};

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    onlyTo('proto-stands-alone', '^proto/', []),
    onlyTo('annotations', '^annotations/', ['^proto/']),
    onlyTo('swagger', '^swagger/', ['^proto/', '^annotations/']),
    ...Object.entries(gatewayRooms).map(([room, allowed]) => onlyTo(room, `^gateway/${room}/`, allowed)),
    onlyTo('gateway', '^gateway/', core),
    onlyTo('examples-use-public-exports', '^examples/', ['^gateway/index\\.ts$']),
    {
      name: 'every-room-has-its-law',
      severity: 'error',
      from: { path: '^gateway/', pathNot: `^gateway/((${Object.keys(gatewayRooms).join('|')}|cli)/|(index|plugin)\\.ts$)` },
      to: {},
    },
    {
      name: 'transcode-knows-call-types-only',
      severity: 'error',
      from: { path: '^gateway/transcode/' },
      to: { path: '^gateway/upstream/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pure',
      severity: 'error',
      from: { path: '^(proto|annotations)/|^swagger/(?!ui)' },
      // crypto to hash schemas, buffer for isUtf8: functions of their arguments alone
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer)$' },
    },
    packageOnlyIn('grpc-js', '@grpc/grpc-js', ['^gateway/upstream/', '^examples/', '^bench/']),
    packageOnlyIn('fastify', 'fastify', [
      '^gateway/request/',
      '^gateway/listener/',
      '^gateway/(index|plugin)\\.ts$',
      '^swagger/ui\\.ts$',
      '^examples/',
      '^bench/',
    ]),
    packageOnlyIn('protobufjs', 'protobufjs', ['^examples/', '^bench/']),
    packageOnlyIn('ws', '(@types/)?ws', ['^gateway/listener/', '^examples/', '^bench/']),
    packageOnlyIn('busboy', '@fastify/busboy', ['^gateway/transcode/multipart\\.ts$']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['types', 'import', 'default'], exportsFields: ['exports'] },
  },
};
