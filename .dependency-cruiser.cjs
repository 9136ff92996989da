// The import law: a room imports only rooms above its own row, no cycles, and each outside package has its one room.
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

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    onlyTo('proto-stands-alone', '^proto/', []),
    onlyTo('annotations', '^annotations/', ['^proto/']),
    onlyTo('swagger', '^swagger/', ['^proto/', '^annotations/']),
    onlyTo('upstream', '^gateway/upstream/', ['^proto/(schema|problem)\\.ts$']),
    onlyTo('sources', '^gateway/sources/', ['^proto/', '^gateway/upstream/']),
    onlyTo('transcode', '^gateway/transcode/', ['^proto/', '^annotations/', '^gateway/upstream/call\\.ts$']),
    onlyTo('gateway', '^gateway/', ['^proto/', '^annotations/', '^swagger/']),
    onlyTo('examples-use-public-exports', '^examples/', ['^gateway/index\\.ts$']),
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
    packageOnlyIn('fastify', 'fastify', ['^gateway/(request/)?[^/]+\\.ts$', '^swagger/ui\\.ts$', '^examples/', '^bench/']),
    packageOnlyIn('protobufjs', 'protobufjs', ['^examples/', '^bench/']),
    packageOnlyIn('busboy', '@fastify/busboy', ['^gateway/transcode/multipart\\.ts$']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['types', 'import', 'default'], exportsFields: ['exports'] },
  },
};
