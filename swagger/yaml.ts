import { stringify } from 'yaml';

/** An OpenAPI document as YAML, from its JSON text. Strings that a reader of YAML 1.1 would take for something else (`NO`, `on`) are quoted. */
export function documentYaml(json: Uint8Array): Uint8Array {
  const document: unknown = JSON.parse(new TextDecoder().decode(json));
  return new TextEncoder().encode(stringify(document, { aliasDuplicateObjects: false, lineWidth: 0, compat: 'yaml-1.1' }));
}
