import { metadataDefaults } from './metadata.js';
import { type PolicySettings, policyDefaults } from './policy.js';
import { type RequestSettings, requestDefaults } from './requests.js';
import { type RuleSettings, ruleDefaults } from './rules.js';
import type { Config } from './schema.js';

/** Settings that hold where nobody makes them. */
export interface Preset {
  /** Of all methods. */
  readonly policies: Partial<PolicySettings>;
  readonly metadata: Partial<Config['metadata']>;
  readonly json: Partial<Config['json']>;
  /** Of HTTP rules: keys at the top of the file. */
  readonly rules: RuleSettings;
  /** Of requests: keys at the top of the file. */
  readonly requests: RequestSettings;
}

/** What `compat` stands for: options that can each be set alone. */
export const presets: Readonly<Record<NonNullable<Config['compat']>, Preset>> = {
  'grpc-gateway': {
    policies: {
      unknown: 'ignore',
      pathConflict: 'override',
      mediaTypes: 'lenient',
      extraBody: 'form',
      texts: 'go',
      streamEnvelope: 'always',
      streamForm: 'json-lines',
    },
    metadata: { forwardPrefixed: true, forwardPermanent: true, nonAscii: 'drop', replyPrefixed: true, trailers: true },
    json: { nulls: true },
    rules: { conflicts: 'last', pathLists: 'commas' },
    requests: {},
  },
  google: {
    policies: { errors: 'google', masks: 'either', emptyString: 'message' },
    metadata: { forward: ['x-goog-*'] },
    json: {},
    rules: {},
    requests: { patchMask: false, systemParameters: 'both' },
  },
};

const none: Preset = { policies: {}, metadata: {}, json: {}, rules: {}, requests: {} };

function presetOf({ compat }: Pick<Config, 'compat'>): Preset {
  return compat === undefined ? none : presets[compat];
}

/** What holds for a method where no policy says otherwise. */
export function policyFallbacks(config: Pick<Config, 'compat'>): PolicySettings {
  return { ...policyDefaults, ...presetOf(config).policies };
}

/** The section `metadata`, complete. */
export function metadataSettings(config: Pick<Config, 'compat' | 'metadata'>): Required<Config['metadata']> {
  const { metadata } = presetOf(config);
  return { ...metadataDefaults, ...metadata, ...config.metadata, forward: [...(metadata.forward ?? []), ...config.metadata.forward] };
}

/** The section `json`, complete. */
export function jsonSettings(config: Pick<Config, 'compat' | 'json'>): Required<Config['json']> {
  return { nulls: false, ...presetOf(config).json, ...config.json };
}

/** How HTTP rules are read, complete. */
export function ruleSettings(config: Pick<Config, 'compat' | keyof RuleSettings>): Required<RuleSettings> {
  const preset = { ...ruleDefaults, ...presetOf(config).rules };
  return { conflicts: config.conflicts ?? preset.conflicts, pathLists: config.pathLists ?? preset.pathLists };
}

/** How requests are read, complete. */
export function requestSettings(config: Pick<Config, 'compat' | keyof RequestSettings>): Required<RequestSettings> {
  const preset = { ...requestDefaults, ...presetOf(config).requests };
  return {
    patchMask: config.patchMask ?? preset.patchMask,
    systemParameters: config.systemParameters ?? preset.systemParameters,
  };
}
