/** A flag of the command line: a way to write one key of the configuration. */
export interface Flag {
  /** As commander reads it: `--proto <path>`. */
  readonly syntax: string;
  readonly meaning: string;
  /** The key that it sets. */
  readonly key: string;
  /** `adds`: may be repeated, and adds to the list or section that the file has; `replaces`: wins over the file. */
  readonly effect: 'adds' | 'replaces';
  /** The value of the key, for a section the keys to add; the text is '' for a flag without one. */
  value(text: string): unknown;
  /** What is wrong with the text beyond what the configuration would say of the value. */
  refuse?(text: string): string | undefined;
}

const same = (text: string) => text;
const reflectionKey = 'upstreams.default.reflection';
const header = /^([^\s:]+): *(.*)$/s;

/** Where to listen; the environment can say it, too. */
export const listenFlag: Flag = {
  syntax: '--listen <address>',
  meaning: 'HOST:PORT to listen on, unix:/PATH, or systemd for the sockets that it passes',
  key: 'listen',
  effect: 'replaces',
  value: same,
};

/** Every flag that stands for a configuration key. */
export const flags: readonly Flag[] = [
  listenFlag,
  {
    syntax: '--port <number>',
    meaning: 'short for --listen 127.0.0.1:NUMBER',
    key: 'listen',
    effect: 'replaces',
    value: (text) => `127.0.0.1:${text}`,
    refuse: (text) => (/^\d{1,5}$/.test(text) && Number(text) <= 65535 ? undefined : `expected a number from 0 to 65535, got "${text}"`),
  },
  {
    syntax: '--tls-cert <file>',
    meaning: 'certificate to serve TLS with, PEM; needs --tls-key',
    key: 'tls.cert',
    effect: 'replaces',
    value: same,
  },
  {
    syntax: '--tls-key <file>',
    meaning: 'private key of the certificate, PEM',
    key: 'tls.key',
    effect: 'replaces',
    value: same,
  },
  {
    syntax: '--upstream <target>',
    meaning:
      'the gRPC server: HOST:PORT (plaintext), grpcs://HOST:PORT (TLS), dns://NAME:PORT (all addresses of a name) or etcd://HOST:PORT/PREFIX',
    key: 'upstreams.default.target',
    effect: 'replaces',
    value: same,
  },
  {
    syntax: '--upstream-ca <file>',
    meaning: 'certificates to trust for a grpcs:// or dns:// upstream, PEM; makes dns:// speak TLS',
    key: 'upstreams.default.tls.ca',
    effect: 'replaces',
    value: same,
  },
  {
    syntax: '--reflection',
    meaning: 'ask the gRPC server what it offers (server reflection)',
    key: reflectionKey,
    effect: 'adds',
    value: () => ({}),
  },
  {
    syntax: '--reflection-header <header>',
    meaning: 'metadata to send when asking, as "authorization: Bearer x"; implies --reflection (repeatable)',
    key: `${reflectionKey}.metadata`,
    effect: 'adds',
    value: (text) => {
      const [, name = '', value = ''] = header.exec(text) ?? [];
      return { [name]: value };
    },
    refuse: (text) => (header.test(text) ? undefined : `expected NAME: VALUE, got "${text}"`),
  },
  { syntax: '--proto <path>', meaning: '.proto file, or folder of them (repeatable)', key: 'sources.protos', effect: 'adds', value: same },
  {
    syntax: '-I, --import-path <folder>',
    meaning: 'where imports of .proto files are looked for (repeatable)',
    key: 'sources.importPaths',
    effect: 'adds',
    value: same,
  },
  {
    syntax: '--descriptor-set <file-or-url>',
    meaning: 'binary FileDescriptorSet (repeatable)',
    key: 'sources.descriptorSets',
    effect: 'adds',
    value: same,
  },
  {
    syntax: '--rules <file>',
    meaning: 'HTTP rules beside the protos: google.api.Service in YAML or JSON (repeatable)',
    key: 'sources.rules',
    effect: 'adds',
    value: same,
  },
  {
    syntax: '--unbound',
    meaning: 'serve methods without an HTTP rule, too: as POST /pkg.Service/Method',
    key: 'policies',
    effect: 'adds',
    value: () => ({ select: '*', unbound: true }),
  },
  {
    syntax: '--hide-restricted',
    meaning: 'do not serve methods that google.api.method_visibility or api_visibility restricts',
    key: 'policies',
    effect: 'adds',
    value: () => ({ select: '*', visibility: [] }),
  },
  {
    syntax: '--errors <form>',
    meaning: 'form of error bodies: status or google',
    key: 'policies',
    effect: 'adds',
    value: (text) => ({ select: '*', errors: text }),
  },
  {
    syntax: '--compat <whose>',
    meaning: "defaults that clients expect: of grpc-gateway, or of Google's APIs: google",
    key: 'compat',
    effect: 'replaces',
    value: same,
  },
  {
    syntax: '--forward-header <name>',
    meaning: 'request header that goes to the upstream; x-goog-* means all that begin so (repeatable)',
    key: 'metadata.forward',
    effect: 'adds',
    value: same,
  },
  {
    syntax: '--skip-invalid',
    meaning: 'leave illegal HTTP rules out, with a warning',
    key: 'invalidRules',
    effect: 'replaces',
    value: () => 'skip',
  },
  {
    syntax: '--conflicts <which>',
    meaning: 'of two HTTP rules for the same requests, serve the first or the last, or refuse both: first, last or error',
    key: 'conflicts',
    effect: 'replaces',
    value: same,
  },
  {
    syntax: '--encoded-slashes <as>',
    meaning: 'what %2F is in a path that is otherwise that of no route: match (a slash) or data; see the risk in the manual',
    key: 'encodedSlashes',
    effect: 'replaces',
    value: same,
  },
  { syntax: '--no-docs', meaning: 'no OpenAPI documents and no Swagger UI', key: 'docs.enabled', effect: 'replaces', value: () => false },
  {
    syntax: '--admin <host:port>',
    meaning: 'address for readiness in detail, reload and metrics; keep it from clients',
    key: 'admin.listen',
    effect: 'replaces',
    value: same,
  },
  {
    syntax: '--log-level <level>',
    meaning: 'least severe entries that are logged: trace, debug, info, warn, error, fatal or silent',
    key: 'log.level',
    effect: 'replaces',
    value: same,
  },
];

/** The table of the manual: flag, key, what it does to the value of the file. */
export function printFlags(): string {
  const rows = flags.map((flag) => `| \`${flag.syntax}\` | \`${keyOf(flag)}\` | ${flag.effect} | ${flag.meaning.replaceAll('*', '\\*')} |`);
  return ['| flag | key | | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function keyOf({ key, value }: Flag): string {
  const [name] = Object.keys(key === 'policies' ? Object(value('')) : {}).filter((name) => name !== 'select');
  return name === undefined ? key : `policies[].${name} of *`;
}

/** The long name of a flag, for messages: `--import-path`. */
export function nameOf(flag: Flag): string {
  return /--[a-z-]+/.exec(flag.syntax)?.[0] ?? flag.syntax;
}
