import { Validator } from '@seriousme/openapi-schema-validator';
import t from 'tap';
import { library } from './library.js';
import { sampleOf } from './sample.js';

for (const version of ['3.1', '3.0'] as const) {
  t.test(`a document of version ${version} is valid`, async (t) => {
    for (const print of [
      { protoNames: false, int64: 'string' },
      { protoNames: true, int64: 'number' },
    ] as const) {
      const { json, warnings } = sampleOf(library, { version, print, servers: [{ url: '.' }], errors: () => 'google' });
      const validator = new Validator();
      t.same(await validator.validate(structuredClone(json)), { valid: true });
      t.equal(validator.version, version);
      t.same(warnings, []);
    }
  });
}
