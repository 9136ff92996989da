import { test } from 'tap';
import { fieldKey } from '../../../proto/json/field-key.js';
import { schemaOf } from '../../support/schema.js';

const schema = schemaOf({
  'k.proto': `syntax = "proto2";
    package k;
    message M {
      optional string page_size = 1;
      optional string uid = 2 [json_name = "id"];
      optional string id = 3 [json_name = "legacyId"];
      optional string left = 4 [json_name = "right"];
      optional string right = 5 [json_name = "left"];
      optional string a_b = 6;
      optional string aB = 7;
      extensions 100;
    }
    extend M { optional string more_of_it = 100; }`,
});

for (const [name, json, proto, why] of [
  ['page_size', 'pageSize', 'page_size', 'its JSON name, or its proto name'],
  ['uid', 'id', 'uid', 'its JSON name, though another has it as its proto name'],
  ['id', 'legacyId', 'legacyId', 'its JSON name, where its proto name means another'],
  ['left', 'right', 'right', 'its JSON name, where two have exchanged their names'],
  ['right', 'left', 'left', 'its JSON name, where two have exchanged their names'],
  ['a_b', 'aB', 'a_b', 'its JSON name, though another has it, too, and is not meant'],
  ['aB', 'aB', 'aB', 'its name, where no key means it'],
  ['k.more_of_it', '[k.more_of_it]', '[k.more_of_it]', 'the one name of an extension'],
] as const) {
  test(`the key of ${name} is ${why}`, (t) => {
    const type = schema.message('k.M');
    const field = [...(type?.fields ?? []), ...(type === undefined ? [] : schema.extensions(type))].find((one) => one.protoName === name);
    if (field === undefined) throw new Error('no field');
    t.equal(fieldKey(field, false), json);
    t.equal(fieldKey(field, true), proto);
    t.end();
  });
}
