import t from 'tap';
import { expandTemplate, printCapture } from '../../swagger/paths.js';
import { bindingsOf, protoOf, rpc, schemaOf } from './sample.js';

const templates: readonly [name: string, template: string, path: string, protoNames?: string][] = [
  ['a variable of one segment has the name of its field', '/v1/books/{name}', '/v1/books/{name}'],
  ['a field inside of a message has a dotted name', '/v1/books/{book.name}', '/v1/books/{book.name}'],
  ['field names follow the printer', '/v1/{long_name}', '/v1/{longName}', '/v1/{long_name}'],
  ['a wildcard of a longer variable has the name of its collection', '/v1/{name=shelves/*/books/*}', '/v1/shelves/{shelf}/books/{book}'],
  [
    'names of collections follow the printer',
    '/v1/{name=instanceGroups/*}',
    '/v1/instanceGroups/{instanceGroup}',
    '/v1/instanceGroups/{instance_group}',
  ],
  [
    'acronyms are words',
    '/v1/{name=partnerSSEGateways/*}',
    '/v1/partnerSSEGateways/{partnerSseGateway}',
    '/v1/partnerSSEGateways/{partner_sse_gateway}',
  ],
  [
    'collections may have hyphens',
    '/v1/{name=instance-groups/*}',
    '/v1/instance-groups/{instanceGroup}',
    '/v1/instance-groups/{instance_group}',
  ],
  ['a collection outside of the variable is not asked', '/v1/shelves/{name=*/books/*}', '/v1/shelves/{name}/books/{book}'],
  ['wildcards in a row have the name of the field', '/v1/{name=shelves/*/*}', '/v1/shelves/{shelf}/{name}'],
  ['names are unique in a path', '/v1/{name=projects/*}/to/{parent=projects/*}', '/v1/projects/{project}/to/projects/{project2}'],
  ['a wildcard outside of variables has the name of its collection', '/v1/papers/*', '/v1/papers/{paper}'],
  ['a wildcard with nothing before it is a segment', '/*/books', '/{segment}/books'],
  ['several segments are one parameter', '/v1/{name=files/**}', '/v1/files/{file}'],
  ['several segments without a collection have the name of the field', '/v1/{name=**}:read', '/v1/{name}:read'],
  ['literals may follow several', '/v1/{name=files/**}/parts', '/v1/files/{file}/parts'],
  ['a verb is kept', '/v1/{name=books/*}:publish', '/v1/books/{book}:publish'],
  ['a variable may be literal', '/v1/{name=books}', '/v1/books'],
  ['a collection without letters gives no name', '/v1/{name=42/*}', '/v1/42/{name}'],
  ['percent-encoding is kept', '/v1/{name=my%20books/*}', '/v1/my%20books/{myBook}', '/v1/my%20books/{my_book}'],
  ['the root has no parameters', '/', '/'],
];

/** So that no two of the templates are for the same requests. */
const kinds = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'];

t.test('templates become paths', async (t) => {
  const methods = templates.map(([, template], i) =>
    rpc(`M${i}(Q) returns (Q)`, `custom { kind: "${kinds[i % kinds.length]}" path: "${template}" }`),
  );
  const schema = schemaOf(
    protoOf(`service S { ${methods.join('\n')} }
      message Q { string name = 1; string parent = 2; Book book = 3; string long_name = 4; }
      message Book { string name = 1; }`),
  );
  const bindings = bindingsOf(schema);
  for (const [i, [name, , path, withProtoNames]] of templates.entries()) {
    const binding = bindings[i];
    if (binding === undefined) throw new Error('no binding');
    const expanded = expandTemplate(binding, false);
    t.equal(expanded.path, path, name);
    t.equal(expandTemplate(binding, true).path, withProtoNames ?? path, `${name} (proto names)`);
    t.equal(expanded.shape, path.replace(/\{[^}]*\}/g, '{}'));
    t.same(
      expanded.parameters.map((parameter) => `{${parameter.name}}`),
      path.match(/\{[^}]*\}/g) ?? [],
    );
  }
});

t.test('a path takes the names of another one of its shape', async (t) => {
  const [binding] = bindingsOf(
    schemaOf(
      protoOf(
        `service S { ${rpc('M(Q) returns (Q)', 'get: "/v1/{name=shelves/*/books/*}/{id}"')} } message Q { string name = 1; string id = 2; }`,
      ),
    ),
  );
  if (binding === undefined) throw new Error('no binding');
  const expanded = expandTemplate(binding, false, ['a', 'b', 'c']);
  t.equal(expanded.path, '/v1/shelves/{a}/books/{b}/{c}');
  t.same(
    binding.captures.map((capture) => printCapture(binding, capture, expanded.parameters)),
    ['shelves/{a}/books/{b}', '{c}'],
  );
});
