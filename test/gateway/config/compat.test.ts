import { test } from 'tap';
import { presets } from '../../../gateway/config/compat.js';
import {
  type Config,
  jsonSettings,
  metadataSettings,
  parseConfig,
  policyDefaults,
  policyFallbacks,
  requestSettings,
  ruleSettings,
} from '../../../gateway/config/config.js';
import { configKeys } from '../../../gateway/config/keys.js';

function parsed(input: unknown): Config {
  const config = parseConfig(input);
  if (!config.ok) throw new Error(config.problems.map((p) => p.reason).join());
  return config.value;
}

test('a preset gives defaults, and only those that it names', async (t) => {
  const { policies, metadata, json, rules } = presets['grpc-gateway'];
  const config = parsed({ compat: 'grpc-gateway' });
  t.strictSame(policyFallbacks(config), { ...policyDefaults, ...policies });
  t.match(metadataSettings(config), metadata);
  t.match(jsonSettings(config), json);
  t.strictSame(ruleSettings(config), rules);
  t.strictSame(policyFallbacks(parsed({})), policyDefaults);
  t.strictSame(ruleSettings(parsed({})), { conflicts: 'error', pathLists: 'error' });
  t.strictSame(jsonSettings(parsed({})), { defaults: true, nulls: false, protoNames: false, enums: 'name', int64: 'string' });
  t.match(metadataSettings(parsed({})), { forwardPrefixed: false, forwardPermanent: false, replyPrefixed: false, trailers: false });
});

test('what is set wins over the preset, also when a configuration is read again', async (t) => {
  const config = parsed(
    parsed({ compat: 'grpc-gateway', metadata: { trailers: false, forward: ['X-A'] }, json: { nulls: false }, conflicts: 'first' }),
  );
  t.equal(jsonSettings(config).nulls, false);
  t.equal(ruleSettings(config).conflicts, 'first');
  t.match(metadataSettings(config), { trailers: false, forwardPrefixed: true, forward: ['x-a'] });
});

test('compat: google is a preset, too, whose headers are forwarded beside those of the file', async (t) => {
  const config = parsed({ compat: 'google', metadata: { forward: ['x-a'] } });
  t.strictSame(requestSettings(config), { patchMask: false, systemParameters: 'both' });
  t.strictSame(requestSettings(parsed({ compat: 'google', patchMask: true })), { patchMask: true, systemParameters: 'both' });
  t.strictSame(requestSettings(parsed({})), { patchMask: true, systemParameters: 'dollar' });
  t.match(policyFallbacks(config), { errors: 'google', masks: 'either', emptyString: 'message' });
  t.strictSame(metadataSettings(config).forward, ['x-goog-*', 'x-a']);
});

test('a preset sets nothing but options that exist and have no default of their own in the file', async (t) => {
  const terms = new Map(configKeys().map(({ key, term }) => [key, term]));
  const sections = new Map([
    ['policies', 'policies[].'],
    ['metadata', 'metadata.'],
    ['json', 'json.'],
  ]);
  for (const [gateway, preset] of Object.entries(presets)) {
    for (const [section, settings] of Object.entries(preset)) {
      for (const [name, value] of Object.entries(settings)) {
        const term = terms.get(`${sections.get(section) ?? ''}${name}`);
        // A list adds to what the file has.
        const isOption = Array.isArray(value) ? term?.type === 'array' : term?.fallback !== undefined && term.default === undefined;
        t.ok(isOption, `${gateway}: ${section}.${name}`);
      }
    }
  }
});

test('another name is refused', async (t) => {
  const config = parseConfig({ compat: 'envoy' });
  t.match(config, { ok: false, problems: [{ subject: 'compat', reason: 'expected "grpc-gateway" or "google", got "envoy"' }] });
});
