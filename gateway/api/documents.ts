import { visibilityFor } from '../../annotations/visibility.js';
import { createDocument, type Document, type OpenApiVersion } from '../../swagger/document.js';
import { deriveInfo } from '../../swagger/info.js';
import type { DocumentFormat } from '../../swagger/ui.js';
import { documentYaml } from '../../swagger/yaml.js';
import { type Config, jsonSettings, requestSettings } from '../config/config.js';
import type { Api } from './api.js';
import { doAside, FEW_ROUTES } from './aside.js';

/** The OpenAPI documents of an API: each is written when it is first asked for, that of many routes without holding up requests. */
export class Documents {
  readonly #written = new Map<string, Promise<Uint8Array>>();

  constructor(
    readonly api: Api,
    readonly config: Config,
  ) {}

  get(version: OpenApiVersion, format: DocumentFormat): Promise<Uint8Array> {
    const key = `${version} ${format}`;
    const known = this.#written.get(key) ?? this.#write(version, format);
    this.#written.set(key, known);
    // The next one who asks may be luckier.
    known.catch(() => this.#written.delete(key));
    return known;
  }

  async #write(version: OpenApiVersion, format: DocumentFormat): Promise<Uint8Array> {
    const { api, config } = this;
    if (api.table.bindings.length <= FEW_ROUTES) return writeDocument(api, config, version, format);
    const written = await doAside('document', { config, files: api.files, rules: api.rules, version, format });
    if (written.ok) return written.value;
    throw new Error(written.problems.map(({ reason }) => reason).join('; '));
  }
}

/** Writes a document here and now. */
export function writeDocument(api: Api, config: Config, version: OpenApiVersion, format: DocumentFormat): Uint8Array {
  const { bytes } = describeApi(api, config, version);
  return format === 'yaml' ? documentYaml(bytes) : bytes;
}

/** The OpenAPI document of an API as JSON, and what it could not say. */
export function describeApi({ schema, policies, table }: Api, config: Config, version: OpenApiVersion): Document {
  const visibility = visibilityFor(config.docs.visibility);
  const bindings = table.bindings.filter(({ method }) => visibility.method(method));
  return createDocument({
    schema,
    bindings,
    visibility,
    info: deriveInfo(bindings, infoOf(config.docs)),
    print: jsonSettings(config),
    errors: (binding) => policies.of(binding.method).errors,
    streams: (binding) => {
      const { streamEnvelope: envelope, streamForm: form } = policies.of(binding.method);
      return { envelope, form };
    },
    patchMask: requestSettings(config).patchMask,
    servers: [{ url: rootFrom(config.docs.document) }],
    version,
  });
}

function infoOf({ title, version }: Config['docs']): { title?: string; version?: string } {
  return { ...(title === undefined ? {} : { title }), ...(version === undefined ? {} : { version }) };
}

/** The API's root as seen from the document, so that it is right below any prefix: `/openapi.json` -> `.`, `/docs/v1/openapi.json` -> `../..`. */
function rootFrom(document: string): string {
  const folders = document.split('/').length - 2;
  return folders === 0 ? '.' : Array(folders).fill('..').join('/');
}
